"""The whole line on the sample newsroom: what analysts get, what happens when something is broken."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import yaml

from domain.alerting import DeliveryState
from domain.errors import RunInProgress
from domain.news import PollOutcome
from flows.configuration import load_configuration
from flows.demo.newsroom import load_newsroom
from flows.demo.stage import BUNDLED_WATCHES, Stage, demo_stage
from flows.line import run_line
from flows.reports import RunReport
from storage.published import open_published
from storage.run_lock import run_lock
from tests.http_site import Answer, Site

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with demo_stage(tmp_path / "demo", load_newsroom(START), BUNDLED_WATCHES) as stage:
        yield stage


def run(stage: Stage, later: timedelta = timedelta(0)) -> RunReport:
    configuration = load_configuration(stage.folder / "monitor.yaml")
    return run_line(
        configuration, secrets=stage.secrets.get, clock=lambda: datetime.now(UTC) + later
    )


def mails(stage: Stage, watch: str) -> list[EmailMessage]:
    found = []
    for delivery in stage.mail.deliveries:
        message = email.message_from_bytes(delivery.path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        if message["X-Armswire-Watch"] == watch:
            found.append(message)
    return found


def test_the_story_of_japans_patriots(stage: Stage) -> None:
    """One alert with Moscow's reaction; later an update in the same thread, told once; then nothing."""
    first = run(stage)
    assert {row.outcome for row in first.poll.feeds} == {PollOutcome.NEW}
    assert first.process.articles == len(stage.site.newsroom.articles(1))
    [alert] = mails(stage, "japan-patriot")
    assert "Japan → United States" in alert["Subject"]
    text = alert.get_body(("plain",))
    assert text is not None
    assert "Maria Zakharova" in text.get_content()
    assert "OPPOSES" in text.get_content()

    stage.site.advance()
    run(stage)
    [again, update] = mails(stage, "japan-patriot")
    assert again["Message-ID"] == alert["Message-ID"]
    assert update["In-Reply-To"] == alert["Message-ID"]
    assert ", delivered" in update["Subject"]

    sent = stage.mail.count + stage.slack.count
    last = run(stage)
    assert {row.outcome for row in last.poll.feeds} == {PollOutcome.UNCHANGED}
    assert (last.process.articles, stage.mail.count + stage.slack.count) == (0, sent)


def test_a_broken_feed_and_a_broken_page_harm_nobody_else(stage: Stage) -> None:
    """A feed that is a web page is listed as failed; a page that answers 500 leaves the feed's own text."""
    with Site() as site:
        item = (
            f"<item><title>Oslo sells frigates to Chile</title><link>{site.url('/gone.html')}</link>"
            "<description>Norway sold two frigates to Chile.</description></item>"
        )
        feed = f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>"
        site.answer("/feed", Answer(feed.encode(), headers={"Content-Type": "application/rss+xml"}))
        site.answer("/gone.html", Answer(b"broken", status=500))
        site.answer("/page", Answer(b"<html><body><p>Not a feed.</p></body></html>"))
        rows = yaml.safe_load((stage.folder / "feeds.yaml").read_text(encoding="utf-8"))[:1]
        rows += [
            {"url": site.url("/feed"), "name": "Odd"},
            {"url": site.url("/page"), "name": "Page"},
        ]
        (stage.folder / "feeds.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
        report = run(stage)
    outcomes = {row.feed: row.outcome for row in report.poll.feeds}
    assert outcomes["Page"] is PollOutcome.FAILED
    assert list(outcomes.values()).count(PollOutcome.NEW) == 2
    with open_published(load_configuration(stage.folder / "monitor.yaml").settings.database) as q:
        [partial] = [row.article for row in q.articles() if row.article.title.startswith("Oslo")]
    assert partial.completeness.value == "feed_text"
    assert partial.body == "Norway sold two frigates to Chile."
    assert "500" in (partial.note or "")


def test_a_channel_that_is_down_is_tried_again(stage: Stage) -> None:
    """What Slack's silence held up arrives with a later run, once, and mail is not held up by it."""
    up = stage.secrets["DEMO_SLACK_WEBHOOK_URL"]
    stage.secrets["DEMO_SLACK_WEBHOOK_URL"] = "http://127.0.0.1:9/services/T/B/x"
    first = run(stage)
    held = first.delivery.count(DeliveryState.RETRY)
    assert held > 0
    assert first.delivery.count(DeliveryState.SENT) == stage.mail.count > 0
    assert all(up not in d.note and "services" not in d.note for d in first.delivery.deliveries)

    stage.secrets["DEMO_SLACK_WEBHOOK_URL"] = up
    assert run(stage).delivery.deliveries == ()
    later = run(stage, later=timedelta(minutes=10))
    assert later.delivery.count(DeliveryState.SENT) == stage.slack.count == held


def test_two_runs_do_not_meet(stage: Stage) -> None:
    """A second run on one database says that one is going on."""
    with (
        run_lock(stage.configuration.settings.database),
        pytest.raises(RunInProgress),
    ):
        run(stage)
