"""PROCESS: pending entries become articles, mentions, stories, alerts and deliveries, one transaction a batch.

Pages are fetched while others are extracted and a third lot is being committed, so that the cores never wait: the line
runs at the speed of extraction.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urlsplit

from domain.alerting import Alert
from domain.news import UNANSWERED, Completeness, Failed, FailureCode, Fetched
from extractors.body_drift import EARLIER, LATEST, BodySize, body_drift
from extractors.fetch.client import Fetcher
from flows.background import with_background
from flows.concurrency import run_to_end
from flows.placing import ReadEntry, place_pending
from flows.reading import Reading, read_and_pack, read_entry, read_page, unread
from flows.reports import ProcessReport
from flows.run_context import RunContext
from flows.workers import TaskFailed
from storage.records import EntryState, FailedEntry, LatePage
from storage.store import PendingEntry, open_store

BATCH = 100
"""Articles a transaction: opening and closing the database costs about as much as extracting three."""

ATTEMPTS = 3
"""So many runs ask for a page whose host does not answer, or wishes to be left alone; then the feed's own text must do."""
LATER = (timedelta(days=1), timedelta(days=3))
"""After which it is asked for once more, and once more again: then the page makes a better version of the article."""
_NOT_NOW = UNANSWERED | {FailureCode.PAUSED, FailureCode.ROBOTS_UNAVAILABLE}
_COME_BACK = frozenset({429, 503})


@dataclass
class _Tally:
    """Counts growing while a run goes on."""

    articles: int = 0
    relevant: int = 0
    partial: int = 0
    waiting: int = 0
    alerts: list[Alert] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    outlets: set[str] = field(default_factory=set)

    @property
    def done(self) -> int:
        """Entries dealt with in this run."""
        return self.articles + self.waiting

    def add(
        self, readings: Sequence[Reading], waiting: Sequence[FailedEntry], alerts: Sequence[Alert]
    ) -> None:
        self.articles += len(readings)
        self.waiting += len(waiting)
        self.notes.update(f"page {failed.reason}" for failed in waiting)
        self.relevant += sum(r.mentions.relevant for r in readings)
        for article in (r.article for r in readings):
            self.outlets |= {article.outlet} if article.outlet else set()
            if article.completeness is not Completeness.FULL:
                self.partial += 1
                self.notes[article.note or "no text"] += 1
        self.alerts += alerts


def process_pending(run: RunContext) -> ProcessReport:
    """Processes every pending entry. A page that cannot be had or read leaves an article of the feed's own text.

    One whose host does not answer, or wishes to be left alone, is asked for again by the next runs, and once its article
    is made of the feed's own text, after days (LATER); while our own network is down, nothing is asked and every entry
    waits.
    """
    started = time.monotonic()
    with open_store(run.settings.database) as store:
        store.wait_for_late_pages(run.clock())
        pending = store.pending_entries()
        run.hosts.recall(store.host_pauses(run.clock()))
    tally = _Tally()
    if run.hosts.is_our_network:
        tally.waiting = len(pending)
    elif pending:
        run.workers.warm_up()
        run_to_end(_process(run, pending, tally))
    return ProcessReport(
        articles=tally.articles,
        relevant=tally.relevant,
        partial=tally.partial,
        waiting=tally.waiting,
        alerts=tuple(tally.alerts),
        seconds=time.monotonic() - started,
        notes=tally.notes,
        drift=_drift(run, tally.outlets),
    )


def _drift(run: RunContext, outlets: set[str]) -> dict[str, str]:
    """How the articles of this run's outlets have suddenly become shorter, where they have."""
    if not outlets:
        return {}
    with open_store(run.settings.database) as store:
        stored = store.body_sizes(sorted(outlets), 4 * LATEST + EARLIER)
    sizes = {
        outlet: [BodySize(characters=size, completeness=kind) for size, kind in of_outlet]
        for outlet, of_outlet in stored.items()
    }
    return body_drift(sizes)


async def _process(run: RunContext, pending: Sequence[PendingEntry], tally: _Tally) -> None:
    read: asyncio.Queue[ReadEntry | FailedEntry] = asyncio.Queue(maxsize=BATCH)
    waiting = iter(spread_over_hosts(pending))
    run.progress("process", 0, len(pending))

    async def reader(fetcher: Fetcher) -> None:
        for entry in waiting:
            await read.put(await _read(run, fetcher, entry))

    async def committer() -> None:
        while tally.done < len(pending):
            size = min(BATCH, len(pending) - tally.done)
            batch = [await read.get() for _ in range(size)]
            readings = [one for one in batch if isinstance(one, ReadEntry)]
            waiting = [one for one in batch if isinstance(one, FailedEntry)]
            alerts = await asyncio.to_thread(_commit, run, readings, waiting)
            tally.add([one.reading for one in readings], waiting, alerts)
            run.progress("process", tally.done, len(pending))

    # Enough readers to keep every fetch slot and every worker busy; the queue holds one batch more.
    readers = run.settings.fetch.concurrent + 2 * run.workers.count
    async with Fetcher(run.settings.fetch, run.hosts) as fetcher, asyncio.TaskGroup() as group:
        for _ in range(min(readers, len(pending))):
            group.create_task(reader(fetcher))
        group.create_task(committer())


async def _read(
    run: RunContext, fetcher: Fetcher, pending: PendingEntry
) -> ReadEntry | FailedEntry:
    """The entry read, or noted as still waiting for its page."""
    entry = pending.entry
    # An entry without a canonical URL has no page of its own, or links to its outlet's front page.
    page = await fetcher.fetch_page(entry.link) if entry.url and entry.link else None
    is_late = isinstance(page, Failed) and (page.code in _NOT_NOW or page.status in _COME_BACK)
    if isinstance(page, Failed) and is_late:
        # An outage of ours is no attempt.
        attempts = pending.attempts + (not run.hosts.is_our_network)
        if attempts < ATTEMPTS:
            return FailedEntry(
                entry=entry, state=EntryState.PENDING, attempts=attempts, reason=page.reason
            )
    return ReadEntry(pending=pending, reading=await _reading(run, page, pending), is_late=is_late)


async def _reading(
    run: RunContext, page: Fetched | Failed | None, pending: PendingEntry
) -> Reading:
    entry, outlet = pending.entry, pending.outlet
    read = read_and_pack if run.settings.pages.keep else read_page
    try:
        return await run.workers.run(read, page, entry, outlet)
    except TaskFailed as error:
        note = f"reading the page {error}"
    try:
        return await run.workers.run(read_entry, entry, outlet, note)
    except TaskFailed as error:
        # Even the feed's own text defeats the extractor or the detector: the headline is kept for a person to look at.
        return unread(entry, outlet, f"{note}; reading the feed's text {error}")


def _commit(
    run: RunContext, batch: Sequence[ReadEntry], waiting: Sequence[FailedEntry]
) -> Sequence[Alert]:
    now = run.clock()
    edited = [r.reading.article for r in batch if r.pending and r.pending.version > 1]
    with open_store(run.settings.database) as store, store.transaction():
        recent = store.recent_stories(now - run.settings.stories.window)
        # An edited article is in its story, however old: else it would begin a new one.
        own = store.stories_of_articles([a.url for a in edited]) if edited else []
        refused = store.refused_versions(edited) if edited else ()
        stories = list({story.id: story for story in (*own, *recent)}.values())
        placed = place_pending(batch, stories, run.settings, now, store.mutes(now), refused)
        placed = with_background(placed, run.register)
        late = [
            LatePage(entry=r.pending.entry, due_at=now + LATER[r.pending.late])
            for r in batch
            if r.is_late and r.pending and r.pending.late < len(LATER)
        ]
        store.commit_batch(replace(placed, failed=waiting, late=late), now)
        store.put_pauses(run.hosts.new_pauses(), now)
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
