"""The whole line on one feed that begins with old news, adds to it and edits it: who is alerted when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from domain.alerting import DeliveryState, Story
from flows.configuration import load_configuration
from flows.demo.newsroom import load_newsroom
from flows.demo.stage import BUNDLED_WATCHES, Stage, demo_stage
from flows.line import run_line
from flows.reports import RunReport
from storage.published import open_published
from tests.http_site import Answer, Site

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
APPROVED = "Japan approved the export of Patriot missiles to the United States."
EMPTY_TALK = "The weather in Tokyo was fine."
HANDED_OVER = "Japan has delivered the Patriot missiles to the United States."
CONDEMNED = (
    "Russian Foreign Ministry spokeswoman Maria Zakharova condemned Japan's export of Patriot "
    "missiles to the United States."
)
BACKGROUND = (
    "The batteries have stood on the coast for a decade and are to be renewed over the years."
)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with demo_stage(tmp_path / "demo", load_newsroom(START), BUNDLED_WATCHES) as stage:
        yield stage


class Newsdesk:
    """One feed of entries, each with a page at its guid or all without, and runs an hour apart."""

    def __init__(self, stage: Stage, site: Site, *, pages: bool = False) -> None:
        self.stage, self.site, self.now, self.pages = stage, site, START, pages
        path = stage.folder / "monitor.yaml"
        monitor = yaml.safe_load(path.read_text(encoding="utf-8"))
        monitor["polling"]["first_poll"] = "store"
        path.write_text(yaml.safe_dump(monitor), encoding="utf-8")
        rows = [{"name": "Desk", "url": site.url("/feed")}]
        (stage.folder / "feeds.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")

    def link(self, guid: str) -> str:
        """What an entry says of where its page is."""
        return f"<link>{self.site.url('/' + guid)}</link>" if self.pages else ""

    def stories(self) -> list[Story]:
        """The stories as they stand."""
        with open_published(self.stage.folder / "monitor.duckdb") as queries:
            return queries.stories()

    def run(self, *entries: tuple[str, str]) -> RunReport:
        """Publishes entries (guid and text) and runs the line."""
        listed = "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><title>{text}</title>{self.link(guid)}"
            f"<description>{text}</description></item>"
            for guid, text in entries
        )
        body = f"<rss version='2.0'><channel><title>Desk</title>{listed}</channel></rss>"
        self.site.answer("/feed", Answer(body.encode(), headers={"Content-Type": "text/xml"}))
        self.now += timedelta(hours=1)
        configuration = load_configuration(self.stage.folder / "monitor.yaml")
        return run_line(configuration, secrets=self.stage.secrets.get, clock=lambda: self.now)


def test_old_news_is_quiet_and_edits_alert_when_they_matter(stage: Stage) -> None:
    """The first poll's entries are articles and stories, and alert nobody; an entry that adds
    nothing does not either; an edit that tells of a further stage does, once; the version before it
    is kept."""
    with Site() as site:
        desk = Newsdesk(stage, site)
        first = desk.run(("1", APPROVED))
        assert (first.process.relevant, first.process.alerts) == (1, ())
        [row] = first.poll.quiet
        assert (row.feed, row.new) == ("Desk", 1)
        same = desk.run(("1", APPROVED.upper()), ("2", EMPTY_TALK))
        assert (same.process.articles, same.process.alerts) == (1, ())
        edited = desk.run(("1", HANDED_OVER), ("2", EMPTY_TALK))
        assert [f.edited for f in edited.poll.feeds] == [1]
        alerts = {alert.watch for alert in edited.process.alerts}
        assert alerts == {"japan-patriot"}
        assert edited.delivery.count(DeliveryState.SENT) == 2
        again = desk.run(("2", EMPTY_TALK), ("1", HANDED_OVER + " "))
        assert (again.process.articles, again.delivery.deliveries) == (0, ())
    with open_published(stage.folder / "monitor.duckdb") as queries:
        counts = queries.counts()
        titles = {row.article.title for row in queries.articles()}
    assert (counts.articles, counts.stories) == (2, 1)
    assert titles == {HANDED_OVER, EMPTY_TALK}


def page_of(*sentences: str) -> Answer:
    """A page with room for a whole article around what it says."""
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in (*sentences, *[BACKGROUND] * 9))
    return Answer(f"<html><body><article>{paragraphs}</article></body></html>".encode())


def test_a_poorer_reading_of_an_edited_article_takes_nothing_back(stage: Stage) -> None:
    """While the page is refused, the feed's text alone changes neither article nor story and alerts
    nobody; when the page is back, what it told before is not told again."""
    with Site() as site:
        desk = Newsdesk(stage, site, pages=True)
        desk.run(("0", EMPTY_TALK))
        site.answer("/1", page_of(HANDED_OVER, CONDEMNED))
        told = desk.run(("1", "Patriot missiles: what is known"))
        assert {alert.watch for alert in told.process.alerts} == {"japan-patriot"}
        [story] = desk.stories()
        assert len(story.reactions) == 1

        site.answer("/1", Answer(status=403))
        poorer = desk.run(("1", APPROVED))
        assert (poorer.process.articles, poorer.process.partial) == (1, 1)
        assert poorer.process.alerts == ()
        assert desk.stories() == [story]

        site.answer("/1", page_of(HANDED_OVER, CONDEMNED, "A sentence was added."))
        back = desk.run(("1", "Patriot missiles: what is known by now"))
        assert (back.process.articles, back.process.partial) == (1, 0)
        assert back.process.alerts == ()
        [after] = desk.stories()
    assert (after.version, len(after.reactions)) == (1, 1)
