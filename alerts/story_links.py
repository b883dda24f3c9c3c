"""Why an article and a story tell the same development.

Decided by mentions first: two outlets' titles of one development share 12 to 50 % of their words, no
more than titles of two developments may. What an article is about is its first transfer, its lead
(one too unsure to be told, where none is sure). An article and one of a story's are linked by

- SYSTEM: a transfer of the same two parties with a shared system of a known designation, the lead of
  each being told by the other, within the window (else a survey of a war's suppliers would draw every
  report about any of them into one story); three days only where both leave the same party out;
- TEXT: three tenths of the shorter text in the longer one, leads whose parties do not contradict,
  within three days: a rewrite that keeps the quotes, and has another name for a movement;
- PAIR: leads of the same two parties within three days, unless the story knows systems by
  designation and the article names others ("ammunition" beside "small arms" is one aid package,
  Patriot beside NASAMS two);
- VAGUE: the same, where one names a movement in the vague ("rebels") and its title says where ("Syria");
- VOICE: leads that may be one, where either leaves a party out, and one person who reacts in both, within three days;
- REACTION: the leads of PAIR later than that, within the window, where the later article brings official
  reactions;
- POLICY: the same supplier's export policy, within seven days.

Every link is between two articles, whichever came first, and asks only what they say and when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import IntEnum

from alerts.party_names import is_state, same_parties, same_party, vaguely_same
from alerts.speakers import is_institution, same_speaker
from alerts.story_merging import may_be_pair, same_pair
from alerts.story_telling import told_at
from alerts.system_names import same_system, share_system
from domain.alerting import Story, StoryArticle
from domain.mentions import Stage, System, Transfer

SAME_PAIR_WITHIN = timedelta(days=3)
SAME_POLICY_WITHIN = timedelta(days=7)


RETOLD = 0.3
"""Of 13,695 pairs among 166 real articles about arms, 9 shared so much: two rewrites of one report
each, and pages of one candidate's positions."""


class Link(IntEnum):
    """The higher, the surer."""

    POLICY = 1
    REACTION = 2
    VOICE = 3
    VAGUE = 4
    PAIR = 5
    TEXT = 6
    SYSTEM = 7


def link(
    article: StoryArticle, story: Story, alike: Mapping[str, float], window: timedelta
) -> tuple[Link, timedelta] | None:
    """The surest link between an article and any of the story's, and how far apart those two
    appeared; of equally sure ones the nearest. `alike` is how much of their texts the article shares
    with others, by URL."""
    ours = _leads(article)
    if not ours:
        return None
    found: list[tuple[Link, timedelta]] = []
    for other in story.articles:
        theirs, apart = _leads(other), abs(told_at(article) - told_at(other))
        if not theirs or apart > window:
            continue
        later = max(article, other, key=lambda one: (told_at(one), one.url))
        kind = _between(ours, theirs, apart, reacting=bool(later.reactions))
        if kind is None and apart <= SAME_PAIR_WITHIN:
            kind = _in_doubt(article, other)
        if kind in (Link.PAIR, Link.REACTION, Link.VAGUE, Link.VOICE) and _contradicts(
            ours[0], story
        ):
            kind = None
        if kind is not Link.SYSTEM and apart <= SAME_PAIR_WITHIN:
            retold = alike.get(other.url, 0.0) >= RETOLD and _may_be_one(ours[0], theirs[0])
            kind = Link.TEXT if retold else kind
        if kind is not None:
            found.append((kind, apart))
    return max(found, key=lambda one: (one[0], -one[1]), default=None)


def _leads(article: StoryArticle) -> list[Transfer]:
    return [told.transfer for told in article.transfers] or list(article.unsure)


def _between(
    ours: Sequence[Transfer], theirs: Sequence[Transfer], apart: timedelta, *, reacting: bool
) -> Link | None:
    if _tells(theirs, ours[0], apart) and _tells(ours, theirs[0], apart):
        return Link.SYSTEM
    if not _same_parties(ours[0], theirs[0]):
        return None
    if ours[0].stage is Stage.POLICY:
        return Link.POLICY if apart <= SAME_POLICY_WITHIN else None
    if _is_whole(ours[0]):
        if apart <= SAME_PAIR_WITHIN:
            return Link.PAIR
        vague = not (ours[0].systems and theirs[0].systems)
        return Link.REACTION if vague and reacting else None
    shared = share_system(ours[0].systems, theirs[0].systems)
    return Link.PAIR if shared and apart <= SAME_PAIR_WITHIN else None


def _tells(transfers: Sequence[Transfer], lead: Transfer, apart: timedelta) -> bool:
    """Whether one of `transfers` is what `lead` tells, by parties and systems. A rule that names both
    parties and the system is about the deal."""
    same = same_parties if _is_whole(lead) else _same_parties
    return (_is_whole(lead) or apart <= SAME_PAIR_WITHIN) and any(
        same(lead, other) and _share_designated(lead.systems, other.systems) for other in transfers
    )


def _same_parties(a: Transfer, b: Transfer) -> bool:
    return same_pair(a, b) and (a.supplier, a.recipient) != (None, None)


def _may_be_one(a: Transfer, b: Transfer) -> bool:
    """Whether one party is the same on both sides, and the other is not two different states."""
    parties = ((a.supplier, b.supplier), (a.recipient, b.recipient))
    return any(x is not None and same_party(x, y) for x, y in parties) and not any(
        is_state(x) and is_state(y) and x != y for x, y in parties
    )


def _in_doubt(one: StoryArticle, other: StoryArticle) -> Link | None:
    """How articles are linked that do not name the same parties."""
    if _vaguely_one(one, other):
        return Link.VAGUE
    a, b = _leads(one)[0], _leads(other)[0]
    halved = _is_whole(a) is not _is_whole(b)
    if halved and may_be_pair(a, b) and _may_be_one(a, b) and _one_person_in(one, other):
        return Link.VOICE
    return None


def _one_person_in(one: StoryArticle, other: StoryArticle) -> bool:
    """Whether the same person, no institution, reacts in both articles."""
    ours, theirs = (
        [told.reaction for told in article.reactions if not is_institution(told.reaction)]
        for article in (one, other)
    )
    return any(same_speaker(a, b) for a in ours for b in theirs)


def _vaguely_one(one: StoryArticle, other: StoryArticle) -> bool:
    """Whether two articles' leads have one party in common, and the other too, though one names it in the vague."""
    a, b = _leads(one)[0], _leads(other)[0]
    if not may_be_pair(a, b):
        return False
    sides = ((a.supplier, b.supplier), (a.recipient, b.recipient))
    return any(
        x is not None and same_party(x, y) and vaguely_same(v, w, one.title, other.title)
        for (x, y), (v, w) in (sides, sides[::-1])
    )


def _is_whole(transfer: Transfer) -> bool:
    return transfer.supplier is not None and transfer.recipient is not None


def _contradicts(lead: Transfer, story: Story) -> bool:
    """Whether the article and the story name systems of the same parties by designation, and share
    none."""
    known = [
        system
        for told in story.transfers
        if _same_parties(told.transfer, lead)
        for system in told.transfer.systems
    ]
    both_name = any(s.designation for s in lead.systems) and any(s.designation for s in known)
    return both_name and not _share_designated(lead.systems, known)


def _share_designated(a: Sequence[System], b: Sequence[System]) -> bool:
    """Whether a system that is more than a kind of weapon stands in both lists."""
    return any(
        same_system(one, other) for one in a for other in b if one.designation or other.designation
    )
