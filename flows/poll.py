"""POLL: every due feed is fetched and parsed; its new state and its entries are stored in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from domain.news import (
    Failed,
    FailureCode,
    FailureKind,
    Feed,
    FeedState,
    Fetched,
    PollOutcome,
    PollRecord,
    Unchanged,
)
from extractors.feeds import ParsedFeed, parse_feed
from extractors.fetch.client import Fetcher
from extractors.fetch.politeness import is_due, is_our_network, state_after
from extractors.urls import shown_url
from flows.concurrency import run_to_end
from flows.reports import FeedOutcome, PollReport
from flows.run_context import RunContext
from flows.workers import TaskFailed
from storage.records import FeedPoll
from storage.store import open_store


@dataclass(frozen=True)
class _Polled:
    """One feed's answer, and what came of it: its entries, nothing new, or why it failed."""

    answer: Fetched | Unchanged | Failed
    result: ParsedFeed | Unchanged | Failed

    @property
    def outcome(self) -> Fetched | Unchanged | Failed:
        """How the poll as a whole ended."""
        return self.answer if isinstance(self.result, ParsedFeed) else self.result


def poll_feeds(run: RunContext, only: Collection[str] = ()) -> PollReport:
    """Polls the feeds that are due, or those named in `only` whether due or not.

    A feed that fails is a row of the report, never an exception. Where not one server answers, the failure is our network's:
    then no feed's memory is touched.
    """
    now = run.clock()
    with open_store(run.settings.database) as store:
        states = store.feed_states()
        run.hosts.recall(store.host_pauses(now))
    chosen = [f for f in run.configuration.feeds if not only or f.name in only]
    due = [f for f in chosen if only or is_due(f, states.get(f.key), now)]
    polled = run_to_end(_poll_all(run, due, states))
    offline = is_our_network([p.outcome for p in polled.values()])
    new: dict[str, int] = {}
    if not offline:
        asked = [feed for feed in due if not _was_paused(polled[feed.key])]
        polls = [_to_store(feed, states.get(feed.key), polled[feed.key], now) for feed in asked]
        with open_store(run.settings.database) as store, store.transaction():
            new = store.record_poll(polls, now)
            store.put_pauses(run.hosts.new_pauses(), now)
    rows = (
        _row(feed, polled[feed.key], new.get(feed.key, 0))
        if feed.key in polled
        else _not_due(feed, states.get(feed.key))
        for feed in chosen
    )
    return PollReport(feeds=tuple(rows), offline=offline)


async def _poll_all(
    run: RunContext, feeds: list[Feed], states: dict[str, FeedState]
) -> dict[str, _Polled]:
    done: dict[str, _Polled] = {}
    run.progress("poll", 0, len(feeds))

    async def one(feed: Feed, fetcher: Fetcher) -> None:
        answer = await fetcher.fetch_feed(feed, states.get(feed.key))
        result = await _parse(run, answer, feed) if isinstance(answer, Fetched) else answer
        done[feed.key] = _Polled(answer, result)
        run.progress("poll", len(done), len(feeds))

    async with Fetcher(run.settings.fetch, run.hosts) as fetcher, asyncio.TaskGroup() as group:
        for feed in feeds:
            group.create_task(one(feed, fetcher))
    return done


async def _parse(run: RunContext, fetched: Fetched, feed: Feed) -> ParsedFeed | Failed:
    try:
        return await run.workers.run(parse_feed, fetched, feed)
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


def _to_store(feed: Feed, known: FeedState | None, polled: _Polled, now: datetime) -> FeedPoll:
    """The feed's next state together with the entries it covers."""
    entries = polled.result.entries if isinstance(polled.result, ParsedFeed) else ()
    state = state_after(known or FeedState(key=feed.key), polled.outcome, now)
    shown = replace(feed, url=shown_url(feed.url))  # its address may hold a password
    return FeedPoll(feed=shown, state=state, entries=entries, record=_record(feed, polled, now))


def _record(feed: Feed, polled: _Polled, now: datetime) -> PollRecord:
    row, answer = _row(feed, polled, 0), polled.answer
    return PollRecord(
        feed=feed.key,
        at=now,
        outcome=row.outcome,
        status=answer.status,
        seconds=answer.seconds,
        size=len(answer.body) if isinstance(answer, Fetched) else 0,
        error=row.note or None,
        entries=row.entries,
    )


def _not_due(feed: Feed, state: FeedState | None) -> FeedOutcome:
    """A feed left alone this time; one that waits longer because it fails says so every time."""
    note = ""
    if state is not None and state.failures and state.failing_since:
        since = state.failing_since.strftime("%d %b %H:%M UTC")
        note = f"failing since {since}, tried ever more seldom: {state.last_error}"
    return FeedOutcome(feed=feed.name, url=feed.url, outcome=PollOutcome.NOT_DUE, note=note)


def _row(feed: Feed, polled: _Polled, new: int) -> FeedOutcome:
    row = FeedOutcome(
        feed=feed.name, url=feed.url, outcome=PollOutcome.NEW, seconds=polled.answer.seconds
    )
    match polled.result:
        case Failed(code=FailureCode.PAUSED, reason=reason):
            return replace(row, outcome=PollOutcome.NOT_DUE, note=reason)
        case Failed(reason=reason):
            return replace(row, outcome=PollOutcome.FAILED, note=reason)
        case Unchanged():
            return replace(row, outcome=PollOutcome.UNCHANGED)
        case ParsedFeed(entries=entries):
            return replace(row, entries=len(entries), new=new)
