"""Trying a watch on what is stored: what it would have alerted, and why it does or does not match an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.alerting import Changed, alerts_on, seen_by
from alerts.stories import settle
from alerts.story_telling import tellings
from alerts.watch_reasons import Reason, reasons
from domain.alerting import Alert, Story, StoryArticle
from domain.errors import InputError
from domain.mentions import full_text
from domain.settings_files import Configuration
from domain.settings_watches import WatchSettings
from extractors.urls import canonical_url
from storage.published import open_published
from storage.queries import Queries
from storage.rows import Filters


@dataclass(frozen=True, kw_only=True)
class Explained:
    """Why a watch does or does not match the story of an article."""

    title: str
    story: Story | None
    """The story as the watch sees it; None when the article is in none, or nothing of it is sure enough."""
    reason: Reason | None
    note: str = ""


def find_watch(configuration: Configuration, name: str) -> WatchSettings:
    """The watch of that name.

    Raises:
        InputError: there is none.
    """
    for watch in configuration.settings.watches:
        if watch.name == name:
            return watch
    known = ", ".join(w.name for w in configuration.settings.watches) or "none is configured"
    msg = f'no watch is named "{name}"; watches: {known}'
    raise InputError(msg)


def try_watch(configuration: Configuration, watch: WatchSettings, since: datetime) -> list[Alert]:
    """What `watch` would have alerted of the stories that changed at `since` or later, had it been there and every
    article come by itself; the first alert first. Mutes play no part, and nothing is stored or sent.

    Raises:
        StorageError: no run has finished yet.
    """
    alerts: list[Alert] = []
    channels = configuration.settings.channels
    with open_published(configuration.settings.database) as queries:
        for story in queries.stories(Filters(since=since)):
            texts = _texts(queries, story)
            for seen_at, change in _steps(story):
                latest = change.after.articles[-1].url
                at_hand = {story.id: [texts[latest]] if latest in texts else []}
                alerts += alerts_on([change], at_hand, [watch], channels, (), seen_at)[0]
    return sorted((a for a in alerts if a.created_at >= since), key=lambda a: a.created_at)


def explain(configuration: Configuration, watch: WatchSettings, url: str) -> Explained:
    """Part by part, why `watch` does or does not match the story of the stored article at `url`.

    Raises:
        InputError: no such article is stored.
        StorageError: no run has finished yet.
    """
    with open_published(configuration.settings.database) as queries:
        row = queries.article_at(canonical_url(url))
        if row is None:
            msg = f"{url}: no such article is stored; `armswire backfill` takes it in"
            raise InputError(msg)
        stories = [story for story in queries.stories() if story.id == row.story_id]
    title, text = row.article.title, full_text(row.article.title, row.article.body)
    if not stories:
        note = (
            f"it is in no story: its relevance is {row.score:.2f}, too little"
            if not row.relevant
            else ""
        )
        return Explained(title=title, story=None, reason=None, note=note or "it is in no story")
    seen = seen_by(watch, stories[0], ())
    if seen is None:
        note = f"none of its story's mentions is as sure as min_confidence {watch.min_confidence:g}"
        return Explained(title=title, story=None, reason=None, note=note)
    return Explained(title=title, story=seen, reason=reasons(watch.when, seen, [text]))


def _steps(story: Story) -> Iterator[tuple[datetime, Changed]]:
    """The story's versions as its articles came one by one: a change for each that was material."""
    before: Story | None = None
    for count, article in enumerate(story.articles, 1):
        after, changes = settle(before, _told_by(story, story.articles[:count]), article.seen_at)
        if changes:
            yield article.seen_at, Changed(before=before, after=after, changes=changes)
        before = after


def _told_by(story: Story, articles: Sequence[StoryArticle]) -> Story:
    *_, last = tellings(articles)
    return replace(
        story,
        articles=tuple(articles),
        transfers=last.transfers,
        reactions=last.reactions,
        headline=articles[0].title,
    )


def _texts(queries: Queries, story: Story) -> dict[str, str]:
    rows = queries.story_articles(story.id)
    return {row.article.url: full_text(row.article.title, row.article.body) for row in rows}
