"""The outbox: what is claimed, superseded, threaded and never sent twice by us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.alerting import Alert, Delivery, DeliveryState, Receipt
from storage.published import open_published, publish
from storage.store import ProcessedBatch, Store, open_store
from tests.storage_cases import NOW, alert, delivery, story

LATER = NOW + timedelta(hours=1)
LEASE = timedelta(minutes=5)
ME = "this process"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "monitor.duckdb") as store:
        yield store


def put(store: Store, *alerts: Alert, recipient: str = "desk@example.org") -> None:
    told = [delivery(each, recipient) for each in alerts]
    batch = ProcessedBatch(stories=[a.story for a in alerts], alerts=alerts, deliveries=told)
    store.commit_batch(batch, NOW)


def answer(
    store: Store, claimed: Delivery, state: DeliveryState, *, reason: str | None = None
) -> None:
    due = LATER if state in (DeliveryState.RETRY, DeliveryState.UNKNOWN) else None
    receipt = Receipt(state=state, reason=reason)
    store.ledger.record(claimed, receipt, state, NOW, due, owner=ME)


def claim(store: Store, now: datetime = NOW, limit: int = 100, owner: str = ME) -> list[Delivery]:
    return store.ledger.claim(now, limit, owner=owner, until=now + LEASE)


def put_back(store: Store, *claimed: Delivery, due: datetime | None = None) -> None:
    for each in claimed:
        receipt = Receipt(state=DeliveryState.RETRY)
        store.ledger.record(each, receipt, DeliveryState.PENDING, NOW, due, owner=ME)


def test_a_claimed_delivery_is_whole(store: Store) -> None:
    """The alert comes back exactly as it was put, under the Message-ID it was given."""
    put(store, alert())
    (claimed,) = claim(store)
    wanted = delivery(alert())
    assert claimed.alert == wanted.alert
    assert claimed.message_id == wanted.message_id
    assert (claimed.state, claimed.attempts, claimed.thread_id) == (DeliveryState.PENDING, 0, None)
    assert claimed.queued_at == NOW


def test_a_sent_delivery_is_never_claimed_nor_unsent(store: Store) -> None:
    """Neither the batch put again nor a late second answer brings it back."""
    put(store, alert())
    (claimed,) = claim(store)
    answer(store, claimed, DeliveryState.SENT)
    answer(store, claimed, DeliveryState.RETRY)
    put(store, alert())
    assert claim(store, LATER) == []


@pytest.mark.parametrize("state", [DeliveryState.RETRY, DeliveryState.UNKNOWN])
def test_a_delivery_to_be_tried_again_waits_for_its_time(
    store: Store, state: DeliveryState
) -> None:
    """It is claimed when due and not before, with its attempts counted and the same Message-ID."""
    put(store, alert())
    (first,) = claim(store)
    answer(store, first, state, reason="451 later")
    assert claim(store) == []
    (second,) = claim(store, LATER)
    assert (second.attempts, second.message_id) == (1, first.message_id)


def test_a_delivery_put_back_untried_counts_no_attempt(store: Store) -> None:
    """When a channel asks to stop, the rest of what was claimed waits as if never claimed."""
    put(store, alert())
    put_back(store, *claim(store), due=LATER)
    assert claim(store) == []
    assert claim(store, LATER)[0].attempts == 0


def test_a_dead_delivery_stays_dead(store: Store) -> None:
    """It is in the ledger with its reason, and is not tried again."""
    put(store, alert())
    answer(store, claim(store)[0], DeliveryState.DEAD, reason="550 no such user")
    assert claim(store, LATER) == []


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.SUPERSEDED])
def test_an_answer_cannot_leave_a_delivery_without_an_answer(
    store: Store, state: DeliveryState
) -> None:
    """Those states are the store's own to give."""
    put(store, alert())
    (claimed,) = claim(store)
    with pytest.raises(ValueError, match=state):
        store.ledger.record(claimed, Receipt(state=state), state, NOW, None, owner=ME)


def test_a_later_version_supersedes_what_was_never_tried(store: Store) -> None:
    """Each recipient gets the latest version alone, with the changes of those it replaces; another
    watch and a recipient who has been told are not concerned."""
    put(store, alert(), alert(watch="objections"))
    put(store, alert(), recipient="chief@example.org")
    claimed_first = claim(store)
    chief = next(d for d in claimed_first if d.recipient == "chief@example.org")
    answer(store, chief, DeliveryState.SENT)
    put_back(store, *(d for d in claimed_first if d is not chief))
    put(store, alert(2), alert(3))
    put(store, alert(3), recipient="chief@example.org")
    claimed = {(d.alert.watch, d.recipient): d for d in claim(store)}
    texts = {key: [c.text for c in d.alert.changes] for key, d in claimed.items()}
    assert texts == {
        ("japan", "desk@example.org"): ["change 1", "change 2", "change 3"],
        ("japan", "chief@example.org"): ["change 3"],
        ("objections", "desk@example.org"): ["change 1"],
    }
    assert claimed["japan", "chief@example.org"].thread_id == chief.message_id


def test_changes_told_once_are_not_told_again(store: Store) -> None:
    """What a superseded version had to tell was told by the one that took its place."""
    put(store, alert(1))
    put(store, alert(2))
    answer(store, claim(store)[0], DeliveryState.SENT)
    put(store, alert(3))
    assert [c.text for c in claim(store)[0].alert.changes] == ["change 3"]


def test_an_earlier_version_put_late_is_superseded_at_once(store: Store) -> None:
    """The order in which versions are put does not decide which one is told."""
    put(store, alert(2))
    put(store, alert(1))
    assert [d.alert.version for d in claim(store)] == [2]


def test_what_did_not_arrive_is_superseded(store: Store) -> None:
    """A version that was refused for the time being is not sent after the one that tells more."""
    put(store, alert())
    answer(store, claim(store)[0], DeliveryState.RETRY)
    put(store, alert(2))
    (second,) = claim(store)
    assert [c.text for c in second.alert.changes] == ["change 1", "change 2"]
    answer(store, second, DeliveryState.SENT)
    assert claim(store, LATER) == []


def test_what_may_have_arrived_is_not_superseded(store: Store) -> None:
    """Its answer was lost: what follows it up names it, and it is sent again under its own id."""
    put(store, alert())
    (first,) = claim(store)
    answer(store, first, DeliveryState.UNKNOWN)
    put(store, alert(2))
    (second,) = claim(store)
    assert (second.alert.version, second.thread_id) == (2, first.message_id)
    answer(store, second, DeliveryState.SENT)
    assert [d.message_id for d in claim(store, LATER)] == [first.message_id]


def test_the_thread_is_the_first_message_that_arrived(store: Store) -> None:
    """Also one whose answer was lost; never one that was refused."""
    for version, state in enumerate(
        [DeliveryState.DEAD, DeliveryState.UNKNOWN, DeliveryState.SENT], start=1
    ):
        put(store, alert(version))
        answer(store, claim(store)[0], state)
    put(store, alert(4))
    assert claim(store)[0].thread_id == delivery(alert(2)).message_id


def test_claims_come_oldest_alert_first_and_within_the_limit(store: Store) -> None:
    """The limit bounds what a killed run leaves to be sent again."""
    put(store, *[alert(version=v, of=f"story {v}") for v in (3, 1, 2)])
    claimed = claim(store, limit=2)
    assert [d.alert.version for d in claimed] == [1, 2]


def test_doubles_within_a_batch_are_put_once(store: Store) -> None:
    """One delivery per alert, channel and recipient, even when a batch names it twice under two
    ids."""
    told = delivery(alert())
    twice = [told, told, Delivery(**{**vars(told), "id": "another", "message_id": "<another>"})]
    batch = ProcessedBatch(alerts=[alert(), alert()], deliveries=twice)
    assert store.commit_batch(batch, NOW).deliveries == 1
    assert [d.message_id for d in claim(store)] == [told.message_id]


def test_a_story_never_goes_back(store: Store) -> None:
    """A batch of an earlier state, committed once more, leaves the story as it is."""
    for version in (1, 3, 2):
        store.commit_batch(ProcessedBatch(stories=[story(version=version)]), NOW)
    assert store.recent_stories(NOW) == [story(version=3)]
    assert store.recent_stories(NOW + timedelta(minutes=4)) == []


def test_the_ledger_tells_the_whole_history(store: Store, tmp_path: Path) -> None:
    """What was sent, when, after how many attempts; what was superseded, and what failed and
    why."""
    put(store, alert())
    answer(store, claim(store)[0], DeliveryState.UNKNOWN, reason="no answer after DATA")
    (again,) = claim(store, LATER)
    receipt = Receipt(state=DeliveryState.SENT)
    store.ledger.record(again, receipt, DeliveryState.SENT, LATER, None, owner=ME)
    put(store, alert(2))
    put(store, alert(3))
    store.close()
    publish(tmp_path / "monitor.duckdb")
    with open_published(tmp_path / "monitor.duckdb") as queries:
        rows = {row.version: row for row in queries.deliveries()}
    assert [rows[v].state for v in (1, 2, 3)] == ["sent", "superseded", "pending"]
    assert (rows[1].attempts, rows[1].sent_at, rows[1].last_error) == (2, LATER, None)
    assert rows[3].headline == story(version=3).headline
