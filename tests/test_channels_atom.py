"""The Atom feed of alerts: whole at every moment, newest first, each alert once; our own parser reads it."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from alerts.channels import open_channel
from alerts.channels.atom_feed import NEWEST, AtomFeed
from domain.alerting import Delivery, DeliveryState
from domain.news import Entry, Feed, Fetched
from domain.settings_channels import AtomChannel
from extractors.feeds import ParsedFeed, parse_feed
from tests.message_stories import ALERTS, USUAL


def message(number: int, **changes: object) -> Delivery:
    told = Delivery(
        id=f"d{number}",
        content=USUAL,
        channel="feed",
        recipient="feed",
        message_id=f"<m{number}@armswire.invalid>",
    )
    return replace(told, **changes)


def feed(path: Path) -> AtomFeed:
    return AtomFeed(path, name="feed", title="Arms & reactions")


def ids(path: Path) -> list[str]:
    from lxml import etree

    tree = etree.fromstring(path.read_bytes())
    return [e.text or "" for e in tree.iterfind("{*}entry/{*}id")]


def test_newest_first_and_no_more_than_a_hundred(tmp_path: Path) -> None:
    """The oldest leave."""
    path = tmp_path / "public" / "alerts.atom"
    with feed(path) as opened:
        for number in range(NEWEST + 5):
            assert opened.send(message(number)).state is DeliveryState.SENT
    kept = ids(path)
    assert len(kept) == len(set(kept)) == NEWEST
    with feed(path) as opened:
        opened.send(message(999))
    assert ids(path)[1:] == kept[:-1]
    assert sorted(p.name for p in path.parent.iterdir()) == [".alerts.atom.lock", "alerts.atom"]


def test_a_repeat_takes_its_own_place(tmp_path: Path) -> None:
    """A message sent again after a lost answer is there once."""
    path = tmp_path / "alerts.atom"
    for number in (1, 2, 1):
        with feed(path) as opened:
            opened.send(message(number))
    assert len(ids(path)) == 2


def test_a_feed_reader_reads_it(tmp_path: Path) -> None:
    """Titles, links and times as they were told; hostile text stays text."""
    path = tmp_path / "alerts.atom"
    with feed(path) as opened:
        for number, alert in enumerate(ALERTS.values()):
            assert opened.send(message(number, content=alert)).state is DeliveryState.SENT
    entries: tuple[Entry, ...] = parse_feed_file(path)
    assert len(entries) == len(ALERTS)
    usual = next(e for e in entries if "Patriot, under consideration" in e.title)
    assert usual.link == "https://herald.example/1"
    assert usual.published == USUAL.created_at
    assert all("javascript:" not in (e.link or "") for e in entries)


def parse_feed_file(path: Path) -> tuple[Entry, ...]:
    url = "https://desk.example/alerts.atom"
    fetched = Fetched(url=url, status=200, headers={}, body=path.read_bytes())
    parsed = parse_feed(fetched, Feed(key=url, url=url, name="alerts"), now=USUAL.created_at)
    assert isinstance(parsed, ParsedFeed)
    return tuple(parsed.entries)


def test_two_processes_write_one_feed(tmp_path: Path) -> None:
    """Neither loses the other's entries."""
    path = tmp_path / "alerts.atom"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_some, args=(path, start)) for start in (0, 20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert len(ids(path)) == 40


def write_some(path: Path, start: int) -> None:
    with feed(path) as opened:
        for number in range(start, start + 20):
            assert opened.send(message(number)).state is DeliveryState.SENT


@pytest.mark.parametrize("content", [b"not a feed", b""])
def test_a_file_that_is_no_feed_is_kept(tmp_path: Path, content: bytes) -> None:
    """A mistyped path must not cost anyone a file; an empty one may have been made for us."""
    path = tmp_path / "alerts.atom"
    path.write_bytes(content)
    with feed(path) as opened:
        receipt = opened.send(message(1))
    assert receipt.state is (DeliveryState.RETRY if content else DeliveryState.SENT)
    assert (path.read_bytes() == content) is bool(content)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Tried again later, with the system's reason."""
    (tmp_path / "file").touch()
    settings = AtomChannel(type="atom", path=tmp_path / "file" / "alerts.atom")
    with open_channel("feed", settings, secret={}.get, allowed=()) as opened:
        receipt = opened.send(message(1))
    assert receipt.state is DeliveryState.RETRY
    assert "cannot be written" in (receipt.reason or "")
