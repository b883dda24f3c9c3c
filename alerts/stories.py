"""Which story an article belongs to, and what it changes there. Pure: the clock and the comparison
of texts are parameters.

An article joins a story when it tells the same development, decided by its mentions and not by its
words (two outlets' titles of one development share 12 to 50 % of their words, no more than titles
of two developments may):

1. the same canonical URL, or nearly the same text: a wire copy;
2. the same supplier and recipient with a shared system, within the window;
3. the same pair where one side names no system, within three days;
4. the same pair and official reactions, within the window, where no other story has that pair;
5. the same supplier's export policy, within seven days.

3 to 5 ask it of the first transfer of each, which is what they are about.

A wrong merge hides news and a missed one only repeats it, so what none of these decides stays
apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from hashlib import blake2b

from alerts.quotations import quotation
from alerts.story_changes import combine
from alerts.story_merging import merge_reactions, merge_transfers
from alerts.system_names import share_system
from domain.alerting import Change, Story, StoryArticle, ToldReaction, ToldTransfer
from domain.mentions import Mentions, Stage, Transfer, full_text

Similarity = Callable[[tuple[int, ...], tuple[int, ...]], float]
"""How much of one sketched text stands in the other, in [0, 1]; 0 where they share no value."""

NEAR_IDENTICAL = 0.7
"""Wire copies share over 85 % of their text, also when shortened; two reports of one event by
different reporters hardly any four words in a row. 0.7 leaves room for the sketch's error of 0.05
and for an outlet's own first paragraph."""

LARGEST_STORY = 200
"""Articles a story holds; one that has grown so far draws in what does not belong to it."""

_SAME_PAIR_WITHIN = timedelta(days=3)
_SAME_POLICY_WITHIN = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class FoundArticle:
    """A relevant article with what was found in it. `url` is canonical; `sketch` is of the body."""

    url: str
    title: str
    body: str
    outlet: str
    country: str | None = None
    tier: str | None = None
    published: datetime | None = None
    mentions: Mentions
    sketch: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where an article went: `story` is the new or extended story, its version not yet settled."""

    story: Story
    is_new: bool


def place(
    found: FoundArticle,
    stories: Sequence[Story],
    *,
    now: datetime,
    window: timedelta,
    similarity: Similarity,
    threshold: float,
) -> Placement:
    """Puts one article in the story it tells, or in a new one.

    Place the oldest article first: what a later article says replaces what an earlier one said.
    Mentions whose confidence is below `threshold` play no part. The version stays as it is until
    `settle` compares the story with what it was before the batch.
    """
    mentions = _confident(found.mentions, threshold)
    article = _as_story_article(found, now)
    copied = _copied(article, stories, similarity)
    if copied is not None:
        story, original = copied
        if original.url != article.url:
            article = replace(article, copy_of=original.copy_of or original.url)
    else:
        joined = _same_development(mentions, article, stories, window)
        if joined is None:
            return Placement(story=_new_story(found, article, mentions, now), is_new=True)
        story = joined
    return Placement(story=_extended(story, found, article, mentions, now), is_new=False)


def settle(before: Story | None, after: Story, now: datetime) -> tuple[Story, tuple[Change, ...]]:
    """Gives a story that articles were placed in its version: one more than before when anything
    material changed, however many articles brought it; the same when they only repeat it.

    `before` is the story as it stood before the batch, None for a new one.
    """
    changes = combine(before, after)
    if before is None:
        return replace(after, version=1, updated_at=now), changes
    return replace(after, version=before.version + bool(changes), updated_at=now), changes


def _confident(mentions: Mentions, threshold: float) -> Mentions:
    return replace(
        mentions,
        transfers=tuple(t for t in mentions.transfers if t.confidence >= threshold),
        reactions=tuple(r for r in mentions.reactions if r.confidence >= threshold),
    )


def _as_story_article(found: FoundArticle, now: datetime) -> StoryArticle:
    return StoryArticle(
        url=found.url,
        title=" ".join(found.title.split()),
        outlet=found.outlet,
        published=found.published,
        seen_at=now,
        country=found.country,
        tier=found.tier,
        language=found.mentions.language,
        sketch=found.sketch,
    )


def _copied(
    article: StoryArticle, stories: Sequence[Story], similarity: Similarity
) -> tuple[Story, StoryArticle] | None:
    """The article, and its story, that has the same address or else the text nearest to this
    one."""
    values = frozenset(article.sketch)
    best: tuple[float, Story, StoryArticle] | None = None
    for story in stories:
        for other in story.articles:
            if other.url == article.url:
                return story, other
            if values.isdisjoint(other.sketch):
                continue
            alike = similarity(article.sketch, other.sketch)
            if alike >= NEAR_IDENTICAL and (best is None or alike > best[0]):
                best = (alike, story, other)
    return best and best[1:]


class _Link(IntEnum):
    """Why an article and a story tell the same development; the higher, the surer."""

    POLICY = 1
    REACTION = 2
    PAIR = 3
    SYSTEM = 4


def _same_development(
    mentions: Mentions, article: StoryArticle, stories: Sequence[Story], window: timedelta
) -> Story | None:
    at = _told_at(article)
    linked: list[tuple[_Link, int, datetime, Story]] = []
    for story in stories:
        apart = _time_apart(at, story)
        if len(story.articles) >= LARGEST_STORY or apart > window:
            continue
        links = _links(mentions.transfers, [told.transfer for told in story.transfers], apart)
        if links:
            linked.append((max(links), len(links), story.updated_at, story))
    reacting = bool(mentions.reactions)
    reactions_only = [row for row in linked if row[0] is _Link.REACTION]
    if not reacting or len(reactions_only) > 1:
        linked = [row for row in linked if row[0] is not _Link.REACTION]
    best = max(linked, key=lambda row: (*row[:3], row[3].id), default=None)
    return best and best[3]


def _links(found: Sequence[Transfer], known: Sequence[Transfer], apart: timedelta) -> list[_Link]:
    """Every link between an article's transfers and a story's.

    A pair alone links only what both are about, the first transfer of each: else a survey of a war's
    suppliers would draw every report about any of them into one story.
    """
    return [
        link
        for i, a in enumerate(found)
        for j, b in enumerate(known)
        if (link := _link(a, b, apart)) is not None and (link is _Link.SYSTEM or i == j == 0)
    ]


def _link(a: Transfer, b: Transfer, apart: timedelta) -> _Link | None:
    if a.supplier is None or a.supplier != b.supplier:
        return None
    if a.recipient is None or a.recipient != b.recipient:
        both_policies = a.stage is b.stage is Stage.POLICY and a.recipient is b.recipient is None
        return _Link.POLICY if both_policies and apart <= _SAME_POLICY_WITHIN else None
    if a.systems and b.systems:
        return _Link.SYSTEM if share_system(a.systems, b.systems) else None
    return _Link.PAIR if apart <= _SAME_PAIR_WITHIN else _Link.REACTION


def _told_at(article: StoryArticle) -> datetime:
    """When the article appeared; a date in the future is a feed's mistake."""
    return min(article.published or article.seen_at, article.seen_at)


def _time_apart(at: datetime, story: Story) -> timedelta:
    """Between `at` and the story's articles; nothing while they go on."""
    times = [_told_at(article) for article in story.articles] or [story.updated_at]
    return max(min(times) - at, at - max(times), timedelta(0))


def _new_story(
    found: FoundArticle, article: StoryArticle, mentions: Mentions, now: datetime
) -> Story:
    transfers, reactions = _told(found, mentions)
    key = f"{article.url}\n{now.isoformat()}".encode()
    return Story(
        id=blake2b(key, digest_size=8).hexdigest(),
        headline=article.title,
        version=1,
        created_at=now,
        updated_at=now,
        transfers=merge_transfers((), transfers, newer=True),
        reactions=merge_reactions((), reactions, newer=True),
        articles=(article,),
    )


def _extended(
    story: Story, found: FoundArticle, article: StoryArticle, mentions: Mentions, now: datetime
) -> Story:
    newer = all(_told_at(article) >= _told_at(other) for other in story.articles)
    transfers, reactions = _told(found, mentions)
    return replace(
        story,
        updated_at=now,
        transfers=merge_transfers(story.transfers, transfers, newer=newer),
        reactions=merge_reactions(story.reactions, reactions, newer=newer),
        articles=_with_article(story.articles, article),
    )


def _with_article(
    articles: tuple[StoryArticle, ...], article: StoryArticle
) -> tuple[StoryArticle, ...]:
    known = next((i for i, a in enumerate(articles) if a.url == article.url), None)
    if known is None:
        return (*articles, article)[:LARGEST_STORY]
    again = replace(article, seen_at=articles[known].seen_at, copy_of=articles[known].copy_of)
    return (*articles[:known], again, *articles[known + 1 :])


def _told(found: FoundArticle, mentions: Mentions) -> tuple[list[ToldTransfer], list[ToldReaction]]:
    text = full_text(found.title, found.body)
    transfers = [
        ToldTransfer(transfer=t, quotation=quotation(text, t.evidence, found.url))
        for t in mentions.transfers
    ]
    reactions = [
        ToldReaction(
            reaction=r, quotation=quotation(text, r.evidence, found.url), outlet=found.outlet
        )
        for r in mentions.reactions
    ]
    return transfers, reactions
