"""What a story's articles say together, step by step: each adds to what those before it told.

The order is that of the telling (when an article was published), never that of arrival: a story
knows the same whichever of its articles reached us first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from alerts.story_merging import merge_reactions, merge_transfers
from domain.alerting import StoryArticle, ToldReaction, ToldTransfer


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What is known once `article` and all told before it are."""

    article: StoryArticle
    transfers: tuple[ToldTransfer, ...]
    reactions: tuple[ToldReaction, ...]


def tellings(articles: Iterable[StoryArticle]) -> Iterator[Telling]:
    """One for each article, the first told first; the last one is what the story knows."""
    transfers: tuple[ToldTransfer, ...] = ()
    reactions: tuple[ToldReaction, ...] = ()
    for article in sorted(articles, key=lambda a: (told_at(a), a.url)):
        transfers = merge_transfers(transfers, article.transfers)
        reactions = merge_reactions(reactions, article.reactions)
        yield Telling(article=article, transfers=transfers, reactions=reactions)


def told_at(article: StoryArticle) -> datetime:
    """When the article appeared; a date in the future is a feed's mistake."""
    return min(article.published or article.seen_at, article.seen_at)
