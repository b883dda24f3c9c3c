"""Why an article and a story tell the same development.

Decided by mentions and not by words: two outlets' titles of one development share 12 to 50 % of
their words, no more than titles of two developments may. What an article is about is its first
transfer, its lead. An article and one of a story's are linked by

- SYSTEM: a transfer of the same two parties with a shared system, the lead of each being told by
  the other, within the window (else a survey of a war's suppliers would draw every report about any
  of them into one story); three days only where both leave the same party out;
- PAIR: leads of the same two parties where one side names no system, within three days, and
  nothing the story knows of that pair contradicts;
- REACTION: the same later than that, within the window, where the later article brings official
  reactions;
- POLICY: the same supplier's export policy, within seven days.

Every link is between two articles, whichever came first, and asks only what they say and when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import IntEnum

from alerts.story_merging import pair_of
from alerts.story_telling import told_at
from alerts.system_names import share_system
from domain.alerting import Story, StoryArticle
from domain.mentions import Stage, Transfer

SAME_PAIR_WITHIN = timedelta(days=3)
SAME_POLICY_WITHIN = timedelta(days=7)


class Link(IntEnum):
    """The higher, the surer."""

    POLICY = 1
    REACTION = 2
    PAIR = 3
    SYSTEM = 4


def link(article: StoryArticle, story: Story, window: timedelta) -> tuple[Link, timedelta] | None:
    """The surest link between an article and any of the story's, and how far apart those two
    appeared; of equally sure ones the nearest."""
    if not article.transfers:
        return None
    lead = article.transfers[0].transfer
    if not any(_same_parties(lead, told.transfer) for told in story.transfers):
        return None
    found: list[tuple[Link, timedelta]] = []
    for other in story.articles:
        kind = _between(article, other, window)
        if kind in (Link.PAIR, Link.REACTION) and _contradicts(lead, story):
            kind = None
        if kind is not None:
            found.append((kind, _apart(article, other)))
    return max(found, key=lambda one: (one[0], -one[1]), default=None)


def _between(a: StoryArticle, b: StoryArticle, window: timedelta) -> Link | None:
    apart = _apart(a, b)
    if not (a.transfers and b.transfers) or apart > window:
        return None
    ours = [told.transfer for told in a.transfers]
    theirs = [told.transfer for told in b.transfers]
    if _tells(theirs, ours[0], apart) and _tells(ours, theirs[0], apart):
        return Link.SYSTEM
    if not _same_parties(ours[0], theirs[0]):
        return None
    if ours[0].stage is theirs[0].stage is Stage.POLICY:
        return Link.POLICY if apart <= SAME_POLICY_WITHIN else None
    if not _is_whole(ours[0]) or (ours[0].systems and theirs[0].systems):
        return None
    if apart <= SAME_PAIR_WITHIN:
        return Link.PAIR
    later = max(a, b, key=lambda one: (told_at(one), one.url))
    return Link.REACTION if later.reactions else None


def _tells(transfers: Sequence[Transfer], lead: Transfer, apart: timedelta) -> bool:
    """Whether one of `transfers` is what `lead` tells, by parties and systems."""
    return (_is_whole(lead) or apart <= SAME_PAIR_WITHIN) and any(
        _same_parties(lead, other) and share_system(lead.systems, other.systems)
        for other in transfers
    )


def _same_parties(a: Transfer, b: Transfer) -> bool:
    return pair_of(a) == pair_of(b) and (a.supplier, a.recipient) != (None, None)


def _is_whole(transfer: Transfer) -> bool:
    return transfer.supplier is not None and transfer.recipient is not None


def _contradicts(lead: Transfer, story: Story) -> bool:
    """Whether the story knows systems of the same parties, and none of them is the article's."""
    known = [
        system
        for told in story.transfers
        if _same_parties(told.transfer, lead)
        for system in told.transfer.systems
    ]
    return bool(lead.systems and known) and not share_system(lead.systems, known)


def _apart(a: StoryArticle, b: StoryArticle) -> timedelta:
    return abs(told_at(a) - told_at(b))
