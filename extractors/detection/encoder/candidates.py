"""What the encoder is asked about an article: pairs of parties named near each other, and possible speakers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import permutations

from extractors.detection.encoder.reader import Document, Named, sentences_of
from extractors.detection.encoder.windows import (
    ACTS,
    ARMS,
    RECIPIENT,
    SPEAKER,
    SUPPLIER,
    Span,
    marked_window,
    telling,
)

MOST_PAIRS, MOST_ALONE = 10, 2
_BESIDE = 6


@dataclass(frozen=True, slots=True)
class PairWindow:
    """A possible supplier and recipient (either may be None) and what the encoder is shown of them."""

    supplier: str | None
    recipient: str | None
    window: tuple[str, str]


@dataclass(frozen=True, slots=True)
class SpeakerWindow:
    """A possible speaker and what the encoder is shown."""

    speaker: Named
    window: tuple[str, str]


def pair_windows(document: Document) -> list[PairWindow]:
    """Windows of ordered pairs of parties named together or in neighbouring sentences, and of telling single parties."""
    together: dict[tuple[str, str], float] = defaultdict(float)
    alone: dict[str, float] = defaultdict(float)
    at: list[set[str]] = [set() for _ in document.sentences]
    for key, party in document.parties.items():
        for i in sentences_of(party.spans, document.sentences):
            at[i].add(key)
    for i, sentence in enumerate(document.sentences):
        words = document.text[sentence.start : sentence.end]
        if not at[i] or not (ARMS.search(words) or ACTS.search(words)):
            continue
        title = i < document.title_sentences
        tell = telling(words) * (2.0 if title else 1.0)
        for key in at[i]:
            alone[key] += tell
        near = at[i] | (at[i - 1] if i > 0 else set())
        for a, b in permutations(sorted(near), 2):
            whole = a in at[i] and b in at[i]
            together[a, b] += (1.0 if whole else 0.3) * (0.3 + tell)
    unordered = sorted((p for p in together if p[0] < p[1]), key=lambda p: (-together[p], p))
    pairs = [p for a, b in unordered[:MOST_PAIRS] for p in ((a, b), (b, a))]
    best = sorted(alone, key=lambda k: (-alone[k], k))[:MOST_ALONE]
    chosen: list[tuple[str | None, str | None]] = [*pairs]
    chosen += [(k, None) for k in best] + [(None, k) for k in best]
    return [
        PairWindow(_code(document, s), _code(document, r), _pair_window(document, s, r))
        for s, r in chosen
    ]


def _code(document: Document, key: str | None) -> str | None:
    return None if key is None else document.parties[key].code


def _pair_window(
    document: Document, supplier: str | None, recipient: str | None
) -> tuple[str, str]:
    marks = [
        (mark, document.parties[key].spans)
        for mark, key in ((SUPPLIER, supplier), (RECIPIENT, recipient))
        if key is not None
    ]
    return marked_window(document.text, document.sentences, document.title_sentences, marks)


def speaker_windows(document: Document) -> list[SpeakerWindow]:
    """Windows of the document's possible speakers."""
    return [
        SpeakerWindow(
            one,
            marked_window(
                document.text, document.sentences, document.title_sentences, [(SPEAKER, one.spans)]
            ),
        )
        for one in document.speakers
    ]


def same_voice(text: str, a: Named, b: Named) -> bool:
    """Whether two possible speakers are one: an office beside its holder's name, or a state under two names."""
    if a.code is not None and a.code == b.code and (a.is_state or b.is_state):
        return True
    return any(_beside(text, x, y) for x in a.spans for y in b.spans)


def _beside(text: str, x: Span, y: Span) -> bool:
    first, second = (x, y) if x.start <= y.start else (y, x)
    if second.start < first.end:
        return True
    if second.start - first.end > _BESIDE:
        return False
    return text[first.end : second.start].strip(" ,") in ("", "the", "'s", "’s", "of", "for")
