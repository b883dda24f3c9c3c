"""Digests: what goes in, in which order, once a period whatever happens, and the picture."""

from __future__ import annotations

import email
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email import policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from alerts.digest_chart import Counts, count, render
from alerts.digests import digest_of, due_period, watches_of
from alerts.messages import notice_text, render_email, render_slack
from domain.alerting import Alert, Change, ChangeKind, Delivery, Notice, Story
from domain.errors import InputError
from domain.settings_files import Configuration
from domain.settings_watches import DigestSettings, WatchSettings
from flows.configuration import load_configuration
from flows.digest import digest_so_far, find_digest, make_due_digests
from flows.run_context import RunContext
from flows.workers import Workers
from storage.published import open_published, publish
from storage.store import ProcessedBatch, open_store
from tests.story_samples import NOW, full_story

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = DigestSettings(
    name="morning", at=time(7, 30), timezone=ZoneInfo("Asia/Tokyo"), send=("desk",)
)
NO_COUNTS = Counts(steps=(), transfers=(), reactions=())
SETTINGS = """\
database: monitor.duckdb
feeds: feeds.yaml
channels:
  desk: {type: slack, webhook: "${SLACK_WEBHOOK_URL}"}
  mail: {type: email, smtp: "${SMTP_URL}", sender: a@example.org, to: [b@example.org, c@example.org]}
watches:
  - {name: japan, when: {supplier: JP}, mode: digest}
  - {name: now, when: {supplier: JP}, send: [desk]}
digests:
  - {name: morning, at: "07:30", timezone: Asia/Tokyo, send: [desk, mail]}
"""


def alert(story: str, version: int, at: datetime, watch: str = "japan") -> Alert:
    new = Change(kind=ChangeKind.NEW_STORY, text="new story")
    update = Change(kind=ChangeKind.STAGE, text=f"stage: step {version}")
    seen = tuple(replace(a, seen_at=at) for a in full_story().articles)
    told = replace(full_story(), id=story, version=version, articles=seen)
    changes = (new,) if version == 1 else (update,)
    return Alert(
        id=f"{watch}-{story}-{version}", watch=watch, story=told, changes=changes, created_at=at
    )


def written(*alerts: Alert, **changes: object) -> Notice:
    given: dict[str, object] = {"counts": NO_COUNTS, "png": None, "footer": None} | changes
    return digest_of(MORNING, alerts, NOW - DAY, NOW, NOW, **given)  # type: ignore[arg-type]


# ---- what goes in


def test_new_stories_come_first_and_a_story_has_one_section() -> None:
    """New before updates, the latest first; versions and watches of one story together."""
    told = written(
        alert("old", 2, NOW - 3 * HOUR),
        alert("fresh", 1, NOW - 5 * HOUR),
        alert("fresh", 2, NOW - 2 * HOUR),
        alert("fresh", 2, NOW - 2 * HOUR, watch="asia"),
        alert("newest", 1, NOW - HOUR),
        alert("old", 3, NOW - HOUR),
    )
    headings = [section.heading.partition(":")[0] for section in told.sections]
    assert headings == ["New", "New", "Update"]
    fresh, old = told.sections[1], told.sections[2]
    assert fresh.lines[-1] == "watch japan, asia"
    assert "Stage: step 2" in fresh.lines
    assert old.lines[:2] == ("Stage: step 2", "Stage: step 3")
    assert told.title == "morning, 22 Nov 2026: 2 new stories, 1 update"
    assert "Asia/Tokyo" in told.lines[0]


def test_a_period_of_nothing_says_so() -> None:
    """For those who asked for empty digests."""
    assert "Nothing" in written().lines[1]


def test_whose_alerts_a_digest_tells() -> None:
    """Those it names; else those kept for digests; else everybody's."""
    watches = [
        WatchSettings.model_validate(
            {"name": name, "when": {"supplier": "JP"}, "send": "d", "mode": mode}
        )
        for name, mode in (("a", "immediate"), ("b", "digest"), ("c", "both"))
    ]
    assert watches_of(MORNING, watches) == ["b", "c"]
    assert watches_of(MORNING, watches[:1]) == ["a"]
    assert watches_of(MORNING.model_copy(update={"watches": ("a",)}), watches) == ["a"]


def test_periods_join_whatever_was_missed() -> None:
    """Due at 07:30 in Tokyo (22:30 UTC); a digest begins where the last ended, within reason."""
    due = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    assert due_period(MORNING, None, NOW) == (due - DAY, due)
    assert due_period(MORNING, due - 3 * DAY, NOW) == (due - 3 * DAY, due)
    assert due_period(MORNING, due - 90 * DAY, NOW) == (due - 14 * DAY, due)
    assert due_period(MORNING, due, NOW) is None
    assert due_period(MORNING, due, due + DAY) == (due, due + DAY)
    # One that was sent by hand in between.
    assert due_period(MORNING, due + HOUR, due + DAY) == (due + HOUR, due + DAY)


# ---- the picture


def test_the_chart_counts_articles_of_the_period_once_and_copies_not() -> None:
    """By three hours for a day, by day for longer; what was seen before is not counted."""
    story: Story = alert("s", 1, NOW - HOUR).story
    day = count([story, story], NOW - DAY, NOW, ZoneInfo("UTC"))
    assert day.transfers == (("22 Nov 09:00", "approved", 1),)
    assert sorted(day.reactions) == [("22 Nov 09:00", "oppose", 1), ("22 Nov 09:00", "support", 1)]
    assert len(day.steps) == 9
    week = count([story], NOW - 7 * DAY, NOW, ZoneInfo("UTC"))
    assert week.steps[0] == "15 Nov"
    assert week.steps[-1] == "22 Nov"
    assert len(week.steps) == 8
    assert count([story], NOW, NOW + DAY, ZoneInfo("UTC")).transfers == ()
    assert day.words == "Reported: 1 transfer (1 approved); 2 reactions (1 oppose, 1 support)"


def test_the_picture_is_in_the_mail_and_nothing_is_loaded_from_elsewhere() -> None:
    """A PNG beside the HTML that names it, told in words for others; the same mail byte for byte."""
    story = alert("s", 1, NOW - HOUR).story
    counts = count([story], NOW - DAY, NOW, ZoneInfo("UTC"))
    png = render(counts)
    assert png is not None
    told = written(alert("s", 1, NOW - HOUR), counts=counts, png=png, footer="31 messages")
    delivery = Delivery(
        id="d1",
        content=told,
        channel="mail",
        recipient="b@example.org",
        message_id="<m@example.org>",
    )
    raw = bytes(render_email(delivery, sender="a@example.org"))
    assert raw == bytes(render_email(delivery, sender="a@example.org"))
    mail = email.message_from_bytes(raw, policy=policy.default)
    [picture] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    [html] = [part for part in mail.walk() if part.get_content_type() == "text/html"]
    assert picture.get_content() == png
    assert f"cid:{picture['Content-ID'][1:-1]}" in html.get_content()
    assert "http:" not in html.get_content().replace("https://", "")
    assert "31 messages" in notice_text(told)
    assert counts.words in notice_text(told)
    assert counts.words in str(render_slack(delivery))


def test_a_digest_without_anything_to_draw_has_no_picture() -> None:
    """Nothing is rendered."""
    assert render(NO_COUNTS) is None


# ---- once a period


@pytest.fixture
def monitor(tmp_path: Path) -> Configuration:
    """Alerts of two watches, one of them kept for digests."""
    (tmp_path / "monitor.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text("[]\n", encoding="utf-8")
    configuration = load_configuration(tmp_path / "monitor.yaml")
    alerts = [alert("one", 1, NOW - 20 * HOUR), alert("one", 1, NOW - 20 * HOUR, watch="now")]
    with open_store(configuration.settings.database) as store:
        store.commit_batch(ProcessedBatch(alerts=alerts), NOW - 20 * HOUR)
    return configuration


def run_at(monitor: Configuration, now: datetime) -> list[tuple[datetime, datetime, int]]:
    with Workers(count=1) as workers:
        run = RunContext(monitor, workers, clock=lambda: now)
        return [(d.start, d.until, d.alerts) for d in make_due_digests(run)]


def test_each_recipient_is_told_of_a_period_once(monitor: Configuration) -> None:
    """However often it runs; a day with nothing is passed over, and joins the next."""
    due = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    assert run_at(monitor, NOW) == [(due - DAY, due, 1)]
    assert run_at(monitor, NOW) == []
    assert run_at(monitor, NOW + 11 * HOUR) == []  # due again, with nothing to tell
    with open_store(monitor.settings.database) as store:
        store.commit_batch(
            ProcessedBatch(alerts=[alert("two", 1, NOW + 12 * HOUR)]), NOW + 12 * HOUR
        )
        assert store.last_digest("morning") == due + DAY
    assert run_at(monitor, NOW + 3 * DAY) == [(due + DAY, due + 3 * DAY, 1)]
    publish(monitor.settings.database)
    with open_published(monitor.settings.database) as queries:
        told = sorted((row.headline[:8], row.recipient) for row in queries.deliveries())
    assert told == sorted(
        [("morning,", to) for to in ("desk", "b@example.org", "c@example.org")] * 2
    )


def test_a_digest_by_hand_tells_what_there_is_and_the_next_goes_on(monitor: Configuration) -> None:
    """A look changes nothing; sending begins the next period; a second sending has nothing."""
    digest = find_digest(monitor, "morning")
    for _ in range(2):
        assert digest_so_far(monitor, digest, send=False, clock=lambda: NOW).alerts == 1
    assert digest_so_far(monitor, digest, send=True, clock=lambda: NOW).alerts == 1
    again = digest_so_far(monitor, digest, send=True, clock=lambda: NOW + HOUR)
    assert (again.alerts, again.start) == (0, NOW)
    with open_published(monitor.settings.database) as queries:
        assert len(queries.deliveries()) == 3
    with pytest.raises(InputError, match="digests: morning"):
        find_digest(monitor, "evening")


def test_a_process_killed_while_it_makes_a_digest_costs_nothing(monitor: Configuration) -> None:
    """Killed at any of several moments and run again: one digest, to each recipient once."""
    code = (
        "import sys\n"
        "from datetime import datetime\n"
        "from pathlib import Path\n"
        "from flows.configuration import load_configuration\n"
        "from tests.test_digests import run_at\n"
        "print('ready', flush=True)\n"
        "run_at(load_configuration(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", code, str(monitor.path), NOW.isoformat()]
    for wait_for in (0.05, 0.6, 1.4):
        child = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
        assert child.stdout is not None
        child.stdout.readline()
        try:
            child.wait(wait_for)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        child.stdout.close()
    run_at(monitor, NOW)
    publish(monitor.settings.database)
    with open_published(monitor.settings.database) as queries:
        recipients = sorted(row.recipient for row in queries.deliveries())
    assert recipients == ["b@example.org", "c@example.org", "desk"]
