"""What the encoder reads to judge one official: who it is, what the article is about, and the sentences it is heard in.

On a page all officials are judged at once, most often by many mentions; here one is, by the few sentences that matter. Pure:
the rules' layers in, text out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.detection.combining import PairCase
from extractors.detection.combining_voices import VoiceCase
from extractors.detection.encoder.tokens import SPEAKER_ENDS, SPEAKER_OPENS
from extractors.detection.lexicon_entries import State
from extractors.detection.reading import Reading, Sentence
from extractors.detection.speakers_heard import SILENT_RULES, Heard
from extractors.detection.voices import mention_of

WORDS, LONGEST_SENTENCE, BEFORE, TITLE_WORDS = 110, 60, 30, 30
"""Words of a digest, of one of its sentences, of a cut one before the speaker, and of the title."""
TOPICS = 2
"""Pairs that tell what the article is about."""
SPEAKS = 0.3
"""What a cue of speech adds to how much a sentence is about the transfer, when the telling ones are chosen. JUDGEMENT."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Digest:
    """`about`: the official, the likeliest pairs and the title; `said`: sentences with marks around the official."""

    about: str
    said: str


def digest_of(
    reading: Reading, case: VoiceCase, pairs: Sequence[PairCase], states: Mapping[str, State]
) -> Digest:
    """The digest of one possible reaction. `pairs`: the article's candidates; `states` by code."""
    marks, order = _heard_in(reading, case)
    chosen = sorted(_chosen(reading, order))
    said = " ".join(_words(reading, reading.sentences[i], marks.get(i, [])) for i in chosen)
    title = reading.sentences[0]
    if title.is_title and title.index not in chosen:
        shown = reading.words[title.start : min(title.end, title.start + TITLE_WORDS)]
    else:
        shown = []
    party = case.party
    home = party.codes[0] if party.codes else party.home
    who = [party.label, party.affiliation, _named(home, states) if home else None]
    topics = [
        f"{_named(p.supplier, states)} arms {_named(p.recipient, states)}"
        for p in _likeliest(pairs)
    ]
    parts = [", ".join(w for w in who if w), "; ".join(topics), " ".join(shown)]
    return Digest(" . ".join(parts), said)


def _named(code: str | None, states: Mapping[str, State]) -> str:
    if code is None:
        return "someone"
    return states[code].names[0] if code in states else code


def _likeliest(pairs: Sequence[PairCase]) -> list[PairCase]:
    def weight(case: PairCase) -> float:
        return case.odds + 1.0 / (1.0 + math.exp(-case.logit))

    return sorted(pairs, key=weight, reverse=True)[:TOPICS]


def _heard_in(reading: Reading, case: VoiceCase) -> tuple[dict[int, list[Span]], list[int]]:
    """Where the official is named, by sentence, and those sentences with the most telling first."""
    if case.hearing is None:
        at = reading.sentence_of[case.party.start]
        return {at: [(case.party.start, case.party.end)]}, [at]
    voice = case.hearing.voice
    marks: dict[int, list[Span]] = {}
    order: list[int] = []
    for heard in sorted(voice.heard, key=_telling, reverse=True):
        index = heard.attribution.sentence
        place = mention_of(voice, heard)
        if place not in marks.setdefault(index, []):
            marks[index].append(place)
        if index not in order:
            order.append(index)
    return marks, order


def _telling(heard: Heard) -> float:
    return heard.about + SPEAKS * (heard.attribution.rule not in SILENT_RULES)


def _chosen(reading: Reading, order: Sequence[int]) -> list[int]:
    """As many of the sentences `order` as there is room for, then the neighbours of the first."""
    chosen: list[int] = []
    room = WORDS
    neighbours = [order[0] + 1, order[0] - 1]
    for index in (*order, *neighbours):
        if index in chosen or not 0 <= index < len(reading.sentences):
            continue
        sentence = reading.sentences[index]
        if index not in order and sentence.is_title:
            continue
        length = min(sentence.end - sentence.start, LONGEST_SENTENCE)
        if chosen and length > room:
            continue
        chosen.append(index)
        room -= length
    return chosen


def _words(reading: Reading, sentence: Sentence, marks: Sequence[Span]) -> str:
    """The sentence with the marks that lie in it; of a long one the part around the first."""
    start, end = sentence.start, sentence.end
    inside = [m for m in marks if start <= m[0] < end]
    if end - start > LONGEST_SENTENCE:
        first = min((m[0] for m in inside), default=start)
        start = max(start, min(first - BEFORE, end - LONGEST_SENTENCE))
        end = start + LONGEST_SENTENCE
    inside = [m for m in inside if start <= m[0] and m[1] <= end]
    opens, ends = {m[0] for m in inside}, {m[1] for m in inside}
    shown: list[str] = []
    for i in range(start, end):
        if i in ends:
            shown.append(SPEAKER_ENDS)
        if i in opens:
            shown.append(SPEAKER_OPENS)
        shown.append(reading.words[i])
    if end in ends:
        shown.append(SPEAKER_ENDS)
    return " ".join(shown)
