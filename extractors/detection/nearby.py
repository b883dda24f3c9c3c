"""Loose frames: two parties that a sentence names together with arms, where no stricter frame fills both roles.

Headlines and long sentences word a transfer in more ways than there are verbs of transferring ("BrahMos for Jakarta:
finally a signature", "Turkey, UK seal Typhoon deal"). Each ordered pair of parties becomes a candidate that carries
what hints at its roles (a preposition, an adjective before the arms, the subject's place); the regression over pairs
weighs the hints.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.mentions import Stage
from extractors.detection.chains import chain_before
from extractors.detection.clauses import PREPOSITIONS, Clause, Item, speaks
from extractors.detection.exporters import EXPORTERS
from extractors.detection.frames import Frame, is_themed
from extractors.detection.parties import Party
from extractors.detection.stage import StageReading, noun_stage, verb_stage
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set

LAST_PARAGRAPH = 6
"""Paragraphs below hold background more often than the transfer an article is about. JUDGEMENT."""
MOST_PARTIES = 5
MOST_PAIRS = 6
LOOSE = 0.3
"""Weight of a loose frame: below that of any frame that a predicate's arguments fill."""

_ACTS = (
    "give",
    "get",
    "offer",
    "request",
    "arm",
    "negotiate",
    "control",
    "stop",
    "embargo",
    "lift",
)
_SKIPPED = word_set(
    "the a an its their his her our my all both new neighbouring neighboring ally allies fellow own"
    " government eastern western northern southern two three several ' \""
)
_ARRIVED = word_set(
    "arrive arrives arrived arriving land lands landed landing unloaded delivered up surfaced surface"
)
_LIKELY = {
    "supplier": {"adj": 3.0, "poss": 2.5, "from": 3.0, "subj": 1.0, "says": 0.3, "obj": 0.5, "to": -3.0, "for": -3.0},
    "recipient": {"to": 3.0, "for": 3.0, "subj": 1.0, "obj": 1.5, "poss": 1.0, "adj": 0.0, "from": -3.0, "says": 0.3},
}  # fmt: skip
"""How well a hint fits a role, to keep the best few of many candidates. JUDGEMENT; the regression decides."""


@dataclass(slots=True)
class _Named:
    """A party of the sentence and what its place hints at."""

    party: Party
    hint: str


def loose_frames(clause: Clause, frames: Sequence[Frame]) -> Iterator[Frame]:
    """The loose frames of a sentence; none where one of `frames`, the strict ones of the same sentence, is whole."""
    if clause.sentence.paragraph > LAST_PARAGRAPH:
        return
    if any(f.suppliers and f.recipients and f.weight >= 0.9 for f in frames):
        return
    anchors = [k for k, item in enumerate(clause.items) if _speaks_of_arms(clause, item)]
    if not anchors:
        return
    named = _named(clause, anchors)
    if not named or len(named) > MOST_PARTIES:
        return
    act = _nearest_act(clause, anchors[0])
    stage = _stage(clause, act, frames)
    role = _role(clause, act)
    weapons = [w for k in anchors if (w := clause.items[k].weapon) is not None]
    for supplier, recipient in _pairs(named):
        hints = (supplier.hint if supplier else "none", recipient.hint if recipient else "none")
        yield _frame(clause, anchors, weapons, stage, (supplier, recipient), (role, *hints))


def _frame(
    clause: Clause,
    anchors: Sequence[int],
    weapons: Sequence[Weapon],
    stage: StageReading,
    parties: tuple[_Named | None, _Named | None],
    names: tuple[str, str, str],
) -> Frame:
    supplier, recipient = parties
    return Frame(
        clause.sentence,
        "loose." + ".".join(names),
        stage,
        [supplier.party] if supplier else [],
        [recipient.party] if recipient else [],
        list(weapons),
        start=clause.items[anchors[0]].start,
        end=clause.items[anchors[0]].end,
        weight=LOOSE,
    )


def _speaks_of_arms(clause: Clause, item: Item) -> bool:
    if item.weapon is not None:
        return True
    if item.pred is None or not item.pred.is_noun:
        return item.low in ("weapons-export", "arms-export", "defence-export")
    words = item.pred.entry.lemma.split()
    return is_themed(item.pred) or item.pred.entry.role == "embargo" or words[0] == "export"


def _named(clause: Clause, anchors: Sequence[int]) -> list[_Named]:
    found: dict[str, _Named] = {}
    for k, item in enumerate(clause.items):
        party = item.party
        if party is None or not party.codes or party.kind == "outsider":
            continue
        code = party.codes[0]
        if code == "UN" or (party.kind == "place" and not _tied(clause, k)):
            continue
        hint = _hint(clause, k, anchors)
        before = found.get(code)
        if before is None or (before.hint in ("says", "other") and hint not in ("says", "other")):
            found[code] = _Named(party, hint)
    return list(found.values())


def _tied(clause: Clause, k: int) -> bool:
    return _preposition(clause, k) in ("to", "for", "from") or _is_reached(clause, k)


def _is_reached(clause: Clause, k: int) -> bool:
    """Whether the party at `k` is where arms have arrived: "MiG-29s land in Slovakia", "rifles turned up in Chad"."""
    return any(
        clause.low(j) in ("in", "at") and clause.low(j - 1) in _ARRIVED for j in (k - 1, k - 2)
    )


def _hint(clause: Clause, k: int, anchors: Sequence[int]) -> str:
    party = clause.items[k].party
    low = _preposition(clause, k)
    if clause.low(k + 1) == "-" and clause.low(k + 2) in ("bound", "destined"):
        return "to"
    if party is not None and party.case in ("adjective", "compound", "possessive"):
        near = [a for a in anchors if 0 < a - k <= 5]
        if near and not any(clause.low(i) in PREPOSITIONS for i in range(k + 1, near[0])):
            return "poss" if party.case == "possessive" else "adj"
    if _is_reached(clause, k):
        return "to"
    if low in ("to", "for", "into"):
        return "to" if low != "for" else "for"
    if low in ("from", "by"):
        return "from"
    if low:
        return "with" if low in ("with", "and", "between") else "other"
    if speaks(clause, k):
        return "says"
    before = clause.items[k - 1] if k else None
    if before is not None and before.pred is not None and not before.pred.is_noun:
        return "obj"
    return "subj" if k < anchors[0] else "after"


def _preposition(clause: Clause, k: int) -> str:
    """The preposition that governs the party at `k`, over articles and adjectives, and over "A and" of a list."""
    j = k - 1
    while j >= 0 and k - j < 6:
        low, item = clause.low(j), clause.items[j]
        if item.kind == "word" and low in PREPOSITIONS:
            return low
        joins = low in (",", "and", "&", "/") and clause.party(j - 1) is not None
        if not (
            low in _SKIPPED
            or joins
            or (item.party is not None and clause.low(j + 1) in (",", "and", "&"))
        ):
            return ""
        j -= 1
    return ""


def _nearest_act(clause: Clause, anchor: int) -> int | None:
    acts = [
        k
        for k, item in enumerate(clause.items)
        if item.pred is not None and item.pred.entry.role in (*_ACTS, "commit")
    ]
    verbs = [k for k in acts if (p := clause.items[k].pred) is not None and not p.is_noun]
    return min(verbs or acts, key=lambda k: abs(k - anchor), default=None)


def _role(clause: Clause, act: int | None) -> str:
    pred = clause.items[act].pred if act is not None else None
    if pred is None:
        return "none"
    role = pred.entry.role
    if role in ("give", "arm", "offer"):
        return "give"
    if role in ("get", "request", "negotiate"):
        return "get"
    return "deal" if role == "commit" else "rule"


def _stage(clause: Clause, act: int | None, frames: Sequence[Frame]) -> StageReading:
    """That of a strict frame of the sentence, else what the nearest predicate says."""
    telling = [f.stage for f in frames if f.stage.rule not in ("stage.noun", "stage.gerund")]
    if telling:
        return telling[0]
    pred = clause.items[act].pred if act is not None else None
    if act is None or pred is None:
        words = [item.low for item in clause.items]
        return noun_stage(Stage.ANNOUNCED, words, None, [])
    if pred.is_noun:
        words = [clause.low(i) for i in range(max(0, act - 4), act)]
        return noun_stage(pred.entry.stage, words, None, [])
    return verb_stage(pred.entry.stage, pred.form, chain_before(clause, act).words, pred.entry.role)


def _pairs(named: Sequence[_Named]) -> list[tuple[_Named | None, _Named | None]]:
    """The likeliest ordered pairs; a lone party takes the role its hint fits."""
    if len(named) == 1:
        return [(named[0], None), (None, named[0])]

    def fit(pair: tuple[_Named, _Named]) -> float:
        s, r = pair
        prior = (EXPORTERS.get(s.party.codes[0], 0.5) - EXPORTERS.get(r.party.codes[0], 0.5)) / 5
        return _LIKELY["supplier"].get(s.hint, 0.0) + _LIKELY["recipient"].get(r.hint, 0.0) + prior

    ordered = [(s, r) for s in named for r in named if s is not r and s.party.kind != "movement"]
    return [*sorted(ordered, key=fit, reverse=True)[:MOST_PAIRS]]
