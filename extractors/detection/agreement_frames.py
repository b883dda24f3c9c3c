"""Transfer frames of verbs by which states agree, ask and look around: nobody has given anything yet (F1, F2)."""

from __future__ import annotations

from domain.mentions import Stage
from extractors.detection.arguments import Objects
from extractors.detection.chains import Chain, subject_before
from extractors.detection.clauses import BE, Clause
from extractors.detection.exporters import exporter_rank
from extractors.detection.frames import Frame, origins, same, states
from extractors.detection.governors import outer_words, verb_reading
from extractors.detection.noun_roles import without
from extractors.detection.parties import Party
from extractors.detection.predicates import Pred
from extractors.detection.stage import StageReading


def deal(
    clause: Clause,
    k: int,
    pred: Pred,
    chain: Chain,
    found: Objects,
    passive: bool,
    previous: list[Party],
) -> Frame | None:
    """ "India struck a deal with France on 26 jets": two states agree, the bigger exporter sends.

    Where one is named, the other is the one whose arms they are: "signed a contract of $1 billion for Russian jets".
    """
    if not found.weapons or not is_deal(pred) or any(w in BE for w in chain.words):
        return None
    subject = states(subject_before(clause, k, chain, previous))
    pool = [*subject, *without(states(found.after("with")), subject)]
    if len(pool) == 1:
        pool += without(states(origins(clause, found.weapons)), subject)[:1]
    if len(pool) != 2:
        return None
    supplier, recipient = sorted(pool, key=exporter_rank)
    stage = verb_reading(pred, chain, outer_words(clause, chain))
    return Frame(clause.sentence, "frame.deal", stage, [supplier], [recipient], found.weapons)


def is_deal(pred: Pred) -> bool:
    """Whether the verb has swallowed its object: "sign a deal for"."""
    return bool({"contract", "deal", "agreement"} & set(pred.entry.lemma.split()))


def request(
    clause: Clause,
    k: int,
    pred: Pred,
    chain: Chain,
    found: Objects,
    passive: bool,
    previous: list[Party],
) -> Frame | None:
    """ "Kyiv asks Berlin for tanks", "Egypt seeks jets from France"."""
    if passive or not found.weapons or found.nouns:
        return None
    recipients = states(subject_before(clause, k, chain, previous))
    suppliers = states(found.after("from", "of") or found.indirect) or [
        p for p in origins(clause, found.weapons) if not same(p, recipients)
    ]
    if not recipients or (any(p.kind == "person" for p in recipients) and not suppliers):
        return None
    stage = verb_reading(pred, chain, [])
    if stage.stage is Stage.DELIVERED or stage.rule == "stage.asserted":
        stage = StageReading(
            stage=pred.entry.stage or Stage.REQUESTED, alleged=stage.alleged, rule="stage.request"
        )
    suppliers = [p for p in suppliers if not same(p, recipients)]
    return Frame(clause.sentence, "frame.request", stage, suppliers, recipients, found.weapons)


def look(
    clause: Clause,
    k: int,
    pred: Pred,
    chain: Chain,
    found: Objects,
    passive: bool,
    previous: list[Party],
) -> Frame | None:
    """ "Vietnam is considering American jets", "Jakarta eyes Turkish drones": the arms of another state, looked at."""
    if passive or not found.weapons or found.nouns:
        return None
    recipients = states(subject_before(clause, k, chain, previous))
    made = [p for p in origins(clause, found.weapons) if not same(p, recipients)]
    suppliers = states(found.after("from")) or made[:1]
    if not recipients or not suppliers or same(suppliers[0], recipients):
        return None
    stage = StageReading(stage=Stage.CONSIDERED, rule="stage.looked-at")
    return Frame(clause.sentence, "frame.consider", stage, suppliers, recipients, found.weapons)
