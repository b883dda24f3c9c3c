"""Which story an article belongs to, and what it changes there. Pure: the clock and the index of
texts are parameters.

An article joins the story that has its address, else the one that holds nearly the same text (a wire
copy), else the one that the surest link leads to (alerts/story_links.py); between equal links the
nearest in time. A wrong merge hides news and a missed one only repeats it, so what nothing links
stays apart, and stories once told apart are never joined.

What a story knows is told by all its articles in the order they were published
(alerts/story_telling.py): the order in which they reach us decides only which of them is listed
first, and in how many steps the analyst hears of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Protocol

from alerts.certainty import Bar
from alerts.quotations import quotation
from alerts.story_changes import combine
from alerts.story_links import Link, link
from alerts.story_telling import tellings, told_at
from domain.alerting import Change, Figure, Story, StoryArticle, ToldReaction, ToldTransfer
from domain.mentions import Mentions, Route, Transfer, full_text

NEAR_IDENTICAL = 0.7
"""Wire copies share over 85 % of their text, also when shortened; two reports of one event by
different reporters up to 66 %. 0.7 leaves room for the sketch's error and for an outlet's own first
paragraph."""

OPENING = 700
"""Characters in which an article says what it is about: two or three paragraphs. MEASURED on held-out articles: of what is
mentioned in passing behind them one in five was right."""

LARGEST_STORY = 200
"""Articles a story holds; one that has grown so far draws in what does not belong to it."""


class TextIndex(Protocol):
    """The texts of stories' articles, by URL."""

    def add(self, name: str, of_text: tuple[int, ...], /) -> None:
        """Makes a sketched text known."""

    def like(self, of_text: tuple[int, ...], /) -> Mapping[str, float]:
        """The texts that share something with a sketched one: how much, in [0, 1]."""


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
    texts: TextIndex,
    bar: Bar,
) -> Placement:
    """Puts one article in the story it tells, or in a new one, and its text in `texts`, which holds
    those of the stories' articles.

    Mentions below `bar` are not told; transfers among them only link, where the article has no sure
    one. The version stays as it is until
    `settle` compares the story with what it was before the batch.
    """
    article = _as_story_article(found, bar, now)
    alike = texts.like(article.sketch)
    copied = _copied(article, stories, alike)
    texts.add(article.url, article.sketch)
    if copied is not None:
        story, original = copied
        if original.url != article.url:
            article = replace(article, copy_of=original.copy_of or original.url)
    else:
        joined = _same_development(article, stories, alike, window)
        if joined is None:
            return Placement(story=_new_story(article, now), is_new=True)
        story = joined
    return Placement(story=_extended(story, article, now), is_new=False)


def tell_more(
    found: FoundArticle,
    stories: Sequence[Story],
    *,
    now: datetime,
    window: timedelta,
    texts: TextIndex,
    bar: Bar,
) -> Placement:
    """Adds mentions to an article that one of the stories holds. `found.mentions` are the new ones
    alone; an article that no story holds is placed."""
    for story in stories:
        for known in story.articles:
            if known.url == found.url:
                more = _as_story_article(found, bar, now)
                article = replace(
                    known,
                    transfers=(*known.transfers, *more.transfers),
                    reactions=(*known.reactions, *more.reactions),
                )
                return Placement(story=_extended(story, article, now), is_new=False)
    return place(found, stories, now=now, window=window, texts=texts, bar=bar)


def settle(before: Story | None, after: Story, now: datetime) -> tuple[Story, tuple[Change, ...]]:
    """Gives a story that articles were placed in its version: one more than before when anything
    material changed, however many articles brought it; the same when they only repeat it.

    `before` is the story as it stood before the batch, None for a new one.
    """
    changes = combine(before, after)
    if before is None:
        return replace(after, version=1, updated_at=now), changes
    return replace(after, version=before.version + bool(changes), updated_at=now), changes


def _copied(
    article: StoryArticle, stories: Sequence[Story], alike: Mapping[str, float]
) -> tuple[Story, StoryArticle] | None:
    """The article, and its story, that has the same address or else the text nearest to this
    one."""
    best: tuple[float, Story, StoryArticle] | None = None
    for story in stories:
        for other in story.articles:
            if other.url == article.url:
                return story, other
            share = alike.get(other.url, 0.0)
            if share >= NEAR_IDENTICAL and (best is None or share > best[0]):
                best = (share, story, other)
    return best and best[1:]


def _same_development(
    article: StoryArticle,
    stories: Sequence[Story],
    alike: Mapping[str, float],
    window: timedelta,
) -> Story | None:
    linked = [
        (*found, story)
        for story in stories
        if len(story.articles) < LARGEST_STORY and (found := link(article, story, alike, window))
    ]
    # A late reaction to a pair with several stories could be to any of them, and "rebels" could be anybody's.
    for doubtful in (Link.REACTION, Link.VOICE, Link.VAGUE):
        if sum(kind is doubtful for kind, _, _ in linked) > 1:
            linked = [row for row in linked if row[0] is not doubtful]
    best = min(linked, key=lambda row: (-row[0], row[1], _first_told(row[2])), default=None)
    return best and best[2]


def _first_told(story: Story) -> tuple[datetime, str]:
    return min((told_at(article), article.url) for article in story.articles)


def _new_story(article: StoryArticle, now: datetime) -> Story:
    key = f"{article.url}\n{now.isoformat()}".encode()
    empty = Story(
        id=blake2b(key, digest_size=8).hexdigest(),
        headline=article.title,
        version=1,
        created_at=now,
        updated_at=now,
    )
    return _extended(empty, article, now)


def _extended(story: Story, article: StoryArticle, now: datetime) -> Story:
    articles = _with_article(story.articles, article)
    *_, last = tellings(articles)
    return replace(
        story,
        updated_at=now,
        transfers=last.transfers,
        reactions=last.reactions,
        articles=articles,
    )


def _with_article(
    articles: tuple[StoryArticle, ...], article: StoryArticle
) -> tuple[StoryArticle, ...]:
    known = next((i for i, a in enumerate(articles) if a.url == article.url), None)
    if known is None:
        return (*articles, article)[:LARGEST_STORY]
    again = replace(article, seen_at=articles[known].seen_at, copy_of=articles[known].copy_of)
    return (*articles[:known], again, *articles[known + 1 :])


def _as_story_article(found: FoundArticle, bar: Bar, now: datetime) -> StoryArticle:
    text = full_text(found.title, found.body)
    reactions = [r for r in found.mentions.reactions if bar.passes(r)]
    sure = [t for t in found.mentions.transfers if bar.passes(t)]
    if reactions and not sure:
        sure = _reacted_to(found.mentions.transfers, bar)
    elif not reactions and all(_is_passing(t, len(found.title)) for t in sure):
        sure = []
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
        transfers=tuple(
            ToldTransfer(
                transfer=t,
                quotation=quotation(text, t.evidence, found.url),
                values=_figures(t.value, found.outlet),
                quantities=_figures(t.quantity, found.outlet),
            )
            for t in sure
        ),
        reactions=tuple(
            ToldReaction(
                reaction=r, quotation=quotation(text, r.evidence, found.url), outlet=found.outlet
            )
            for r in reactions
        ),
        unsure=() if sure else found.mentions.transfers,
    )


def _reacted_to(transfers: Sequence[Transfer], bar: Bar) -> list[Transfer]:
    """What officials react to where nothing is sure: the likeliest transfer, if it is likely enough."""
    first = max(transfers, key=lambda t: t.confidence, default=None)
    if first is None or first.supplier is None or first.route is not Route.ENCODER:
        return []
    return [first] if first.confidence >= bar.heard else []


def _is_passing(transfer: Transfer, title: int) -> bool:
    """Whether the article, with a title of so many characters, only mentions it: one route alone found it, with no
    system, behind the article's opening. Where nobody reacts either, it is no news: history, or background; but what a
    reviewer confirmed is."""
    if transfer.confidence >= 1.0:
        return False
    places = [evidence.start for evidence in transfer.evidence]
    late = bool(places) and min(places) > title + OPENING
    return late and not transfer.systems and transfer.route is not Route.BOTH


def _figures(text: str | None, outlet: str) -> tuple[Figure, ...]:
    return (Figure(text=text, outlets=(outlet,)),) if text else ()
