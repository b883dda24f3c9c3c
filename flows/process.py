"""PROCESS: pending entries become articles, mentions, stories, alerts and deliveries, one transaction a batch.

Pages are fetched while others are extracted and a third lot is being committed, so that the cores never wait: the line
runs at the speed of extraction.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from domain.alerting import Alert
from domain.news import Completeness
from extractors.fetch.client import Fetcher
from flows.concurrency import run_to_end
from flows.placing import ReadEntry, place_batch
from flows.reading import Reading, read_entry, read_page, unread
from flows.reports import ProcessReport
from flows.run_context import RunContext
from flows.workers import TaskFailed
from storage.store import PendingEntry, open_store

BATCH = 100
"""Articles a transaction: opening and closing the database costs about as much as extracting three."""


@dataclass
class _Tally:
    """Counts growing while a run goes on."""

    articles: int = 0
    relevant: int = 0
    partial: int = 0
    alerts: list[Alert] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, readings: Sequence[Reading], alerts: Sequence[Alert]) -> None:
        self.articles += len(readings)
        self.relevant += sum(r.mentions.relevant for r in readings)
        for article in (r.article for r in readings):
            if article.completeness is not Completeness.FULL:
                self.partial += 1
                self.notes[article.note or "no text"] += 1
        self.alerts += alerts


def process_pending(run: RunContext) -> ProcessReport:
    """Processes every pending entry. A page that cannot be had or read leaves an article of the feed's own text."""
    started = time.monotonic()
    with open_store(run.settings.database) as store:
        pending = store.pending_entries()
    tally = _Tally()
    if pending:
        run_to_end(_process(run, pending, tally))
    return ProcessReport(
        articles=tally.articles,
        relevant=tally.relevant,
        partial=tally.partial,
        alerts=tuple(tally.alerts),
        seconds=time.monotonic() - started,
        notes=tally.notes,
    )


async def _process(run: RunContext, pending: Sequence[PendingEntry], tally: _Tally) -> None:
    read: asyncio.Queue[ReadEntry] = asyncio.Queue(maxsize=BATCH)
    waiting = iter(spread_over_hosts(pending))
    run.progress("process", 0, len(pending))

    async def reader(fetcher: Fetcher) -> None:
        for entry in waiting:
            await read.put(ReadEntry(pending=entry, reading=await _read(run, fetcher, entry)))

    async def committer() -> None:
        while tally.articles < len(pending):
            size = min(BATCH, len(pending) - tally.articles)
            batch = [await read.get() for _ in range(size)]
            alerts = await asyncio.to_thread(_commit, run, batch)
            tally.add([entry.reading for entry in batch], alerts)
            run.progress("process", tally.articles, len(pending))

    # Enough readers to keep every fetch slot and every worker busy; the queue holds one batch more.
    readers = run.settings.fetch.concurrent + 2 * run.workers.count
    async with Fetcher(run.settings.fetch) as fetcher, asyncio.TaskGroup() as group:
        for _ in range(min(readers, len(pending))):
            group.create_task(reader(fetcher))
        group.create_task(committer())


async def _read(run: RunContext, fetcher: Fetcher, pending: PendingEntry) -> Reading:
    entry, outlet = pending.entry, pending.outlet
    # An entry without a canonical URL has no page of its own, or links to its outlet's front page.
    page = await fetcher.fetch_page(entry.link) if entry.url and entry.link else None
    try:
        return await run.workers.run(read_page, page, entry, outlet)
    except TaskFailed as error:
        note = f"reading the page {error}"
    try:
        return await run.workers.run(read_entry, entry, outlet, note)
    except TaskFailed as error:
        # Even the feed's own text defeats the extractor or the detector: the headline is kept for a person to look at.
        return unread(entry, outlet, f"{note}; reading the feed's text {error}")


def _commit(run: RunContext, batch: Sequence[ReadEntry]) -> Sequence[Alert]:
    now = run.clock()
    with open_store(run.settings.database) as store:
        stories = store.recent_stories(now - run.settings.stories.window)
        placed = place_batch(batch, stories, run.settings, now)
        store.commit_batch(placed, now)
    return placed.alerts


def spread_over_hosts(pending: Sequence[PendingEntry]) -> Iterator[PendingEntry]:
    """Takes the entries of all hosts in turn, so that one host's politeness delays no other's pages."""
    hosts: dict[str, deque[PendingEntry]] = {}
    for entry in pending:
        hosts.setdefault(urlsplit(entry.entry.link or "").netloc, deque()).append(entry)
    while hosts:
        for host in list(hosts):
            yield hosts[host].popleft()
            if not hosts[host]:
                del hosts[host]
