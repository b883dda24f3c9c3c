"""Quiet hours and throttles: what they hold comes later or together, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.alerting import Changed, alerts_on
from alerts.deliver import next_attempt
from alerts.holding import ear_of, sort_out
from alerts.together import told_together
from domain.alerting import Alert, Change, ChangeKind, Delivery, DeliveryState, Notice, Receipt
from domain.secret_texts import SecretText
from domain.settings_channels import DeliverySettings, EmailChannel
from domain.settings_watches import QuietSettings, WatchSettings
from storage.store import ProcessedBatch, Store, open_store
from tests.story_samples import NOW, full_story

HOUR = timedelta(hours=1)
MAIL = EmailChannel(
    type="email",
    smtp=SecretText("smtp://relay.example:25"),
    sender="desk@example.org",
    to=("a@example.org", "b@example.org"),
)
CHANNELS = {"mail": MAIL}


def watch(**settings: object) -> WatchSettings:
    return WatchSettings.model_validate(
        {"name": "w", "when": {"supplier": "JP"}, "send": ["mail"], **settings}
    )


def told(of: WatchSettings, *names: str) -> tuple[list[Alert], list[Delivery]]:
    """Alerts, and deliveries to a@example.org and b@example.org, about new stories."""
    new = (Change(kind=ChangeKind.NEW_STORY, text="new story"),)
    stories = [replace(full_story(), id=name) for name in names]
    changed = [Changed(before=None, after=story, changes=new) for story in stories]
    return alerts_on(changed, {}, [of], CHANNELS, (), NOW)


def test_quiet_hours_of_watch_and_channel_hold_until_the_later_end() -> None:
    """NOW is noon: the watch is quiet until two, the channel until three."""
    quiet = watch(quiet={"from": "11:00", "to": "14:00"})
    channel = MAIL.model_copy(
        update={"quiet": QuietSettings.model_validate({"from": "11:00", "to": "15:00"})}
    )
    _, (first, *_) = told(quiet, "s")
    by_watch = sort_out([first], [quiet], CHANNELS, {}, NOW)
    assert [(h.until, h.why) for h in by_watch.held] == [(NOW + 2 * HOUR, "quiet hours of watch w")]
    by_both = sort_out([first], [quiet], {"mail": channel}, {}, NOW)
    assert [h.until for h in by_both.held] == [NOW + 3 * HOUR]
    assert sort_out([first], [quiet], CHANNELS, {}, NOW + 2 * HOUR).ready == [first]


def test_a_throttle_lets_some_through_and_tells_the_rest_together() -> None:
    """Of five with three free: two alone, three in the third message; each recipient counts alone."""
    throttled = watch(throttle={"messages": 3, "per": "1h"})
    _, deliveries = told(throttled, *"abcde")
    found = sort_out(deliveries, [throttled], CHANNELS, {}, NOW)
    assert len(found.ready) == 4
    assert [len(group) for group in found.together] == [3, 3]
    assert {len({ear_of(d) for d in group}) for group in found.together} == {1}
    told_by = [told_together(group, NOW) for group in found.together]
    assert [d.recipient for d in told_by] == [group[0].recipient for group in found.together]
    for made, group in zip(told_by, found.together, strict=True):
        assert isinstance(made.content, Notice)
        assert len(made.content.sections) == len(group) == 3
    # A day's worth of messages, sent long ago or to another, frees nothing and blocks nothing.
    sent = {ear_of(deliveries[0]): [NOW - 50 * timedelta(minutes=1), NOW - 2 * HOUR] * 3}
    full = sort_out(deliveries, [throttled], CHANNELS, sent, NOW)
    assert {h.until for h in full.held} == {NOW + timedelta(minutes=10)}
    assert {h.delivery.recipient for h in full.held} == {"a@example.org"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "monitor.duckdb") as store:
        yield store


def run(store: Store, watches: list[WatchSettings], now: datetime) -> list[tuple[str, list[str]]]:
    """One run that delivers: (recipient, ids of the stories a message tells) for each message sent."""
    messages: list[tuple[str, list[str]]] = []
    while True:
        claimed = store.ledger.claim(now, 50, owner="me", until=now + HOUR, channel="mail")
        found = sort_out(
            claimed, watches, CHANNELS, store.ledger.sent_times("mail", now - 24 * HOUR), now
        )
        for hold in found.held:
            store.ledger.hold(hold.delivery, hold.until, hold.why, now, owner="me")
        for waiting in found.together:
            store.ledger.tell_together(waiting, told_together(waiting, now), now, owner="me")
        for delivery in store.ledger.begin(found.ready, now, owner="me", until=now + HOUR):
            receipt = Receipt(state=DeliveryState.SENT)
            store.ledger.record(delivery, receipt, receipt.state, now, None, owner="me")
            content = delivery.content
            told = (
                [section.link or "" for section in content.sections]
                if isinstance(content, Notice)
                else [content.story.id]
            )
            messages.append((delivery.recipient, told))
        if not claimed:
            return messages


def test_nothing_is_dropped_and_no_limit_broken(store: Store) -> None:
    """Twelve stories at once, four an hour, quiet for two hours: every recipient is told of all."""
    limited = watch(throttle={"messages": 4, "per": "1h"}, quiet={"from": "12:00", "to": "14:00"})
    alerts, deliveries = told(limited, *"abcdefghijkl")
    store.commit_batch(ProcessedBatch(alerts=alerts, deliveries=deliveries), NOW)
    assert run(store, [limited], NOW) == []
    assert run(store, [limited], NOW + HOUR) == []
    at_two = run(store, [limited], NOW + 2 * HOUR)
    for recipient in MAIL.to:
        mine = [stories for to, stories in at_two if to == recipient]
        assert [len(stories) for stories in mine] == [1, 1, 1, 9]
    more_alerts, more = told(limited, *"mnop")
    store.commit_batch(ProcessedBatch(alerts=more_alerts, deliveries=more), NOW + 2 * HOUR)
    assert run(store, [limited], NOW + 2.5 * HOUR) == []
    assert len(run(store, [limited], NOW + 3 * HOUR)) == 8


def test_what_may_have_arrived_counts_for_a_throttle(store: Store) -> None:
    """One an hour: after a message that probably arrived, the next waits for the hour to be over."""
    limited = watch(throttle={"messages": 1, "per": "1h"})
    alerts, deliveries = told(limited, "a")
    store.commit_batch(ProcessedBatch(alerts=alerts, deliveries=deliveries), NOW)
    lost = Receipt(state=DeliveryState.UNKNOWN, reason="the connection broke")
    claimed = store.ledger.claim(NOW, 9, owner="me", until=NOW + HOUR)
    for delivery in store.ledger.begin(claimed, NOW, owner="me", until=NOW + HOUR):
        store.ledger.record(delivery, lost, lost.state, NOW, None, owner="me")
    more_alerts, more = told(limited, "b")
    store.commit_batch(ProcessedBatch(alerts=more_alerts, deliveries=more), NOW)
    assert run(store, [limited], NOW + HOUR / 2) == []
    assert sorted(run(store, [limited], NOW + HOUR)) == [(to, ["b"]) for to in MAIL.to]


def test_a_version_that_waits_is_told_with_the_later_one(store: Store) -> None:
    """What quiet hours hold is superseded by the next version, which tells the changes of both."""
    quiet = watch(quiet={"from": "12:00", "to": "14:00"}, send=["mail"])
    alerts, deliveries = told(quiet, "s")
    store.commit_batch(ProcessedBatch(alerts=alerts, deliveries=deliveries), NOW)
    assert run(store, [quiet], NOW) == []
    later = Changed(
        before=full_story(),
        after=replace(full_story(), id="s", version=2),
        changes=(Change(kind=ChangeKind.STAGE, text="stage: approved → delivered"),),
    )
    again = alerts_on([later], {}, [quiet], CHANNELS, (), NOW + HOUR)
    store.commit_batch(ProcessedBatch(alerts=again[0], deliveries=again[1]), NOW + HOUR)
    claimed = store.ledger.claim(NOW + 2 * HOUR, 9, owner="me", until=NOW + 3 * HOUR)
    assert [(d.number, len(d.alert.changes)) for d in claimed] == [(2, 2), (2, 2)]


def test_time_held_is_no_time_that_a_receiver_failed(store: Store) -> None:
    """Held for longer than delivering may take, its first failure is tried again."""
    quiet = watch(quiet={"days": ["sat", "sun", "mon", "tue", "wed", "thu"]})
    alerts, deliveries = told(quiet, "s")
    store.commit_batch(ProcessedBatch(alerts=alerts, deliveries=deliveries), NOW)
    assert run(store, [quiet], NOW) == []
    friday = datetime(2026, 11, 27, 0, 0, tzinfo=NOW.tzinfo)
    (first, _) = store.ledger.claim(friday, 9, owner="me", until=friday + HOUR)
    lost = Receipt(state=DeliveryState.RETRY)
    assert next_attempt(lost, first, friday, DeliverySettings())[0] is DeliveryState.RETRY
