"""A story in a line: the subject of mails, the first line of messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alerts.certainty import takes_side
from alerts.story_changes import lead_transfer
from alerts.untrusted import one_line
from alerts.wording import summary
from domain.alerting import Story, ToldReaction
from domain.countries import country_name
from domain.mentions import Stance, Transfer

TITLE_LENGTH = 140
_TITLE_WORDS = {Stance.OPPOSE: ("objects", "object"), Stance.SUPPORT: ("supports", "support")}
"""What one country does, and what several do."""
_NO_SURE_SIDE = ("reacts", "react")


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
    """ "Russia, China object", who supports, whose officials do both, whose side is not sure; who takes none is left out."""
    named: dict[Stance, dict[str, None]] = {Stance.OPPOSE: {}, Stance.SUPPORT: {}}
    unsure: dict[str, None] = {}
    for reaction in (told.reaction for told in reactions):
        if reaction.stance in named:
            country = reaction.country
            name = country_name(country) if country else reaction.speaker
            (named[reaction.stance] if takes_side(reaction) else unsure)[name] = None
    divided = [name for name in named[Stance.OPPOSE] if name in named[Stance.SUPPORT]]
    for stance, names in named.items():
        united = [name for name in names if name not in divided]
        yield from _listed(united, *_TITLE_WORDS[stance])
    yield from _listed(divided, "divided", "divided")
    sure = {name for names in named.values() for name in names}
    yield from _listed([name for name in unsure if name not in sure], *_NO_SURE_SIDE)


def _listed(names: Sequence[str], of_one: str, of_many: str) -> Iterable[str]:
    if len(names) == 1:
        yield f"{names[0]} {of_one}"
    elif names:
        more = f" and {len(names) - 2} more" if len(names) > 2 else ""
        yield f"{', '.join(names[:2])}{more} {of_many}"
