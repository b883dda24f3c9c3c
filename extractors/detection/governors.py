"""The predicate that takes a noun of transfer as its object or passive subject, and the stage it gives it."""

from __future__ import annotations

from domain.mentions import Stage
from extractors.detection.arguments import Objects, objects_after
from extractors.detection.chains import Chain, chain_before, subject_before
from extractors.detection.clauses import BE, Clause
from extractors.detection.noun_roles import Governor
from extractors.detection.parties import Party
from extractors.detection.predicates import Pred
from extractors.detection.wordsets import word_set

EASE = ("lift", "end", "eas", "remov", "drop", "relax", "laps", "expir", "scrap", "loosen")


def governor_of(
    clause: Clause, k: int, start: int, found: Objects, previous: list[Party]
) -> Governor:
    """The predicate left of the noun phrase in the same clause, or the passive one right of it."""
    i = start - 1
    steps = 0
    while i >= 0 and steps < 8:
        item = clause.items[i]
        if item.pred is not None and not item.pred.is_noun:
            chain = chain_before(clause, i)
            subject = subject_before(clause, i, chain, previous)
            return Governor(
                item.pred,
                [*outer_words(clause, chain), *chain.words, item.low],
                subject,
                _governor_stage(item.pred, chain.words),
            )
        if item.pred is not None and item.pred.entry.role == "stop" and _lifted(clause, i):
            chain = chain_before(clause, i)
            subject = subject_before(clause, i, chain, previous)
            named = any(w.systems for w in found.weapons)
            stage = Stage.APPROVED if named else Stage.POLICY
            return Governor(item.pred, ["lifted"], subject, stage)
        if item.pred is not None and item.pred.entry.role in (
            "control",
            "stop",
            "request",
            "negotiate",
            "offer",
        ):
            return Governor(item.pred, [item.low], [], item.pred.entry.stage)
        if item.low in (";", ":", "—", "that", "which", "who") or (
            item.party is not None and item.party.case == "name"
        ):
            break
        if item.cue:
            break
        i -= 1
        steps += 1
    return _passive_governor(clause, k, found)


def _lifted(clause: Clause, i: int) -> bool:
    """ "lifts its ban on the delivery of": a measure that is undone."""
    return any(clause.low(j).startswith(EASE) for j in range(max(0, i - 4), i))


def _passive_governor(clause: Clause, k: int, found: Objects) -> Governor:
    for i in range(k + 1, min(len(clause.items), k + 16)):
        item = clause.items[i]
        if item.low in (";", ":", "—") or (item.low in ("that", "which") and i > k + 1):
            break
        if (
            item.pred is not None
            and item.pred.form == "past"
            and item.pred.entry.role in ("control", "stop", "commit", "lift", "negotiate", "give")
        ):
            chain = chain_before(clause, i)
            if any(w in BE for w in chain.words):
                by = objects_after(clause, i).after("by")
                return Governor(
                    item.pred, [*chain.words, item.low], by, _governor_stage(item.pred, chain.words)
                )
    return Governor(None, [], [], None)


def _governor_stage(pred: Pred, chain: list[str]) -> Stage | None:
    if pred.entry.role in ("get", "give", "arm"):
        return None
    if pred.entry.role == "lift":
        return Stage.POLICY
    if pred.form == "ing" and pred.entry.stage is Stage.SIGNED and pred.entry.role == "commit":
        return Stage.CONSIDERED
    stage = pred.entry.stage
    if stage in (Stage.APPROVED, Stage.SIGNED) and set(chain) & {
        "to",
        "will",
        "set",
        "plans",
        "expected",
    }:
        return Stage.CONSIDERED if stage is Stage.APPROVED else Stage.ANNOUNCED
    return stage


def outer_words(clause: Clause, chain: Chain) -> list[str]:
    """What governs the clause from outside: "urged Berlin to send", "accused Iran of arming", "if Russia delivers"."""
    i = chain.start - 1
    infinite = bool(chain.words) and chain.words[0] in ("to", "of", "from", "for", "not", "against")
    steps = 0
    while i >= 0 and steps < 8:
        item = clause.items[i]
        if item.kind == "word" and item.low in ("if", "unless", "whether", "once", "should"):
            return ["if"]
        if infinite and item.kind == "word" and item.low in _OUTER:
            return [item.low]
        if item.pred is not None:
            return [item.low] if infinite else []
        if item.low in (",", ";", ":", "—", "that") or (item.cue and not infinite):
            return []
        i -= 1
        steps += 1
    return []


_OUTER = word_set(
    "accused accuse accuses accusing urged urges urge asked asks ask wants want pressed presses"
    " tells told allowed allows allow lets barred bars forbids blocked blocks blocking stop"
    " stopped stops prevent prevented prevents called calls demanded demands warned warns"
    " suspected alleges likely pressing pushed pushes call callers"
)
