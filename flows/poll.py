"""POLL: every due feed is fetched and parsed; its new state and its entries are stored in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from domain.news import Failed, FailureKind, Feed, FeedState, Fetched, Unchanged
from extractors.feeds import ParsedFeed, parse_feed
from extractors.fetch.client import Fetcher, body_hash
from extractors.fetch.politeness import is_due
from flows.concurrency import run_to_end
from flows.reports import FeedOutcome, PollOutcome, PollReport
from flows.run_context import RunContext
from flows.workers import TaskFailed
from storage.store import FeedPoll, open_store


def poll_feeds(run: RunContext, only: Collection[str] = ()) -> PollReport:
    """Polls the feeds that are due, or those named in `only` whether due or not.

    A feed that fails is a row of the report, never an exception.
    """
    now = run.clock()
    database = run.settings.database
    with open_store(database) as store:
        states = store.feed_states()
    chosen = [f for f in run.configuration.feeds if not only or f.name in only]
    due = [f for f in chosen if only or is_due(f, states.get(f.key), now)]
    polled = run_to_end(_poll_all(run, due, states))
    with open_store(database) as store:
        new = store.record_poll([poll for poll, _ in polled.values()], now)
    return PollReport(
        feeds=tuple(
            replace(polled[f.key][1], new=new.get(f.key, 0))
            if f.key in polled
            else FeedOutcome(feed=f.name, url=f.url, outcome=PollOutcome.NOT_DUE)
            for f in chosen
        )
    )


async def _poll_all(
    run: RunContext, feeds: list[Feed], states: dict[str, FeedState]
) -> dict[str, tuple[FeedPoll, FeedOutcome]]:
    done: dict[str, tuple[FeedPoll, FeedOutcome]] = {}
    run.progress("poll", 0, len(feeds))

    async def one(feed: Feed, fetcher: Fetcher) -> None:
        state = states.get(feed.key)
        answer = await fetcher.fetch_feed(feed, state)
        parsed = await _parse(run, answer, feed) if isinstance(answer, Fetched) else answer
        done[feed.key] = _account(feed, state, answer, parsed, run.clock())
        run.progress("poll", len(done), len(feeds))

    async with Fetcher(run.settings.fetch) as fetcher, asyncio.TaskGroup() as group:
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
            reason=f"parsing it {error}",
            status=fetched.status,
            seconds=fetched.seconds,
        )


def _account(
    feed: Feed,
    known: FeedState | None,
    answer: Fetched | Unchanged | Failed,
    parsed: ParsedFeed | Unchanged | Failed,
    now: datetime,
) -> tuple[FeedPoll, FeedOutcome]:
    """The feed's next state with the entries it covers, and its row in the report."""
    state = known or FeedState(key=feed.key)
    state = replace(state, polls=state.polls + 1, last_polled_at=now)
    outcome = FeedOutcome(
        feed=feed.name, url=feed.url, outcome=PollOutcome.NEW, seconds=answer.seconds
    )
    if isinstance(parsed, Failed):
        state = replace(
            state,
            failures=state.failures + 1,
            failing_since=state.failing_since or now,
            last_error=parsed.reason,
        )
        outcome = replace(outcome, outcome=PollOutcome.FAILED, note=parsed.reason)
        return FeedPoll(feed=feed, state=state, entries=()), outcome
    state = replace(state, failures=0, failing_since=None, last_error=None, last_success_at=now)
    if isinstance(parsed, Unchanged) or isinstance(answer, Unchanged):
        return (
            FeedPoll(feed=feed, state=state, entries=()),
            replace(outcome, outcome=PollOutcome.UNCHANGED),
        )
    if isinstance(answer, Fetched):
        state = replace(
            state,
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
            body_hash=body_hash(answer.body),
        )
    return (
        FeedPoll(feed=feed, state=state, entries=parsed.entries),
        replace(outcome, entries=len(parsed.entries)),
    )
