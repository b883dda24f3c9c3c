"""What the heads are asked of a page: which of its mentions belong together, and how the mentions of a pair lie to
each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.detection.encoder.tokens import Marked, Tokens

MOST_PARTIES, MOST_SPEAKERS, MOST_MENTIONS = 9, 24, 10
NO_SUPPLIER, NO_RECIPIENT, PLACES = 12, 13, 14
"""How two mentions may lie: three distances, two orders, one in the title or none; and one of them missing."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Names of parties, speakers and weapons with the marks (positions in `Tokens.marked`) that name them."""

    tokens: Tokens
    parties: dict[str, tuple[int, ...]]
    speakers: dict[str, tuple[int, ...]]
    weapons: dict[int, int]


def questions_of(tokens: Tokens) -> Questions:
    """The parties named most (the title's three times as much), the speakers and the weapons of a page."""
    parties: dict[str, list[int]] = {}
    speakers: dict[str, list[int]] = {}
    weapons: dict[int, int] = {}
    weight: Counter[str] = Counter()
    for i, one in enumerate(tokens.marked):
        mention = one.mention
        if mention.party is not None:
            parties.setdefault(mention.party, []).append(i)
            weight[mention.party] += 3 if one.is_title else 1
        if mention.speaker is not None:
            speakers.setdefault(mention.speaker, []).append(i)
        if mention.weapon is not None:
            weapons[mention.weapon] = i
    kept = [name for name, _ in weight.most_common(MOST_PARTIES)]
    return Questions(
        tokens,
        {name: tuple(parties[name][:MOST_MENTIONS]) for name in kept},
        {n: tuple(at[:MOST_MENTIONS]) for n, at in list(speakers.items())[:MOST_SPEAKERS]},
        weapons,
    )


def lie(marked: Sequence[Marked], at: Sequence[int]) -> list[list[int]]:
    """For each of the mentions `at` as supplier and as recipient, how they lie; a last row and column for nobody."""
    rows = [[*(_place(marked[i], marked[j]) for j in at), NO_RECIPIENT] for i in at]
    return [*rows, [NO_SUPPLIER] * (len(at) + 1)]


def _place(supplier: Marked, recipient: Marked) -> int:
    apart = abs(supplier.sentence - recipient.sentence)
    distance = 0 if apart == 0 else 1 if apart == 1 else 2
    order = 0 if supplier.place < recipient.place else 1
    titled = supplier.is_title or recipient.is_title
    return 6 * titled + 2 * distance + order
