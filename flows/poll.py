"""POLL: every due feed is fetched and parsed; its new state and its entries are stored in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.news import (
    EntryTally,
    Failed,
    FailureCode,
    FailureKind,
    Feed,
    FeedHints,
    FeedState,
    Fetched,
    PollOutcome,
    PollRecord,
    Unchanged,
)
from extractors.feeds import ParsedFeed, parse_feed
from extractors.fetch.client import Fetcher
from extractors.fetch.lifecycle import (
    address_of,
    moved_here,
    readdressed,
    same_feeds,
    state_after,
)
from extractors.fetch.politeness import is_due, is_our_network
from extractors.urls import shown_url
from flows.concurrency import run_to_end
from flows.feed_outcomes import outcome_of_duplicate, outcome_of_poll, outcome_unpolled
from flows.reports import FeedOutcome, PollReport
from flows.run_context import RunContext
from flows.workers import TaskFailed
from storage.records import FeedPoll
from storage.store import Store, open_store

LATE_ENTRIES = timedelta(days=1)
"""So long after their date entries still appear in a feed: embargoes, caches, a clock that is wrong."""


@dataclass(frozen=True)
class _Polled:
    """One feed's answer, and what came of it: its entries, nothing new, or why it failed."""

    answer: Fetched | Unchanged | Failed
    result: ParsedFeed | Unchanged | Failed

    @property
    def outcome(self) -> Fetched | Unchanged | Failed:
        """How the poll as a whole ended."""
        return self.answer if isinstance(self.result, ParsedFeed) else self.result

    @property
    def kind(self) -> PollOutcome:
        """How the poll as a whole ended, in a word."""
        match self.result:
            case Failed(code=FailureCode.PAUSED):
                return PollOutcome.NOT_DUE
            case Failed():
                return PollOutcome.FAILED
            case Unchanged():
                return PollOutcome.UNCHANGED
            case ParsedFeed():
                return PollOutcome.NEW


def poll_feeds(run: RunContext, only: Collection[str] = ()) -> PollReport:
    """Polls the feeds that are due, or those named in `only` whether due or not.

    A feed that fails is a row of the report, never an exception. Where not one server answers, the failure is our network's:
    then no feed's memory is touched. A feed that turns out to be another one is not polled.
    """
    now = run.clock()
    with open_store(run.settings.database) as store:
        states = _states(store, run.configuration.feeds)
        heard = readdressed(run.configuration.feeds, states, store.feed_names())
        run.hosts.recall(store.host_pauses(now))
    doubles = same_feeds(run.configuration.feeds, states)
    chosen = [f for f in run.configuration.feeds if not only or f.name in only]
    due = [
        f for f in chosen if f.key not in doubles and (only or is_due(f, states.get(f.key), now))
    ]
    polled = run_to_end(_poll_all(run, due, states))
    offline = is_our_network([p.outcome for p in polled.values()])
    asked = [feed for feed in due if not _was_paused(polled[feed.key])]
    rows = {} if offline else _store(run, asked, states, polled, heard, now)

    def row(feed: Feed) -> FeedOutcome:
        state = states.get(feed.key)
        if feed.key in doubles:
            return outcome_of_duplicate(feed, doubles[feed.key])
        if feed.key not in polled:
            return outcome_unpolled(feed, state)
        lost = _record(feed, polled[feed.key], EntryTally(), now)
        return rows.get(feed.key) or outcome_of_poll(feed, state, lost)

    return PollReport(feeds=tuple(row(feed) for feed in chosen), offline=offline)


def _states(store: Store, feeds: Sequence[Feed]) -> dict[str, FeedState]:
    """The memory of the feeds, by key. A feed that is configured with the address another one moved
    to, in that one's place, takes its memory over, so that it is no new feed."""
    states = store.feed_states()
    configured = {feed.key for feed in feeds}
    replaced = {
        old: new
        for new, old in moved_here(feeds, states).items()
        if old not in configured and new not in states
    }
    if not replaced:
        return states
    store.rename_feeds(replaced)
    return store.feed_states()


async def _poll_all(
    run: RunContext, feeds: list[Feed], states: Mapping[str, FeedState]
) -> dict[str, _Polled]:
    done: dict[str, _Polled] = {}
    run.progress("poll", 0, len(feeds))
    if any(feed.key not in states for feed in feeds):  # nothing is known that could be unchanged
        run.workers.expect_feeds()

    async def one(feed: Feed, fetcher: Fetcher) -> None:
        state = states.get(feed.key)
        answer = await fetcher.fetch_feed(replace(feed, url=address_of(feed, state)), state)
        result = await _parse(run, answer, feed) if isinstance(answer, Fetched) else answer
        done[feed.key] = _Polled(answer, result)
        run.progress("poll", len(done), len(feeds))

    async with Fetcher(run.settings.fetch, run.hosts) as fetcher, asyncio.TaskGroup() as group:
        for feed in feeds:
            group.create_task(one(feed, fetcher))
    return done


async def _parse(run: RunContext, fetched: Fetched, feed: Feed) -> ParsedFeed | Failed:
    try:
        return await run.workers.parse(parse_feed, fetched, feed)
    except TaskFailed as error:
        return Failed(
            url=fetched.url,
            kind=FailureKind.HARD,
            code=FailureCode.WORKER,
            reason=f"parsing it {error}",
            status=fetched.status,
            seconds=fetched.seconds,
        )


def _was_paused(polled: _Polled) -> bool:
    """Whether the feed was not asked, because its host wishes to be left alone: no failure of the feed's."""
    return isinstance(polled.answer, Failed) and polled.answer.code is FailureCode.PAUSED


def _store(
    run: RunContext,
    feeds: Sequence[Feed],
    states: Mapping[str, FeedState],
    polled: Mapping[str, _Polled],
    heard: Mapping[str, datetime],
    now: datetime,
) -> dict[str, FeedOutcome]:
    """Stores what the polls brought, and the history of them; returns each feed's row. `heard` tells when feeds that
    have another address now were last heard at the old one."""
    polling = run.settings.polling
    configured = {feed.key: feed for feed in feeds}
    known_elsewhere = moved_here(feeds, states)
    rows: dict[str, FeedOutcome] = {}

    def settle(poll: FeedPoll, found: EntryTally) -> FeedPoll:
        """Gives the poll the feed's next state, which covers its entries, and its line of history."""
        key = poll.feed.key
        feed, known, result = configured[key], states.get(key), polled[key].result
        hints = result.hints if isinstance(result, ParsedFeed) else FeedHints()
        dates = [entry.published for entry in poll.entries]
        state = state_after(feed, known, polled[key].outcome, found, hints, now, polling, dates)
        record = replace(
            _record(feed, polled[key], found, now),
            next_poll_at=state.next_poll_at,
            next_poll_reason=state.next_poll_reason,
        )
        rows[key] = outcome_of_poll(feed, state, record, quiet=poll.quiet and not poll.loud_after)
        return replace(poll, state=state, record=record)

    polls = [
        _to_store(
            feed,
            states.get(feed.key),
            polled[feed.key],
            heard.get(feed.key),
            quiet_at_first=polling.first_poll == "store" and feed.key not in known_elsewhere,
        )
        for feed in feeds
    ]
    with open_store(run.settings.database) as store, store.transaction():
        store.record_poll(polls, now, settle=settle)
        store.forget_polls(now - polling.keep_history)
        store.put_pauses(run.hosts.new_pauses(), now)
    return rows


def _to_store(
    feed: Feed,
    known: FeedState | None,
    polled: _Polled,
    heard: datetime | None,
    *,
    quiet_at_first: bool,
) -> FeedPoll:
    """The entries of a poll, before it is known which of them are new."""
    is_first = known is None or known.last_success_at is None
    entries = polled.result.entries if isinstance(polled.result, ParsedFeed) else ()
    return FeedPoll(
        feed=replace(feed, url=shown_url(feed.url)),  # its address may hold a password
        state=known or FeedState(key=feed.key),
        entries=entries,
        quiet=bool(entries) and is_first and quiet_at_first,
        loud_after=heard - LATE_ENTRIES if heard else None,
    )


def _record(feed: Feed, polled: _Polled, found: EntryTally, now: datetime) -> PollRecord:
    answer = polled.answer
    return PollRecord(
        feed=feed.key,
        at=now,
        outcome=polled.kind,
        status=answer.status,
        seconds=answer.seconds,
        size=len(answer.body) if isinstance(answer, Fetched) else 0,
        error=polled.result.reason if isinstance(polled.result, Failed) else None,
        entries=found.entries,
        new=found.new,
        edited=found.edited,
    )
