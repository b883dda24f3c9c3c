"""How much each sentence, and what is said in it, is about the transfer that an article reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.detection.attributions import Attribution
from extractors.detection.clauses import Clause
from extractors.detection.frames import Frame
from extractors.detection.reading import Reading
from extractors.detection.speakers_heard import Heard
from extractors.detection.wordsets import word_set

ANAPHORS = word_set(
    "deal deals sale sales move decision step delivery deliveries shipment shipments transfer"
    " transfers supply supplies package contract agreement plan plans export exports purchase"
    " embargo ban aid assistance this it them such issue matter request proposal order orders"
    " equipment system systems support suspension freeze arming"
)
TRANSFER_ANAPHORS = word_set(
    "deal deals sale sales delivery deliveries shipment shipments transfer transfers package"
    " contract agreement export exports purchase embargo ban order orders equipment suspension"
    " arming licences licenses licence license"
)
TOPICAL = 0.8
"""Topicality from which on a sentence counts as being about a transfer. JUDGEMENT."""
REMOTE = 0.15
"""How much words are about the transfer when nothing near them is, in an article that speaks of one. JUDGEMENT."""
_SHORT = 4
"""Length up to which words tell no subject: most are function words."""
FARTHEST = 12
"""Sentences beyond which a distance is no longer told apart."""


def topical_sentences(clauses: Sequence[Clause], frames: Sequence[Frame]) -> dict[int, float]:
    """How much each sentence is about the transfer: 1 with a frame, less with words of arms alone."""
    with_frame = {f.sentence.index for f in frames}
    topical: dict[int, float] = {}
    for clause in clauses:
        index = clause.sentence.index
        weapon = any(i.weapon is not None and i.weapon.strong for i in clause.items)
        act = any(_is_act(i.pred.entry.role) for i in clause.items if i.pred is not None)
        if index in with_frame:
            topical[index] = 1.0
        elif weapon and act:
            topical[index] = TOPICAL
        elif weapon:
            topical[index] = 0.4
    return topical


def _is_act(role: str) -> bool:
    return role in ("give", "get", "arm", "embargo")


def listen(
    reading: Reading,
    clauses: Sequence[Clause],
    topical: Mapping[int, float],
    attribution: Attribution,
    subject: frozenset[str] = frozenset(),
) -> Heard:
    """An attribution with how much its content is about the transfer."""
    clause = clauses[attribution.sentence]
    weapon = act = False
    words: set[str] = set()
    codes: set[str] = set()
    for start, end in attribution.content:
        words.update(reading.low[start:end])
        for item in clause.items:
            if start <= item.start < end:
                if item.party is not None:
                    codes.update(item.party.codes)
                weapon = weapon or (item.weapon is not None and item.weapon.strong)
                act = act or (item.pred is not None and _is_act(item.pred.entry.role))
    index = attribution.sentence
    own = topical.get(index, 0.0)
    near = max((topical.get(j, 0.0) for j in range(max(0, index - 3), index)), default=0.0)
    named = bool(words & TRANSFER_ANAPHORS)
    distance = min((abs(j - index) for j, v in topical.items() if v >= TOPICAL), default=FARTHEST)
    about = 0.0
    if own >= TOPICAL and (weapon or act):
        about = 1.0
    elif max(own, near) >= TOPICAL and (named or weapon):
        about = 0.8
    elif near >= TOPICAL and words & ANAPHORS:
        about = 0.6
    elif near >= TOPICAL and (
        attribution.cue.id == "floating" or attribution.rule == "speaker.pronoun"
    ):
        about = 0.45
    elif weapon and act:
        about = 0.7
    elif max(own, near) >= 0.4:
        about = 0.3
    elif topical:
        about = REMOTE
    return Heard(
        attribution,
        about,
        own,
        near,
        weapon,
        act,
        bool(words & ANAPHORS),
        named,
        min(distance, FARTHEST),
        frozenset(codes),
        _overlap(words, subject),
    )


def subject_words(reading: Reading, topical: Mapping[int, float]) -> frozenset[str]:
    """The longer words of the sentences that are about the transfer."""
    return frozenset(
        w
        for s in reading.sentences
        if topical.get(s.index, 0.0) >= TOPICAL
        for w in reading.low[s.start : s.end]
        if len(w) > _SHORT
    )


def _overlap(words: set[str], subject: frozenset[str]) -> float:
    """The share of the longer words said that the sentences about the transfer have as well."""
    long = {w for w in words if len(w) > _SHORT and w.isalpha()}
    return len(long & subject) / len(long) if long else 0.0
