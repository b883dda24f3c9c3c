"""One cue and its speaker: the subject of a speech verb, the owner of a nominal cue, and what is said."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.detection.clauses import CHAIN_WORDS, PREPOSITIONS, Clause, group
from extractors.detection.lexicon_entries import Cue
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set


@dataclass(slots=True)
class Attribution:
    """One cue with its speakers and the token ranges of what is said."""

    sentence: int
    cue_start: int
    cue_end: int
    cue: Cue
    cue_word: str
    speakers: list[Party]
    content: list[tuple[int, int]]
    quoted: bool
    negated: bool
    rule: str


_PRONOUN_SUBJECTS = frozenset(["he", "she", "they", "it", "we", "i", "who"])


NEGATIONS = frozenset(["not", "n't", "never", "no", "neither", "nor", "without"])


_TOLD = word_set("told tells tell telling informed informs asked asks assured assures reminded")


_AUX = word_set(
    "has have had is are was were be been will would did does do could can may might should 'd"
    " 'll 've"
)


def may_speak(party: Party) -> bool:
    return party.kind != "place" and party.case != "adjective" and party.kind != "company"


def verb_speakers(
    reading: Reading, clause: Clause, k: int, last: list[Party]
) -> tuple[list[Party], str]:
    """The subject of a speech verb: inverted after a closing quote or comma, else the nearest to the left."""
    before = clause.low(k - 1)
    if before == ",":
        jumped = _jump_apposition(clause, k - 1)
        if jumped is not None:
            return group(clause, jumped), "speaker.apposition"
    if (before in ('"', "'", ",") or k == 0) and clause.low(k) not in _TOLD:
        right = _inverted(clause, k)
        if right:
            return right, "speaker.inverted"
    i = k - 1
    while i >= 0 and _passes_over(clause, i):
        i -= 1
    if i >= 0 and clause.low(i) == ",":
        jumped = _jump_apposition(clause, i)
        i = i if jumped is None else jumped
    return _nearest_subject(clause, i, last)


_OVER = word_set("also then later to and again first have strongly further") | _AUX | NEGATIONS
_CHAIN_OVER = CHAIN_WORDS - PREPOSITIONS - {"the", "a", "an", "it", "its", "his"}


def _passes_over(clause: Clause, i: int) -> bool:
    """Whether the word at `i` stands between a speech verb and its subject: auxiliaries, adverbs, another cue."""
    item = clause.items[i]
    if item.kind != "word":
        return False
    return item.low in _OVER or item.low in _CHAIN_OVER or item.low.endswith("ly") or item.cue


def _nearest_subject(clause: Clause, i: int, last: list[Party]) -> tuple[list[Party], str]:
    """The nearest party to the left of `i` that stands in no prepositional phrase; a pronoun is the last speaker."""
    for steps in range(25):
        at = i - steps
        if at < 0:
            break
        item = clause.items[at]
        if item.kind == "word" and item.low in _PRONOUN_SUBJECTS and item.low != "who":
            if item.low in ("we", "i"):
                break
            return (_left_subject(clause, at) or last, "speaker.pronoun")
        if item.low in (";", ":", "—") or (item.kind == "word" and item.cue and steps > 5):
            break
        if item.party is not None and not _in_phrase(clause, at):
            if may_speak(item.party) and item.party.case != "possessive":
                return group(clause, at), "speaker.subject"
            if item.party.kind == "outsider":
                return [item.party], "speaker.subject"
    return [], ""


def _inverted(clause: Clause, k: int) -> list[Party]:
    for x in range(k + 1, min(k + 7, len(clause.items))):
        item = clause.items[x]
        if item.party is not None:
            if item.party.case in ("adjective",) or item.party.kind == "place":
                continue
            return group(clause, x)
        if (
            item.kind != "word"
            or item.low in PREPOSITIONS
            or item.low in ("that", '"', ",", ".", "he", "she", "it", "they")
        ):
            return []
    return []


def _jump_apposition(clause: Clause, i: int) -> int | None:
    """At a comma before the verb: "X, the minister, said" gives the position of X."""
    for j in range(i - 1, max(-1, i - 22), -1):
        if clause.low(j) == ",":
            party = clause.party(j - 1)
            return j - 1 if party is not None and not _in_phrase(clause, j - 1) else None
    return None


def _in_phrase(clause: Clause, i: int) -> bool:
    j = i - 1
    while (
        j >= 0
        and clause.items[j].kind == "word"
        and clause.low(j)
        in (
            "the",
            "a",
            "an",
            "its",
            "his",
            "their",
            "her",
            "one",
            "some",
            "senior",
            "'s",
            "another",
            "several",
            "two",
        )
    ):
        j -= 1
    return (
        j >= 0
        and clause.items[j].kind == "word"
        and clause.low(j) in PREPOSITIONS
        and clause.low(j) not in ("as", "than")
    )


def _left_subject(clause: Clause, i: int) -> list[Party]:
    for j in range(i - 1, -1, -1):
        party = clause.party(j)
        if (
            party is not None
            and party.kind in ("person", "institution")
            and party.case == "name"
            and not _in_phrase(clause, j)
        ):
            return [party]
    return []


def party_right(clause: Clause, k: int, reach: int) -> list[Party]:
    for x in range(k + 1, min(k + 1 + reach, len(clause.items))):
        party = clause.party(x)
        if party is not None and party.kind != "place":
            return group(clause, x) if party.case != "possessive" else [party]
        if clause.low(x) in (",", ".", ";"):
            break
    return []


def noun_owner(clause: Clause, k: int) -> list[Party]:
    """ "Moscow's objections", "Russian criticism", "objections of/from A and B"."""
    for x in range(k - 1, max(-1, k - 5), -1):
        party = clause.party(x)
        if party is not None:
            if party.case in ("possessive", "adjective", "compound") and party.kind != "place":
                return [party]
            break
        if clause.low(x) in PREPOSITIONS or clause.low(x) in (",", "the", "a"):
            break
    for x in range(k + 1, min(k + 4, len(clause.items))):
        if clause.low(x) in ("of", "from", "by", "among"):
            return party_right(clause, x, 5)
        if clause.items[x].kind != "word":
            break
    return []


def content_of(
    reading: Reading, clause: Clause, k: int, end: int, cue: Cue
) -> list[tuple[int, int]]:
    """Right of the cue to the sentence's end, or left of it when the sentence ends there."""
    sentence = clause.sentence
    ranges: list[tuple[int, int]] = []
    start = clause.items[k].start
    left = (sentence.start, start)
    right = (end, sentence.end)
    trailing = sum(w.isalpha() for w in reading.words[end : sentence.end])
    leading_quote = any(reading.quote_of[i] >= 0 for i in range(*left))
    comma_first = reading.word(start - 1) in (",", '"') or any(
        reading.word(i) in (",", '"') for i in range(max(sentence.start, start - 12), start)
    )
    parenthetical = comma_first and trailing <= (2 if cue.kind == "attitude" else 8)
    if leading_quote or parenthetical or cue.kind in ("according", "nominal"):
        ranges.append(left)
    if trailing > 2 or not ranges:
        ranges.append(right)
    return [r for r in ranges if r[1] > r[0]] or [(sentence.start, sentence.end)]


def has_quote(reading: Reading, content: list[tuple[int, int]]) -> bool:
    for start, end in content:
        numbers = {reading.quote_of[i] for i in range(start, end)} - {-1}
        if any(reading.quotes[n].end - reading.quotes[n].start >= 2 for n in numbers):
            return True
    return False
