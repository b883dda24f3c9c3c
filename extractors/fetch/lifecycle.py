"""What is remembered of a feed after a poll: how it went, where it has moved, whether it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from domain.news import EntryTally, Failed, Feed, FeedHints, FeedState, Fetched, Unchanged
from domain.settings_polling import PollingSettings
from extractors.fetch.first_listing import stale_since
from extractors.fetch.pace import pace_after, pace_after_refusal, turnover_after
from extractors.fetch.politeness import Outcome, body_hash, next_poll
from extractors.urls import canonical_url, without_userinfo

MOVED_POLLS, MOVED_TIME = 3, timedelta(days=2)
"""A permanent redirect counts as a move once it has lasted so many polls and so long: servers take
"permanently" lightly, and a mistake of a day must not cost the address a user configured."""

BACK_AFTER = 3
"""After so many failures in a row where a feed has moved to, its configured address is asked again."""


def state_after(
    feed: Feed,
    state: FeedState | None,
    outcome: Outcome,
    found: EntryTally,
    hints: FeedHints,
    now: datetime,
    polling: PollingSettings,
    dates: Iterable[datetime | None] = (),
) -> FeedState:
    """What to remember of a feed after a poll; save it in the transaction that stores the poll's
    entries. `dates` are those of all entries listed.

    `outcome` is that of the whole poll: for a body that could not be parsed, the parser's Failed,
    so that neither its validators nor its hash are remembered. `state` is None for a feed never
    polled. Which entries are new, and so `last_new_entry_at`, only the store knows.
    """
    before = _of_this_address(feed, state)
    if isinstance(outcome, Failed):
        after = _failed(before, outcome, now)
        if outcome.status == 429:
            after = replace(after, pace=pace_after_refusal(feed, before, polling))
    else:
        pace = pace_after(feed, before, found, now, polling)
        after = _succeeded(before, outcome, pace, turnover_after(before, found, now), now)
        after = _moved(feed, after, outcome.moved_to, now)
        if before.last_success_at is None:
            after = replace(after, stale_since=stale_since(dates, now))
        elif found.new:
            after = replace(after, stale_since=None)
    following = next_poll(feed, after, outcome, hints, now, polling)
    return replace(
        after,
        polls=before.polls + 1,
        last_polled_at=now,
        next_poll_at=following.at,
        next_poll_reason=following.reason,
    )


def address_of(feed: Feed, state: FeedState | None) -> str:
    """Where to ask for a feed: where it has moved to for good, or as configured."""
    known = _of_this_address(feed, state)
    return known.moved_to or feed.url


def is_retired(feed: Feed, state: FeedState | None) -> bool:
    """Whether the feed said at its configured address that it is gone for good."""
    return _of_this_address(feed, state).retired_at is not None


def same_feeds(feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> dict[str, Feed]:
    """The feeds that are another one, by key, with that other one: both are asked at one address.

    The one that is configured with the address counts, else the one configured first.
    """
    moved = {feed.key: address_of(feed, states.get(feed.key)) for feed in feeds}
    first: dict[str, Feed] = {}
    for feed in sorted(feeds, key=lambda feed: moved[feed.key] != feed.url):
        first.setdefault(canonical_url(moved[feed.key]), feed)
    others = {feed.key: first[canonical_url(moved[feed.key])] for feed in feeds}
    return {key: other for key, other in others.items() if other.key != key}


def moved_here(feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> dict[str, str]:
    """The feeds that never answered under their own key and are where another one has moved to for
    good, by key, with the key of that other one; of several, the one that answered last."""
    moved = sorted(
        (state.last_success_at, state.key, canonical_url(state.moved_to))
        for state in states.values()
        if state.moved_to and state.last_success_at
    )
    before = {home: key for _, key, home in moved}
    answered = {key for key, state in states.items() if state.last_success_at}
    return {f.key: before[f.key] for f in feeds if f.key in before and f.key not in answered}


def readdressed(
    feeds: Sequence[Feed], states: Mapping[str, FeedState], names: Mapping[str, str]
) -> dict[str, datetime]:
    """The feeds that never answered and bear the name of one that is configured no more: a feed whose
    address was changed by hand. By key, with when it answered last at the old address; `names` are
    by key."""
    configured = {feed.key for feed in feeds}
    answered = {
        key: state.last_success_at for key, state in states.items() if state.last_success_at
    }
    left = {
        names[key]: at for key, at in answered.items() if key in names and key not in configured
    }
    return {f.key: left[f.name] for f in feeds if f.name in left and f.key not in answered}


def _of_this_address(feed: Feed, state: FeedState | None) -> FeedState:
    """The memory of the feed at the address it is configured with now: another address is asked
    afresh, and whatever the old one said of moving or being gone is forgotten."""
    asked = without_userinfo(feed.url)
    if state is None:
        return FeedState(key=feed.key, asked_url=asked)
    if state.asked_url == asked:
        return state
    if state.asked_url is None:
        return replace(state, asked_url=asked)
    return replace(
        state,
        asked_url=asked,
        moved_to=None,
        moving_to=None,
        moving_since=None,
        moving_polls=0,
        retired_at=None,
    )


def _failed(before: FeedState, outcome: Failed, now: datetime) -> FeedState:
    failures = before.failures + 1
    # Once may be a slip of whoever deploys there.
    is_gone = outcome.status == 410 and before.last_error == outcome.reason
    back = before.moved_to is not None and failures >= BACK_AFTER
    return replace(
        before,
        failing_since=before.failing_since or now,
        failures=failures,
        last_error=outcome.reason,
        moved_to=None if back else before.moved_to,
        retired_at=now if is_gone and before.moved_to is None else before.retired_at,
    )


def _succeeded(
    before: FeedState,
    outcome: Fetched | Unchanged,
    pace: timedelta,
    turnover: timedelta,
    now: datetime,
) -> FeedState:
    is_whole = isinstance(outcome, Fetched)
    return replace(
        before,
        pace=pace,
        turnover=turnover,
        last_success_at=now,
        failing_since=None,
        failures=0,
        last_error=None,
        retired_at=None,
        etag=outcome.headers.get("etag") if is_whole else before.etag,
        last_modified=outcome.headers.get("last-modified") if is_whole else before.last_modified,
        body_hash=body_hash(outcome.body) if isinstance(outcome, Fetched) else before.body_hash,
    )


def _moved(feed: Feed, state: FeedState, target: str | None, now: datetime) -> FeedState:
    """Counts the polls a permanent redirect has lasted, and saves it once it has lasted enough. A
    feed with a login stays where its user sends the password."""
    if target is None or urlsplit(feed.url).username is not None:
        if state.moving_to is None:
            return state
        return replace(state, moving_to=None, moving_since=None, moving_polls=0)
    if target != state.moving_to or state.moving_since is None:
        return replace(state, moving_to=target, moving_since=now, moving_polls=1)
    polls = state.moving_polls + 1
    if polls >= MOVED_POLLS and now - state.moving_since >= MOVED_TIME:
        return replace(state, moved_to=target, moving_to=None, moving_since=None, moving_polls=0)
    return replace(state, moving_polls=polls)
