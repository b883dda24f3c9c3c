"""How long messages take from first seen in a feed to sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from domain.alerting import DeliveryState, Receipt
from domain.latency import SentMessage, latency_of
from storage.published import open_published, publish
from storage.store import ProcessedBatch, open_store
from tests.storage_cases import FOUND, NOW, alert, article, delivery, entry, poll


def way(seen: float, alerted: float, sent: float) -> SentMessage:
    """In seconds after NOW."""
    seen_at, alerted_at, sent_at = (NOW + timedelta(seconds=s) for s in (seen, alerted, sent))
    return SentMessage(seen_at=seen_at, alerted_at=alerted_at, sent_at=sent_at)


def test_percentiles_of_the_way_and_its_parts() -> None:
    """Twenty messages that took 1 to 20 s: half within 10 s, 95 of 100 within 19 s."""
    found = latency_of(way(0, second / 2, second) for second in range(1, 21))
    assert found is not None
    assert (found.total.p50.seconds, found.total.p95.seconds) == (10, 19)
    assert (found.reading.p50, found.sending.p95) == (
        timedelta(seconds=5),
        timedelta(seconds=9.5),
    )
    assert found.words == "20 messages, first seen to sent: p50 10 s, p95 19 s"


def test_nothing_sent_and_one_message() -> None:
    """Nothing has no latency; of one message all percentiles are its own; a clock set back is no time travel."""
    assert latency_of([]) is None
    one = latency_of([way(0, 60, 240)])
    assert one is not None
    assert one.words == "1 message, first seen to sent: p50 4 min, p95 4 min"
    back = latency_of([way(10, 5, 7)])
    assert back is not None
    assert back.total.p50 == timedelta(0)


def test_the_way_of_a_message_whose_feed_got_another_key(tmp_path: Path) -> None:
    """Its article's URL is made of the feed's old key where the entry had no link."""
    linkless = entry(1, key="g1", url=None, link=None)
    told = alert()
    with open_store(tmp_path / "monitor.duckdb") as store:
        store.record_poll([poll([linkless])], NOW)
        [pending] = store.pending_entries()
        read = article(pending, FOUND, url=f"{linkless.feed}#{linkless.key}")
        batch = ProcessedBatch(
            articles=[replace(read, story_id="patriots")],
            alerts=[told],
            deliveries=[delivery(told)],
        )
        store.commit_batch(batch, told.created_at)
        [claimed] = store.ledger.claim(NOW, 1, owner="me", until=NOW + timedelta(minutes=5))
        receipt = Receipt(state=DeliveryState.SENT)
        store.ledger.record(claimed, receipt, DeliveryState.SENT, NOW, None, owner="me")
        before = store.sent_messages(NOW)
        store.rename_feeds({linkless.feed: "https://new.example/feed"})
        assert store.sent_messages(NOW) == before != []


def test_the_way_of_a_message_is_read_from_the_ledger(tmp_path: Path) -> None:
    """From the poll that brought the alert's first article to the receipt; what is not sent does not count, nor does
    an article of the story that brought no alert."""
    database = tmp_path / "monitor.duckdb"
    seen, stored, sent = (NOW + timedelta(minutes=m) for m in (0, 2, 5))
    told = replace(alert(), created_at=stored)
    mails = [delivery(told), delivery(told, "night@example.org")]
    with open_store(database) as store:
        store.record_poll([poll([entry(1), entry(2)])], seen)
        first, second = store.pending_entries()
        batch = ProcessedBatch(
            articles=[replace(article(first, FOUND), story_id="patriots")],
            alerts=[told],
            deliveries=mails,
        )
        store.commit_batch(batch, stored)
        silent = replace(article(second, FOUND), story_id="patriots")
        store.commit_batch(ProcessedBatch(articles=[silent]), stored + timedelta(minutes=1))
        claimed = store.ledger.claim(sent, 1, owner="me", until=sent + timedelta(minutes=5))
        receipt = Receipt(state=DeliveryState.SENT)
        store.ledger.record(claimed[0], receipt, DeliveryState.SENT, sent, None, owner="me")
        expected = [SentMessage(seen_at=seen, alerted_at=stored, sent_at=sent)]
        assert store.sent_messages(seen) == expected
        assert store.sent_messages(sent + timedelta(seconds=1)) == []
    publish(database)
    with open_published(database) as queries:
        assert queries.sent_messages(watch="japan") == expected
        assert queries.sent_messages(watch="another") == []
