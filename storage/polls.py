"""The history of polls: a line for each, from which a feed's health is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from domain.news import PollOutcome, PollRecord
from storage.connection import Connection, Row, append, execute, fetch

_RENAMED = {"at": "polled_at", "size": "bytes"}
_COLUMNS = {f.name: _RENAMED.get(f.name, f.name) for f in fields(PollRecord)}

_HISTORY = """
SELECT *
FROM polls
WHERE ($feed IS NULL OR feed = $feed)
  AND ($since IS NULL OR polled_at >= $since::TIMESTAMPTZ)
ORDER BY polled_at, feed
"""


def add_records(connection: Connection, records: Sequence[PollRecord], run_id: str | None) -> None:
    """Adds lines to the history."""
    append(connection, "polls", [_row(record, run_id) for record in records])


def poll_history(
    connection: Connection, feed: str | None, since: datetime | None
) -> list[PollRecord]:
    """The polls at `since` or later, of one feed (by key) or of all, the first poll first."""
    return [_record_from(row) for row in fetch(connection, _HISTORY, feed=feed, since=since)]


def forget_polls(connection: Connection, before: datetime) -> None:
    """Drops the lines older than `before`."""
    execute(connection, "DELETE FROM polls WHERE polled_at < $before::TIMESTAMPTZ", before=before)


def _row(record: PollRecord, run_id: str | None) -> Row:
    row = {column: getattr(record, name) for name, column in _COLUMNS.items()}
    return row | {"run_id": run_id}


def _record_from(row: Row) -> PollRecord:
    facts = {name: row[column] for name, column in _COLUMNS.items()}
    return PollRecord(**facts | {"outcome": PollOutcome(row["outcome"])})
