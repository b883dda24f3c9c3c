"""The sentence that shows on what a finding rests, with the words in question marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from domain.alerting import Quotation
from domain.mentions import Evidence

LENGTH = 320
"""Characters of a quotation at most, about two sentences of news prose."""

# A full stop, question or exclamation mark (with closing quotes) before a new start; a
# paragraph's end.
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[]?[A-Z0-9À-ÞА-Я])|[。！？]|\n\s*\n")
# "U.S. officials", "Mr. Sato", "Gen. Lee", "J. Smith" end no sentence.
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Za-z]\.)+|\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sgt|Adm|Sen|Rep|Gov|St|No|vs|approx)\.)$"
)
# Where the detector marked the party, the system, the stage or the stance: one of these is what a
# reader looks for.
_ORDER = ("stance", "speaker", "stage", "supplier", "recipient", "systems", "system")

Span = tuple[int, int]


def quotation(text: str, evidence: Sequence[Evidence], url: str) -> Quotation | None:
    """The sentence of `text` that holds most of the evidence, at most 320 characters, cut between
    words.

    `text` is `full_text(title, body)`, which the evidence's offsets count in. Evidence elsewhere is
    left unmarked. None when no evidence lies within `text`.
    """
    spans = sorted({(e.start, e.end) for e in evidence if 0 <= e.start < e.end <= len(text)})
    if not spans:
        return None
    start, end = _best_sentence(text, spans, _most_telling(text, evidence))
    inside = [s for s in spans if start <= s[0] and s[1] <= end]
    start, end = _shortened(text, (start, end), inside)
    shown = text[start:end]
    before = "… " if start > 0 and not _starts_sentence(text, start) else ""
    after = " …" if shown and end < len(text) and not _ends_sentence(text, end) else ""
    marks = [
        (s - start + len(before), e - start + len(before))
        for s, e in _merged(inside)
        if start <= s and e <= end
    ]
    flat = before + re.sub(r"\s", " ", shown) + after
    return Quotation(text=flat, marks=tuple(marks), url=url)


def _most_telling(text: str, evidence: Sequence[Evidence]) -> Span:
    def rank(one: Evidence) -> tuple[int, int]:
        place = _ORDER.index(one.field) if one.field in _ORDER else len(_ORDER)
        return place, one.start

    valid = [e for e in evidence if 0 <= e.start < e.end <= len(text)]
    first = min(valid, key=rank)
    return first.start, first.end


def _best_sentence(text: str, spans: Sequence[Span], telling: Span) -> Span:
    """The sentence with most spans; among equals the one with the most telling span, then the
    first."""

    def worth(sentence: Span) -> tuple[int, bool, int]:
        start, end = sentence
        held = sum(start <= s and e <= end for s, e in spans)
        return held, start <= telling[0] and telling[1] <= end, -start

    best = max(_sentences(text), key=worth)
    # A span across a boundary means that the boundary is none.
    held = worth(best)[0]
    return best if held else telling


def _sentences(text: str) -> Iterable[Span]:
    start = 0
    for found in _END.finditer(text):
        end = found.end() if not found[0].isspace() else found.start()
        if _ABBREVIATED.search(text, max(0, end - 12), end):
            continue
        yield from _stripped(text, start, end)
        start = found.end()
    yield from _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> Iterable[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _shortened(text: str, sentence: Span, spans: Sequence[Span]) -> Span:
    """At most LENGTH characters of `sentence`, around its first spans, cut between words."""
    start, end = sentence
    if end - start <= LENGTH or not spans:
        return start, min(end, start + LENGTH)
    first = spans[0][0]
    last = max((e for s, e in spans if e - first <= LENGTH), default=spans[0][1])
    margin = max(0, LENGTH - (last - first)) // 2
    start = max(start, first - margin)
    end = min(end, start + LENGTH)
    start = max(sentence[0], min(start, end - LENGTH))
    return _to_words(text, (start, end), sentence)


def _to_words(text: str, cut: Span, sentence: Span) -> Span:
    start, end = cut
    if start > sentence[0]:
        space = text.find(" ", start, end)
        start = space + 1 if space >= 0 else start
    if end < sentence[1]:
        space = text.rfind(" ", start, end)
        end = space if space > start else end
    return start, end


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _starts_sentence(text: str, start: int) -> bool:
    return any(start == s for s, _ in _sentences(text))


def _ends_sentence(text: str, end: int) -> bool:
    return any(end == e for _, e in _sentences(text))
