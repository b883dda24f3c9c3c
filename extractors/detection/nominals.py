"""Transfer frames built on nouns: "the sale of F-16s to Bahrain", "Russian arms for Syria" (F3, F5, F7)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.mentions import Stage
from extractors.detection.arguments import Objects, objects_after
from extractors.detection.clauses import Clause, candidates
from extractors.detection.embargoes import embargo
from extractors.detection.exporters import EXPORTERS, exporter_rank
from extractors.detection.frames import FILLED, Frame, fill_supplier, is_themed
from extractors.detection.governors import governor_of
from extractors.detection.noun_left import left_of
from extractors.detection.noun_roles import (
    ARMING,
    DEAL_NOUNS,
    Governor,
    Left,
    roles,
    valid,
    withholds,
    without,
)
from extractors.detection.parties import Party
from extractors.detection.predicates import Pred
from extractors.detection.stage import StageReading, noun_stage
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set

_SHIPMENT_NOUNS = word_set(
    "shipment shipments cargo consignment delivery deliveries shipload planeload convoy haul cache"
)


_ARMS_WORDS = frozenset(
    ["military", "arm", "arms", "weapons", "defence", "defense", "lethal", "security-assistance"]
)


def nominal_frames(clause: Clause, previous: list[Party]) -> Iterator[Frame]:
    """The frames of every transfer noun of a sentence, and of weapon phrases with a recipient or a stopping verb."""
    consumed: set[int] = set()
    for k, item in enumerate(clause.items):
        pred = item.pred
        if pred is None or not pred.is_noun:
            continue
        role = pred.entry.role
        if role not in (
            "give",
            "get",
            "embargo",
            "offer",
            "negotiate",
            "request",
            "stop",
            "lift",
            "control",
        ):
            continue
        left, found = left_of(clause, k), objects_after(clause, k)
        themed = is_themed(pred) or bool(set(left.words[-2:]) & _ARMS_WORDS) or item.low in ARMING
        if (
            role in ("negotiate", "request", "stop", "offer", "lift", "control")
            and not found.weapons
            and not left.weapons
        ):
            continue
        if not themed and not left.weapons and not found.weapons:
            continue
        frame = _noun_frame(clause, k, pred, left, found, previous)
        if frame is not None:
            if frame.rule != "frame.embargo":
                _fill(clause, k, pred, frame)
            frame.start, frame.end = clause.items[max(left.start, 0)].start, item.end
            consumed.update(w.start for w in frame.weapons)
            yield frame
    for k, item in enumerate(clause.items):
        if item.weapon is not None and item.start not in consumed:
            frame = _weapon_frame(clause, k, item.weapon, previous)
            if frame is not None:
                yield frame


def _noun_frame(
    clause: Clause, k: int, pred: Pred, left: Left, found: Objects, previous: list[Party]
) -> Frame | None:
    governor = governor_of(clause, k, left.start, found, previous)
    weapons = left.weapons + [w for w in found.weapons if w not in left.weapons]
    role = pred.entry.role
    if role == "embargo" or (role == "stop" and "ban" in pred.entry.lemma):
        return embargo(clause, k, pred, left, found, governor, weapons)
    suppliers, recipients, rule = roles(clause, k, pred, left, found, governor, weapons)
    base = pred.entry.stage
    words = [*left.words, *_before_words(clause, left.start)]
    stage = _aftermath(clause, k) or noun_stage(base, words, governor.stage, governor.words)
    frame = Frame(clause.sentence, rule, stage, suppliers, recipients, weapons)
    if frame.stage.stage is Stage.POLICY and not suppliers and not recipients:
        frame.suppliers = _whose_policy(clause, k)
    topic = frame.stage.rule == "stage.noun" and "export" in pred.entry.lemma
    after = {clause.low(i) for i in range(k + 1, min(k + 24, len(clause.items)))}
    if topic and suppliers and (not recipients or after & _GROWS):
        frame.stage = StageReading(stage=Stage.DELIVERED, rule="stage.flow")
    if role == "lift":
        frame.stage = StageReading(stage=Stage.POLICY, rule="stage.policy-noun")
    frame.policy = role == "lift" or (
        governor.pred is not None and governor.pred.entry.role == "lift"
    )
    return frame


def _fill(clause: Clause, k: int, pred: Pred, frame: Frame) -> None:
    """Fills an empty role with another party of the sentence, when one is at hand."""
    if frame.suppliers and frame.recipients:
        return
    taken = {c for p in (*frame.suppliers, *frame.recipients) for c in p.codes}
    deal = clause.items[k].low in DEAL_NOUNS
    if frame.recipients:
        fill_supplier(clause, k, frame)
        return
    if not frame.suppliers:
        _both_missing(clause, k, frame)
        return
    owner = frame.suppliers[0]
    others = [
        g[0] for g in candidates(clause, k, taken, speakers_too=pred.entry.role == "get" or deal)
    ]
    weak = EXPORTERS.get(owner.codes[0], 0.5) < 4 and frame.rule in (
        "frame.noun-give",
        "frame.deal-one",
    )
    stronger = [
        p for p in others if EXPORTERS.get(p.codes[0], 0.5) > EXPORTERS.get(owner.codes[0], 0.5)
    ]
    if weak and stronger and owner.case in ("adjective", "compound"):
        frame.recipients, frame.suppliers = frame.suppliers, stronger[:1]
        frame.weight, frame.rule = FILLED, f"{frame.rule}-turned"
    elif others and (pred.entry.role == "get" or deal):
        pair = [owner, others[0]]
        if frame.rule == "frame.deal-one" and owner.start > clause.items[k].start:
            pair.sort(key=exporter_rank)  # "deal with Turkey", whoever the other is
        frame.suppliers, frame.recipients = pair[:1], pair[1:]
        frame.weight, frame.rule = FILLED, f"{frame.rule}-filled"


def _both_missing(clause: Clause, k: int, frame: Frame) -> None:
    """ "Iran urges Russia to fulfil the missile contract": the two states of a headline, the bigger exporter first."""
    if not clause.sentence.is_title:
        return
    others = [
        p
        for g in candidates(clause, k, set(), speakers_too=True)
        for p in g
        if p.kind in ("state", "institution", "person")
    ]
    codes = list(dict.fromkeys(p.codes[0] for p in others))
    if len(codes) == 2:
        pair = [next(p for p in others if p.codes[0] == c) for c in codes]
        first, second = sorted(pair, key=lambda p: -EXPORTERS.get(p.codes[0], 0.5))
        frame.suppliers, frame.recipients = [first], [second]
        frame.weight, frame.rule = FILLED, f"{frame.rule}-guessed"


def _whose_policy(clause: Clause, k: int) -> list[Party]:
    """The nearest state left of a rule change, even one that stands as a place: "in Tokyo, with rules loosened"."""
    for i in range(k - 1, -1, -1):
        party = clause.party(i)
        if party is None or party.kind not in ("state", "place", "institution") or not party.codes:
            continue
        if clause.low(i - 1) not in ("to", "for", "from") and clause.low(i - 2) not in (
            "to",
            "for",
        ):
            return [party]
    return []


_PERHAPS = frozenset(["could", "might", "may"])
_PROCEEDS = word_set(
    "be not still now also soon go come include proceed follow begin start take happen amount reach mean"
)
"""What a deal may do that is not yet made; "could cost" and "may trigger" tell what one already made leads to."""
_HELD = (("on", "hold"), ("on", "ice"), ("in", "limbo"), ("in", "doubt"))


def _aftermath(clause: Clause, k: int) -> StageReading | None:
    """What the clause says of the noun as its subject: "supplies would", "purchase on hold"."""
    for i in range(k + 1, min(k + 9, len(clause.items))):
        low = clause.low(i)
        if (low, clause.low(i + 1)) in _HELD:
            return StageReading(stage=Stage.SUSPENDED, rule="stage.on-hold")
        if low in (",", ";", ":", "that", "which", "after") or clause.items[i].cue:
            return None
        if low == "would" or (low in _PERHAPS and clause.low(i + 1) in _PROCEEDS):
            return StageReading(stage=Stage.CONSIDERED, rule="stage.noun-would")
        if low in ("falls", "fell", "collapses", "collapsed") and clause.low(i + 1) in (
            "through",
            "apart",
            ",",
        ):
            return StageReading(stage=Stage.REJECTED, rule="stage.collapsed")
        if clause.items[i].pred is not None and not clause.items[i].low.endswith("ed"):
            return None
    return None


_GROWS = word_set(
    "growing grow grows grew grown rise rises rising rose soar soars soared continue continues continued"
    " jump jumped double doubled fall fell hit reached arrive arrived"
)


def _before_words(clause: Clause, start: int) -> list[str]:
    return [
        clause.low(i) for i in range(max(0, start - 3), start) if clause.items[i].kind == "word"
    ]


def _weapon_frame(clause: Clause, k: int, weapon: Weapon, previous: list[Party]) -> Frame | None:
    """ "Russian arms for Syria", "weapons bound for Hezbollah seized", "halts F-35s to Turkey"."""
    left, found = left_of(clause, k), objects_after(clause, k)
    before = valid(left.parties)
    to: list[Party] = []
    following = clause.low(k + 1)
    if following in ("to", "for", "bound", "destined", "intended", "headed", "meant", "en"):
        to = valid(found.after("bound") or found.after("to", "for"))
    source: list[Party] = []
    if to or following == "from" or _on_the_way(clause, k):
        source = valid(found.after("from"))
    if source and not to:
        to = without(valid(found.after("to", "for")), source)
    governor = governor_of(clause, k, left.start, found, previous)
    role = governor.pred.entry.role if governor.pred is not None else ""
    if role in ("give", "get", "arm", "request", "offer"):
        return None
    if withholds(governor):
        source, to = [], to or source
    suppliers = source or before[:1]
    if not to and role not in ("stop", "control", "lift"):
        return None
    if not suppliers and not to:
        return None
    seizure = governor.pred is not None and (
        (governor.pred.entry.stage is Stage.REJECTED and governor.pred.entry.lemma in _SEIZE)
        or (role == "stop" and any(clause.low(i) in _CARRIERS for i in range(left.start)))
    )
    if not suppliers and role in ("stop", "control") and governor.subject and not seizure:
        suppliers = without(valid(governor.subject), to)
    if not to and role == "stop" and not source:
        return None
    halted = Stage.REJECTED if seizure else governor.stage
    stage = noun_stage(
        Stage.DELIVERED if role != "control" else None, left.words, halted, governor.words
    )
    frame = Frame(
        clause.sentence,
        "frame.weapon-to",
        stage,
        without(suppliers, to),
        to,
        [weapon],
        weight=0.7,
        start=weapon.start,
        end=weapon.end,
        seizers=_seizers(clause, governor, weapon) if seizure else [],
    )
    if clause.sentence.is_title and not seizure:
        fill_supplier(clause, k, frame)
    return frame


def _on_the_way(clause: Clause, k: int) -> bool:
    """ "Missile parts on the way from Russia to Iran"."""
    return [clause.low(i) for i in range(k + 1, k + 5)] == ["on", "the", "way", "from"]


def _seizers(clause: Clause, governor: Governor, weapon: Weapon) -> list[Party]:
    """Who seizes: the verb's subject, or whoever is named before it, as in "Australian frigate seizes missiles"."""
    verb = governor.pred
    if verb is None or governor.subject or verb.start > weapon.start:
        return valid(governor.subject)
    return valid([i.party for i in clause.items if i.party is not None and i.start < verb.start])


_CARRIERS = word_set(
    "ship ships vessel vessels freighter boat boats dhow dhows tanker plane planes aircraft truck trucks lorry lorries"
    " convoy container containers train trains cargo"
)
"""What carries arms on their way: who stops it seizes them."""
_SEIZE = frozenset(["seize", "intercept", "confiscate", "impound", "stop", "find", "capture"])
