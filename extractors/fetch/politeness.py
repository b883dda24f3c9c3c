"""What to ask when, decided from settings, memory, answer and time alone: no network, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from domain.news import UNANSWERED, Failed, FailureKind, Feed, FeedState, Fetched, Unchanged

UNCONDITIONAL_EVERY = 12
"""Some servers answer 304 for ever; at a poll every ten minutes each is asked in full once in two
hours."""

BACK_OFF_STEP = timedelta(minutes=10)
LONGEST_BACK_OFF = timedelta(hours=24)
_TEMPORARY = frozenset({408, 425, 429})
_HARD = frozenset({401, 407, 410, 451})


def body_hash(body: bytes) -> str:
    """The identity of a body (SHA-256, hexadecimal), by which an unchanged one is recognised."""
    return sha256(body).hexdigest()


def is_due(feed: Feed, state: FeedState | None, now: datetime) -> bool:
    """Whether a feed should be polled at `now`.

    A feed without `every` is due whenever asked. After failures it waits longer in proportion to
    their number, ten minutes each, at most a day, and is never dropped. A tenth of `every` (at most
    a minute) is forgiven, else a schedule of ten minutes would poll a feed of ten minutes every
    twenty.
    """
    if state is None or state.last_polled_at is None:
        return True
    every = feed.every or timedelta(0)
    slack = min(every / 10, timedelta(minutes=1))
    back_off = min(BACK_OFF_STEP * max(state.failures - 1, 0), LONGEST_BACK_OFF)
    return now >= state.last_polled_at + max(every - slack, back_off)


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


def state_after(
    state: FeedState, outcome: Fetched | Unchanged | Failed, now: datetime
) -> FeedState:
    """What to remember of a feed after a poll; save it in the transaction that stores the poll's
    entries.

    `outcome` is that of the whole poll: for a body that could not be parsed, the parser's Failed,
    so that neither its validators nor its hash are remembered. Which entries are new, and so
    `last_new_entry_at`, only the store knows.
    """
    polled = replace(state, polls=state.polls + 1, last_polled_at=now)
    if isinstance(outcome, Failed):
        return replace(
            polled,
            failing_since=state.failing_since or now,
            failures=state.failures + 1,
            last_error=outcome.reason,
        )
    healthy = replace(polled, last_success_at=now, failing_since=None, failures=0, last_error=None)
    if isinstance(outcome, Unchanged):
        return healthy
    return replace(
        healthy,
        etag=outcome.headers.get("etag"),
        last_modified=outcome.headers.get("last-modified"),
        body_hash=body_hash(outcome.body),
    )


def is_our_network(outcomes: Sequence[Fetched | Unchanged | Failed]) -> bool:
    """Whether the failures are our own: at least three polls, and no server answered any. Then
    charge no feed."""
    return len(outcomes) >= 3 and all(
        isinstance(o, Failed) and o.code in UNANSWERED for o in outcomes
    )
