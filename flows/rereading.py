"""Extracts the kept pages again, as after an extractor has been improved: what it reads better becomes a new version of
its article. Nobody is alerted: the news is as old as its page.

Every batch is one transaction and changes nothing the second time, so that one killed anywhere is simply run again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.settings_files import Configuration
from extractors.kept_pages import EXTRACTOR_VERSION
from flows.concurrency import run_to_end
from flows.placing import ReadEntry, place_batch
from flows.process import BATCH
from flows.reading import read_kept
from flows.run_context import Clock, Progress, RunContext, no_progress, run_alone, utc_now
from flows.workers import TaskFailed
from storage.pages import PageOfArticle
from storage.published import publish
from storage.records import StoredArticle
from storage.store import open_store


@dataclass(frozen=True, kw_only=True)
class RereadReport:
    """Of `pages` kept pages read, `changed` articles got a new version and `stayed` are as they were; `failed` holds a
    line for each page that could not be read."""

    pages: int = 0
    changed: int = 0
    stayed: int = 0
    failed: tuple[str, ...] = ()


def reread_pages(
    configuration: Configuration,
    *,
    since: timedelta | None = None,
    clock: Clock = utc_now,
    progress: Progress = no_progress,
) -> RereadReport:
    """Reads the kept pages again, those of the last `since` or all.

    Raises:
        RunInProgress: a run works on this database.
        StorageError: the database cannot be used.
    """
    settings = configuration.settings
    with run_alone(configuration, clock=clock, progress=progress) as run:
        report = run_to_end(_reread(run, None if since is None else clock() - since))
        publish(settings.database)
    return report


async def _reread(run: RunContext, since: datetime | None) -> RereadReport:
    read = changed = 0
    failed: list[str] = []
    last = ""
    while True:
        with open_store(run.settings.database) as store:
            total = store.pages.count(since)
            chunk = store.pages.kept(after=last, limit=BATCH, since=since)
        if not chunk:
            break
        results = await asyncio.gather(*(_read(run, page) for page in chunk))
        readings = [r for r in results if isinstance(r, ReadEntry)]
        failed += [r for r in results if isinstance(r, str)]
        changed += _commit(run, readings)
        read += len(chunk)
        last = chunk[-1].article_id
        run.progress("extract", read, total)
    return RereadReport(
        pages=read, changed=changed, stayed=read - changed - len(failed), failed=tuple(failed)
    )


async def _read(run: RunContext, kept: PageOfArticle) -> ReadEntry | str:
    """What a kept page gives, or a line that says why it gives nothing."""
    pending = kept.pending
    try:
        reading = await run.workers.run(read_kept, kept.page, pending.entry, pending.outlet)
    except TaskFailed as error:
        return f"{pending.entry.key}: reading it {error}"
    return ReadEntry(pending=pending, reading=reading)


def _commit(run: RunContext, readings: Sequence[ReadEntry]) -> int:
    """Stores what is better than before; returns how many articles changed."""
    now = run.clock()
    silent = run.settings.model_copy(update={"watches": ()})
    with open_store(run.settings.database) as store, store.transaction():
        store.pages.mark_read([r.reading.article.url for r in readings], EXTRACTOR_VERSION)
        found = {a.article.url for a in store.pages.differing([_stored(r) for r in readings])}
        better = [r for r in readings if r.reading.article.url in found]
        if not better:
            return 0
        recent = store.recent_stories(now - run.settings.stories.window)
        # An article is in its story, however old: else it would begin a new one.
        own = store.stories_of_articles(sorted(found))
        stories = list({story.id: story for story in (*own, *recent)}.values())
        return store.pages.put_again(place_batch(better, stories, silent, now), now)


def _stored(read: ReadEntry) -> StoredArticle:
    return StoredArticle(
        article=read.reading.article, mentions=read.reading.mentions, pending=read.pending
    )
