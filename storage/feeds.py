"""Feeds and their memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime

from domain.news import EntryTally, Feed, FeedState
from storage.connection import Connection, Row, execute, fetch, upsert
from storage.intake import add_entries
from storage.polls import add_records
from storage.records import FeedPoll

Settle = Callable[[FeedPoll, EntryTally], FeedPoll]
"""Gives a poll its final state and its line of history, once the store has told what was new."""

_NAMED_BY = {
    "feeds": "key",
    "entries": "feed",
    "articles": "feed",
    "polls": "feed",
    "episodes": "feed",
}
"""Every table that names a feed, with the column that holds its key."""

STATE_COLUMNS = tuple(field.name for field in fields(FeedState))


def feed_states(connection: Connection) -> dict[str, FeedState]:
    """The memory of every feed ever polled, by key."""
    rows = fetch(connection, "SELECT * FROM feeds")
    return {row["key"]: state_from(row) for row in rows}


def feed_names(connection: Connection) -> dict[str, str]:
    """What every feed ever polled was called then, by key."""
    rows = fetch(connection, "SELECT key, name FROM feeds ORDER BY last_success_at NULLS FIRST")
    return {row["key"]: row["name"] for row in rows}


def state_from(row: Row) -> FeedState:
    """The feed state in a row of `feeds`."""
    return FeedState(**{name: row[name] for name in STATE_COLUMNS})


def record_polls(
    connection: Connection,
    polls: Sequence[FeedPoll],
    now: datetime,
    run_id: str | None,
    settle: Settle,
) -> dict[str, EntryTally]:
    """Adds what the polls brought to the queue, and puts the feeds' new states and a line of history
    beside it. Returns what each feed's poll brought, by feed key."""
    latest = {poll.feed.key: poll for poll in polls}
    for poll in polls:
        _require_one_feed(poll)
    tallies = add_entries(connection, polls, now, run_id)
    settled = {key: settle(poll, tallies[key]) for key, poll in latest.items()}
    states = [(p.feed, _next_state(p, tallies[key], now)) for key, p in settled.items()]
    upsert(connection, "feeds", [_feed_row(feed, state) for feed, state in states])
    add_records(connection, [p.record for p in settled.values() if p.record], run_id)
    return tallies


def rename_feeds(connection: Connection, keys: Mapping[str, str]) -> None:
    """Gives feeds another key (`keys`: new by old), under which nothing is remembered yet. The URLs of
    articles that have no address but their feed's stay, for their ids are made of them."""
    for table, column in _NAMED_BY.items():
        for old, new in keys.items():
            execute(
                connection,
                f"UPDATE {table} SET {column} = $new WHERE {column} = $old",  # noqa: S608
                old=old,
                new=new,
            )


def _require_one_feed(poll: FeedPoll) -> None:
    keys = {poll.feed.key, poll.state.key, *(entry.feed for entry in poll.entries)}
    if len(keys) > 1:
        msg = f"a poll of one feed names several: {', '.join(sorted(keys))}"
        raise ValueError(msg)


def _next_state(poll: FeedPoll, found: EntryTally, now: datetime) -> FeedState:
    return replace(poll.state, last_new_entry_at=now) if found.new else poll.state


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
