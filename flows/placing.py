"""From readings to what is stored: which story each relevant article belongs to, and which watches hear of it.

Pure: the stories it starts from were read before, and what it decides is stored after, by flows/process.py and
flows/review.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from alerts.alerting import Changed, alerts_on
from alerts.certainty import Bar
from alerts.stories import FoundArticle, place, settle, tell_more
from domain.alerting import Mute, Story
from domain.mentions import full_text
from domain.settings import MonitorSettings
from extractors.near_duplicates import Copies
from flows.reading import Reading
from storage.records import PendingEntry, ProcessedBatch, StoredArticle


@dataclass(frozen=True, kw_only=True)
class ReadEntry:
    """A pending entry with what reading it gave. `pending` is None for an article handed in by a user; `is_late`: the page
    could not be had, but may be later."""

    pending: PendingEntry | None
    reading: Reading
    is_late: bool = False


def place_batch(
    batch: Sequence[ReadEntry],
    stories: Sequence[Story],
    settings: MonitorSettings,
    now: datetime,
    mutes: Sequence[Mute] = (),
    refused: Collection[str] = (),
) -> ProcessedBatch:
    """Puts the batch's relevant articles into stories, and alerts the watches that wait for one that changed.

    However many articles of the batch change a story, it gets one new version and each watch one alert. Articles at
    `refused` (canonical URLs) go into none: they are stored as they were before, and so their stories stay.
    """
    copies = _copies(stories)
    before = {story.id: story for story in stories}
    current = dict(before)
    story_of: dict[int, str] = {}
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for index in _oldest_first(batch):
        reading = batch[index].reading
        if not reading.mentions.relevant or reading.article.url in refused:
            continue
        found = _found(batch[index])
        story = place(
            found,
            tuple(current.values()),
            now=now,
            window=settings.stories.window,
            texts=copies,
            bar=_bar(settings),
        ).story
        current[story.id] = story
        story_of[index] = story.id
        texts[story.id].append(full_text(found.title, found.body))
    changed = [_changed(before.get(key), current[key], now) for key in texts]
    alerts, deliveries = alerts_on(changed, texts, settings.watches, settings.channels, mutes, now)
    return ProcessedBatch(
        articles=[
            StoredArticle(
                article=read.reading.article,
                mentions=read.reading.mentions,
                pending=read.pending,
                sketch=read.reading.sketch,
                story_id=story_of.get(index),
                page=read.reading.page,
            )
            for index, read in enumerate(batch)
        ],
        stories=[change.after for change in changed],
        alerts=alerts,
        deliveries=deliveries,
    )


def place_pending(
    batch: Sequence[ReadEntry],
    stories: Sequence[Story],
    settings: MonitorSettings,
    now: datetime,
    mutes: Sequence[Mute] = (),
    refused: Collection[str] = (),
) -> ProcessedBatch:
    """As `place_batch`, but the quiet entries among the batch (of a feed's first poll) are in their stories before the
    others come, and alert nobody."""
    quiet = [read for read in batch if read.pending and read.pending.quiet]
    loud = [read for read in batch if not (read.pending and read.pending.quiet)]
    if not quiet:
        return place_batch(loud, stories, settings, now, mutes, refused)
    silent = settings.model_copy(update={"watches": ()})
    before = place_batch(quiet, stories, silent, now)
    known = {story.id: story for story in (*stories, *before.stories)}
    after = place_batch(loud, tuple(known.values()), settings, now, mutes, refused)
    changed = {story.id: story for story in (*before.stories, *after.stories)}
    return replace(
        after, articles=[*before.articles, *after.articles], stories=tuple(changed.values())
    )


def place_again(
    found: FoundArticle,
    stories: Sequence[Story],
    settings: MonitorSettings,
    now: datetime,
    mutes: Sequence[Mute] = (),
) -> ProcessedBatch:
    """What changes when a stored article is found to say more: its story among `stories` (or a new one), and the alerts
    of the watches that wait for it. `found.mentions` are the new ones alone."""
    story = tell_more(
        found,
        stories,
        now=now,
        window=settings.stories.window,
        texts=_copies(stories),
        bar=_bar(settings),
    ).story
    before = next((known for known in stories if known.id == story.id), None)
    changed = _changed(before, story, now)
    texts = {story.id: [full_text(found.title, found.body)]}
    alerts, deliveries = alerts_on(
        [changed], texts, settings.watches, settings.channels, mutes, now
    )
    return ProcessedBatch(stories=[changed.after], alerts=alerts, deliveries=deliveries)


def _bar(settings: MonitorSettings) -> Bar:
    return Bar(agreed=settings.detection.threshold, alone=settings.detection.alone)


def _copies(stories: Iterable[Story]) -> Copies:
    return Copies((a.url, a.sketch) for story in stories for a in story.articles)


def _changed(before: Story | None, after: Story, now: datetime) -> Changed:
    story, changes = settle(before, after, now)
    return Changed(before=before, after=story, changes=changes)


def _oldest_first(batch: Sequence[ReadEntry]) -> list[int]:
    """The order in which articles are placed: what a later one says replaces what an earlier one said. Undated ones come
    last, in the order read."""
    latest = datetime.max.replace(tzinfo=UTC)
    return sorted(
        range(len(batch)), key=lambda index: batch[index].reading.article.published or latest
    )


def _found(read: ReadEntry) -> FoundArticle:
    article, pending = read.reading.article, read.pending
    return FoundArticle(
        url=article.url,
        title=article.title,
        body=article.body,
        outlet=article.outlet or (pending.outlet if pending else "given"),
        country=pending.country if pending else None,
        tier=pending.tier if pending else None,
        published=article.published,
        mentions=read.reading.mentions,
        sketch=read.reading.sketch,
    )
