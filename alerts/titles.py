"""A story in a line: the subject of mails, the first line of messages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from alerts.certainty import takes_side
from alerts.story_changes import lead_transfer
from alerts.untrusted import one_line
from alerts.wording import summary
from domain.alerting import Story, ToldReaction
from domain.countries import country_name
from domain.mentions import Reaction, Stance, Transfer

TITLE_LENGTH = 140
_TITLE_WORDS = {Stance.OPPOSE: ("objects", "object"), Stance.SUPPORT: ("supports", "support")}
"""What one country does, and what several do."""
_NO_SURE_SIDE = ("reacts", "react")
_ASSEMBLY = re.compile(
    r"\b(?:parliament\w*|congress|senate|house of (?:representatives|commons|lords)|(?:lower|upper) house|bundestag"
    r"|duma|knesset|diet|(?:national|legislative) assembly|legislature)\b",
    re.IGNORECASE,
)
"""Affiliations of those who speak for themselves or a party, not for their state."""


def title_of(story: Story) -> str:
    """ "Japan → United States: Patriot, delivered; Russia objects"; the headline where no transfer
    is known."""
    lead = lead_transfer(story)
    if lead is None:
        return one_line(story.headline, TITLE_LENGTH)
    systems = lead.systems[:3]
    short = Transfer(
        supplier=lead.supplier,
        recipient=lead.recipient,
        systems=systems,
        stage=lead.stage,
        alleged=lead.alleged,
    )
    more = len(story.transfers) - 1
    parts = [summary(short) + (f" (+{more} more)" if more else ""), *_stances(story.reactions)]
    return one_line("; ".join(parts), TITLE_LENGTH)


def _stances(reactions: Sequence[ToldReaction]) -> Iterable[str]:
    """ "Russia, China object", who supports, whose officials do both, whose side is not sure; who takes none is left out.
    Lawmakers stand behind governments, and unmentioned where theirs takes the same side.
    """
    said = [r for r in (told.reaction for told in reactions) if r.stance in _TITLE_WORDS]
    named: dict[Stance, dict[str, None]] = {Stance.OPPOSE: {}, Stance.SUPPORT: {}}
    unsure: dict[str, None] = {}
    voices = zip(said, _voices(said), strict=True)
    for reaction, name in sorted(voices, key=lambda voice: _is_lawmaker(voice[0])):
        names = named[reaction.stance] if takes_side(reaction) else unsure
        if not (reaction.country and country_name(reaction.country) in names):
            names[name] = None
    divided = [name for name in named[Stance.OPPOSE] if name in named[Stance.SUPPORT]]
    for stance, names in named.items():
        united = [name for name in names if name not in divided]
        yield from _listed(united, *_TITLE_WORDS[stance])
    yield from _listed(divided, "divided", "divided")
    sure = {name for names in named.values() for name in names}
    yield from _listed([name for name in unsure if name not in sure], *_NO_SURE_SIDE)


def _voices(reactions: Sequence[Reaction]) -> Iterable[str]:
    """For whom each speaks: for a country, or for lawmakers in it, who do not bind it; for nobody else where no country
    is known.
    """
    assembled = Counter(r.country for r in reactions if _is_lawmaker(r))
    for reaction in reactions:
        if not reaction.country:
            yield reaction.speaker
        elif _is_lawmaker(reaction):
            many = assembled[reaction.country] > 1
            yield f"{country_name(reaction.country)} lawmaker{'s' if many else ''}"
        else:
            yield country_name(reaction.country)


def _is_lawmaker(reaction: Reaction) -> bool:
    return bool(_ASSEMBLY.search(reaction.affiliation or ""))


def _listed(names: Sequence[str], of_one: str, of_many: str) -> Iterable[str]:
    if len(names) == 1:
        several = names[0].endswith(" lawmakers")
        yield f"{names[0]} {of_many if several else of_one}"
    elif names:
        more = f" and {len(names) - 2} more" if len(names) > 2 else ""
        yield f"{', '.join(names[:2])}{more} {of_many}"
