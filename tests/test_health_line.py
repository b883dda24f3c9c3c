"""Ops hear of their feeds through the ordinary outbox: in the run that notices a trouble, once, and once when it is over."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from domain.health import HealthState
from domain.news import FeedState, PollOutcome, PollRecord
from flows.configuration import load_configuration
from flows.delivery import deliver_pending
from flows.demo.sinks import SlackSink, SmtpSink
from flows.health import tell_of_drift, watch_over_feeds
from flows.run_context import RunContext
from flows.workers import Workers
from storage.store import FeedPoll, open_store

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MONITOR = """\
database: monitor.duckdb
fetch: {allow_private: [127.0.0.0/8]}
channels:
  ops: {type: email, smtp: "${SMTP_URL}", sender: "a@example.org", to: [ops@example.org, night@example.org]}
  pager: {type: slack, webhook: "${WEBHOOK}", spacing: 0s}
health: {send: [ops, pager]}
"""
FEEDS = """\
- {url: "https://one.example/feed?token=s3cr3t-s3cr3t-s3cr3t-1", name: "One <b>"}
- {url: "https://two.example/feed", name: Two}
"""


@dataclass
class Desk:
    """A monitor with its ops, and a clock that the test moves."""

    run: RunContext
    mail: SmtpSink
    slack: SlackSink
    now: datetime = START

    def polled(self, *failing: str) -> None:
        """A run an hour later: all feeds are polled, those named fail, and what waits is sent."""
        self.noticed(*failing)
        deliver_pending(self.run)

    def noticed(self, *failing: str) -> None:
        """The run up to its last stage, before which it is killed."""
        self.now += timedelta(hours=1)
        with open_store(self.run.settings.database) as store:
            states = store.feed_states()
            polls = []
            for feed in self.run.configuration.feeds:
                before = states.get(feed.key) or FeedState(key=feed.key)
                down = feed.name in failing
                state = FeedState(
                    key=feed.key,
                    polls=before.polls + 1,
                    last_polled_at=self.now,
                    last_success_at=before.last_success_at if down else self.now,
                    last_new_entry_at=before.last_new_entry_at or self.now,
                    failures=before.failures + 1 if down else 0,
                    failing_since=(before.failing_since or self.now) if down else None,
                    last_error="answered 503" if down else None,
                )
                outcome = PollOutcome.FAILED if down else PollOutcome.UNCHANGED
                record = PollRecord(feed=feed.key, at=self.now, outcome=outcome)
                polls.append(FeedPoll(feed=feed, state=state, record=record))
            store.record_poll(polls, self.now)
        self.health = watch_over_feeds(self.run)

    def mails(self) -> list[EmailMessage]:
        found = []
        for delivery in self.mail.deliveries:
            content = delivery.path.read_bytes()
            message = email.message_from_bytes(content, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            found.append(message)
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "monitor.yaml").write_text(MONITOR, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    configuration = load_configuration(tmp_path / "monitor.yaml")
    with SmtpSink(tmp_path / "mail") as mail, SlackSink(tmp_path / "slack") as slack:
        secrets = {"SMTP_URL": mail.url, "WEBHOOK": slack.url}
        run = RunContext(
            configuration, Workers(count=1), secrets=secrets.get, clock=lambda: desk.now
        )
        desk = Desk(run, mail, slack)
        yield desk


def test_a_feed_that_fails_is_told_once_and_its_recovery_once(desk: Desk) -> None:
    """To every ops recipient by every ops channel, in the run that notices; with reason and what to do, no secret."""
    desk.polled()
    desk.polled("One <b>")
    desk.polled("One <b>")
    assert desk.mail.count == 0
    desk.polled("One <b>")
    assert [health.state for health in desk.health] == [HealthState.FAILING, HealthState.NEW]
    first, second = desk.mails()
    assert {str(first["To"]), str(second["To"])} == {"ops@example.org", "night@example.org"}
    assert "Feed fails: One <b>" in first["Subject"]
    text = first.get_body(("plain",))
    assert text is not None
    assert "3 polls in a row: answered 503" in " ".join(text.get_content().split())
    assert "armswire feeds test NAME" in " ".join(text.get_content().split())
    page = first.get_body(("html",))
    assert page is not None
    assert "<b>" not in page.get_content().partition("One ")[2][:10]
    [note] = [json.dumps(message.payload) for message in desk.slack.messages]
    assert "Feed fails: One &lt;b&gt;" in note
    for told in (first.as_string(), note):
        assert "s3cr3t" not in told

    desk.polled("One <b>")
    assert (desk.mail.count, desk.slack.count) == (2, 1)
    desk.polled()
    assert (desk.mail.count, desk.slack.count) == (4, 2)
    assert "Feed is well again: One <b>" in desk.mails()[-1]["Subject"]
    desk.polled()
    assert (desk.mail.count, desk.slack.count) == (4, 2)


def test_all_feeds_failing_at_once_are_one_message(desk: Desk) -> None:
    """However many: one message a recipient."""
    desk.polled()
    for _ in range(4):
        desk.polled("One <b>", "Two")
    assert (desk.mail.count, desk.slack.count) == (2, 1)
    assert "2 of 2 feeds fail" in desk.mails()[0]["Subject"]


def test_a_run_killed_before_it_sends_tells_later_and_once(desk: Desk) -> None:
    """The episode and the notices are stored together: what is noticed is sent by the next run, and noticed no more."""
    for _ in range(4):
        desk.noticed("Two")
    assert (desk.mail.count, desk.slack.count) == (0, 0)
    desk.polled("Two")
    assert (desk.mail.count, desk.slack.count) == (2, 1)
    desk.polled()
    with open_store(desk.run.settings.database) as store:
        [episode] = store.episodes(START)
    assert (episode.name, episode.state, episode.ended_at) == ("Two", HealthState.FAILING, desk.now)


def test_articles_that_shrink_are_told_once_a_week(desk: Desk) -> None:
    """However many runs see it; the next week once more, because nobody did anything."""
    drift = {"One <b>": "its latest 8 articles have 90 characters, those before 2,400"}
    for days in (0, 1, 7):
        desk.now = START + timedelta(days=days)
        tell_of_drift(desk.run, drift)
        deliver_pending(desk.run)
    assert (desk.mail.count, desk.slack.count) == (4, 2)
    assert "Articles of One <b> have become shorter" in desk.mails()[0]["Subject"]
    tell_of_drift(desk.run, {})
    deliver_pending(desk.run)
    assert desk.mail.count == 4
