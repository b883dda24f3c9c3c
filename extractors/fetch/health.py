"""How a feed is, judged from its memory, its history, the settings and the time alone: no network, no clock.

A feed is silent when it answers and nothing new comes for longer than it ever did. How long that is is learnt: from the
gaps between polls that found something new, weighted by their length (a ministry that publishes twenty entries a day on
weekdays has hundreds of short gaps and a few of a weekend, and the weekend is what must not alarm). The time in which
the feed could not be asked counts for nobody's silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_high

from domain.health import FeedHealth, HealthState
from domain.news import Feed, FeedState, PollOutcome, PollRecord
from domain.settings_health import HealthSettings
from domain.units import show_duration
from extractors.fetch.lifecycle import address_of, is_retired
from extractors.urls import shown_url

HISTORY = timedelta(days=60)
"""How far back gaps are learnt from: eight weekends, and a quiet week of holidays is an eighth of it."""
LONG = 0.9
"""The share of the time observed that lies in gaps no longer than the "long gap"."""
MANY_GAPS = 20
"""From so many gaps on a single long one (holidays) is not what the feed is measured by."""
TOLERANCE = 2.0
"""Silence counts from so many long gaps on."""
TOLERANCE_OF_FEW = 3.0
"""Few gaps of very different lengths: the longest of them is a poor guess of what is still to come. With both figures
1 in 600 feeds that publish at random moments is called silent when looked at at a random moment (simulated)."""
LEARNT_AFTER = timedelta(days=14)
LEARNT_GAPS = 3
"""Two weekends and three gaps are the least from which a cadence is believed."""
WEEKEND = timedelta(days=4)
"""Until then a weekend with its eves is nothing to alarm anybody."""
UNKNOWN_CADENCE = timedelta(days=14)
"""A feed of which hardly a gap was seen may be a weekly or a monthly one."""
STALE_WATCH = timedelta(days=2)
"""So long a feed that listed only old entries at first is given to show something new: its dates may be wrong."""

UNASKED = timedelta(days=1)
"""A feed that is due for so long and not asked is as dark as one that fails."""

_NOTHING = timedelta(0)


def health_of(
    feed: Feed,
    state: FeedState | None,
    history: Sequence[PollRecord],
    now: datetime,
    settings: HealthSettings,
) -> FeedHealth:
    """How `feed` is at `now`.

    `history` holds its polls, oldest first; those that found nothing new and stand beside no failure may be missing
    from it. Without `state` the feed has never been polled.
    """
    if state is None or state.last_polled_at is None:
        why = "has not been polled yet"
        return FeedHealth(feed=feed, state=HealthState.NEW, why=why)
    if is_retired(feed, state):
        gone = "answered 410 (gone for good) and is not polled any more"
        return FeedHealth(
            feed=feed,
            state=HealthState.RETIRED,
            why=gone,
            last_success_at=state.last_success_at,
            last_new_entry_at=state.last_new_entry_at,
            last_error=state.last_error,
            retired_at=state.retired_at,
        )
    address = address_of(feed, state)
    state = replace(state, moved_to=None if address == feed.url else address)
    unasked = state.next_poll_at if _is_unasked(state, now) else None
    seen = _observed(history, now)
    silent_for = _silence(state, seen)
    silent_after = _silent_after(seen, settings)
    condition, why = _condition(state, seen, silent_for, silent_after, settings)
    if unasked is not None and condition is not HealthState.FAILING:
        due = unasked.strftime("%d %b %H:%M UTC")
        why = f"not asked since it was due at {due}: its host wishes to be left alone, or no run goes on"
        condition = HealthState.FAILING
    return FeedHealth(
        feed=feed,
        state=condition,
        why=why,
        last_success_at=state.last_success_at,
        last_new_entry_at=state.last_new_entry_at,
        known_since=seen.since,
        usual_gap=_usual_gap(seen) if _is_learnt(seen) else None,
        long_gap=_long_gap(seen) if _is_learnt(seen) else None,
        silent_for=silent_for,
        silent_after=silent_after,
        failing_since=state.failing_since or unasked,
        failures=state.failures,
        last_error=state.last_error,
        next_poll_at=state.next_poll_at,
        next_poll_reason=state.next_poll_reason,
        moved_to=state.moved_to,
    )


@dataclass(frozen=True, kw_only=True)
class _Observed:
    """What the history tells: gaps between finds, the outages (from the last success to the next), and since when the
    feed is known."""

    gaps: tuple[timedelta, ...]
    outages: tuple[tuple[datetime, datetime], ...]
    since: datetime
    known_for: timedelta


def _observed(history: Sequence[PollRecord], now: datetime) -> _Observed:
    recent = [poll for poll in history if poll.at >= now - HISTORY]
    outages = tuple(_outages(recent))
    finds = [poll.at for poll in recent if poll.new]
    gaps = [after - before - _within(outages, before, after) for before, after in pairwise(finds)]
    since = recent[0].at if recent else now
    return _Observed(gaps=tuple(gaps), outages=outages, since=since, known_for=now - since)


def _outages(polls: Iterable[PollRecord]) -> Iterable[tuple[datetime, datetime]]:
    """Each stretch of failed polls, from the poll before it to the one after it."""
    began: datetime | None = None
    before: datetime | None = None
    for poll in polls:
        failed = poll.outcome is PollOutcome.FAILED
        if failed and began is None:
            began = before or poll.at
        elif not failed and began is not None:
            yield began, poll.at
            began = None
        before = poll.at
    if began is not None and before is not None:
        yield began, before


def _within(
    outages: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime
) -> timedelta:
    """How much of the time from `start` to `end` lies in outages."""
    shared = (min(end, until) - max(start, since) for since, until in outages)
    return sum((part for part in shared if part > _NOTHING), _NOTHING)


def _is_unasked(state: FeedState, now: datetime) -> bool:
    return state.next_poll_at is not None and now - state.next_poll_at > UNASKED


def _is_still_stale(state: FeedState, seen: _Observed) -> bool:
    """Whether the feed listed only old entries when first asked, and has been watched in vain since then."""
    return state.stale_since is not None and seen.known_for >= STALE_WATCH


def _silence(state: FeedState, seen: _Observed) -> timedelta:
    """How long the feed has been answering without anything new, up to its last answer."""
    if state.last_success_at is None:
        return _NOTHING
    # A feed may have been empty ever since it is known, or have listed only old entries.
    stale = state.stale_since if _is_still_stale(state, seen) else None
    start = stale or state.last_new_entry_at or seen.since
    silent = state.last_success_at - start - _within(seen.outages, start, state.last_success_at)
    return max(silent, _NOTHING)


def _silent_after(seen: _Observed, settings: HealthSettings) -> timedelta:
    if not _is_learnt(seen):
        least = max(settings.silent_after, UNKNOWN_CADENCE)
    elif seen.known_for < LEARNT_AFTER:
        least = max(settings.silent_after, WEEKEND)
    else:
        least = settings.silent_after
    long = _long_gap(seen) or _NOTHING
    usual = _usual_gap(seen) or _NOTHING
    few = len(seen.gaps) < MANY_GAPS and long >= 1.5 * usual
    return max(least, (TOLERANCE_OF_FEW if few else TOLERANCE) * long)


def _is_learnt(seen: _Observed) -> bool:
    return len(seen.gaps) >= LEARNT_GAPS


def _usual_gap(seen: _Observed) -> timedelta | None:
    return median_high(seen.gaps) if seen.gaps else None


def _long_gap(seen: _Observed) -> timedelta | None:
    """The high quantile of the gaps; of few gaps the longest, for no quantile is to be had of them."""
    return _weighted(seen.gaps, LONG if len(seen.gaps) >= MANY_GAPS else 1.0)


def _weighted(gaps: Sequence[timedelta], share: float) -> timedelta | None:
    """The gap such that `share` of the time lies in gaps no longer than it."""
    if not gaps:
        return None
    wanted = share * sum(gaps, _NOTHING)
    passed = _NOTHING
    ordered = sorted(gaps)
    for gap in ordered:
        passed += gap
        if passed >= wanted:
            return gap
    return ordered[-1]


def _condition(
    state: FeedState,
    seen: _Observed,
    silent_for: timedelta,
    silent_after: timedelta,
    settings: HealthSettings,
) -> tuple[HealthState, str]:
    error = state.last_error or "its polls fail"
    if state.failures >= settings.failing_after:
        return HealthState.FAILING, f"{state.failures} polls in a row: {error}"
    if silent_for > silent_after or _is_still_stale(state, seen):
        return HealthState.SILENT, _silent_words(state, seen, silent_for)
    if state.failures:
        times = "" if state.failures == 1 else f" {state.failures} times"
        return _quiet_state(state, seen), f"the last poll failed{times}: {error}"
    if state.moved_to is not None:
        moved = f"has moved to {shown_url(state.moved_to)}; change its url in feeds.yaml"
        return HealthState.MOVED, moved
    if not _is_learnt(seen):
        return HealthState.NEW, "its cadence is not known yet"
    return HealthState.HEALTHY, f"something new {_cadence(seen)}"


def _quiet_state(state: FeedState, seen: _Observed) -> HealthState:
    if state.moved_to is not None:
        return HealthState.MOVED
    return HealthState.HEALTHY if _is_learnt(seen) else HealthState.NEW


def _silent_words(state: FeedState, seen: _Observed, silent_for: timedelta) -> str:
    words = f"answers, but has had nothing new for {_shown(silent_for)}"
    if _is_still_stale(state, seen):
        return f"{words}, by the dates of its entries"
    if not _is_learnt(seen):
        return f"{words}; its cadence is not known, it may be a slow one"
    return f"{words}; usually {_cadence(seen)}"


def _cadence(seen: _Observed) -> str:
    usual, long = _usual_gap(seen), _long_gap(seen)
    if usual is None or long is None:
        return "at times not known"
    if long >= 2 * usual:
        return f"every {_shown(usual)}, at times only after {_shown(long)}"
    return f"every {_shown(usual)}"


def _shown(length: timedelta) -> str:
    return show_duration(length.total_seconds())
