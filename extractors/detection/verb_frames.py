"""Transfer frames built on verbs: who gives what to whom, who gets what from whom, who arms whom (F1, F2, F4, F6, F8)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.mentions import Stage
from extractors.detection.agreement_frames import deal, is_deal, look, request
from extractors.detection.arguments import Objects, objects_after
from extractors.detection.chains import (
    Chain,
    chain_before,
    is_passive,
    partner_of,
    subject_before,
)
from extractors.detection.clauses import Clause
from extractors.detection.exporters import exporter_rank
from extractors.detection.frames import Frame, fill_supplier, origins, same, states, themed_noun
from extractors.detection.governors import EASE, outer_words, passive_governor, verb_reading
from extractors.detection.noun_roles import DEAL_NOUNS, ORDERS, without
from extractors.detection.parties import Party
from extractors.detection.predicates import Pred
from extractors.detection.stage import StageReading, noun_stage
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set


def verbal_frames(clause: Clause, previous: list[Party]) -> Iterator[Frame]:
    """The frames of every transfer verb of a sentence. `previous`: the subject of the sentence before, for pronouns."""
    for k, item in enumerate(clause.items):
        if item.pred is None or item.pred.is_noun:
            continue
        role = item.pred.entry.role
        if role not in _BUILDERS:
            continue
        chain = chain_before(clause, k)
        found = objects_after(clause, k)
        passive = is_passive(clause, k, chain)
        builder = _BUILDERS[role]
        frame = builder(clause, k, item.pred, chain, found, passive, previous)
        if frame is not None:
            frame.start, frame.end = item.start, item.end
            frame.stage = _fate(clause, k, chain, found, frame.stage)
            if frame.rule != "frame.embargo":
                fill_supplier(clause, k, frame)
            yield frame


def _fate(clause: Clause, k: int, chain: Chain, found: Objects, told: StageReading) -> StageReading:
    """What became of a plan: "a decision to send tanks was blocked by the senate"."""
    before = {clause.low(chain.start - 1), *chain.words}
    if chain.words[-1:] != ["to"] or not before & _PLANS:
        return told
    governor = passive_governor(clause, k, found)
    if governor.stage not in (Stage.REJECTED, Stage.SUSPENDED, Stage.APPROVED):
        return told
    return noun_stage(told.stage, [], governor.stage, governor.words)


_PLANS = word_set(
    "plan plans decision proposal bill bid move offer deal agreement contract order request resolution"
)


def _weapons_before(clause: Clause, k: int) -> list[Weapon]:
    """Weapons left of a passive verb: the nearest noun phrase and those listed with it."""
    found: list[Weapon] = []
    i = k - 1
    gap = 0
    while i >= 0 and gap < 10:
        item = clause.items[i]
        if item.weapon is not None:
            found.append(item.weapon)
            gap = 0
        elif item.low in (";", ":", "—") or (found and item.pred is not None):
            break
        elif found and item.low not in (",", "and", "of", "-", "the", "a") and item.kind == "word":
            gap += 3
        else:
            gap += 1
        i -= 1
    return found[::-1]


def _give(
    clause: Clause,
    k: int,
    pred: Pred,
    chain: Chain,
    found: Objects,
    passive: bool,
    previous: list[Party],
) -> Frame | None:
    if passive:
        weapons = _weapons_before(clause, chain.start if chain.words else k)
        suppliers = states(found.after("by") or found.after("from"))
        recipients = states(found.after("bound") or found.after("to", "into") or found.after("for"))
        subject = subject_before(clause, k, chain, previous) if not weapons or found.weapons else []
        if found.weapons and subject and not recipients:
            weapons, recipients = found.weapons, states(subject)
        rule = "frame.give-passive"
    elif _takes(clause, found, "request"):
        return None
    else:
        weapons = found.weapons
        suppliers = states(subject_before(clause, k, chain, previous))
        recipients = states(
            found.after("bound")
            or found.after("to", "into")
            or found.indirect
            or found.after("for", "with")
        )
        rule = "frame.give-active"
        if not weapons:
            weapons = _relative_weapons(clause, chain)
            rule = "frame.give-relative"
        if not suppliers and found.after("from"):
            suppliers = states(found.after("from"))
        partner = states(partner_of(clause, chain))
        if partner and not recipients and len(suppliers) == 1:
            pool = sorted([*suppliers, *partner], key=exporter_rank)
            suppliers, recipients, rule = pool[:1], pool[1:], "frame.give-deal"
    if not weapons and not themed_noun(clause, found):
        return None
    made = [p for p in origins(clause, weapons) if p.codes]
    if not suppliers and made and pred.entry.role == "give":
        suppliers = made[:1]
    suppliers = [p for p in suppliers if not same(p, recipients)]
    words = outer_words(clause, chain)
    return Frame(
        clause.sentence,
        rule,
        verb_reading(pred, chain, words),
        suppliers,
        recipients,
        weapons,
    )


def _takes(clause: Clause, found: Objects, *roles: str) -> bool:
    """Whether the object is a noun of one of `roles`: "sent a request for rifles" sends no rifles."""
    first = clause.items[found.nouns[0]].pred if found.nouns else None
    return first is not None and first.entry.role in roles


def _relative_weapons(clause: Clause, chain: Chain) -> list[Weapon]:
    """ "weapons (that) Russia sold to Iran", "arms which the US has delivered": the antecedent."""
    i = chain.start - 1
    while i >= 0 and (
        clause.items[i].kind == "party" or clause.low(i) in ("the", ",", "and", "it", "they", "he")
    ):
        i -= 1
    if i >= 0 and clause.low(i) in ("that", "which"):
        i -= 1
    if i >= 0 and clause.low(i) == ",":
        i -= 1
    item = clause.items[i] if i >= 0 else None
    return [item.weapon] if item is not None and item.weapon is not None else []


def _ban_on(clause: Clause, k: int) -> StageReading | None:
    """The stage that "a ban on arming" has: in force, or lifted."""
    before = clause.items[k - 1].pred if k else None
    lifts = before is not None and before.entry.role == "lift"
    if not lifts and (clause.low(k - 1) != "on" or clause.low(k - 2) not in _BANS):
        return None
    undone = lifts or any(clause.low(i).startswith(EASE) for i in range(k - 2))
    return StageReading(stage=_LIFTED if undone else Stage.SUSPENDED, rule="stage.policy-noun")


_LIFTED = Stage.POLICY
_BANS = word_set("ban bans embargo moratorium prohibition restrictions restriction curbs")


def _arm(
    clause: Clause,
    k: int,
    pred: Pred,
    chain: Chain,
    found: Objects,
    passive: bool,
    previous: list[Party],
) -> Frame | None:
    if passive or (pred.form == "past" and found.after("by") and not found.indirect):
        subject = subject_before(clause, k, chain, previous)
        recipients, suppliers = states(subject), states(found.after("by"))
        if not suppliers:
            return None
    else:
        suppliers = states(subject_before(clause, k, chain, previous))
        recipients = states(found.indirect)
        if not recipients:
            return None
        ban = _ban_on(clause, k)
        if ban is not None:
            return Frame(
                clause.sentence, "frame.embargo", ban, [], recipients, policy=ban.stage is _LIFTED
            )
    suppliers = [p for p in suppliers if not same(p, recipients)]
    words = outer_words(clause, chain)
    stage = verb_reading(pred, chain, words)
    return Frame(clause.sentence, "frame.arm", stage, suppliers, recipients, found.weapons)


def _get(
    clause: Clause,
    k: int,
    pred: Pred,
    chain: Chain,
    found: Objects,
    passive: bool,
    previous: list[Party],
) -> Frame | None:
    if passive:
        weapons = _weapons_before(clause, chain.start if chain.words else k)
        recipients, suppliers = states(found.after("by")), states(found.after("from"))
        rule = "frame.get-passive"
        if not recipients and not suppliers:
            return None
    else:
        weapons = found.weapons or _relative_weapons(clause, chain)
        recipients = states(subject_before(clause, k, chain, previous))
        suppliers = states(found.after("from"))
        if pred.entry.lemma == "thank":
            suppliers = states(found.indirect)
        rule = "frame.get-active"
        others = [
            p for p in states(found.after("for")) if p.kind in ("state", "movement", "institution")
        ]
        if others and not same(others[0], recipients) and pred.entry.lemma != "thank":
            recipients = others
            rule = "frame.get-for"
    if not weapons and not themed_noun(clause, found):
        return None
    if _takes(clause, found, "control", "negotiate", "stop", "request", "get"):
        return None
    if found.nouns and clause.low(found.nouns[0]) in DEAL_NOUNS | ORDERS:
        return None  # "lands a jet deal", "wins an order": the noun tells who sends
    if not suppliers:
        suppliers = [p for p in origins(clause, weapons) if not same(p, recipients)][:1]
        if suppliers:
            rule += "-origin"
    if not passive and not suppliers:
        suppliers = states(partner_of(clause, chain))
    if not suppliers and len(recipients) == 1 and is_deal(pred):
        partner = found.indirect if pred.entry.lemma.endswith(" with") else found.after("with")
        recipients = [*recipients, *without(states(partner), recipients)]
    if not suppliers and len(recipients) == 2 and is_deal(pred):
        recipients.sort(key=exporter_rank)
        suppliers, recipients, rule = recipients[:1], recipients[1:], "frame.get-deal"
    suppliers = [p for p in suppliers if not same(p, recipients)]
    words = outer_words(clause, chain)
    return Frame(
        clause.sentence,
        rule,
        verb_reading(pred, chain, words),
        suppliers,
        recipients,
        weapons,
    )


_BUILDERS = {
    "give": _give,
    "offer": _give,
    "get": _get,
    "arm": _arm,
    "request": request,
    "negotiate": look,
    "commit": deal,
}
