"""Pages are kept with their articles, dropped in time, and extracted again without alerting anybody."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from domain.errors import ConfigError, InputError, RunInProgress
from domain.news import Fetched
from extractors.kept_pages import EXTRACTOR_VERSION, LARGEST_KEPT, pack_page, unpack_page
from flows.backfill import backfill
from flows.cli.reading import extract
from flows.configuration import load_configuration
from flows.demo.newsroom import load_newsroom
from flows.demo.stage import BUNDLED_WATCHES, Stage, demo_stage
from flows.line import run_line
from flows.reports import RunReport
from flows.rereading import RereadReport, reread_pages
from storage.published import publish, published_path
from storage.records import ProcessedBatch
from storage.run_lock import run_lock
from storage.store import open_store
from tests.http_site import Answer, Site
from tests.storage_cases import NOTHING, NOW, article, entry, poll
from tests.test_command_line import armswire

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TITLE = "Japan delivered the Patriot missiles to the United States"
TEXT = (
    "Japan has delivered the Patriot missiles to the United States, the defence ministry said.",
    "The shipment left the harbour of Yokosuka on Monday under a licence given in spring.",
    "Officials of both countries called the handover the first of its kind in many years.",
)
PAGE = (
    f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
    + "</article></body></html>"
)


class Newsdesk:
    """One feed of one entry with a page, and runs an hour apart."""

    def __init__(self, stage: Stage, site: Site) -> None:
        self.stage, self.site, self.now = stage, site, START
        self.database = stage.folder / "monitor.duckdb"
        rows = [{"name": "Desk", "url": site.url("/feed")}]
        (stage.folder / "feeds.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
        site.answer("/robots.txt", Answer(status=404))
        site.answer("/1", Answer(PAGE.encode(), headers={"Content-Type": "text/html"}))
        self.publish(TITLE)

    def publish(self, text: str) -> None:
        body = (
            "<rss version='2.0'><channel><title>Desk</title><item>"
            f"<link>{self.site.url('/1')}</link><title>{TITLE}</title>"
            f"<description>{text}</description></item></channel></rss>"
        )
        self.site.answer("/feed", Answer(body.encode(), headers={"Content-Type": "text/xml"}))

    def configure(self, **changes: object) -> None:
        path = self.stage.folder / "monitor.yaml"
        monitor = yaml.safe_load(path.read_text(encoding="utf-8")) | changes
        path.write_text(yaml.safe_dump(monitor), encoding="utf-8")

    def run(self, *, later: timedelta = timedelta(hours=1)) -> RunReport:
        self.now += later
        configuration = load_configuration(self.stage.folder / "monitor.yaml")
        secrets = self.stage.secrets.get
        return run_line(configuration, secrets=secrets, clock=lambda: self.now)

    def again(self, since: timedelta | None = None) -> RereadReport:
        configuration = load_configuration(self.stage.folder / "monitor.yaml")
        return reread_pages(configuration, since=since, clock=lambda: self.now)

    def sql(self, statement: str) -> list[Any]:
        with duckdb.connect(str(self.database)) as connection:
            return connection.execute(statement).fetchall()

    def read_worse(self) -> None:
        """Leaves the article as an extractor would that saw nothing on the page."""
        self.sql(
            "UPDATE articles SET body = 'Less.', completeness = 'feed_text', method = 'feed',"
            " note = 'no article was found on the page'"
        )
        self.sql("UPDATE pages SET extractor = 0")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    newsroom = load_newsroom(START)
    with demo_stage(tmp_path / "demo", newsroom, BUNDLED_WATCHES) as stage, Site() as site:
        yield Newsdesk(stage, site)


def test_a_kept_page_makes_its_article_better_and_alerts_nobody(desk: Newsdesk) -> None:
    """What an earlier extractor missed becomes a new version, the old one is kept, nothing is sent
    then or by the next run, and once more changes nothing."""
    assert len(desk.run().process.alerts) == 1
    [(url, kind, extractor)] = desk.sql("SELECT url, content_type, extractor FROM pages")
    assert (url, kind, extractor) == (desk.site.url("/1"), "text/html", EXTRACTOR_VERSION)
    assert desk.again() == RereadReport(pages=1, changed=0, stayed=1)
    desk.read_worse()
    alerts = desk.sql("SELECT count(*) FROM alerts")
    assert desk.again() == RereadReport(pages=1, changed=1, stayed=0)
    article = "SELECT body, completeness, version, note FROM articles"
    assert desk.sql(article) == [("\n\n".join(TEXT), "full", 2, None)]
    assert desk.sql("SELECT body FROM article_versions") == [("Less.",)]
    assert desk.sql("SELECT extractor FROM pages") == [(EXTRACTOR_VERSION,)]
    assert desk.again() == RereadReport(pages=1, changed=0, stayed=1)
    assert desk.run().delivery.deliveries == ()
    assert desk.sql("SELECT count(*) FROM alerts") == alerts
    assert desk.sql("SELECT count(*) FROM stories") == [(1,)]
    with duckdb.connect(str(published_path(desk.database)), read_only=True) as copy:
        assert copy.execute("SELECT count(*) FROM pages").fetchall() == [(0,)]


def test_a_page_taken_in_by_its_address_is_kept_and_extracted_again_like_the_others(
    desk: Newsdesk,
) -> None:
    """No feed named it, and no entry stands for it."""
    configuration = load_configuration(desk.stage.folder / "monitor.yaml")
    assert backfill(configuration, [desk.site.url("/1")]).stored == 1
    assert desk.sql("SELECT url, extractor FROM pages") == [
        (desk.site.url("/1"), EXTRACTOR_VERSION)
    ]
    assert desk.again() == RereadReport(pages=1, changed=0, stayed=1)
    desk.read_worse()
    assert desk.again() == RereadReport(pages=1, changed=1, stayed=0)
    article = "SELECT body, completeness, version, feed FROM articles"
    assert desk.sql(article) == [("\n\n".join(TEXT), "full", 2, None)]
    assert desk.sql("SELECT count(*) FROM stories") == [(1,)]


def test_extracting_again_killed_while_it_commits_leaves_nothing_half_done(desk: Newsdesk) -> None:
    """The article, its earlier version, its mentions and its page are all as before or all as after; once more, and they
    are as after, in the published copy too."""

    def stands() -> list[Any]:
        return told(desk.sql) + desk.sql("SELECT extractor FROM pages")

    def told(sql: Callable[[str], list[Any]]) -> list[Any]:
        return (
            sql("SELECT body, completeness, version FROM articles")
            + sql("SELECT body, version FROM article_versions")
            + sql("SELECT count(*) FROM transfers")
        )

    desk.run()
    desk.read_worse()
    desk.sql("DELETE FROM transfers")
    before = stands()
    config = str(desk.stage.folder / "monitor.yaml")
    command = [sys.executable, "-m", "flows.cli.main", "extract", "--again", "--config", config]
    child = subprocess.Popen(
        command, env=os.environ | desk.stage.secrets, stdout=subprocess.DEVNULL
    )
    log = desk.database.with_name(f"{desk.database.name}.wal")
    while child.poll() is None and not log.exists():
        time.sleep(0.001)
    child.kill()
    assert child.wait() in (0, -signal.SIGKILL)
    killed = stands()

    desk.again()
    after = stands()
    assert after == [
        ("\n\n".join(TEXT), "full", 2), ("Less.", 1), (1,), (EXTRACTOR_VERSION,)
    ]  # fmt: skip
    assert killed in (before, after)
    with duckdb.connect(str(published_path(desk.database)), read_only=True) as copy:
        assert told(lambda sql: copy.execute(sql).fetchall()) == after[:-1]


def test_an_article_that_a_person_judged_stays(desk: Newsdesk) -> None:
    """Its text is what the judgement was about."""
    desk.run()
    desk.read_worse()
    desk.sql("DELETE FROM proposals")
    desk.sql(
        "INSERT INTO proposals (id, article_id, n, kind, mention, proposed_at, decision, decided_at)"
        " SELECT 'p', id, 0, 'transfer', '{}', now(), 'refused', now() FROM articles"
    )
    assert desk.again() == RereadReport(pages=1, changed=0, stayed=1)
    assert desk.sql("SELECT body FROM articles") == [("Less.",)]


def test_pages_are_kept_for_as_long_as_told(desk: Newsdesk) -> None:
    """A run drops those that are older; 0d keeps none; --since passes over the older ones."""
    desk.configure(pages={"keep": "2h"})
    desk.run()
    desk.now += timedelta(minutes=30)
    assert desk.again(since=timedelta(minutes=10)) == RereadReport()
    assert desk.again(since=timedelta(minutes=40)).pages == 1
    desk.run()
    assert desk.sql("SELECT count(*) FROM pages") == [(1,)]
    desk.run()
    assert desk.sql("SELECT count(*) FROM pages") == [(0,)]
    desk.configure(pages={"keep": "0d"})
    desk.publish("Other words of the same entry.")
    assert desk.run().process.articles == 1
    assert desk.sql("SELECT count(*) FROM pages") == [(0,)]


def test_it_waits_for_no_run_and_refuses_wrong_settings(desk: Newsdesk) -> None:
    """One at a time works on a database; a misspelt key is no setting."""
    with run_lock(desk.database), pytest.raises(RunInProgress):
        desk.again()
    desk.configure(pages={"keeps": "2h"})
    with pytest.raises(ConfigError, match="keeps"):
        desk.again()


def test_a_page_is_unpacked_as_it_was_and_a_huge_one_is_not_kept() -> None:
    """Body and the headers that extraction reads come back; tokens of its address are not kept."""
    headers = {"content-type": "text/html; charset=x", "date": "Fri, 20 Nov 2026 09:00:00 GMT"}
    page = Fetched(
        url="https://a.example/1", status=200, headers=headers | {"server": "s"}, body=b"\x00a" * 99
    )
    kept = pack_page(page)
    assert kept is not None
    assert unpack_page(kept) == replace(page, headers=headers)
    noise = random.Random(1).randbytes(LARGEST_KEPT)
    assert pack_page(replace(page, body=noise)) is None
    signed = pack_page(replace(page, url="https://me:pw@a.example/1", body=b"b"))
    assert signed is not None
    assert signed.url == "https://a.example/1"


def test_a_version_without_a_page_drops_the_page_of_the_one_before(tmp_path: Path) -> None:
    """Else extracting again would bring back what was edited away."""
    database = tmp_path / "monitor.duckdb"
    page = pack_page(Fetched(url="https://w.example/1", status=200, headers={}, body=b"<p>A</p>"))
    with open_store(database) as store:
        for version, kept in ((1, page), (2, None)):
            store.record_poll([poll([entry(1, text=f"Version {version}.")])], NOW)
            [pending] = store.pending_entries()
            first = replace(article(pending, NOTHING, body=f"Version {version}."), page=kept)
            store.commit_batch(ProcessedBatch(articles=[first]), NOW)
            assert store.pages.count() == (kept is not None)
    publish(database)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"again": True, "source": "page.html"}, "--again reads the kept pages"),
        ({"again": True, "out": Path("b.jsonl")}, "--again reads the kept pages"),
        ({"source": "page.html", "since": "7d"}, "goes with --again"),
        ({"again": True, "since": "soon"}, '--since: "soon" is no duration'),
    ],
)
def test_wrong_arguments_are_told(arguments: dict[str, Any], told: str) -> None:
    """What cannot go together is refused with a reason, before anything is read."""
    with pytest.raises(InputError, match=told):
        extract(**arguments)


def test_the_command_tells_what_it_did(desk: Newsdesk) -> None:
    """In JSON for scripts."""
    desk.run()
    config = desk.stage.folder / "monitor.yaml"
    told = json.loads(armswire("extract", "--again", "--config", config, "--json"))
    assert told == {"pages": 1, "changed": 0, "stayed": 1, "failed": []}
