"""Leases on deliveries, notices, and what a person does with the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.deliver import another_message_id, deliveries_for
from alerts.notices import notice
from domain.alerting import Alert, Delivery, DeliveryState, Receipt
from domain.secret_texts import SecretText
from domain.settings_channels import SlackChannel
from storage.published import open_published, publish
from storage.store import ProcessedBatch, Store, open_store
from tests.storage_cases import NOW, alert, delivery

LEASE = timedelta(minutes=5)
LATER = NOW + timedelta(hours=1)
A, B = "process a", "process b"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "monitor.duckdb") as store:
        yield store


def put(store: Store, *alerts: Alert, channel: str = "mail") -> None:
    told = [delivery(each, channel=channel) for each in alerts]
    store.commit_batch(ProcessedBatch(alerts=alerts, deliveries=told), NOW)


def claim(
    store: Store, owner: str, now: datetime = NOW, channel: str | None = None
) -> list[Delivery]:
    return store.ledger.claim(now, 100, owner=owner, until=now + LEASE, channel=channel)


def begin(store: Store, owner: str, *claimed: Delivery, now: datetime = NOW) -> list[Delivery]:
    return store.ledger.begin(claimed, now, owner=owner, until=now + LEASE)


def record(
    store: Store, owner: str, told: Delivery, state: DeliveryState, handle: str | None = None
) -> None:
    store.ledger.record(told, Receipt(state=state, handle=handle), state, NOW, None, owner=owner)


def states(store: Store, path: Path) -> list[tuple[str, int]]:
    store.close()
    publish(path)
    with open_published(path) as queries:
        return [(row.state.value, row.attempts) for row in queries.deliveries()]


def test_two_processes_never_hold_the_same_delivery(store: Store) -> None:
    """What one has claimed the other does not get, nor what follows it up."""
    put(store, alert(of="one"), alert(of="two"))
    first = store.ledger.claim(NOW, 1, owner=A, until=NOW + LEASE)
    second = claim(store, B)
    assert {d.id for d in first} & {d.id for d in second} == set()
    assert len(first) == len(second) == 1
    begin(store, A, *first)
    put(store, alert(2, of=first[0].topic))
    assert claim(store, B) == []
    assert begin(store, B, *first) == []


def test_a_lease_that_ran_out_passes_on(store: Store) -> None:
    """Whoever held it may not begin any more; the new holder may, and its answer counts."""
    put(store, alert())
    (late,) = claim(store, A)
    now = NOW + LEASE
    (taken,) = claim(store, B, now)
    assert begin(store, A, late, now=now) == []
    assert begin(store, B, taken, now=now)
    record(store, A, late, DeliveryState.RETRY)
    assert claim(store, A, LATER) == []
    record(store, B, taken, DeliveryState.SENT)
    assert claim(store, A, LATER + LEASE) == []


def test_what_was_not_begun_is_not_in_doubt(store: Store, tmp_path: Path) -> None:
    """Of a process that is gone, only what it was sending may have arrived; the rest never left."""
    put(store, alert(of="one"), alert(of="two"))
    begun, _ = claim(store, A)
    begin(store, A, begun)
    assert store.ledger.owners() == [A]
    store.ledger.release([A], NOW, NOW)
    assert store.ledger.owners() == []
    assert {d.message_id for d in claim(store, B)} >= {begun.message_id}
    assert sorted(states(store, tmp_path / "monitor.duckdb")) == [("pending", 0), ("unknown", 1)]


def test_what_may_have_arrived_can_be_held_for_a_person(store: Store) -> None:
    """Without a time to send it again it stays where it is, until it is retried by hand."""
    put(store, alert())
    (begun,) = begin(store, A, *claim(store, A))
    store.ledger.release([A], NOW, None)
    assert claim(store, B, LATER) == []
    assert store.ledger.retry([begun.id], LATER) == 1
    (again,) = claim(store, B, LATER)
    assert (again.message_id, again.attempts, again.queued_at) == (begun.message_id, 0, LATER)


def test_a_superseded_delivery_is_not_begun(store: Store) -> None:
    """A later version that comes between claim and sending takes its place."""
    put(store, alert())
    claimed = claim(store, A)
    put(store, alert(2))
    assert begin(store, A, *claimed) == []
    (later,) = claim(store, A)
    assert later.alert.version == 2


def test_a_channel_that_is_gone_keeps_what_waits_for_it(store: Store) -> None:
    """Nothing is claimed for it, nothing is lost, and the others go on."""
    put(store, alert(of="one"), channel="desk")
    put(store, alert(of="two"), channel="mail")
    assert store.ledger.waiting_channels(NOW) == ["desk", "mail"]
    store.ledger.disable("desk", "answered 404 no_service", NOW)
    assert store.ledger.waiting_channels(NOW) == ["mail"]
    assert [d.channel for d in claim(store, A)] == ["mail"]
    (gone,) = store.ledger.disabled()
    assert (gone.channel, gone.waiting) == ("desk", 1)
    assert store.ledger.enable("desk")
    assert not store.ledger.enable("desk")
    assert [d.channel for d in claim(store, A)] == ["desk"]


def test_sent_once_more_is_another_message_of_the_thread(store: Store) -> None:
    """Mail programs hide a second message of the same id; what never arrived keeps its id."""
    put(store, alert())
    (first,) = begin(store, A, *claim(store, A))
    another = another_message_id(first.message_id)
    assert not store.ledger.resend(first.id, another, NOW)
    record(store, A, first, DeliveryState.SENT)
    assert store.ledger.retry([first.id], NOW) == 0
    assert store.ledger.resend(first.id, another, NOW)
    (again,) = claim(store, A)
    assert again.message_id == another != first.message_id
    assert again.thread_id == first.message_id


def test_message_ids_of_repeats_are_numbered() -> None:
    """Each time another one, told from the first."""
    once = another_message_id("<abc.v1@news.example>")
    assert once == "<abc.v1.again1@news.example>"
    assert another_message_id(once) == "<abc.v1.again2@news.example>"


def test_the_receivers_name_of_a_message_is_kept_for_what_follows(store: Store) -> None:
    """As Slack wants for threads: the first message that has one."""
    put(store, alert(1), channel="desk")
    record(store, A, claim(store, A)[0], DeliveryState.SENT, handle="111.5")
    put(store, alert(2), channel="desk")
    (second,) = claim(store, A)
    assert second.thread_handle == "111.5"
    record(store, A, second, DeliveryState.SENT, handle="222.5")
    put(store, alert(3), channel="desk")
    assert claim(store, A)[0].thread_handle == "111.5"


def test_notices_go_through_the_same_ledger(store: Store, tmp_path: Path) -> None:
    """Told once however often they are put; a later one of the topic is its follow-up."""
    channels = {"ops": SlackChannel(type="slack", webhook=SecretText("${HOOK}"))}
    failing = notice("health", "feed-1", 1, "Feed is silent", ["Since\nMonday."], NOW)
    told = deliveries_for(failing, ["ops"], channels)
    assert store.ledger.add(told, NOW) == 1
    assert store.ledger.add(told, NOW) == 0
    (claimed,) = claim(store, A)
    assert claimed.content == failing
    assert failing.lines == ("Since Monday.",)
    record(store, A, claimed, DeliveryState.SENT)
    well = notice("health", "feed-1", 2, "Feed is back", [], NOW)
    store.ledger.add(deliveries_for(well, ["ops"], channels), NOW)
    (following,) = claim(store, A)
    assert following.thread_id == claimed.message_id
    with pytest.raises(TypeError, match="tells a notice"):
        _ = following.alert
    store.close()
    publish(tmp_path / "monitor.duckdb")
    with open_published(tmp_path / "monitor.duckdb") as queries:
        assert {row.headline for row in queries.deliveries()} == {"Feed is silent", "Feed is back"}
