"""How often a feed is worth asking, learnt from the share of its entries that each poll finds new."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.news import EntryTally, Feed, FeedState
from domain.settings_polling import PollingSettings

START = timedelta(minutes=15)
"""Before anything is known of a feed."""

FASTER, MUCH_FASTER, SLOWER = 0.75, 0.5, 1.25
"""Some entries were new; more than half were, so that some may have come and gone unseen; none was.
A feed settles where about every second poll brings something."""

SAFE_SHARE = 3
"""A feed that is asked three times in the time its entries turn over has lost none, even when one
poll fails."""

FIRST_TURNOVER = timedelta(hours=6)
"""Assumed of a feed of which nothing is known: so advice to wait is followed for two hours from the
first poll on."""

TRUST_DOUBLES = timedelta(weeks=1)
"""In so long without a busier time the turnover is taken to be twice as long: a quiet weekend is no
proof of a quiet Monday."""

SHORTEST_TURNOVER, LONGEST_TURNOVER = timedelta(minutes=15), timedelta(days=7)
"""Nobody is asked so often that it could be shorter, and nobody's advice counts so long."""


def pace_after(
    feed: Feed, state: FeedState, found: EntryTally, now: datetime, polling: PollingSettings
) -> timedelta:
    """The time until the next poll that the feed's news calls for: its own `every`, or what the
    last polls taught, between `fastest` and `slowest`. `state` is as before the poll."""
    if feed.every is not None:
        return feed.every
    if state.pace is None or state.last_success_at is None:
        learnt = START
    elif found.new == 0:
        learnt = state.pace * SLOWER
    elif 2 * found.new > found.entries:
        learnt = state.pace * MUCH_FASTER
    else:
        learnt = state.pace * FASTER
    if seen := _turnover_seen(state, found, now):
        learnt = min(learnt, seen / SAFE_SHARE)
    return min(max(learnt, polling.fastest), polling.slowest)


def pace_after_refusal(feed: Feed, state: FeedState, polling: PollingSettings) -> timedelta | None:
    """The pace of a feed whose server has answered 429 (too many requests): it is asked half as often."""
    if feed.every is not None or state.pace is None:
        return state.pace
    return min(state.pace / MUCH_FASTER, polling.slowest)


def turnover_after(state: FeedState, found: EntryTally, now: datetime) -> timedelta:
    """The time in which the feed's entries turn over in its busiest times, as far as seen. It falls
    at once and rises slowly: taken too short it costs polls, too long it costs entries. `state` is
    as before the poll."""
    if state.turnover is None or state.last_success_at is None:
        return FIRST_TURNOVER
    weeks = max(now - state.last_success_at, timedelta(0)) / TRUST_DOUBLES
    trusted = min(state.turnover * 2 ** min(weeks, 10), LONGEST_TURNOVER)
    return min(_turnover_seen(state, found, now) or trusted, trusted)


def _turnover_seen(state: FeedState, found: EntryTally, now: datetime) -> timedelta | None:
    """By the share that is new since the last good poll; None where nothing is. Where everything is
    new more may have been missed, so half the time is taken."""
    if state.last_success_at is None or found.new == 0:
        return None
    elapsed = now - state.last_success_at
    seen = elapsed / 2 if found.new >= found.entries else elapsed * found.entries / found.new
    return max(seen, SHORTEST_TURNOVER)
