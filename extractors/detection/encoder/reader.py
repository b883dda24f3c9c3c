"""A light second eye for who is named in an article: parties and possible speakers.

It is meant to see much and decide little: the encoder decides. It shares nothing with the rule route but the lexicon
files, so that the two routes do not miss the same parties.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.detection.encoder.gazetteer import WORD, Gazetteer, bare
from extractors.detection.encoder.windows import Span, has_cue, split_sentences, telling

MOST_SPEAKERS = 18


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BANDS = _set(
    "rebels rebel insurgents militants militias militia separatists separatist opposition kurds mujahideen mujahedin"
    " mujahidin fighters islamists jihadists guerrillas tribesmen paramilitaries peshmerga kurdish terrorists"
)
_KURDS = _set("kurds kurdish peshmerga")
_TITLES = _set(
    "president prime minister secretary senator representative chancellor king prince crown foreign defence defense deputy"
    " ambassador general spokesman spokeswoman spokesperson chief mr mrs ms dr gen sen rep col lt maj sir lord state vice"
    " premier chairman chairwoman leader admiral colonel captain lawmaker congressman congresswoman envoy commander"
    " governor sheikh sultan emir ayatollah republican democrat democratic former interior sheik adviser advisor"
)
_NO_NAME = _set(
    "the a an this that these those it he she they we i and but or for in on at to from with by of as if when while"
    " after before monday tuesday wednesday thursday friday saturday sunday january february march april june july august"
    " september october november december what why how where which who there here all some many new more no not about image"
    " getty reuters afp ap bbc cnn news house senate white army navy air force council committee party ministry department"
    " states united kingdom nations union middle east war world street times post press university institute group"
    " parliament congress government international national under an its his her our their last both since despite"
)
_PARTICLES = _set("al el bin ibn van von de der den da di du la le abu ben")


@dataclass(slots=True)
class Named:
    """Somebody named: `key` tells mentions of one apart from others', `code` is a state's, body's or movement's."""

    key: str
    label: str
    code: str | None
    spans: list[Span] = field(default_factory=list)
    is_state: bool = False


@dataclass(slots=True)
class Document:
    """An article as the encoder route reads it; spans count characters of `text`, that is title, blank line, body."""

    text: str
    sentences: list[Span]
    title_sentences: int
    parties: dict[str, Named]
    speakers: list[Named]
    body: str

    def sentence_texts(self) -> list[str]:
        """The body's sentences."""
        return [self.text[s.start : s.end] for s in self.sentences[self.title_sentences :]]

    def spans_of(self, code: str | None) -> tuple[Span, ...]:
        """Where the party of `code` is named."""
        return tuple(s for p in self.parties.values() if code and p.code == code for s in p.spans)


def read_document(title: str, body: str, gazetteer: Gazetteer) -> Document:
    """Sentences, parties and possible speakers of an article. Never raises on any text."""
    text = f"{title}\n\n{body}"
    sentences = split_sentences(text)
    count = sum(s.start < len(title) for s in sentences)
    reader = _Reader(text, gazetteer)
    reader.run()
    speakers = _speakers(text, sentences, count, list(reader.speakers.values()))
    return Document(text, sentences, count, reader.parties, speakers, body)


class _Reader:
    """One pass over the words of a text."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self._text = text
        self._gazetteer = gazetteer
        self._matches = list(WORD.finditer(text))
        self._words = [bare(m.group()) for m in self._matches]
        self.parties: dict[str, Named] = {}
        self.speakers: dict[str, Named] = {}
        self._surnames: set[str] = set()
        self._last: tuple[int, str, str] | None = None

    def run(self) -> None:
        i = 0
        while i < len(self._words):
            i += self._step(i)

    def _step(self, i: int) -> int:
        found = self._gazetteer.at(self._words, i)
        low = self._words[i].lower()
        if low in _BANDS:
            return self._band(i)
        if found is None:
            return self._person(i)
        length, entry = found
        span = self._span(i, i + length)
        label = self._text[span.start : span.end]
        if entry.kind == "outsider":
            return length
        if entry.kind == "person":
            self._speak(self._words[i + length - 1].lower(), label, entry.code, span)
        elif entry.kind == "office":
            code = entry.code or self._adjective_before(i)
            self._speak(
                f"{code} {label.lower()}", label, code, self._span(self._from(i), i + length)
            )
        elif entry.kind in ("state", "movement"):
            self._speak(f"{entry.code} {self._words[i]}", label, entry.code, span, state=True)
        if entry.code is not None:
            if entry.kind != "movement" and entry.kind != "office":
                self._last = (i + length, entry.code, label)
            self._party(entry.code, entry.code, span)
        return length

    def _span(self, start: int, end: int) -> Span:
        last = self._matches[end - 1]
        closing = last.group().endswith(".") and last.group().count(".") == 1
        return Span(self._matches[start].start(), last.end() - closing)

    def _from(self, i: int) -> int:
        return i - 1 if self._adjective_before(i) is not None else i

    def _adjective_before(self, i: int) -> str | None:
        if self._last is not None and self._last[0] in (i, i - 1):
            return self._last[1]
        return None

    def _band(self, i: int) -> int:
        """ "Syrian rebels", "rebels in Syria", and bare "rebels" of the state named last."""
        low = self._words[i].lower()
        following = self._gazetteer.at(self._words, i + 2) if self._next(i + 1) == "in" else None
        code = following[1].code if following is not None else None
        if code is None and self._last is not None:
            code = self._last[1]
        label = f"{self._gazetteer.adjectives.get(code or '', '')} rebels".strip()
        if low in _KURDS:
            label = "Kurdish Peshmerga forces"
        span = self._span(i, i + 1)
        self._party(label, label, span)
        self._speak(label, label, None, span)
        return 1

    def _next(self, i: int) -> str:
        return self._words[i].lower() if i < len(self._words) else ""

    def _person(self, i: int) -> int:
        """A run of capitalised words that is no name of the gazetteer: two or more, or a surname seen before."""
        j = i
        while j < len(self._words) and j - i < 5 and self._is_name(j, first=j == i):
            if j > i and self._text[self._matches[j - 1].end() : self._matches[j].start()].strip():
                break
            j += 1
        while j > i and self._words[j - 1].lower() in _PARTICLES:
            j -= 1
        start = i
        while start < j and self._words[start].lower() in _TITLES:
            start += 1
        if start >= j:
            return max(1, j - i)
        key = self._words[j - 1].lower()
        titled = start > i or self._next(i - 1).rstrip(".") in _TITLES
        if j - start >= 2 or key in self._surnames or titled:
            self._surnames.add(key)
            span = self._span(start, j)
            self._speak(key, self._text[span.start : span.end], self._adjective_before(i), span)
        return j - i

    def _is_name(self, i: int, *, first: bool) -> bool:
        word = self._words[i]
        low = word.lower()
        if not first and low in _PARTICLES:
            return True
        if not word[:1].isupper() or low in _NO_NAME or any(c.isdigit() for c in word):
            return False
        return first or self._gazetteer.at(self._words, i) is None

    def _party(self, key: str, code: str, span: Span) -> None:
        self.parties.setdefault(key, Named(key, code, code)).spans.append(span)

    def _speak(
        self, key: str, label: str, code: str | None, span: Span, *, state: bool = False
    ) -> None:
        named = self.speakers.setdefault(key, Named(key, label, code, is_state=state))
        named.spans.append(span)
        if len(label) > len(named.label):
            named.label = label
        named.code = named.code or code


def _speakers(
    text: str, sentences: Sequence[Span], title_sentences: int, named: Sequence[Named]
) -> list[Named]:
    """The speakers worth judging: named in the title or in a sentence with a word of speech, most telling first."""
    scored: list[tuple[float, int, Named]] = []
    words = [text[s.start : s.end] for s in sentences]
    tells = [telling(w) for w in words]
    for order, one in enumerate(named):
        best = 0.0
        for i in sentences_of(one.spans, sentences):
            near = tells[i] + (0.5 * tells[i + 1] if i + 1 < len(words) else 0.0)
            if i < title_sentences:
                best = max(best, 2.0 + near)
            elif has_cue(words[i]):
                best = max(best, 1.0 + near)
        if best > 0.0:
            scored.append((-best, order, one))
    return [one for _, _, one in sorted(scored, key=lambda s: s[:2])[:MOST_SPEAKERS]]


def sentences_of(spans: Sequence[Span], sentences: Sequence[Span]) -> list[int]:
    """Numbers of the sentences in which the spans start, in order."""
    starts = [s.start for s in sentences]
    return sorted({max(0, bisect_right(starts, p.start) - 1) for p in spans})
