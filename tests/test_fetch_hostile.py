"""Servers that mean harm: each is refused for what it is, soon and in little memory, and costs nobody else anything."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from domain.news import Failed, FailureCode, Feed, Fetched, PollOutcome, Unchanged
from domain.settings import FetchSettings
from extractors.fetch import Fetcher
from flows.configuration import load_configuration
from flows.poll import poll_feeds
from flows.reports import PollReport
from flows.run_context import RunContext
from flows.workers import Workers
from storage.store import open_store
from tests.http_site import (
    Answer,
    Behaviour,
    Site,
    body_drip,
    crumbs,
    endless_body,
    endless_early_hints,
    endless_headers,
    endless_redirects,
    gzip_bomb,
    hang_up,
    header_drip,
    long_header,
    many_headers,
    no_http,
    redirect,
    silence,
)

LIMIT = 200_000
SECONDS = "4s"
"""Long enough for the healthy on a busy machine."""
BOMB = gzip_bomb(60)
CASES: dict[str, tuple[Behaviour, FailureCode]] = {
    "gzip bomb": (BOMB, FailureCode.TOO_LARGE),
    "gzip bomb in gzip": (
        Answer(gzip.compress(BOMB.body), headers={"Content-Encoding": "gzip, gzip"}),
        FailureCode.UNDECODABLE,
    ),
    "brotli nobody asked for": (
        Answer(b"\x1b" * 999, headers={"Content-Encoding": "br"}),
        FailureCode.UNDECODABLE,
    ),
    "zstd nobody asked for": (
        Answer(b"\x28\xb5\x2f\xfd" * 99, headers={"Content-Encoding": "zstd"}),
        FailureCode.UNDECODABLE,
    ),
    "gzip members without end": (
        Answer(gzip.compress(b"") * 20_000, headers={"Content-Encoding": "gzip"}),
        FailureCode.TOO_LARGE,
    ),
    "a body without end": (endless_body, FailureCode.TOO_LARGE),
    "a body said to be long": (
        Answer(headers={"Content-Length": "99999999999"}),
        FailureCode.TOO_LARGE,
    ),
    "a body in crumbs": (crumbs, FailureCode.UNDECODABLE),
    "a byte now and then": (body_drip, FailureCode.TOO_SLOW),
    "headers now and then": (header_drip, FailureCode.NO_ANSWER),
    "headers without end": (endless_headers, FailureCode.TOO_MANY_HEADERS),
    "many headers": (many_headers, FailureCode.TOO_MANY_HEADERS),
    "a long header": (long_header, FailureCode.TOO_MANY_HEADERS),
    "early hints without end": (endless_early_hints, FailureCode.NO_ANSWER),
    "silence": (silence, FailureCode.NO_ANSWER),
    "hanging up": (hang_up, FailureCode.BAD_HTTP),
    "another protocol": (no_http, FailureCode.BAD_HTTP),
    "redirects without end": (endless_redirects, FailureCode.TOO_MANY_REDIRECTS),
    "redirect to a file": (redirect("file:///etc/passwd"), FailureCode.BAD_REDIRECT),
    "redirect to the metadata": (redirect("http://169.254.169.254/"), FailureCode.REFUSED_ADDRESS),
    "redirect inside": (redirect("http://10.0.0.1/"), FailureCode.REFUSED_ADDRESS),
    "redirect with two hosts": (redirect("http://in:80\\@out/"), FailureCode.BAD_REDIRECT),
    "redirect nowhere": (Answer(status=302), FailureCode.BAD_REDIRECT),
    "an empty success": (Answer(b""), FailureCode.EMPTY),
}
ENTRIES = (2_000, 20, 20, 20, 20)
"""Of the healthy feeds."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A host of its own for every case: 127.0.2.1, 127.0.2.2 …, and for the healthy feeds 127.0.4.1 …"""
    with Site("0.0.0.0") as site:  # noqa: S104 -- loopback is all of 127/8
        for n, (behaviour, _) in enumerate(CASES.values()):
            site.answer(f"/{n}", behaviour)
        for steps in range(1, 9):
            redirects = list(CASES).index("redirects without end")
            site.answer(f"/{redirects}" + "1" * steps, endless_redirects)
        for n in range(len(ENTRIES)):
            site.answer(f"/healthy{n}", Answer(document(n)))
        yield site


def document(number: int) -> bytes:
    items = "".join(
        f"<item><title>Entry {n}</title><link>https://wire.example/{number}/{n}</link></item>"
        for n in range(ENTRIES[number])
    )
    return f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode()


def hostile_urls(site: Site) -> list[str]:
    return [site.url(f"/{n}", host=f"127.0.2.{n + 1}") for n in range(len(CASES))]


def healthy_urls(site: Site) -> list[str]:
    return [site.url(f"/healthy{n}", host=f"127.0.4.{n + 1}") for n in range(len(ENTRIES))]


@pytest.mark.parametrize("kind", ["feed", "page"])
def test_each_is_refused_for_what_it_is(kind: str, site: Site) -> None:
    """All at once, as feeds and as pages: every code as it should be, in bounded memory and time."""
    settings = FetchSettings.model_validate(
        {
            "allow_private": ["127.0.0.0/8"],
            "timeout": SECONDS,
            "max_bytes": LIMIT,
            "max_feed_bytes": LIMIT,
        }
    )

    async def run() -> list[Fetched | Unchanged | Failed]:
        async with Fetcher(settings, obey_robots=False) as fetcher:
            urls = hostile_urls(site)
            if kind == "page":
                return await asyncio.gather(*(fetcher.fetch_page(url) for url in urls))
            feeds = [Feed(key=url, url=url, name=url) for url in urls]
            return await asyncio.gather(*(fetcher.fetch_feed(feed, None) for feed in feeds))

    tracemalloc.start()
    started = time.monotonic()
    results = asyncio.run(run())
    seconds = time.monotonic() - started
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    codes = [result.code if isinstance(result, Failed) else None for result in results]
    assert dict(zip(CASES, codes, strict=True)) == {name: code for name, (_, code) in CASES.items()}
    assert most < 20_000_000 + 4 * LIMIT * settings.concurrent
    assert seconds < 60, "each may take four seconds, sixteen at a time"


def configuration(folder: Path, urls: list[str], **fetch: object) -> Path:
    monitor = {
        "database": "monitor.duckdb",
        "fetch": {"allow_private": ["127.0.0.0/8"], "timeout": SECONDS, **fetch},
    }
    rows = [{"url": url, "name": url} for url in urls]
    (folder / "monitor.yaml").write_text(yaml.safe_dump(monitor), encoding="utf-8")
    (folder / "feeds.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
    return folder / "monitor.yaml"


def poll(path: Path, task_seconds: float = 20.0) -> PollReport:
    with Workers(count=1, task_seconds=task_seconds) as workers:
        return poll_feeds(RunContext(load_configuration(path), workers))


def test_healthy_feeds_of_the_run_lose_nothing(tmp_path: Path, site: Site) -> None:
    """A poll of hostile and healthy feeds together: the healthy ones' entries are stored, be they 2,000, the others are
    listed as failed with a reason each."""
    hostile, healthy = hostile_urls(site), healthy_urls(site)
    mixed = [*hostile[:9], *healthy, *hostile[9:]]
    path = configuration(tmp_path, mixed, max_feed_bytes=LIMIT)
    report = poll(path)
    outcomes = {row.feed: row.outcome for row in report.feeds}
    assert {outcomes[url] for url in hostile} == {PollOutcome.FAILED}
    assert {outcomes[url] for url in healthy} == {PollOutcome.NEW}
    assert all(row.note for row in report.feeds if row.feed in hostile)
    with open_store(load_configuration(path).settings.database) as store:
        assert store.count_pending() == sum(ENTRIES)


def test_a_feed_that_keeps_the_parser_busy_is_killed_and_the_others_are_parsed(
    tmp_path: Path, site: Site
) -> None:
    """The deadline of a parsing worker costs the feed that outlasts it and no other."""
    slow = b"<rss><channel>" + b"<item><title>&lt;b&gt;x<x:y/></title></item>" * 100_000
    site.answer("/slow", Answer(slow))
    busy = site.url("/slow", host="127.0.5.1")
    path = configuration(tmp_path, [busy, *healthy_urls(site)])
    rows = {row.feed: row for row in poll(path, task_seconds=2.0).feeds}
    assert "took longer than 2 s" in rows.pop(busy).note
    assert {row.outcome for row in rows.values()} == {PollOutcome.NEW}


def test_a_page_that_answers_instead_of_the_feed_is_told(tmp_path: Path, site: Site) -> None:
    """A 200 that is a log-in page is no feed, and its title is shown."""
    site.answer("/login", Answer(b"<html><head><title>Log in</title></head><body></body></html>"))
    path = configuration(tmp_path, [site.url("/login", host="127.0.5.2")])
    [row] = poll(path).feeds
    assert row.outcome is PollOutcome.FAILED
    assert 'is a web page ("Log in"), not a feed' in row.note
