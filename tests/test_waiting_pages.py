"""Entries whose page cannot be asked for now: they wait, across runs, and are not hammered after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from domain.news import Article, Completeness, PollOutcome
from flows.configuration import load_configuration
from flows.line import run_line
from flows.reports import RunReport
from storage.published import open_published
from storage.store import open_store
from tests.http_site import Answer, Site

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PARAGRAPH = (
    "<p>The harbour of Valparaiso waited for two frigates, and a crowd had come to see them.</p>"
)
PAGE = Answer(f"<html><body><article>{PARAGRAPH * 9}</article></body></html>".encode())
DAY = 24 * 60
"""Minutes."""
UNREACHABLE = "http://127.0.0.{}:9/feed"


class Monitor:
    """A configuration in a folder, run at given minutes."""

    def __init__(self, folder: Path, feeds: list[str]) -> None:
        monitor = {
            "database": "monitor.duckdb",
            "workers": 1,
            "fetch": {"allow_private": ["127.0.0.0/8"], "per_host": {"spacing": "0s"}},
        }
        rows = [{"url": url, "name": f"feed {n}"} for n, url in enumerate(feeds)]
        (folder / "monitor.yaml").write_text(yaml.safe_dump(monitor), encoding="utf-8")
        (folder / "feeds.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
        self.configuration = load_configuration(folder / "monitor.yaml")

    def run(self, minute: int = 0) -> RunReport:
        """Polls every feed, due or not."""
        names = [feed.name for feed in self.configuration.feeds]
        return run_line(
            self.configuration, only=names, clock=lambda: NOW + timedelta(minutes=minute)
        )

    def articles(self) -> list[Article]:
        with open_published(self.configuration.settings.database) as queries:
            return [row.article for row in queries.articles()]

    def attempts(self) -> list[int]:
        with open_store(self.configuration.settings.database) as store:
            return [pending.attempts for pending in store.pending_entries()]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def asked_for(site: Site) -> int:
    """How often the page /1 was."""
    return site.paths().count("/1")


def feed_of(link: str) -> Answer:
    item = f"<item><title>Two frigates</title><link>{link}</link><description>Chile.</description></item>"
    return Answer(f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>".encode())


def test_a_page_waits_while_its_host_wishes_to_be_left_alone(tmp_path: Path, site: Site) -> None:
    """The pause is remembered between runs: a run within it asks nothing of the host, the first one after it reads."""
    with Site("127.0.0.2") as pages:
        site.answer("/feed", feed_of(pages.url("/1")))
        busy = Answer(status=429, headers={"Retry-After": "600"})
        pages.answer("/1", busy, PAGE)
        monitor = Monitor(tmp_path, [site.url("/feed"), pages.url("/feed")])
        pages.answer("/feed", feed_of("http://127.0.0.1:9/none"), Answer(status=500))

        first = monitor.run()
        asked = len(pages.requests)
        assert first.process.waiting >= 1
        assert any("429" in note for note in first.process.notes)

        within = monitor.run(minute=5)
        assert len(pages.requests) == asked
        assert {f.feed: f.outcome for f in within.poll.feeds}["feed 1"] is PollOutcome.NOT_DUE

        monitor.run(minute=11)
        [article] = [a for a in monitor.articles() if a.url.endswith("/1")]
        assert article.completeness is Completeness.FULL


def test_a_page_whose_host_stays_dead_is_given_up_after_three_runs(
    tmp_path: Path, site: Site
) -> None:
    """Then the feed's own text is the article, and says why."""
    site.answer("/feed", feed_of("http://127.0.0.9:9/1"))
    monitor = Monitor(tmp_path, [site.url("/feed")])
    waiting = [monitor.run(minute).process.waiting for minute in (0, 5, 10)]
    assert waiting == [1, 1, 0]
    [article] = monitor.articles()
    assert article.completeness is Completeness.FEED_TEXT
    assert "cannot be reached" in (article.note or "")


def test_a_page_that_comes_back_after_days_becomes_a_better_version(
    tmp_path: Path, site: Site
) -> None:
    """It is asked for again after a day, once; whatever the feed does meanwhile."""
    site.answer("/feed", feed_of(site.url("/1")))
    site.answer("/1", Answer(status=503))
    monitor = Monitor(tmp_path, [site.url("/feed")])
    for minute in (0, 5, 10, 15, 20, DAY):
        monitor.run(minute)
    assert asked_for(site) == 3
    [article] = monitor.articles()
    assert article.completeness is Completeness.FEED_TEXT

    site.answer("/1", PAGE)
    monitor.run(10 + DAY)
    monitor.run(20 + DAY)
    assert asked_for(site) == 4
    [article] = monitor.articles()
    assert article.completeness is Completeness.FULL
    assert "waited for two frigates" in article.body


def test_a_page_that_never_comes_is_asked_for_five_times_in_all(tmp_path: Path, site: Site) -> None:
    """Three runs, a day later and three days after that; then the feed's own text stays the article."""
    site.answer("/feed", feed_of(site.url("/1")))
    site.answer("/1", Answer(status=503))
    monitor = Monitor(tmp_path, [site.url("/feed")])
    asked = []
    for minute in (0, 5, 10, 10 + DAY, 11 + DAY, 9 + 4 * DAY, 10 + 4 * DAY, 30 * DAY):
        monitor.run(minute)
        asked.append(asked_for(site))
    assert asked == [1, 2, 3, 4, 4, 4, 5, 5]
    [article] = monitor.articles()
    assert article.completeness is Completeness.FEED_TEXT
    assert monitor.attempts() == []


def test_while_our_network_is_down_entries_wait_and_are_charged_nothing(
    tmp_path: Path, site: Site
) -> None:
    """Where no feed answers, no page is asked for, however often runs are started; afterwards the page is read."""
    site.answer("/feed", feed_of(site.url("/1")))
    site.answer("/1", Answer(status=503))
    up = Monitor(tmp_path, [site.url("/feed")])
    up.run()
    assert up.attempts() == [1]
    asked = len(site.requests)

    down = Monitor(tmp_path, [UNREACHABLE.format(n) for n in (7, 8, 9)])
    for minute in range(20, 60, 10):
        report = down.run(minute)
        assert (report.poll.offline, report.process.waiting) == (True, 1)
    assert up.attempts() == [1]
    assert len(site.requests) == asked

    site.answer("/1", PAGE)
    Monitor(tmp_path, [site.url("/feed")]).run(minute=70)
    [article] = up.articles()
    assert article.completeness is Completeness.FULL
