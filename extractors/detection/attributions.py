"""One cue and its speaker: the subject of a speech verb, the owner of a nominal cue, and what is said."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.detection.clauses import PREPOSITIONS, Clause, group
from extractors.detection.lexicon_entries import Cue
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set


@dataclass(slots=True)
class Attribution:
    """One cue with its speakers and the token ranges of what is said.

    `place`: the tokens of the pronoun that stands for the speakers where no name of theirs does.
    """

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
    place: tuple[int, int] | None = None


AGENT, EXPERIENCER = "speaker.agent", "speaker.experiencer"
"""Rules by which what comes before the verb is what the speaker reacts to."""
PLAIN_CUES = word_set(
    "say tell announce confirm deny add state declare explain insist stress note write believe argue"
    " claim suggest describe call calls warn accuse criticize reject report acknowledge admit"
)
"""Verbs that hardly mean anything but speech."""
_LOOSE_CUES = word_set("embrace thank advise celebrate cheer lobby expects deemed rebuff") | {
    "vote for",
    "campaign for",
    "appeal to",
    "is ready to",
}
"""Cues that in news are more often something else. MEASURED on PoLNeAR train: under .3 of them introduce speech."""


def is_sure(attribution: Attribution) -> bool:
    """Whether the cue is one of speech and grammar told its subject, or the cue is so plain that somebody speaks."""
    cue = attribution.cue
    if cue.kind in ("action", "nominal", "none") or attribution.rule in (AGENT, EXPERIENCER):
        return False
    if cue.lemma in _LOOSE_CUES:
        return False
    return cue.lemma in PLAIN_CUES or not attribution.rule.startswith("speaker.far")


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
            return party_right(clause, x, 5) or _source(clause, x)
        if clause.items[x].kind != "word":
            break
    return []


def _source(clause: Clause, k: int) -> list[Party]:
    """ "Criticism of the deal came from Dublin"."""
    for x in range(k + 1, min(k + 10, len(clause.items))):
        if clause.low(x) == "from" and clause.low(x - 1) in _COMES:
            return party_right(clause, x, 4)
    return []


_COMES = word_set("came comes come coming")


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
