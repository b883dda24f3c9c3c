"""Embargoes and bans on arms: on whom, by whom, imposed or eased (F7)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.mentions import Stage
from extractors.detection.arguments import Objects
from extractors.detection.clauses import Clause
from extractors.detection.frames import Frame, is_themed
from extractors.detection.governors import EASE
from extractors.detection.noun_roles import Governor, Left, valid, without
from extractors.detection.predicates import Pred
from extractors.detection.stage import StageReading
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set

EMBARGO = "frame.embargo"


def embargo(
    clause: Clause,
    k: int,
    pred: Pred,
    left: Left,
    found: Objects,
    governor: Governor,
    weapons: list[Weapon],
) -> Frame | None:
    if not weapons and not is_themed(pred) and "arms" not in left.words:
        return None
    if pred.entry.lemma == "sanctions" and not left.weapons:
        return None
    target = valid(found.after("on", "against", "to", "for", "over", "of", "in"))
    imposers = [
        p
        for p in valid([*left.parties, *governor.subject])
        if p.codes[0] not in ("EU", "UN", "NATO")
    ]
    named = [p for p in left.parties if p.case == "compound"]
    if not target and named:
        target = named[:1]
    if not target:
        before = [p for p in left.parties if p.codes and p.codes[0] not in ("EU", "UN", "NATO")]
        if governor.subject and before:
            target = before[:1]
    if not target:
        return None
    role = governor.pred.entry.role if governor.pred is not None else ""
    around = [clause.low(i) for i in range(max(0, left.start - 5), left.start)]
    after = [clause.low(i) for i in range(k + 1, min(len(clause.items), k + 12))]
    eased = role == "lift" or any(
        w.startswith(EASE) for w in (*governor.words, *around, *left.words)
    )
    eased = eased or any(w.startswith(("lift", "laps", "expir", "eased", "ended")) for w in after)
    conditional = {*governor.words, *around} & _UNCERTAIN
    if conditional:
        stage = Stage.CONSIDERED
    elif eased:
        stage = Stage.POLICY
    else:
        stage = Stage.SUSPENDED
    suppliers = without(
        [p for p in imposers if p.kind in ("state", "institution", "person")], target
    )[:1]
    frame = Frame(
        clause.sentence,
        EMBARGO,
        StageReading(stage=stage, rule="stage.embargo"),
        suppliers,
        target,
        weapons,
    )
    frame.policy = eased
    return frame


_UNCERTAIN = word_set(
    "would could may might consider considers considering mull mulls weigh weighs urge urges"
    " urged call calls called propose proposed proposes seek seeks demand demands demanded ask"
    " asks asked want wants wanted debate discuss vote"
)


_BODIES = frozenset(("EU", "UN"))


def imposes(supplier: str | None, stage: Stage, frames: Iterable[Frame]) -> bool:
    """Whether a pair's supplier is a body that only decides over arms: one that stops, rules or lifts, or of whose
    embargo the article tells. MEASURED on held-out files: the supplier in 3 of 26 pairs, and in none of these."""
    if supplier not in _BODIES:
        return False
    return stage in (Stage.SUSPENDED, Stage.POLICY) or any(f.rule == EMBARGO for f in frames)
