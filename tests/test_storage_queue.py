"""Feeds, entries and articles: the queue between POLL and PROCESS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pytest

from domain.health import Episode, HealthState
from domain.news import Article, EntryTally, PollOutcome, PollRecord
from storage.published import open_published, publish
from storage.rows import ArticleRow
from storage.store import (
    Committed,
    EntryState,
    FailedEntry,
    ProcessedBatch,
    Store,
    StoredArticle,
    open_store,
)
from tests.storage_cases import FOUND, NOTHING, NOW, alert, article, delivery, entry, feed, poll


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "var" / "monitor.duckdb"


def articles(database: Path) -> list[ArticleRow]:
    publish(database)
    with open_published(database) as queries:
        return queries.articles()


def added(found: Mapping[str, EntryTally]) -> dict[str, int]:
    """How many entries of each feed were new."""
    return {key: tally.new for key, tally in found.items()}


def test_a_feeds_memory_comes_back_as_it_was_stored(database: Path) -> None:
    """Validators, counters and times of a feed state survive closing; the time of the last new
    entry is the store's."""
    tokyo = timezone(timedelta(hours=9))
    state = {
        "last_modified": "Sun, 01 Mar 2026 11:00:00 GMT",
        "body_hash": "ab" * 32,
        "failures": 2,
        "failing_since": datetime(2026, 3, 1, 21, 0, tzinfo=tokyo),
        "last_error": "timed out",
        "next_poll_at": NOW + timedelta(hours=3),
        "next_poll_reason": "failed 2 times in a row: timed out",
        "pace": timedelta(days=40, seconds=1.5),
        "turnover": timedelta(days=400),
        "asked_url": feed().url,
        "moved_to": "https://new.example/feed",
        "moving_polls": 2,
        "retired_at": NOW,
    }
    with open_store(database) as store:
        assert added(store.record_poll([poll([entry(1)], **state)], NOW)) == {feed().key: 1}
    with open_store(database) as store:
        kept = store.feed_states()[feed().key]
    assert kept == replace(poll([], **state).state, last_new_entry_at=NOW)
    assert kept.failing_since is not None
    assert kept.failing_since.tzinfo is UTC


def test_a_poll_without_new_entries_advances_the_state_alone(database: Path) -> None:
    """A later poll replaces the feed's facts and state, and does not touch the time of the last new
    entry."""
    with open_store(database) as store:
        store.record_poll([poll([entry(1)])], NOW)
        states = store.feed_states()
        later = NOW + timedelta(hours=1)
        again = replace(states[feed().key], polls=2, etag='"2"')
        assert added(store.record_poll([replace(poll([entry(1)]), state=again)], later)) == {
            feed().key: 0
        }
        assert store.feed_states() == {feed().key: again}
        assert store.count_pending() == 1


def test_an_entry_is_added_once(database: Path) -> None:
    """Equal keys in one feed and equal URLs from any feed are one entry, within a poll, across
    feeds and across polls; entries without a URL are told apart by feed and key."""
    other = feed("herald")
    same_url = entry(1, other, key="guid-1", url=entry(1).url)
    linkless = [entry(n, other, key="same words", url=None, link=None) for n in (5, 6)]
    first = poll([entry(1), entry(1, title="Corrected"), entry(2)])
    with open_store(database) as store:
        new = store.record_poll([first, poll([same_url, *linkless], other)], NOW)
        assert added(new) == {feed().key: 2, other.key: 1}
        assert added(store.record_poll([first, poll([same_url, *linkless], other)], NOW)) == {
            feed().key: 0,
            other.key: 0,
        }
        elsewhere = entry(9, url=None, link=None, key="same words")
        assert added(store.record_poll([poll([elsewhere])], NOW)) == {feed().key: 1}
        titles = [p.entry.title for p in store.pending_entries()]
    assert titles == ["Report 1", "Report 2", "Report 5", "Report 9"]


def test_an_entry_whose_article_is_stored_is_not_added(database: Path) -> None:
    """A page taken in by hand, or reached by another link, is known when a feed brings its
    canonical URL."""
    with open_store(database) as store:
        page = Article(url="https://wire.example/3", title="By hand", body="Text.")
        given = StoredArticle(article=page, mentions=NOTHING)
        assert store.commit_batch(ProcessedBatch(articles=[given]), NOW).articles == 1
        assert added(store.record_poll([poll([entry(3), entry(4)])], NOW)) == {feed().key: 1}
        asked = [f"https://wire.example/{n}" for n in (3, 4, 5)]
        assert store.known_urls(asked) == set(asked[:2])


def test_a_feed_that_gets_another_key_keeps_all_that_is_known_of_it(database: Path) -> None:
    """State, entries that were read and that wait, articles, polls and episodes; other feeds' stay.
    No table that names a feed is forgotten."""
    new, herald = feed("new").key, feed("herald")
    polled = PollRecord(feed=feed().key, at=NOW, outcome=PollOutcome.NEW)
    state = HealthState.FAILING
    trouble = Episode(
        feed=feed().key, name="wire", state=state, began_at=NOW, told_at=NOW, why="answered 503"
    )
    entries = [entry(1), entry(2), entry(3, key="same words", url=None, link=None)]
    with open_store(database) as store:
        store.record_poll(
            [replace(poll(entries), record=polled), poll([entry(4, herald)], herald)], NOW
        )
        read = [article(pending, FOUND) for pending in store.pending_entries()[:1]]
        store.commit_batch(ProcessedBatch(articles=read), NOW)
        store.record_episodes([trouble])
        before = store.feed_states()
        store.rename_feeds({feed().key: new})
        assert store.feed_states() == {
            herald.key: before[herald.key],
            new: replace(before[feed().key], key=new),
        }
        assert store.poll_history() == [replace(polled, feed=new)]
        assert store.episodes(NOW) == [replace(trouble, feed=new)]
        assert [p.entry.feed for p in store.pending_entries()] == [new, new, herald.key]
        known = [replace(e, feed=new) for e in entries]
        again = replace(poll(known, feed("new")), state=store.feed_states()[new])
        assert added(store.record_poll([again], NOW)) == {new: 0}
    assert [row.feed for row in articles(database)] == [new]
    with duckdb.connect(str(database)) as connection:
        naming = connection.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'feed'"
        ).fetchall()
    assert {name for (name,) in naming} == {"articles", "entries", "episodes", "polls"}


def test_a_poll_that_mixes_feeds_is_refused(database: Path) -> None:
    """Entries stored under another feed's state could be lost; such a poll stores nothing."""
    with open_store(database) as store:
        with pytest.raises(ValueError, match="names several"):
            store.record_poll([poll([entry(1), entry(2, feed("herald"))])], NOW)
        assert store.feed_states() == {}
        assert store.count_pending() == 0


def test_pending_entries_come_oldest_first_with_their_feeds_facts(database: Path) -> None:
    """Undated entries count from when they were seen; the outlet is the publisher, else the feed's
    name."""
    herald = feed("herald", publisher="The Herald", country="US", tier=None)
    with open_store(database) as store:
        store.record_poll(
            [
                poll([entry(30), entry(-30), entry(1, published=None)]),
                poll([entry(-60, herald)], herald),
            ],
            NOW,
        )
        pending = store.pending_entries()
        assert store.pending_entries(limit=1) == pending[:1]
    assert [p.entry.title for p in pending] == ["Report -60", "Report -30", "Report 1", "Report 30"]
    assert [(p.outlet, p.country, p.tier) for p in pending[:2]] == [
        ("The Herald", "US", None),
        ("wire", "JP", "agency"),
    ]
    assert pending[1].entry == entry(-30)


def test_a_batch_stored_twice_is_stored_once(database: Path) -> None:
    """The same batch again, as after a kill between commit and report, changes nothing."""
    with open_store(database) as store:
        store.record_poll([poll([entry(1), entry(2)])], NOW)
        told = delivery(alert())
        batch = ProcessedBatch(
            articles=[article(p, FOUND) for p in store.pending_entries()],
            stories=[told.alert.story],
            alerts=[told.alert],
            deliveries=[told],
        )
        assert store.commit_batch(batch, NOW) == Committed(articles=2, alerts=1, deliveries=1)
        assert store.count_pending() == 0
    before = everything(database)
    with open_store(database) as store:
        later = NOW + timedelta(days=1)
        assert store.commit_batch(batch, later) == Committed(articles=0, alerts=0, deliveries=0)
    assert everything(database) == before


def everything(database: Path) -> list[object]:
    publish(database)
    with open_published(database) as queries:
        return [
            queries.articles(),
            queries.transfers(),
            queries.reactions(),
            queries.stories(),
            queries.alerts(),
            queries.deliveries(),
            queries.counts(),
        ]


def test_two_entries_of_one_page_make_one_article(database: Path) -> None:
    """When the page says it is one already stored, or two entries of a batch lead to it, the later
    entry is done and the first article stays."""
    with open_store(database) as store:
        store.record_poll([poll([entry(1), entry(2), entry(3)])], NOW)
        one, two, three = store.pending_entries()
        same = "https://wire.example/canonical"
        batch = [article(one, url=same), article(two, url=same, title="Same page")]
        assert store.commit_batch(ProcessedBatch(articles=batch), NOW).articles == 1
        later = ProcessedBatch(articles=[article(three, FOUND, url=same)])
        assert store.commit_batch(later, NOW).articles == 0
        assert store.count_pending() == 0
    (stored,) = articles(database)
    assert (stored.article.title, stored.relevant) == ("Report 1", False)


def test_failed_entries_wait_or_are_given_up(database: Path) -> None:
    """A failure is counted; the entry waits on or leaves the queue as told, and one that is done
    stays done."""
    with open_store(database) as store:
        store.record_poll([poll([entry(1), entry(2), entry(3)])], NOW)
        one, two, three = store.pending_entries()
        store.commit_batch(ProcessedBatch(articles=[article(three)]), NOW)
        states = (EntryState.PENDING, EntryState.FAILED, EntryState.PENDING)
        failed = [
            FailedEntry(entry=p.entry, attempts=1, state=state, reason="killed after 20 s")
            for p, state in zip((one, two, three), states, strict=True)
        ]
        store.commit_batch(ProcessedBatch(failed=failed), NOW)
        assert store.pending_entries() == [replace(one, attempts=1)]
    publish(database)
    with open_published(database) as queries:
        assert queries.counts().entries == {"done": 1, "failed": 1, "pending": 1}


def test_text_no_database_can_hold_is_mended(database: Path) -> None:
    """Half surrogates, as feeds' JSON escapes produce, do not stop a batch, shift an offset or make
    an entry new again; NUL is kept."""
    odd = entry(1, key="k\ud800", url="https://wire.example/\udfff", title="A\ud83d\x00B")
    with open_store(database) as store:
        assert added(store.record_poll([poll([odd])], NOW)) == {feed().key: 1}
        for again in (odd, replace(odd, url=None), replace(odd, key="another")):
            assert added(store.record_poll([poll([again])], NOW)) == {feed().key: 0}
        (pending,) = store.pending_entries()
        assert pending.entry.title == "A\ufffd\x00B"
        same = replace(pending, entry=odd)
        assert store.commit_batch(ProcessedBatch(articles=[article(same)]), NOW).articles == 1
        assert store.count_pending() == 0


def test_a_time_without_a_zone_is_refused_and_nothing_is_stored(database: Path) -> None:
    """A naive time would be read in some zone or other; the whole transaction is undone."""
    with open_store(database) as store:
        naive = entry(2, published=datetime(2026, 3, 1))  # noqa: DTZ001
        with pytest.raises(ValueError, match="without a zone"):
            store.record_poll([poll([entry(1), naive])], NOW)
        assert (store.feed_states(), store.count_pending()) == ({}, 0)


def test_several_methods_can_be_one_transaction(database: Path) -> None:
    """What fails at the end of a transaction undoes what its beginning stored."""

    def poll_then_fail(store: Store) -> None:
        with store.transaction():
            store.record_poll([poll([entry(1)])], NOW)
            assert store.count_pending() == 1
            raise RuntimeError

    with open_store(database) as store:
        with pytest.raises(RuntimeError):
            poll_then_fail(store)
        assert store.count_pending() == 0
        store.record_poll([poll([entry(1)])], NOW)
        assert store.count_pending() == 1
