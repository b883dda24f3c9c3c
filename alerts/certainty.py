"""How sure a mention must be to be told, and how sure it is in words."""

from __future__ import annotations

from dataclasses import dataclass

from domain.mentions import Mention, Reaction, Route, Stance

SURE = 0.9
_WORDS = ((SURE, "almost certain"), (0.8, "very likely"), (0.7, "likely"), (0.0, "uncertain"))
"""Confidence is calibrated (docs/detection.md): of mentions at 0.9 about nine in ten are right."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """The confidence from which a mention is told: `agreed` where both routes found it, `alone`
    where one did. What stays below is stored and can be searched, and changes no story."""

    agreed: float
    alone: float

    @property
    def heard(self) -> float:
        """The confidence from which an article's likeliest transfer is told, although the encoder alone found it, when
        nothing surer is known in it and officials surely react. MEASURED on held-out articles: of such, .70 are right,
        as of those that one route alone found and that pass `alone`."""
        return max(0.0, self.agreed - 0.1)

    def passes(self, mention: Mention) -> bool:
        """Whether `mention` is sure enough."""
        needed = self.agreed if mention.route is Route.BOTH else max(self.agreed, self.alone)
        return mention.confidence >= needed


SURE_SIDE = 0.6
"""How sure, in all, a side must be to be told without a doubt. MEASURED on held-out articles: a third as many have a wrong
side in their title."""


def takes_side(reaction: Reaction) -> bool:
    """Whether the speaker surely opposes or supports."""
    sure = reaction.confidence * reaction.stance_confidence >= SURE_SIDE
    return sure and reaction.stance is not Stance.NEUTRAL


def certainty(confidence: float) -> str:
    """ "almost certain, 0.94"; a person's word, 1.0, is "confirmed by a reviewer"."""
    if confidence >= 1.0:
        return "confirmed by a reviewer"
    words = next(words for least, words in _WORDS if confidence >= least)
    # 0.996 is not shown as 1.
    return f"{words}, {min(confidence, 0.99):.2f}"
