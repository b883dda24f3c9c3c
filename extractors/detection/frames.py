"""Transfer frames built on verbs: who gives what to whom, who gets what from whom, who arms whom (F1, F2, F4, F6, F8)."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.detection.arguments import Objects
from extractors.detection.clauses import Clause, candidates
from extractors.detection.parties import Party
from extractors.detection.predicates import Pred
from extractors.detection.reading import Sentence
from extractors.detection.stage import StageReading
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set


@dataclass(slots=True)
class Frame:
    """One reading of one predicate: parties by role, the arms, the stage, and the rule that found it."""

    sentence: Sentence
    rule: str
    stage: StageReading
    suppliers: list[Party] = field(default_factory=list)
    recipients: list[Party] = field(default_factory=list)
    weapons: list[Weapon] = field(default_factory=list)
    start: int = 0
    end: int = 0
    weight: float = 1.0
    policy: bool = False
    seizers: list[Party] = field(default_factory=list)
    """Who took the arms on their way: nobody who sent them."""


FILLED = 0.7
"""Weight of a frame one of whose roles is only the nearest party of the sentence."""


def fill_supplier(clause: Clause, k: int, frame: Frame) -> None:
    """Where only the recipient is known, the nearest other party of the sentence that is no mere speaker supplies."""
    if frame.suppliers and not frame.recipients:
        _fill_asker(clause, k, frame)
    if frame.suppliers or not frame.recipients or frame.rule.startswith("frame.get-for"):
        return
    taken = {c for p in frame.recipients for c in p.codes}
    found = [g for g in candidates(clause, k, taken, speakers_too=False) if g[0].kind != "movement"]
    if frame.rule.startswith("frame.get"):
        found = [g for g in found if g[0].case in ("adjective", "possessive")]
    if found:
        frame.suppliers, frame.weight, frame.rule = found[0][:4], FILLED, f"{frame.rule}-filled"


_ASKS = word_set(
    "welcomes welcomed thanks thanked hails urges urged asks asked wants wanted awaits expects"
    " hopes presses seeks"
)


def _fill_asker(clause: Clause, k: int, frame: Frame) -> None:
    """ "Kyiv welcomes the Dutch decision to deliver jets": who asks for arms or welcomes them is to get them."""
    taken = {c for p in frame.suppliers for c in p.codes}
    for i in range(1, k):
        party = clause.party(i - 1)
        if (
            party is not None
            and clause.low(i) in _ASKS
            and party.codes
            and not set(party.codes) & taken
        ):
            frame.recipients, frame.weight, frame.rule = [party], FILLED, f"{frame.rule}-filled"
            return


def origins(clause: Clause, weapons: list[Weapon]) -> list[Party]:
    """The states named by an adjective or possessive right before one of `weapons`: "Russian S-400s", "Iran's drones"."""
    found: list[Party] = []
    starts = {w.start for w in weapons}
    for k, item in enumerate(clause.items):
        if item.start not in starts or item.weapon is None:
            continue
        j = k - 1
        steps = 0
        while (
            j >= 0
            and steps < 6
            and clause.items[j].kind == "word"
            and clause.low(j) not in _ORIGIN_STOPS
        ):
            j -= 1
            steps += 1
        party = clause.party(j)
        if (
            party is not None
            and party.kind in ("state", "institution")
            and party.codes
            and (party.case in ("adjective", "possessive", "compound") or clause.low(j + 1) == "-")
        ):
            found.append(party)
    return found


_ORIGIN_STOPS = word_set(
    "of to from for with by in on and , ; the a that which is are was were has have at over as"
)


def states(parties: list[Party]) -> list[Party]:
    return [p for p in parties if p.codes and p.kind != "outsider"]


def themed_noun(clause: Clause, found: Objects) -> bool:
    """Whether an object is a noun of transfer that is about arms by itself: "provides military aid"."""
    return any(is_themed(pred) for k in found.nouns if (pred := clause.items[k].pred) is not None)


def is_themed(pred: Pred) -> bool:
    """Whether the noun itself says that arms are meant."""
    return pred.entry.lemma.startswith(
        ("arms", "weapons", "military", "defence", "defense", "lethal")
    )


def same(party: Party, others: list[Party]) -> bool:
    return any(set(party.codes) & set(o.codes) for o in others)
