"""What to ask when, decided from settings, memory, answer and time alone: no network, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from domain.news import (
    UNANSWERED,
    Failed,
    FailureKind,
    Feed,
    FeedHints,
    FeedState,
    Fetched,
    Unchanged,
)
from domain.settings_polling import PollingSettings
from domain.units import show_duration
from extractors.fetch.asked_waits import AskedWait, hinted_waits, retry_after
from extractors.fetch.pace import FIRST_TURNOVER, SAFE_SHARE
from extractors.urls import without_userinfo

Outcome = Fetched | Unchanged | Failed

UNCONDITIONAL_EVERY = 12
"""Some servers answer 304 for ever; at a poll every ten minutes each is asked in full once in two
hours."""

LONGEST_WAIT = timedelta(hours=24)
"""No server and no feed can ask for more; a feed's own `every` can."""

MOST_JITTER = timedelta(minutes=5)
"""Polls are spread over a tenth of their wait, at most this: a feed of ten minutes is due a little
early for a schedule of ten minutes, never a little late."""

BACK_OFF: Mapping[FailureKind, tuple[timedelta, timedelta]] = {
    FailureKind.TEMPORARY: (timedelta(minutes=10), timedelta(hours=2)),
    FailureKind.SOFT: (timedelta(minutes=30), timedelta(hours=12)),
    FailureKind.HARD: (timedelta(hours=2), LONGEST_WAIT),
}
"""How much longer a feed waits with each failure in a row, and at most. A server in trouble is back
within hours, and what it publishes then must be seen while it is listed; a feed that is gone or
refused waits for a person."""

_TEMPORARY = frozenset({408, 425, 429})
_HARD = frozenset({401, 407, 410, 451})


def body_hash(body: bytes) -> str:
    """The identity of a body (SHA-256, hexadecimal), by which an unchanged one is recognised."""
    return sha256(body).hexdigest()


@dataclass(frozen=True, kw_only=True)
class NextPoll:
    """When to poll a feed next, and why then, in words fit for an ops engineer."""

    at: datetime
    reason: str


def next_poll(
    feed: Feed,
    state: FeedState,
    outcome: Outcome,
    hints: FeedHints,
    now: datetime,
    polling: PollingSettings,
) -> NextPoll:
    """When to ask again: the latest of what the feed's pace, its failures, its server and the feed
    itself call for.

    `state` is as after the poll, its pace and turnover learnt and its failures counted. Retry-After
    is obeyed whatever it costs; the other wishes (caching, ttl, updatePeriod, skipHours, skipDays)
    only as far as no entry is lost by it, for they are often wrong. None counts beyond a day.
    """
    wish = _own_wish(feed, state, outcome)
    most = min(_bearable(state), polling.longest_advice)
    if isinstance(outcome, Failed):
        waits = [wish]
    else:
        hinted = hinted_waits(outcome.headers, hints, now)
        waits = [wish, *(replace(w, length=_spread(min(w.length, most), feed)) for w in hinted)]
    if asked := retry_after(outcome.headers, now):
        waits.append(replace(asked, length=_spread(min(asked.length, LONGEST_WAIT), feed)))
    latest = max(waits, key=lambda wait: wait.length)
    at = now + min(latest.length, max(LONGEST_WAIT, feed.every or LONGEST_WAIT))
    awake = _after_skipped(at, hints)
    if at < awake <= now + most:
        return NextPoll(at=awake, reason="it asks to be left alone until then")
    return NextPoll(at=at, reason=latest.reason)


def is_due(feed: Feed, state: FeedState | None, now: datetime) -> bool:
    """Whether a feed should be polled at `now`: when its time has come, at once when it is new or
    its address or (while it is well) its `every` was changed, never when it is retired."""
    if state is None or state.last_polled_at is None or state.next_poll_at is None:
        return True
    if state.asked_url != without_userinfo(feed.url):
        return True
    if state.retired_at is not None:
        return False
    if feed.every is not None and not state.failures and state.pace != feed.every:
        return True
    was_set_back = state.last_polled_at > now + MOST_JITTER  # the clock, since the last poll
    return now >= state.next_poll_at or was_set_back


def _own_wish(feed: Feed, state: FeedState, outcome: Outcome) -> AskedWait:
    """What the feed's pace calls for, or its failures."""
    pace = state.pace or timedelta(0)
    if isinstance(outcome, Failed):
        step, most = BACK_OFF[outcome.kind]
        length = max(pace, min(step * state.failures, most))
        times = "once" if state.failures == 1 else f"{state.failures} times in a row"
        return AskedWait(length=_early(length, feed), reason=f"failed {times}: {outcome.reason}")
    if not pace:
        return AskedWait(length=pace, reason="it may be asked at any time")
    shown = show_duration(pace.total_seconds())
    whose = "feeds.yaml" if feed.every is not None else "its news"
    return AskedWait(length=_early(pace, feed), reason=f"{whose} calls for every {shown}")


def _bearable(state: FeedState) -> timedelta:
    """How long a feed may be left alone without losing entries, as far as it is known."""
    safe = (state.turnover or FIRST_TURNOVER) / SAFE_SHARE
    return min(max(safe, state.pace or timedelta(0)), LONGEST_WAIT)


def _after_skipped(at: datetime, hints: FeedHints) -> datetime:
    """The first full hour from `at` on that the feed does not ask to skip; `at` itself if it does
    not."""
    for _ in range(24 * 7):
        if at.hour not in hints.skip_hours and at.weekday() not in hints.skip_days:
            break
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at


def _early(wait: timedelta, feed: Feed) -> timedelta:
    """`wait` less the feed's own share of the jitter, at least a fifth of it."""
    return wait - min(wait / 10, MOST_JITTER) * (0.2 + 0.8 * _lot(feed))


def _spread(wait: timedelta, feed: Feed) -> timedelta:
    """`wait` and the feed's own share of the jitter: a wish is never cut short."""
    return wait + min(wait / 10, MOST_JITTER) * _lot(feed)


def _lot(feed: Feed) -> float:
    """A number in [0, 1) of the feed's own, the same for ever."""
    return int.from_bytes(sha256(feed.key.encode("utf-8", "replace")).digest()[:4]) / 2**32


def is_conditional(state: FeedState | None) -> bool:
    """Whether to send the validators: not on every twelfth poll, and not while the feed fails, so
    that it is called healthy again only after a whole answer (a 304 proves no feed)."""
    return (
        state is not None and state.failures == 0 and (state.polls + 1) % UNCONDITIONAL_EVERY != 0
    )


def meaning_of_status(status: int) -> FailureKind:
    """What an HTTP status that is no success means for the next attempt."""
    if status >= 500 or status in _TEMPORARY:
        return FailureKind.TEMPORARY
    return FailureKind.HARD if status in _HARD else FailureKind.SOFT


def is_our_network(outcomes: Sequence[Outcome]) -> bool:
    """Whether the failures are our own: at least three polls, and no server answered any. Then
    charge no feed."""
    return len(outcomes) >= 3 and all(
        isinstance(o, Failed) and o.code in UNANSWERED for o in outcomes
    )
