"""Quiet hours, throttles and digests through the delivering code and a real mail server."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

import pytest

from alerts.alerting import Changed, alerts_on
from domain.alerting import Change, ChangeKind, DeliveryState
from flows.configuration import load_configuration
from flows.delivery import deliver_pending
from flows.demo.sinks import SmtpSink
from flows.digest import make_due_digests
from flows.run_context import RunContext
from flows.workers import Workers
from storage.store import ProcessedBatch, open_store
from tests.story_samples import full_story

START = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MONITOR = """\
database: monitor.duckdb
feeds: feeds.yaml
channels:
  mail: {type: email, smtp: "${SMTP_URL}", sender: "a@example.org", to: [b@example.org]}
watches:
  - name: limited
    when: {supplier: JP}
    send: [mail]
    mode: both
    quiet: {from: "22:00", to: "06:00"}
    throttle: {messages: 2, per: 3h}
digests: [{name: morning, at: "07:00", send: [mail]}]
"""


@dataclass
class Desk:
    """A monitor with a mail server, and a clock that the test moves."""

    run: RunContext
    mail: SmtpSink
    now: datetime = START

    def told(self, *stories: str) -> None:
        """New stories, told now."""
        new = (Change(kind=ChangeKind.NEW_STORY, text="new story"),)
        changed = [
            Changed(before=None, after=replace(full_story(), id=name, headline=name), changes=new)
            for name in stories
        ]
        settings = self.run.settings
        alerts, deliveries = alerts_on(
            changed, {}, settings.watches, settings.channels, (), self.now
        )
        with open_store(settings.database) as store:
            store.commit_batch(ProcessedBatch(alerts=alerts, deliveries=deliveries), self.now)

    def subjects(self) -> list[str]:
        """A run now: the subjects of the mails that it sends."""
        before = self.mail.count
        make_due_digests(self.run)
        deliver_pending(self.run)
        new = self.mail.deliveries[before:]
        mails = [
            email.message_from_bytes(mail.path.read_bytes(), policy=policy.default) for mail in new
        ]
        return [str(mail["Subject"]) for mail in mails]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "monitor.yaml").write_text(MONITOR, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text("[]\n", encoding="utf-8")
    with SmtpSink(tmp_path / "mails") as mail, Workers(count=1) as workers:
        configuration = load_configuration(tmp_path / "monitor.yaml")
        secrets = {"SMTP_URL": mail.url}.get
        desk = Desk(RunContext(configuration, workers, secrets=secrets), mail)
        desk.run.clock = lambda: desk.now
        yield desk


def test_an_evening_a_night_and_a_morning(desk: Desk) -> None:
    """Two mails at once, what is too much in the second; the night waits; the digest tells it all again."""
    desk.told("a", "b", "c", "d")
    evening = desk.subjects()
    assert len(evening) == 2
    assert sum("3 alerts of watch limited" in subject for subject in evening) == 1
    desk.now += HOUR
    desk.told("e")
    assert desk.subjects() == []  # two were sent within three hours
    desk.now += 4 * HOUR
    desk.told("f")
    assert desk.subjects() == []  # one in the morning
    desk.now = START + 10 * HOUR
    assert len(desk.subjects()) == 2
    desk.now += HOUR
    [digest] = desk.subjects()
    assert "6 new stories" in digest
    assert desk.subjects() == []


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        ("to: [b@example.org]", "to: [c@example.org]", DeliveryState.SENT),
        ("mail", "post", DeliveryState.DEAD),
    ],
)
def test_whoever_is_no_recipient_any_more_holds_up_nobody(
    desk: Desk, tmp_path: Path, old: str, new: str, state: DeliveryState
) -> None:
    """What a throttle tells together goes the way of what it tells, though the address or the channel was taken out."""
    desk.told("a", "b", "c", "d")
    changed = MONITOR.replace("email", "EMAIL").replace(old, new).replace("EMAIL", "email")
    (tmp_path / "monitor.yaml").write_text(changed, encoding="utf-8")
    desk.run.configuration = load_configuration(tmp_path / "monitor.yaml")
    assert [row.state for row in deliver_pending(desk.run).deliveries] == [state, state]
