"""What a voice says, as spans of the article: the contents of its attributions, the quotes they belong to, what follows.

Three quarters of what officials say has no quotation mark, and a speaker once named goes on in sentences without a cue:
those of the same paragraph that nobody else claims are read too, but apart, since they are less sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.detection.attributions import Attribution
from extractors.detection.reading import Reading, Sentence
from extractors.detection.speakers_heard import Heard

_SETS_AGAINST = frozenset(["while", "whereas"])


@dataclass(frozen=True, slots=True)
class Utterance:
    """Tokens [start, end) of one sentence. `near`: not attributed by a cue, only continuing what was."""

    start: int
    end: int
    sentence: int
    near: bool


def utterances(reading: Reading, heard: Sequence[Heard]) -> list[Utterance]:
    """The disjoint spans that the attributions of one speaker cover, in text order."""
    said: set[int] = set()
    own = {h.attribution.sentence for h in heard}
    for h in heard:
        said |= _said(reading, h.attribution)
    near = {
        i
        for sentence in _going_on(reading, own)
        for i in range(sentence.start, sentence.end)
        if i not in said
    }
    return sorted(
        [*_runs(reading, said, False), *_runs(reading, near, True)], key=lambda u: u.start
    )


def _said(reading: Reading, attribution: Attribution) -> set[int]:
    tokens = {
        i
        for start, end in attribution.content
        for i in range(*_own_part(reading, attribution, start, end))
    }
    tokens -= set(range(attribution.cue_start, attribution.cue_end))
    for number in {reading.quote_of[i] for i in tokens} - {-1}:
        quote = reading.quotes[number]
        if quote.end - quote.start <= 120:
            tokens |= set(range(quote.start, quote.end))
    return tokens


def _own_part(reading: Reading, attribution: Attribution, start: int, end: int) -> tuple[int, int]:
    """Tokens [start, end) without the clause that sets another speaker against this one: "Oslo argued for the sale, while
    Stockholm feared it".
    """
    cues = reading.spans["cues"]
    for i in range(start + 1, end):
        if reading.low[i] not in _SETS_AGAINST or reading.word(i - 1) not in (",", ";"):
            continue
        if reading.quote_of[i] >= 0:
            continue
        if attribution.cue_start > i:
            start = i
        elif any(k in cues for k in range(i, end)):
            return start, i
    return start, end


def _going_on(reading: Reading, own: set[int]) -> Iterable[Sentence]:
    """Sentences after an attributed one, in its paragraph, in which no cue introduces anybody."""
    for index in sorted(own):
        first = reading.sentences[index]
        if first.is_title:
            continue
        for sentence in reading.sentences[index + 1 : index + 3]:
            if sentence.paragraph != first.paragraph or sentence.index in own:
                break
            if _has_cue(reading, sentence):
                break
            yield sentence


def _has_cue(reading: Reading, sentence: Sentence) -> bool:
    cues = reading.spans["cues"]
    return any(i in cues and reading.quote_of[i] < 0 for i in range(sentence.start, sentence.end))


def _runs(reading: Reading, tokens: set[int], near: bool) -> Iterable[Utterance]:
    ordered = sorted(tokens)
    begin = 0
    for k in range(1, len(ordered) + 1):
        last = ordered[k - 1]
        if (
            k == len(ordered)
            or ordered[k] != last + 1
            or not reading.same_sentence(ordered[k], last)
        ):
            yield Utterance(ordered[begin], last + 1, reading.sentence_of[last], near)
            begin = k
