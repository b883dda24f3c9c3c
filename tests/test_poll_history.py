"""The history of polls in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from domain.news import PollOutcome, PollRecord
from storage.feeds import Settle
from storage.published import open_published, publish
from storage.store import open_store
from tests.storage_cases import NOW, entry, feed, poll

LINE = PollRecord(
    feed=feed().key,
    at=NOW,
    outcome=PollOutcome.NEW,
    status=200,
    seconds=0.25,
    size=4_096,
    next_poll_at=NOW + timedelta(minutes=10),
    next_poll_reason="new entries come often",
)


def with_line(line: PollRecord) -> Settle:
    """Gives a poll its line, with what the store says of the entries."""
    return lambda polled, found: replace(
        polled, record=replace(line, entries=found.entries, new=found.new, edited=found.edited)
    )


def test_every_poll_leaves_a_line(tmp_path: Path) -> None:
    """A line comes back as it was written, with the number of new entries, which only the store
    knows; a poll of a feed that failed leaves one too; old lines are forgotten when asked."""
    database = tmp_path / "monitor.duckdb"
    later = NOW + timedelta(hours=1)
    failed = PollRecord(
        feed=feed().key, at=later, outcome=PollOutcome.FAILED, error="answered 503", seconds=1.5
    )
    with open_store(database) as store:
        store.record_poll([poll([entry(1), entry(2)])], NOW, settle=with_line(LINE))
        store.record_poll([poll([])], later, settle=with_line(failed))
        first = replace(LINE, entries=2, new=2)
        assert store.poll_history() == [first, failed]
        assert store.poll_history(since=later) == [failed]
        assert store.poll_history(feed="https://other.example/feed") == []
    publish(database)
    with open_published(database) as queries:
        assert queries.polls(feed=feed().key) == [first, failed]
    with open_store(database) as store:
        store.forget_polls(later)
        assert store.poll_history() == [failed]
