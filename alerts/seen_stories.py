"""What a watch sees of a story: without what is muted, and without mentions it holds too unsure. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from alerts.story_telling import tellings
from domain.alerting import Mute, MuteKind, Story, StoryArticle
from domain.keywords import fold


def without_muted(story: Story, mutes: Sequence[Mute]) -> Story | None:
    """`story` as if what is muted had not been told; None when nothing of it is left.

    A muted publisher's articles count for nothing, nor do transfers to or from a muted party; a
    story whose transfers are all muted is muted with its reactions.
    """
    wanted = {kind: frozenset(_values(mutes, kind)) for kind in MuteKind}
    if fold(story.id) in wanted[MuteKind.STORY]:
        return None
    publishers, parties = wanted[MuteKind.PUBLISHER], wanted[MuteKind.PARTY]
    if not publishers and not parties:
        return story
    kept = [a for a in story.articles if fold(a.outlet) not in publishers]
    heard = [_without_parties(article, parties) for article in kept]
    if tuple(heard) == story.articles:
        return story
    if not heard or _all_transfers_muted(kept, heard):
        return None
    *_, last = tellings(heard)
    return replace(story, articles=tuple(heard), transfers=last.transfers, reactions=last.reactions)


def sure_enough(story: Story, minimum: float) -> Story | None:
    """`story` with the mentions whose confidence is at least `minimum`; None when it had some and
    none is left."""
    if minimum <= 0:
        return story
    transfers = tuple(t for t in story.transfers if t.transfer.confidence >= minimum)
    reactions = tuple(r for r in story.reactions if r.reaction.confidence >= minimum)
    if (story.transfers or story.reactions) and not (transfers or reactions):
        return None
    return replace(story, transfers=transfers, reactions=reactions)


def _values(mutes: Sequence[Mute], kind: MuteKind) -> Iterator[str]:
    return (fold(mute.value) for mute in mutes if mute.kind is kind)


def _without_parties(article: StoryArticle, parties: frozenset[str]) -> StoryArticle:
    transfers = tuple(
        told
        for told in article.transfers
        if not {fold(p) for p in (told.transfer.supplier, told.transfer.recipient) if p} & parties
    )
    return article if transfers == article.transfers else replace(article, transfers=transfers)


def _all_transfers_muted(before: Sequence[StoryArticle], after: Sequence[StoryArticle]) -> bool:
    return any(a.transfers for a in before) and not any(a.transfers for a in after)
