"""Takes in articles that no feed brought: pages by their addresses, or articles handed in whole.

They go the same way as a feed's: detection, stories, the database. Whether anybody is alerted is for the caller to say,
with the watches of the configuration handed in: old news is no news.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import InputError
from domain.news import Article, Completeness, Failed
from domain.pages import entry_of_page
from domain.settings_files import Configuration
from extractors.fetch.client import Fetcher
from extractors.urls import canonical_url
from flows.background import with_background
from flows.concurrency import run_to_end
from flows.placing import ReadEntry, place_batch
from flows.process import BATCH
from flows.reading import Reading, read_and_pack, read_article, read_page
from flows.run_context import Progress, RunContext, no_progress, run_alone
from flows.workers import TaskFailed
from storage.published import publish
from storage.records import Committed
from storage.store import open_store

Source = Article | str
"""An article, its `url` canonical, or a page's address."""


@dataclass(frozen=True, kw_only=True)
class BackfillReport:
    """What a backfill did. `known` articles were stored before; `failed` holds a line for each that could not be had."""

    stored: int = 0
    known: int = 0
    relevant: int = 0
    alerts: int = 0
    failed: tuple[str, ...] = ()


def backfill(
    configuration: Configuration, sources: Sequence[Source], *, progress: Progress = no_progress
) -> BackfillReport:
    """Stores what `sources` give. Alerts of the configuration's watches wait in the outbox for the next run.

    Raises:
        RunInProgress: a run works on this database.
        StorageError: the database cannot be used.
    """
    settings = configuration.settings
    with run_alone(configuration, progress=progress) as run:
        with open_store(settings.database) as store:
            known = store.known_urls({_identity(source) for source in sources})
        wanted = [source for source in sources if _identity(source) not in known]
        report = run_to_end(_take_in(run, wanted))
        publish(settings.database)
    return BackfillReport(
        stored=report.stored,
        known=len(sources) - len(wanted) + report.known,
        relevant=report.relevant,
        alerts=report.alerts,
        failed=report.failed,
    )


async def _take_in(run: RunContext, sources: Sequence[Source]) -> BackfillReport:
    failed: list[str] = []
    stored = known = relevant = alerts = done = 0
    # Two sources may be one article: the first counts.
    unique = {_identity(source): source for source in reversed(sources)}
    known += len(sources) - len(unique)
    queue = list(unique.values())[::-1]
    async with Fetcher(run.settings.fetch, run.hosts) as fetcher:
        for start in range(0, len(queue), BATCH):
            chunk = queue[start : start + BATCH]
            results = await asyncio.gather(*(_read(run, fetcher, source) for source in chunk))
            readings = [r for r in results if isinstance(r, Reading)]
            failed += [r for r in results if isinstance(r, str)]
            committed = _commit(run, readings)
            stored += committed.articles
            known += len(readings) - committed.articles
            alerts += committed.alerts
            relevant += sum(r.mentions.relevant for r in readings)
            done += len(chunk)
            run.progress("backfill", done, len(queue))
    return BackfillReport(
        stored=stored, known=known, relevant=relevant, alerts=alerts, failed=tuple(failed)
    )


async def _read(run: RunContext, fetcher: Fetcher, source: Source) -> Reading | str:
    """What one source gives, or a line that says why it gives nothing."""
    try:
        if isinstance(source, Article):
            return await run.workers.run(read_article, source)
        page = await fetcher.fetch_page(source)
        if isinstance(page, Failed):
            return f"{source}: {page.reason}"
        read = read_and_pack if run.settings.pages.keep else read_page
        entry = entry_of_page(canonical_url(source), source)
        reading = await run.workers.run(read, page, entry, None)
    except TaskFailed as error:
        return f"{_identity(source)}: reading it {error}"
    if reading.article.completeness is not Completeness.FULL:
        return f"{source}: {reading.article.note or 'no article found'}"
    return reading


def _commit(run: RunContext, readings: Sequence[Reading]) -> Committed:
    now = run.clock()
    batch = [ReadEntry(pending=None, reading=reading) for reading in readings]
    with open_store(run.settings.database) as store:
        stories = store.recent_stories(now - run.settings.stories.window)
        placed = place_batch(batch, stories, run.settings, now, store.mutes(now))
        return store.commit_batch(with_background(placed, run.register), now)


def _identity(source: Source) -> str:
    return source.url if isinstance(source, Article) else canonical_url(source)


def article_url(url: str | None, identity: str) -> str:
    """The canonical URL of an article handed in, or a name of ours for one that has no address.

    Raises:
        InputError: `url` is no web address.
    """
    if url is None:
        return f"urn:armswire:{identity}"
    if not url.lower().startswith(("http://", "https://")):
        msg = f'"{url}" is no web address'
        raise InputError(msg)
    return canonical_url(url)
