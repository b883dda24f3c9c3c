"""Who speaks: attributions of content to speakers, found from cues: verbs, nouns, headlines."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.detection.attributions import (
    NEGATIONS,
    Attribution,
    content_of,
    has_quote,
    may_speak,
    noun_owner,
    party_right,
    verb_speakers,
)
from extractors.detection.clauses import Clause
from extractors.detection.lexicon_entries import Cue, Lexicons
from extractors.detection.parties import Party
from extractors.detection.reading import Reading


class SpeakerFinder:
    """Walks a reading's sentences in order, remembering the last official speaker for pronouns and floating quotes."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._cues = lexicons.cues

    def find(self, reading: Reading, clauses: list[Clause]) -> list[Attribution]:
        """All attributions to parties that may be official, in text order."""
        found: list[Attribution] = []
        last: list[Party] = []
        last_paragraph = -1
        for clause in clauses:
            here = list(self._in_clause(reading, clause, last))
            if not here:
                here = list(_beside(reading, clause))
            if not here and last and clause.sentence.paragraph == last_paragraph:
                here = list(_floating(reading, clause, found))
            for attribution in here:
                persons = [
                    p
                    for p in attribution.speakers
                    if p.kind in ("person", "institution", "state", "outsider", "movement")
                ]
                if persons:
                    last, last_paragraph = persons, clause.sentence.paragraph
            found.extend(here)
            if not here and not clause.sentence.is_title:
                mentioned = [
                    i.party
                    for i in clause.items
                    if i.party and i.party.kind in ("person", "outsider") and i.party.name
                ]
                if mentioned:
                    last = mentioned[:1]
        return found

    def _in_clause(
        self, reading: Reading, clause: Clause, last: list[Party]
    ) -> Iterator[Attribution]:
        items = clause.items
        starts = {item.start: k for k, item in enumerate(items)}
        for start in range(clause.sentence.start, clause.sentence.end):
            entry = reading.spans["cues"].get(start)
            if entry is None or start in reading.dateline:
                continue
            if reading.quote_of[start] >= 0 and not clause.sentence.is_title:
                continue
            end, options = entry
            cue = self._cues[options[0][1]]
            k = starts.get(start)
            if k is None:
                continue
            if items[k].party is not None:
                continue
            yield from self._by_kind(reading, clause, k, end, cue, last)
        if clause.sentence.is_title:
            yield from self._headline(reading, clause)

    def _by_kind(
        self, reading: Reading, clause: Clause, k: int, end: int, cue: Cue, last: list[Party]
    ) -> Iterator[Attribution]:
        if cue.kind == "according":
            speakers = party_right(clause, k, 6)
            rule = "speaker.according"
        elif cue.kind == "nominal":
            speakers = noun_owner(clause, k)
            rule = "speaker.nominal"
            party = clause.party(k - 1)
            if not speakers and party is not None and party.case == "name":
                speakers, rule = verb_speakers(reading, clause, k, last)
        else:
            agents = _agents(clause, k, end)
            speakers, rule = agents, "speaker.agent"
            if not agents:
                speakers, rule = verb_speakers(reading, clause, k, last)
        if not speakers:
            return
        content = content_of(reading, clause, k, end, cue)
        if rule == "speaker.agent":
            content = [(clause.sentence.start, clause.items[k].start)]
        yield Attribution(
            sentence=clause.sentence.index,
            cue_start=clause.items[k].start,
            cue_end=end,
            cue=cue,
            cue_word=clause.items[k].low,
            speakers=speakers,
            content=content,
            quoted=has_quote(reading, content),
            negated=any(clause.low(x) in NEGATIONS for x in range(max(0, k - 3), k)),
            rule=rule,
        )

    def _headline(self, reading: Reading, clause: Clause) -> Iterator[Attribution]:
        """ "...: Pentagon", "... - Kremlin", "Kremlin: ..."."""
        items = clause.items
        for k, item in enumerate(items):
            if item.low not in (":", "-", "–", "—", "--", "|"):
                continue
            tail = [
                x for x in range(k + 1, len(items)) if items[x].low not in ("the", "a", ".", "'s")
            ]
            if tail and len(tail) <= 4 and items[tail[0]].party is not None:
                party = items[tail[0]].party
                rest = tail[1:]
                if party is not None and not rest and may_speak(party):
                    yield self._colon(
                        reading, clause, item.start, [party], (clause.sentence.start, item.start)
                    )
            head = [x for x in range(k) if items[x].low not in ("the", "a")]
            if item.low == ":" and len(head) == 1 and items[head[0]].party is not None:
                party = items[head[0]].party
                if party is not None and may_speak(party):
                    yield self._colon(
                        reading, clause, item.start, [party], (item.end, clause.sentence.end)
                    )

    def _colon(
        self,
        reading: Reading,
        clause: Clause,
        at: int,
        speakers: list[Party],
        content: tuple[int, int],
    ) -> Attribution:
        cue = Cue(
            id="headline.colon", lemma=":", forms=(":",), kind="headline", stance=None, target=None
        )
        return Attribution(
            clause.sentence.index,
            at,
            at + 1,
            cue,
            ":",
            speakers,
            [content],
            has_quote(reading, [content]),
            False,
            "speaker.headline",
        )


def _agents(clause: Clause, k: int, end: int) -> list[Party]:
    """Who speaks in the passive: "was welcomed by Rabat", "condemned by Iran"."""
    by = next(
        (x for x in range(k + 1, min(k + 5, len(clause.items))) if clause.items[x].start >= end), 0
    )
    if clause.low(by) != "by" or not clause.low(k).endswith("ed"):
        return []
    return [p for p in party_right(clause, by, 4) if may_speak(p) or p.case == "possessive"]


def _floating(reading: Reading, clause: Clause, found: list[Attribution]) -> Iterator[Attribution]:
    """A sentence that is all quote continues the speech of the attribution before it in the paragraph."""
    sentence = clause.sentence
    quoted = sum(reading.quote_of[i] >= 0 for i in range(sentence.start, sentence.end))
    if not found or quoted < 0.7 * (sentence.end - sentence.start):
        return
    previous = found[-1]
    if sentence.index - previous.sentence > 2:
        return
    cue = Cue(id="floating", lemma="", forms=(), kind="say", stance=None, target=None)
    yield Attribution(
        sentence.index,
        previous.cue_start,
        previous.cue_end,
        cue,
        "",
        previous.speakers,
        [(sentence.start, sentence.end)],
        True,
        False,
        "speaker.floating",
    )


def _beside(reading: Reading, clause: Clause) -> Iterator[Attribution]:
    """No cue of ours: a quote with one official beside it, or a named official as the sentence's first party."""
    outside = [
        i.party
        for i in clause.items
        if i.party is not None
        and i.party.kind in ("person", "institution")
        and i.party.official
        and i.party.case == "name"
        and reading.quote_of[i.start] < 0
    ]
    if not outside or clause.sentence.is_title:
        return
    sentence = clause.sentence
    quoted = any(reading.quote_of[i] >= 0 for i in range(sentence.start, sentence.end))
    party = outside[0]
    first = next((i.party for i in clause.items if i.party is not None), None)
    if not quoted and (party is not first or not party.name):
        return
    rule = "speaker.beside-quote" if quoted else "speaker.no-cue"
    cue = Cue(id="none", lemma="", forms=(), kind="none", stance=None, target=None)
    yield Attribution(
        sentence.index,
        party.start,
        party.start,
        cue,
        "",
        [party],
        [(sentence.start, sentence.end)],
        quoted,
        False,
        rule,
    )
