"""Entries as a queue: which wait to become articles, and what has become of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.news import Entry
from storage.connection import Connection, Row, execute, fetch
from storage.records import FailedEntry, LatePage, PendingEntry

ENTRY_COLUMNS = (
    "feed",
    "key",
    "url",
    "link",
    "guid",
    "title",
    "text",
    "published",
    "author",
    "language",
)


def pending_entries(connection: Connection, limit: int | None) -> list[PendingEntry]:
    """The entries that wait, oldest first, at most `limit`."""
    rows = fetch(
        connection,
        """
        SELECT
            entries.*,
            coalesce(feeds.publisher, feeds.name, entries.feed) AS outlet,
            feeds.country,
            feeds.tier
        FROM entries
        LEFT JOIN feeds ON feeds.key = entries.feed
        WHERE entries.state = 'pending'
        ORDER BY coalesce(entries.published, entries.first_seen_at), entries.feed, entries.key
        LIMIT $limit
        """,
        limit=limit,
    )
    return [_pending_from(row) for row in rows]


def _pending_from(row: Row) -> PendingEntry:
    return PendingEntry(
        entry=Entry(**{name: row[name] for name in ENTRY_COLUMNS}),
        outlet=row["outlet"],
        country=row["country"],
        tier=row["tier"],
        attempts=row["attempts"],
        version=row["version"],
        quiet=row["quiet"],
        late=row["page_late"],
    )


def count_pending(connection: Connection) -> int:
    """How many entries wait."""
    rows = fetch(connection, "SELECT count(*) AS n FROM entries WHERE state = 'pending'")
    return int(rows[0]["n"])


def still_pending(connection: Connection, entries: Sequence[Entry]) -> set[tuple[str, str]]:
    """(feed, key) of those of `entries` that still wait."""
    rows = fetch(
        connection,
        """
        SELECT entries.feed, entries.key
        FROM entries
        SEMI JOIN (
            SELECT unnest($feeds::VARCHAR[]) AS feed, unnest($keys::VARCHAR[]) AS key
        ) AS asked USING (feed, key)
        WHERE entries.state = 'pending'
        """,
        feeds=[entry.feed for entry in entries],
        keys=[entry.key for entry in entries],
    )
    return {(row["feed"], row["key"]) for row in rows}


def mark_done(connection: Connection, entries: Sequence[Entry]) -> None:
    """Takes entries out of the queue: each has its article."""
    execute(
        connection,
        """
        UPDATE entries
        SET state = 'done', last_error = NULL, page_due_at = NULL
        FROM (
            SELECT unnest($feeds::VARCHAR[]) AS feed, unnest($keys::VARCHAR[]) AS key
        ) AS done
        WHERE entries.feed = done.feed AND entries.key = done.key AND entries.state = 'pending'
        """,
        feeds=[entry.feed for entry in entries],
        keys=[entry.key for entry in entries],
    )


def put_off(connection: Connection, late: Sequence[LatePage]) -> None:
    """Notes when entries that are done wait again for their page."""
    execute(
        connection,
        """
        UPDATE entries
        SET page_due_at = late.due_at
        FROM (
            SELECT
                unnest($feeds::VARCHAR[]) AS feed,
                unnest($keys::VARCHAR[]) AS key,
                unnest($due::TIMESTAMPTZ[]) AS due_at
        ) AS late
        WHERE entries.feed = late.feed AND entries.key = late.key AND entries.state = 'done'
        """,
        feeds=[one.entry.feed for one in late],
        keys=[one.entry.key for one in late],
        due=[one.due_at for one in late],
    )


def wait_for_late_pages(connection: Connection, now: datetime) -> None:
    """Makes the entries wait again whose late page is due. What the page holds becomes a new version
    of their article, and they stay as quiet as they were."""
    execute(
        connection,
        """
        UPDATE entries
        SET state = 'pending',
            version = greatest(version, 2),
            page_late = page_late + 1,
            page_due_at = NULL
        WHERE state = 'done' AND page_due_at <= $now::TIMESTAMPTZ
        """,
        now=now,
    )


def mark_failed(connection: Connection, failed: Sequence[FailedEntry]) -> None:
    """Notes failures; an entry that has its article meanwhile stays done."""
    execute(
        connection,
        """
        UPDATE entries
        SET state = failed.state, attempts = failed.attempts, last_error = failed.reason
        FROM (
            SELECT
                unnest($feeds::VARCHAR[]) AS feed,
                unnest($keys::VARCHAR[]) AS key,
                unnest($states::VARCHAR[]) AS state,
                unnest($attempts::INTEGER[]) AS attempts,
                unnest($reasons::VARCHAR[]) AS reason
        ) AS failed
        WHERE entries.feed = failed.feed AND entries.key = failed.key AND entries.state = 'pending'
        """,
        feeds=[f.entry.feed for f in failed],
        keys=[f.entry.key for f in failed],
        states=[f.state for f in failed],
        attempts=[f.attempts for f in failed],
        reasons=[f.reason for f in failed],
    )
