"""What the detector reads: a text as tokens, sentences and quotes, with every position a character offset.

The text handed to spaCy is `plain_text(text)`, which differs from the original only character by character (curly quotes
become straight, soft line breaks become spaces), so offsets in one are offsets in the other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

LONGEST_TEXT = 120_000
"""Characters of a text that are read; news articles are a tenth of that, and a page of a megabyte is no article."""

LONGEST_SENTENCE = 200
"""Tokens after which a sentence is cut: no writer's sentence is longer, and the walks over one must stay short."""

_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " ",
     "\u2009": " ", "\u202f": " ", "\t": " ", "\r": " ", "‐": "-", "‑": "-", "\u200b": " ", "\ufeff": " "}
)  # fmt: skip
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_ENDLESS_WORD = re.compile(r"\S{120,}")
_TEASER = re.compile(r"\b(?:JUST WATCHED|MUST WATCH)\b[^\n]*")
"""What a video player leaves in a text: the headlines of other pieces of news."""
_SOFT_BREAK = re.compile(r"(?<=[a-z,;\-])\n(?=[a-z])")
YEAR = re.compile(r"(?:19|20)\d\d\Z")
_DATELINE = re.compile(
    r"(?:(?<=\n)|^)(?:[A-Z][A-Z.'\-]+(?:[ /][A-Z][A-Z.'\-]*){0,3}(?:,? [A-Z][\w.]+){0,3}(?:,? \w+\.? \d{1,2})?"
    r"(?: ?\([^)\n]{2,30}\))?|[A-Z][\w.]+(?:,? [A-Z][\w.]+){0,3} ?\([^)\n]{2,30}\)) ?(?:[-–—]{1,2}|:) ?"
)


def plain_text(text: str) -> str:
    """`text` with one-to-one replacements that make matching simple. Its length is that of `text`."""
    plain = text.translate(_PLAIN)
    plain = _SOFT_BREAK.sub(" ", plain)
    plain = _HALF_CHARACTER.sub(" ", plain)
    plain = _TEASER.sub(lambda m: " " * len(m.group()), plain)
    return _ENDLESS_WORD.sub(lambda m: " " * len(m.group()), plain)


@dataclass(slots=True)
class Sentence:
    """Tokens [start, end) of the reading. `paragraph` 0 is the title."""

    index: int
    start: int
    end: int
    paragraph: int

    @property
    def is_title(self) -> bool:
        return self.paragraph == 0


@dataclass(slots=True)
class Quote:
    """Direct speech: tokens [start, end) between quotation marks, marks not counted."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to read: `length` is the logarithm of the number of words over `SHORT_NEWS`, 0 for shorter texts."""

    headline: bool
    length: float

    @property
    def is_long(self) -> bool:
        """Whether the text has `LONG_NEWS` words or more."""
        return self.length >= LONG_FROM


SHORT_NEWS = 100
"""Words of a short piece of news, above which an article has room to speak of other things too. JUDGEMENT."""
LONG_NEWS = 300
"""Words from which on most officials of an article are heard on other matters. MEASURED on the labelled files: of the
officials named in shorter texts a third react to a transfer, in longer ones of real news one in six.
"""
LONG_FROM = math.log(LONG_NEWS / SHORT_NEWS)
NO_SIZE = Size(headline=True, length=0.0)
"""Of a text that was not read."""


@dataclass(slots=True)
class Reading:
    """The tokens of a text without white space, and what stands over them.

    `spans[layer]` maps a start token to the lexicon spans that start there, as (end, [(label, id), ...]).
    """

    text: str
    words: list[str]
    low: list[str]
    begins: list[int]
    ends: list[int]
    sentences: list[Sentence]
    sentence_of: list[int]
    spans: dict[str, dict[int, tuple[int, list[tuple[str, str]]]]]
    quotes: list[Quote] = field(default_factory=list)
    quote_of: list[int] = field(default_factory=list)
    dateline: set[int] = field(default_factory=set)
    title_case: bool = False
    latest_year: int = field(init=False)
    """The latest year between 1900 and 2099 that is named; 0 where none is."""

    def __post_init__(self) -> None:
        self.latest_year = max((int(w) for w in self.words if YEAR.match(w)), default=0)

    @property
    def size(self) -> Size:
        """Whether there is a title alone, and how long the whole is."""
        headline = all(s.is_title for s in self.sentences)
        return Size(headline, math.log(max(1.0, len(self.words) / SHORT_NEWS)))

    def slice(self, start: int, end: int) -> str:
        """The original text of tokens [start, end)."""
        return self.text[self.begins[start] : self.ends[end - 1]]

    def word(self, i: int) -> str:
        """The lower-case word at `i`, empty beyond either end."""
        return self.low[i] if 0 <= i < len(self.low) else ""

    def same_sentence(self, i: int, j: int) -> bool:
        return (
            0 <= i < len(self.sentence_of)
            and 0 <= j < len(self.sentence_of)
            and self.sentence_of[i] == self.sentence_of[j]
        )


def read(doc: Doc, text: str, title_length: int) -> Reading:
    """Turns a processed `doc` of `plain_text(text)` into a Reading; `title_length` in characters."""
    words: list[str] = []
    begins: list[int] = []
    sentences: list[Sentence] = []
    sentence_of: list[int] = []
    place: dict[int, int] = {}
    paragraph = 0 if title_length else 1
    for token in doc:
        word = token.text
        if word.isspace() or not word:
            if "\n" in word:
                paragraph += 1
            continue
        position = len(words)
        place[token.i] = position
        if paragraph == 0 and token.idx >= title_length:
            paragraph = 1
        endless = bool(sentences) and position - sentences[-1].start >= LONGEST_SENTENCE
        if endless or token.is_sent_start or not sentences or sentences[-1].paragraph != paragraph:
            if sentences:
                sentences[-1].end = position
            sentences.append(Sentence(len(sentences), position, position, paragraph))
        words.append(word)
        begins.append(token.idx)
        sentence_of.append(len(sentences) - 1)
    if sentences:
        sentences[-1].end = len(words)
    reading = Reading(
        text=text,
        words=words,
        low=[w.lower() for w in words],
        begins=begins,
        ends=[b + len(w) for b, w in zip(begins, words, strict=True)],
        sentences=sentences,
        sentence_of=sentence_of,
        spans={layer: _placed(spans, place) for layer, spans in doc.spans.items()},
    )
    _mark_quotes(reading)
    _mark_datelines(reading, title_length)
    reading.title_case = _is_title_case(reading)
    return reading


def _placed(
    spans: Sequence[Span], place: dict[int, int]
) -> dict[int, tuple[int, list[tuple[str, str]]]]:
    table: dict[int, tuple[int, list[tuple[str, str]]]] = {}
    for span in spans:
        start, end = place.get(span.start), place.get(span.end - 1)
        if start is None or end is None:
            continue
        table.setdefault(start, (end + 1, []))[1].append((span.label_, span.kb_id_))
    return table


_OPENING = frozenset("“„«")
_CLOSING = frozenset("”»")
_SHORTEST_QUOTE = 3


def _mark_quotes(reading: Reading) -> None:
    """Finds direct speech paragraph by paragraph; an unclosed mark runs to the paragraph's end."""
    reading.quote_of = [-1] * len(reading.words)
    opened: int | None = None
    paragraph = -1
    for sentence in reading.sentences:
        if sentence.paragraph != paragraph:
            if opened is not None and sentence.start - opened <= 150:
                _add_quote(reading, opened, sentence.start)
            opened, paragraph = None, sentence.paragraph
        for i in range(sentence.start, sentence.end):
            opened = _quote_step(reading, i, opened)
    if opened is not None:
        _add_quote(reading, opened, len(reading.words))


def _quote_step(reading: Reading, i: int, opened: int | None) -> int | None:
    word = reading.words[i]
    original = reading.text[reading.begins[i]]
    if word in ('"', "''", "``") or original in _OPENING | _CLOSING:
        if opened is None or original in _OPENING:
            return i + 1
        _add_quote(reading, opened, i)
        return None
    if word == "'" and reading.text[reading.ends[i] - 1] in "'’‘":
        spaced = reading.begins[i] == 0 or reading.text[reading.begins[i] - 1] in " (\n—-:"
        glued = reading.ends[i] < len(reading.text) and reading.text[reading.ends[i]] not in " \n"
        if opened is None and spaced and glued:
            return i + 1
        if opened is not None and not spaced and _opened_single(reading, opened):
            _add_quote(reading, opened, i)
            return None
    return opened


def _opened_single(reading: Reading, opened: int) -> bool:
    return opened > 0 and reading.words[opened - 1] == "'"


def _add_quote(reading: Reading, start: int, end: int) -> None:
    if end - start < _SHORTEST_QUOTE:
        return
    number = len(reading.quotes)
    reading.quotes.append(Quote(start, end))
    for i in range(start, min(end, len(reading.words))):
        reading.quote_of[i] = number


def _mark_datelines(reading: Reading, title_length: int) -> None:
    ranges = [m.span() for m in _DATELINE.finditer(reading.text, max(title_length, 0))]
    if not ranges:
        return
    for start, end in ranges:
        for sentence in reading.sentences:
            if reading.begins[sentence.start] == start or (
                reading.begins[sentence.start] <= start < reading.ends[sentence.end - 1]
            ):
                for i in range(sentence.start, sentence.end):
                    if start <= reading.begins[i] < end:
                        reading.dateline.add(i)
                break


def _is_title_case(reading: Reading) -> bool:
    """True when the title's capitals tell no names."""
    if not reading.sentences or not reading.sentences[0].is_title:
        return False
    return all_capitalised(
        [w for s in reading.sentences if s.is_title for w in reading.words[s.start : s.end]]
    )


def all_capitalised(words: Sequence[str]) -> bool:
    """Whether most longer words have a capital, as in headlines of American papers, so that capitals tell no names."""
    long_words = [w for w in words if len(w) > 3 and w[0].isalpha()]
    return len(long_words) > 2 and sum(w[0].isupper() for w in long_words) > 0.75 * len(long_words)
