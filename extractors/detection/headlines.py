"""Speech without a verb: "...: Pentagon", "Kremlin: ...", "US to Iran: ...", "Tehran 'examining'", turns of transcripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.detection.attributions import Attribution, has_quote
from extractors.detection.clauses import PREPOSITIONS, Clause, Item
from extractors.detection.lexicon_entries import Cue
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.subjects import may_speak
from extractors.detection.wordsets import word_set

_COLON = Cue(
    id="headline.colon", lemma=":", forms=(":",), kind="headline", stance=None, target=None
)
_TURN = Cue(id="transcript", lemma=":", forms=(":",), kind="say", stance=None, target=None)
_MARKS = frozenset([":", "-", "–", "—", "--", "|"])
_SMALL = word_set("the a an of and for in , . - 's de van von al")
_LONGEST_HEAD = 16
"""Items before the colon of a transcript's turn, its brackets included."""


def headline_speakers(reading: Reading, clause: Clause) -> Iterator[Attribution]:
    """The speaker that a colon, a dash or a bare quotation mark of a headline sets off."""
    items = clause.items
    for k, item in enumerate(items):
        if item.low not in _MARKS:
            party = item.party
            if party is not None and _quote_follows(reading, clause, k) and may_speak(party):
                content = (item.end, clause.sentence.end)
                yield _set_off(reading, clause, item.start, [party], content)
            continue
        tail = [x for x in range(k + 1, len(items)) if items[x].low not in ("the", "a", ".", "'s")]
        if tail and items[tail[0]].party is not None:
            party, rest = items[tail[0]].party, tail[1:]
            placed = not rest or (len(rest) <= 4 and items[rest[0]].low in PREPOSITIONS)
            if party is not None and placed and may_speak(party):
                content = (clause.sentence.start, item.start)
                yield _set_off(reading, clause, item.start, [party], content)
        head = [x for x in range(k) if items[x].low not in ("the", "a")]
        if item.low == ":" and head and _is_head(clause, head):
            party = items[head[0]].party
            if party is not None and may_speak(party):
                content = (item.end, clause.sentence.end)
                yield _set_off(reading, clause, item.start, [party], content)


def _is_head(clause: Clause, head: Sequence[int]) -> bool:
    """ "Kremlin:", "US to Iran:"."""
    if len(head) == 1:
        return True
    return len(head) == 3 and clause.low(head[1]) == "to" and clause.party(head[2]) is not None


def _quote_follows(reading: Reading, clause: Clause, k: int) -> bool:
    item = clause.items[k]
    party = item.party
    if party is None or party.case != "name" or k + 2 >= len(clause.items):
        return False
    mark = clause.items[k + 1]
    return mark.low in ('"', "'") and reading.begins[mark.start] > reading.ends[item.end - 1]


def _set_off(
    reading: Reading, clause: Clause, at: int, speakers: list[Party], content: tuple[int, int]
) -> Attribution:
    return Attribution(
        clause.sentence.index,
        at,
        at + 1,
        _COLON,
        ":",
        speakers,
        [content],
        has_quote(reading, [content]),
        False,
        "speaker.headline",
    )


class Transcript:
    """Follows the turns of a debate or an interview: a capitalised name and a colon open one, the paragraph ends it."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._known: dict[str, Party] = {}
        for clause in clauses:
            for item in clause.items:
                if item.party is not None and item.party.name and item.party.kind == "person":
                    self._known.setdefault(item.party.name.split()[-1].lower(), item.party)
        self._paragraph = -1
        self._speaker: Party | None = None

    def turn(self, reading: Reading, clause: Clause) -> Iterator[Attribution]:
        """What the sentence says when it belongs to a turn."""
        sentence = clause.sentence
        if sentence.is_title:
            return
        start = sentence.start
        if sentence.paragraph != self._paragraph:
            self._paragraph, self._speaker = sentence.paragraph, None
            colon = self._colon(reading, clause)
            if colon is None:
                return
            self._speaker = self._named(reading, clause, colon)
            start = clause.items[colon].end
        if self._speaker is None or start >= sentence.end:
            return
        yield Attribution(
            sentence.index,
            start - 1 if start > sentence.start else start,
            start,
            _TURN,
            ":",
            [self._speaker],
            [(start, sentence.end)],
            True,
            False,
            "speaker.transcript",
        )

    def _colon(self, reading: Reading, clause: Clause) -> int | None:
        """Where the colon of a turn's head is: before it only names, titles and a bracket."""
        inside = False
        for k, item in enumerate(clause.items[:_LONGEST_HEAD]):
            if _tells_place(reading, item.start) or reading.quote_of[item.start] >= 0:
                return None
            if item.low in (":", "):"):
                return k if k else None
            inside = (inside or item.low == "(") and item.low != ")"
            named = item.party is not None or reading.words[item.start][0].isupper()
            if not (inside or named or item.low in _SMALL or item.low == ")"):
                return None
        return None

    def _named(self, reading: Reading, clause: Clause, colon: int) -> Party | None:
        head = list(_outside_brackets(clause.items[:colon]))
        parties = [i.party for i in head if i.party is not None and may_speak(i.party)]
        if not head:
            return None
        last = head[-1]
        surname = reading.low[last.end - 1].strip(".")
        if surname in self._known:
            return self._known[surname]
        if any(p.name for p in parties):
            return next(p for p in parties if p.name) if all(p.official for p in parties) else None
        office = next((p for p in parties if p.office), None)
        loud = reading.words[last.end - 1].isupper() and len(surname) > _SHORTEST_NAME
        titled = reading.low[head[0].start].strip(".") in _FORMS_OF_ADDRESS
        if last.party is None and (loud or titled or (office is not None and len(head) > 1)):
            name = reading.slice(head[0].start, last.end)
            self._known[surname] = _speaker(name, head[0].start, last.end, office)
            return self._known[surname]
        return office


def _tells_place(reading: Reading, i: int) -> bool:
    """Whether a capitalised opening is a dateline, by its place or its agency: "OSLO (AP):"."""
    if i not in reading.dateline:
        return False
    entry = reading.spans["names"].get(i)
    place = entry is not None and any(label.startswith("state.") for label, _ in entry[1])
    return place or reading.low[i] in _AGENCIES


_AGENCIES = word_set("reuters ap afp tass xinhua dpa efe ani pti kyodo yonhap cnn upi ians")
_FORMS_OF_ADDRESS = word_set("mr mrs ms dr sir senator shri smt shrimati deputy member dame lord")
_SHORTEST_NAME = 2


def _speaker(name: str, start: int, end: int, office: Party | None) -> Party:
    return Party(
        start,
        end,
        "person",
        "name",
        office.codes if office is not None else (),
        office=office.office if office is not None else None,
        office_kind=office.office_kind if office is not None else None,
        name=name,
        label=name,
        head=end - 1,
        rule="party.transcript",
    )


def _outside_brackets(items: Sequence[Item]) -> Iterator[Item]:
    inside = False
    for item in items:
        inside = (inside or item.low == "(") and item.low != ")"
        if not inside and item.low not in ("(", ")"):
            yield item
