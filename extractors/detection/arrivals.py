"""Frames of arms that arrive: "First Rafales land in Croatia", "a third S-400 squadron has reached India".

Nobody acts on them in such a sentence, the arms are its subject. Foreign forces arrive with their own arms too ("US F-16s
land in Estonia"), so that something has to say that these are of those that were ordered: that they are the first or
the next, a batch or a shipment, or that they join a force of where they arrive.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.mentions import Stage
from extractors.detection.chains import chain_before
from extractors.detection.clauses import Clause
from extractors.detection.frames import Frame, origins, same, states
from extractors.detection.governors import outer_words
from extractors.detection.parties import Party
from extractors.detection.stage import verb_stage
from extractors.detection.wordsets import word_set

_ARRIVE = word_set(
    "arrive arrives arrived arriving land lands landed landing dock docks docked docking"
    " touch touches touched touching roll rolls rolled rolling"
)
_REACH = word_set("reach reaches reached reaching")
_JOIN = word_set("join joins joined joining")
_PARTICLES = word_set("down ashore home safely finally up off")
_INTO = word_set("in into at on")
_COUNTED = word_set(
    "first second third fourth fifth sixth seventh eighth ninth tenth final last latest next new batch batches"
    " shipment shipments consignment consignments tranche cargo ordered"
)
_ORDERED_BY = word_set("contract contracts deal deals agreement decision")
"""Nouns that arms of theirs arrive under: "the first jets of a new contract"."""
_FORCES = word_set("navy army force fleet service forces military marines guard")
_REACH_LEFT = 9
"""Items left of the verb among which its arms stand."""


def arrival_frames(clause: Clause) -> Iterator[Frame]:
    """A frame for each verb of arriving whose subject is arms that were ordered."""
    for k, item in enumerate(clause.items):
        low = item.low
        if low not in _ARRIVE and low not in _REACH and low not in _JOIN:
            continue
        chain = chain_before(clause, k)
        at = _arms_before(clause, chain.start if chain.words else k)
        if at is None:
            continue
        opening = _opening(clause, at)
        owners = states([p for i in range(opening, at) if (p := clause.party(i)) is not None])
        counted = any(clause.low(i) in _COUNTED for i in range(opening, k))
        recipients = states(_reached(clause, k))
        if low in _JOIN and not recipients:
            continue
        if counted and owners and owners[0].case == "possessive" and clause.low(opening) != "the":
            recipients, owners = owners[:1], []  # "Brazil's first Gripen": whose it becomes
        if not recipients or not (counted or low in _JOIN) or (owners and not counted):
            continue
        weapon = clause.items[at].weapon
        weapons = [weapon] if weapon is not None else []
        suppliers = owners[:1] or [p for p in origins(clause, weapons) if p.codes][:1]
        words = [w for w in (*outer_words(clause, chain), *chain.words) if w not in _ORDERED_BY]
        yield Frame(
            clause.sentence,
            "frame.give-passive",
            verb_stage(Stage.DELIVERED, "past", words, "give"),
            [p for p in suppliers if not same(p, recipients)],
            recipients,
            weapons,
            start=item.start,
            end=item.end,
        )


def _arms_before(clause: Clause, k: int) -> int | None:
    """The item of the arms that are the subject of what stands at `k`: the first of their noun phrase."""
    for i in range(k - 1, max(-1, k - _REACH_LEFT), -1):
        item = clause.items[i]
        if item.weapon is not None:
            return i
        if item.pred is not None and not item.pred.is_noun:
            return None
        if item.low in (";", ":", "—", "that", "which", "who"):
            return None
    return None


def _opening(clause: Clause, at: int) -> int:
    """The first item of the noun phrase that the arms at `at` belong to."""
    i = at
    while i > 0:
        before = clause.items[i - 1]
        if before.low in (",", ";", ":", "—", "–", "-", "that", "as", "after", "and", "but", '"'):
            break
        if before.pred is not None and not before.pred.is_noun and before.low not in _COUNTED:
            break
        i -= 1
    return i


def _reached(clause: Clause, k: int) -> list[Party]:
    """Where the arms arrive; of those that join, whose force it is."""
    low = clause.low(k)
    i = k + 1
    while clause.low(i) in _PARTICLES:
        i += 1
    if low in _ARRIVE:
        if clause.low(i) not in _INTO:
            return []
        i += 1
    while clause.low(i) in ("the", "its", "southern", "northern", "eastern", "western"):
        i += 1
    party = clause.party(i)
    if party is None or not party.codes:
        return []
    if low in _JOIN:
        force = set(party.label.lower().split()) | {clause.low(i + 1), clause.low(i + 2)}
        return [party] if force & _FORCES else []
    return [party]
