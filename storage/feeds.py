"""Feeds and their memory, and the entries they yield: the first half of the queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime

from domain.news import Entry, Feed, FeedState
from storage.connection import Connection, Row, append, fetch, storable, upsert
from storage.polls import add_records
from storage.records import EntryState, FeedPoll

STATE_COLUMNS = tuple(field.name for field in fields(FeedState))


def feed_states(connection: Connection) -> dict[str, FeedState]:
    """The memory of every feed ever polled, by key."""
    rows = fetch(connection, "SELECT * FROM feeds")
    return {row["key"]: state_from(row) for row in rows}


def state_from(row: Row) -> FeedState:
    """The feed state in a row of `feeds`."""
    return FeedState(**{name: row[name] for name in STATE_COLUMNS})


def record_polls(
    connection: Connection, polls: Sequence[FeedPoll], now: datetime, run_id: str | None
) -> dict[str, int]:
    """Adds the entries not known yet as pending and puts the feeds' new states beside them. Returns
    how many entries of each feed were new."""
    added = Counter(entry.feed for entry in _add_entries(connection, _entries(polls), now, run_id))
    latest = {poll.feed.key: poll for poll in polls}
    records = [replace(p.record, new=added[key]) for key, p in latest.items() if p.record]
    add_records(connection, records, run_id)
    upsert(
        connection,
        "feeds",
        [_feed_row(poll.feed, _next_state(poll, added[key], now)) for key, poll in latest.items()],
    )
    return {key: added[key] for key in latest}


def _entries(polls: Sequence[FeedPoll]) -> list[Entry]:
    for poll in polls:
        keys = {poll.feed.key, poll.state.key, *(entry.feed for entry in poll.entries)}
        if len(keys) > 1:
            msg = f"a poll of one feed names several: {', '.join(sorted(keys))}"
            raise ValueError(msg)
    return [entry for poll in polls for entry in poll.entries]


def _next_state(poll: FeedPoll, new_entries: int, now: datetime) -> FeedState:
    return replace(poll.state, last_new_entry_at=now) if new_entries else poll.state


def _feed_row(feed: Feed, state: FeedState) -> Row:
    row = {
        "key": feed.key,
        "url": feed.url,
        "name": feed.name,
        "publisher": feed.publisher,
        "country": feed.country,
        "language": feed.language,
        "tier": feed.tier,
        "tags": feed.tags,
    }
    return row | {name: getattr(state, name) for name in STATE_COLUMNS}


def _add_entries(
    connection: Connection, entries: Sequence[Entry], now: datetime, run_id: str | None
) -> list[Entry]:
    """Adds what is known neither by key within its feed nor by URL from any feed; the first of
    equals counts."""
    keys = _known_keys(connection, entries)
    urls = known_urls(connection, [entry.url for entry in entries if entry.url])
    new: list[Entry] = []
    for entry in entries:
        key, url = (storable(entry.feed), storable(entry.key)), entry.url and storable(entry.url)
        if key not in keys and url not in urls:
            new.append(entry)
        keys.add(key)
        if url:
            urls.add(url)
    append(connection, "entries", [_entry_row(entry, now, run_id) for entry in new])
    return new


def _known_keys(connection: Connection, entries: Sequence[Entry]) -> set[tuple[str, str]]:
    rows = fetch(
        connection,
        """
        SELECT known.feed, known.key
        FROM entries AS known
        SEMI JOIN (
            SELECT unnest($feeds::VARCHAR[]) AS feed, unnest($keys::VARCHAR[]) AS key
        ) AS asked USING (feed, key)
        """,
        feeds=[entry.feed for entry in entries],
        keys=[entry.key for entry in entries],
    )
    return {(row["feed"], row["key"]) for row in rows}


def known_urls(connection: Connection, urls: Collection[str]) -> set[str]:
    """Those of `urls` (canonical) that an entry or an article has."""
    rows = fetch(
        connection,
        """
        WITH asked AS (SELECT unnest($urls::VARCHAR[]) AS url)
        SELECT url FROM entries SEMI JOIN asked USING (url)
        UNION
        SELECT url FROM articles SEMI JOIN asked USING (url)
        """,
        urls=list(urls),
    )
    return {row["url"] for row in rows}


def _entry_row(entry: Entry, now: datetime, run_id: str | None) -> Row:
    return {
        "feed": entry.feed,
        "key": entry.key,
        "url": entry.url,
        "link": entry.link,
        "guid": entry.guid,
        "title": entry.title,
        "text": entry.text,
        "published": entry.published,
        "author": entry.author,
        "language": entry.language,
        "state": EntryState.PENDING,
        "attempts": 0,
        "first_seen_at": now,
        "run_id": run_id,
    }
