"""Transfer frames of who is called a supplier: "Moscow is India's largest arms supplier", "Russia, a supplier of arms to
Syria".
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.mentions import Stage
from extractors.detection.arguments import Objects, objects_after
from extractors.detection.clauses import AUXILIARIES, Clause, group
from extractors.detection.frames import Frame, same, states
from extractors.detection.noun_roles import without
from extractors.detection.parties import Party
from extractors.detection.stage import StageReading
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set

_AGENTS = word_set("supplier suppliers provider providers seller sellers armourer armorer")
_COPULAS = AUXILIARIES | word_set(
    "remain remains remained become becomes became as which who that once long traditionally"
)
_LONGEST = 7
"""Items that a noun phrase may have left of its noun. JUDGEMENT."""


def supplier_frames(clause: Clause) -> Iterator[Frame]:
    """A frame for every noun that calls somebody the supplier of another's arms."""
    for k, item in enumerate(clause.items):
        if item.party is not None or item.low not in _AGENTS:
            continue
        found = objects_after(clause, k)
        weapons = _weapons(clause, k, found)
        start, owners = _phrase(clause, k)
        recipients = states(owners or found.after("to", "for") or found.after("of"))
        if not weapons or not recipients:
            continue
        named = _before(clause, start) or _behind(clause, k)
        suppliers = without(states(named), recipients)
        if suppliers and not same(suppliers[0], recipients):
            yield Frame(
                clause.sentence,
                "frame.supplier",
                StageReading(stage=Stage.DELIVERED, rule="stage.flow"),
                suppliers,
                recipients,
                weapons,
                start=item.start,
                end=item.end,
            )


def _weapons(clause: Clause, k: int, found: Objects) -> list[Weapon]:
    """The arms supplied: "arms supplier", "supplier of arms"."""
    left = [clause.items[i].weapon for i in range(max(0, k - 2), k)]
    return [w for w in left if w is not None] or found.weapons


def _phrase(clause: Clause, k: int) -> tuple[int, list[Party]]:
    """Where the noun phrase of the noun at `k` begins, and whose supplier it speaks of."""
    for i in range(k - 1, max(-1, k - 1 - _LONGEST), -1):
        party = clause.party(i)
        if party is not None:
            return (i, group(clause, i)) if party.case == "possessive" else (i + 1, [])
        if clause.low(i) in ("'s", "'") and clause.party(i - 1) is not None:
            continue
        if clause.low(i) in ("a", "an", "the", "its", "their"):
            return i, []
        if clause.low(i) == "," or clause.low(i) in _COPULAS:
            return i + 1, []
    return k, []


def _before(clause: Clause, start: int) -> list[Party]:
    """The subject that is said to be the supplier, or the party before the comma of an apposition."""
    i = start - 1
    if i < 0 or not (clause.low(i) == "," or clause.low(i) in _COPULAS):
        return []
    while clause.party(i) is None and (clause.low(i) in _COPULAS or clause.low(i) in (",", "the")):
        i -= 1
    party = clause.party(i)
    if party is None or party.case != "name" or party.kind == "place":
        return []
    return group(clause, i)


def _behind(clause: Clause, k: int) -> list[Party]:
    """The party named behind the noun: "Syria's arms supplier, Russia", "arms supplier Russia"."""
    i = k + 2 if clause.low(k + 1) == "," else k + 1
    party = clause.party(i)
    return group(clause, i) if party is not None and party.case == "name" else []
