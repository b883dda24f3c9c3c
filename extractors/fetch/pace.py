"""How often a feed is worth asking, learnt from the share of its entries that each poll finds new."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.news import EntryTally, Feed, FeedState
from domain.settings_polling import PollingSettings

START = timedelta(minutes=15)
"""Before anything is known of a feed; most news feeds bring something in that time by day."""

FASTER, MUCH_FASTER, SLOWER = 0.75, 0.5, 1.25
"""Some entries were new; more than half were, so that some may have come and gone unseen; none was.
A feed settles where about every second poll brings something."""

GROWTH = 1.25
"""How much longer the turnover may be taken to be after each poll: a quiet night is no proof of a
quiet morning."""

SAFE_SHARE = 3
"""A feed that is asked three times in the time its entries turn over has lost none, even when one
poll fails."""

UNKNOWN_TURNOVER = timedelta(hours=3)
"""Before it is known; so a wish to wait is obeyed for an hour at first."""


def pace_after(
    feed: Feed, state: FeedState, found: EntryTally, turnover: timedelta | None, p: PollingSettings
) -> timedelta:
    """The time until the next poll that the feed's news calls for: its own `every`, or what the
    last polls taught, between `fastest` and `slowest`.

    `state` is as before the poll, `turnover` as after it.
    """
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
    if turnover is not None:
        learnt = min(learnt, turnover / SAFE_SHARE)
    return min(max(learnt, p.fastest), p.slowest)


def turnover_after(state: FeedState, found: EntryTally, now: datetime) -> timedelta | None:
    """The time in which all entries the feed lists are replaced, estimated from the share that is
    new since the last good poll; None while there was no two of them to compare.

    It falls at once and rises slowly: taken too short it costs polls, too long it costs entries.
    Where everything is new more may have been missed, so half the time is taken.
    """
    longest = None if state.turnover is None else state.turnover * GROWTH
    if state.last_success_at is None or found.entries == 0:
        return longest
    elapsed = max(now - state.last_success_at, timedelta(0))
    seen = (
        elapsed / 2 if found.new >= found.entries else elapsed * found.entries / max(found.new, 1)
    )
    if found.new == 0 and longest is not None:
        return longest
    return seen if longest is None else min(seen, longest)
