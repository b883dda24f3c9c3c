"""Who speaks: attributions of content to speakers, found from cues: verbs, nouns, headlines."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.detection.attributions import (
    AGENT,
    EXPERIENCER,
    Attribution,
    content_of,
    has_quote,
    noun_owner,
    party_right,
)
from extractors.detection.clauses import AUXILIARIES, BE, Clause
from extractors.detection.headlines import Transcript, headline_speakers
from extractors.detection.lexicon_entries import Cue, Lexicons
from extractors.detection.open_verbs import open_verbs
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.subjects import (
    NEGATIONS,
    NOBODY,
    Subject,
    may_speak,
    verb_speakers,
)
from extractors.detection.unvoiced import beside, unvoiced
from extractors.detection.wordsets import word_set

_BRIEF = 3
"""Sentences up to which a text without a title may be written as a headline is."""


class SpeakerFinder:
    """Walks a reading's sentences in order, remembering the last official speaker for pronouns and floating quotes."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._cues = lexicons.cues

    def find(self, reading: Reading, clauses: list[Clause]) -> list[Attribution]:
        """All attributions to parties that may be official, in text order."""
        found: list[Attribution] = []
        last: list[Party] = []
        last_paragraph = -1
        transcript = Transcript(clauses)
        for clause in clauses:
            here = list(transcript.turn(reading, clause))
            here += self._in_clause(reading, clause, last, len(clauses) <= _BRIEF)
            if not here:
                here = list(beside(reading, clause))
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
        return found + unvoiced(reading, clauses, found)

    def _in_clause(
        self, reading: Reading, clause: Clause, last: list[Party], brief: bool
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
        yield from open_verbs(reading, clause, last)
        if clause.sentence.is_title or brief:
            yield from headline_speakers(reading, clause)

    def _by_kind(
        self, reading: Reading, clause: Clause, k: int, end: int, cue: Cue, last: list[Party]
    ) -> Iterator[Attribution]:
        if _is_noun(clause, k, end, cue):
            return
        subject = self._subject(reading, clause, k, end, cue, last)
        if not subject.speakers:
            return
        content = content_of(reading, clause, k, end, cue)
        if subject.rule in (AGENT, EXPERIENCER):
            content = [(clause.sentence.start, clause.items[k].start)]
        yield Attribution(
            sentence=clause.sentence.index,
            cue_start=clause.items[k].start,
            cue_end=end,
            cue=cue,
            cue_word=clause.items[k].low,
            speakers=subject.speakers,
            content=content,
            quoted=has_quote(reading, content),
            negated=any(clause.low(x) in NEGATIONS for x in range(max(0, k - 3), k)),
            rule=subject.rule,
            place=subject.place,
        )

    def _subject(
        self, reading: Reading, clause: Clause, k: int, end: int, cue: Cue, last: list[Party]
    ) -> Subject:
        heard_by = reading.word(end - 1) == "to" and clause.low(k) != "according"
        if cue.kind == "according" and reading.word(end - 1) in _SOURCE_WORDS and not heard_by:
            return Subject(party_right(clause, k, 6), "speaker.according")
        if cue.kind == "nominal":
            owners = noun_owner(clause, k)
            party = clause.party(k - 1)
            if owners or party is None or party.case != "name":
                return Subject(owners, "speaker.nominal")
        if cue.lemma in ("cite", "quote") and clause.sentence.is_title:
            cited = party_right(clause, k, 4)
            if cited:
                return Subject(cited, "speaker.according")
        agents = _agents(clause, k, end)
        if agents:
            return Subject(agents, AGENT)
        stirred = _experiencers(clause, k, cue)
        if stirred:
            return Subject(stirred, EXPERIENCER)
        if _is_undergone(clause, k, end, cue):
            return NOBODY
        return verb_speakers(reading, clause, k, last)


_SOURCE_WORDS = word_set("to of by from for per at quoting citing")
_DETERMINERS = word_set("the a an this that these those his her its their our my your no any some")


def _is_noun(clause: Clause, k: int, end: int, cue: Cue) -> bool:
    """Whether what looks like a verb of speech is a noun: "the claim", "its demands", "military support", "for opposing"."""
    if cue.kind == "nominal":
        return cue.lemma in _WEAK_NOUNS and not _introduces(clause, k)
    if cue.kind not in ("say", "attitude", "action") or end != clause.items[k].end or k == 0:
        return False
    before, word = clause.low(k - 1), clause.low(k)
    if before in _DETERMINERS and clause.party(k - 1) is None:
        return not word.endswith(("ed", "ing"))
    if before in ("of", "for", "by") and word.endswith("ing"):
        return cue.kind == "attitude"
    bare = f"{word}s" in cue.forms and word in cue.forms
    return bare and clause.party(k - 1) is None and not _before_bare(before)


def _before_bare(word: str) -> bool:
    """Whether the verb's bare form may follow `word`: auxiliaries, plural subjects, adverbs, links."""
    return (
        word in AUXILIARIES
        or word in _BEFORE_BARE
        or not word.isalpha()
        or word.endswith(("s", "ly"))
    )


_BEFORE_BARE = word_set("to and or but i we you they who that please let people not n't would")
_WEAK_NOUNS = word_set(
    "statement comment comments speech remark remarks interview message response words rhetoric"
    " announcement request ruling stance refusal veto letter report proposal"
) | {"press conference", "wish list", "shopping list"}
"""Nouns that name an utterance without telling it; they introduce speech only before a verb of speech or a colon."""


def _introduces(clause: Clause, k: int) -> bool:
    return any(item.low == ":" or item.cue for item in clause.items[k + 1 : k + 9])


def _agents(clause: Clause, k: int, end: int) -> list[Party]:
    """Who speaks in the passive: "was welcomed by Rabat", "condemned by Iran"."""
    by = next(
        (x for x in range(k + 1, min(k + 5, len(clause.items))) if clause.items[x].start >= end), 0
    )
    if clause.low(by) == "to":  # "confirmed to the BBC by two officials"
        by = next(
            (x for x in range(by, min(by + 6, len(clause.items))) if clause.low(x) == "by"), 0
        )
    if clause.low(by) != "by" or not clause.low(k).endswith("ed"):
        return []
    return [p for p in party_right(clause, by, 4) if may_speak(p) or p.case == "possessive"]


def _experiencers(clause: Clause, k: int, cue: Cue) -> list[Party]:
    """Whom a verb of feeling moves: "the sale angered Riyadh" tells how Riyadh sees it, whatever the subject is."""
    if cue.id not in _STIRS or _after_be(clause, k):
        return []
    return [p for p in party_right(clause, k, 3) if may_speak(p)]


_STIRS = word_set(
    "alarm anger anger-headline annoy delight disappoint dismay displease enrage incense infuriate irk irritate outrage"
    " please rattle rile unnerve unsettle upset worry"
)
"""Ids of the cues whose object feels."""


def _after_be(clause: Clause, k: int) -> bool:
    before = k - 1
    while clause.low(before) in _AMID or clause.low(before).endswith("ly"):
        before -= 1
    return clause.low(before) in BE and clause.low(before) != "'s"


def _is_undergone(clause: Clause, k: int, end: int, cue: Cue) -> bool:
    """Whether the verb at `k` is done to its subject: "has been accused", "was told"; in titles also "accused of lying"."""
    word = clause.low(k)
    if cue.kind not in ("say", "attitude") or end != clause.items[k].end or cue.lemma in _FELT:
        return False
    if not word.endswith("ed") and word != "told":
        return False
    if _after_be(clause, k):
        return True
    return cue.lemma in _BLAMES and clause.low(k + 1) in _CHARGES


_AMID = word_set("also now long not n't again since then first")
_FELT = word_set(
    "oppose annoy irritate concern worry alarm please disappoint anger dismay satisfy surprise trouble"
)
"""Verbs whose participle after "be" tells what the subject feels."""
_BLAMES = word_set("accuse criticize criticise fault blame condemn slam blast rebuke warn praise")
_CHARGES = word_set("of over for")


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
