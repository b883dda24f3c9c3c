"""Polls the sources of a month by a clock that is only a number, and remembers what a test wants to know.

The decisions are the real ones (when a feed is due, what is remembered, which host is left alone, how a feed is), taken
every half hour as by a schedule; the history of polls is in a real database. Only the network is made up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from domain.health import HealthState
from domain.news import (
    EntryTally,
    Failed,
    FeedState,
    HostPause,
    PollOutcome,
    PollRecord,
    Unchanged,
)
from domain.settings_health import HealthSettings
from domain.settings_polling import PollingSettings
from extractors.fetch.health import HISTORY, health_of
from extractors.fetch.hosts import Hosts
from extractors.fetch.lifecycle import address_of, state_after
from extractors.fetch.politeness import body_hash, is_conditional, is_due, is_our_network
from extractors.fetch.turns import Turns
from storage.connection import Connection
from storage.health import telling_polls
from storage.polls import add_records
from tests.simulated_sources import (
    DAY,
    END,
    HOUR,
    MINUTE,
    SLOW,
    START,
    Outage,
    Outcome,
    Source,
)

TICK = 30 * MINUTE
OUR_OUTAGE = Outage(8.3 * DAY, 8.3 * DAY + 5 * HOUR, SLOW)
POLLING = PollingSettings()
LONGEST = POLLING.slowest.total_seconds() + TICK
"""Between two polls of a feed in order, the schedule's tick included."""


class Stopwatch:
    """The scheduler's clock of one run; polls follow each other, so waiting is only noted."""

    def __init__(self) -> None:
        self.waited = 0.0

    def now(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        self.waited = seconds


@dataclass
class Month:
    """What the simulation saw. `seen` is how many of a source's entries have been listed when it was last read,
    `missed` which were no longer listed then; `starts` are a run's requests by host."""

    sources: Sequence[Source]
    states: dict[str, FeedState] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    missed: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    pauses: dict[str, HostPause] = field(default_factory=dict)
    paused: defaultdict[str, list[Outage]] = field(default_factory=lambda: defaultdict(list))
    polls: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    too_close: list[str] = field(default_factory=list)
    asked_in_a_pause: list[str] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    unwritten: dict[str, PollRecord] = field(default_factory=dict)
    records: list[PollRecord] = field(default_factory=list)
    reports: list[dict[str, HealthState]] = field(default_factory=list)

    async def pass_by(self, connection: Connection) -> None:
        """Every tick a run, every day a health report."""
        for tick in range(int(END / TICK)):
            await self._run(tick * TICK)
            if (tick + 1) * TICK % DAY == 0:
                self.reports.append(self._report(connection, (tick + 1) * TICK))

    async def _run(self, at: float) -> None:
        now = _time(at)
        hosts = Hosts(now=lambda: now, passed=lambda: at)
        hosts.recall(p for p in self.pauses.values() if p.until > now)
        clock = Stopwatch()
        turns = Turns(hosts, 16, clock)
        polled: dict[str, tuple[Source, Outcome, EntryTally, FeedState]] = {}
        starts: defaultdict[str, list[float]] = defaultdict(list)
        due = [s for s in self.sources if self._is_due(s, now)]
        for source in due:
            state = self.states.get(source.feed.key)
            url = address_of(source.feed, state)
            clock.waited = 0.0
            async with turns.at(url) as refused:
                if refused is not None:
                    continue
                starts[url.split("/")[2]].append(clock.waited)
                self._ask(source, url, state, at, hosts, polled)
        self._check_spacing(starts)
        if is_our_network([outcome for _, outcome, _, _ in polled.values()]):
            return
        for pause in hosts.new_pauses():
            self.pauses[pause.host] = pause
            self.paused[pause.host].append(Outage(at, (pause.until - START).total_seconds(), SLOW))
        for source, outcome, found, after in polled.values():
            self._remember(source, outcome, found, after, now)

    def _remember(
        self, source: Source, outcome: Outcome, found: EntryTally, after: FeedState, now: datetime
    ) -> None:
        """The state, and a line of history; lines that tell nothing (nothing new, and no failure beside) are left out to
        save time."""
        key = source.feed.key
        self.states[key] = after
        self.polls[key] += 1
        self.refusals[key] += outcome.status == 429
        before = self.unwritten.pop(key, None)
        line = _record(source, outcome, found, after, now)
        failed, was_failing = line.outcome is PollOutcome.FAILED, key in self.failing
        if before and failed:
            self.records.append(before)
        if failed or was_failing or found.new:
            self.records.append(line)
        else:
            self.unwritten[key] = line
        if failed:
            self.failing.add(key)
        else:
            self.failing.discard(key)

    def _is_due(self, source: Source, now: datetime) -> bool:
        state = self.states.get(source.feed.key)
        return is_due(source.feed, state, now)

    def _ask(
        self,
        source: Source,
        url: str,
        state: FeedState | None,
        at: float,
        hosts: Hosts,
        polled: dict[str, tuple[Source, Outcome, EntryTally, FeedState]],
    ) -> None:
        now = _time(at)
        pause = self.pauses.get(url.split("/")[2])
        if pause and pause.until > now:
            self.asked_in_a_pause.append(url)
        outcome, hints = source.answer(url, state, at, conditional=is_conditional(state))
        if OUR_OUTAGE.start <= at < OUR_OUTAGE.end:
            kind, code, reason, _ = SLOW
            outcome = Failed(url=url, kind=kind, code=code, reason=reason)
        if isinstance(outcome, Failed) and outcome.status is None:
            hosts.lost(url, outcome.code)
        else:
            hosts.answered(url, outcome.status or 0, outcome.headers)
        outcome = _unchanged_by_hash(outcome, state)
        found = self._take_in(source, outcome, at)
        listed = source.times[: source.listed(at)][-source.window :] if state is None else ()
        dates = [_time(seconds) for seconds in listed]
        after = state_after(source.feed, state, outcome, found, hints, now, POLLING, dates)
        if found.new:
            after = replace(after, last_new_entry_at=now)
        polled[source.feed.key] = source, outcome, found, after

    def _take_in(self, source: Source, outcome: Outcome, at: float) -> EntryTally:
        if isinstance(outcome, Failed | Unchanged):
            return EntryTally()
        key, published = source.feed.key, source.listed(at)
        first = max(published - source.window, 0)
        before = self.seen[key]
        # What a feed no longer lists when it is first polled was never to be had.
        if key in self.states:
            self.missed[key] += range(before, first)
        self.seen[key] = published
        new = published - max(before, first)
        return EntryTally(entries=published - first, new=new)

    def _check_spacing(self, starts: dict[str, list[float]]) -> None:
        for host, times in starts.items():
            if any(b - a < 1 for a, b in pairwise(times)):
                self.too_close.append(host)

    def _report(self, connection: Connection, at: float) -> dict[str, HealthState]:
        add_records(connection, self.records, None)
        self.records.clear()
        now = _time(at)
        history = telling_polls(connection, now - HISTORY)
        settings = HealthSettings()
        return {
            source.feed.key: health_of(
                source.feed,
                self.states.get(source.feed.key),
                history.get(source.feed.key, []),
                now,
                settings,
            ).state
            for source in self.sources
        }


def _time(at: float) -> datetime:
    return START + timedelta(seconds=at)


def _unchanged_by_hash(outcome: Outcome, state: FeedState | None) -> Outcome:
    if isinstance(outcome, Failed | Unchanged) or state is None:
        return outcome
    if state.body_hash != body_hash(outcome.body):
        return outcome
    return Unchanged(
        url=outcome.url,
        reason="same content",
        status=200,
        headers=outcome.headers,
        moved_to=outcome.moved_to,
    )


def _record(
    source: Source, outcome: Outcome, found: EntryTally, after: FeedState, now: datetime
) -> PollRecord:
    kind = PollOutcome.NEW
    if isinstance(outcome, Failed):
        kind = PollOutcome.FAILED
    elif isinstance(outcome, Unchanged):
        kind = PollOutcome.UNCHANGED
    return PollRecord(
        feed=source.feed.key,
        at=now,
        outcome=kind,
        status=outcome.status,
        entries=found.entries,
        new=found.new,
        next_poll_at=after.next_poll_at,
        next_poll_reason=after.next_poll_reason,
    )
