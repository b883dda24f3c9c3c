"""What a sentence says of how far a transfer has come, whoever sends it: words that tell a stage, with their modality.

The frames read the predicate that names supplier and recipient. Often the stage stands elsewhere: "the deal was signed
in May", "the sale still needs approval", "was put on hold". These cues are read without regard to the parties.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.mentions import Stage
from extractors.detection.reading import Reading, Sentence
from extractors.detection.wordsets import word_set


@dataclass(frozen=True, kw_only=True, slots=True)
class StageCue:
    """A word at token `position` that tells `stage`; `sure` unless it is hedged or names a mere topic."""

    stage: Stage
    position: int
    sure: bool
    rule: str


_UNDO = word_set(
    "lift lifts lifted lifting ease eases eased easing remove removes removed removing relax"
    " relaxes relaxed relaxing loosen loosens loosened loosening end ends ended ending"
    " overturn overturns overturned scrap scraps scrapped scrapping drop drops dropped"
    " dropping undone undo repeal repeals repealed abolish abolishes abolished waive waives"
    " waived unfreeze unfreezes unfroze expire expires expired lapse lapses lapsed unblock"
    " unblocks unblocked over rescind rescinds rescinded reverse reverses reversed restore"
    " restores restored resume resumes resumed withdraw withdrawn withdrew"
)
_MEASURES = word_set(
    "ban bans embargo embargoes restriction restrictions curb curbs limit limits moratorium"
    " veto vetoes freeze sanctions hold suspension blockade prohibition halt stop block pause"
    " objections objection leash"
)
_HEDGES = word_set(
    "may might could would if unless whether should possible potential possibly perhaps likely"
)
_COMING = word_set(
    "will to 'll shall plans plan planned set due expected vows vow vowed pledged pledges"
    " pledge promised promises promise intends intend poised agreed agrees wo"
)
_NOT = word_set("not n't no never without neither nor cannot stop stops stopped against")
_ASKED = word_set(
    "urge urges urged ask asks asked call calls called demand demands demanded want wants"
    " wanted tell tells told press presses pressed pressing seek seeks sought bid bids effort"
    " efforts attempt attempts try tries tried trying motion resolution push pushes fail fails"
    " failed appeal plea"
)
_BREAKS = frozenset(
    [
        ",",
        ";",
        ":",
        ".",
        "—",
        "–",
        "that",
        "which",
        "who",
        "but",
        "while",
        "as",
        "after",
        "before",
        "because",
    ]
)
_NOUN_CUES = word_set(
    "sale sales deal deals contract contracts purchase order orders agreement acquisition"
    " exports supplies delivery deliveries shipment shipments arms arming policy law rules"
    " plan plans market bill need needs demand"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """The words that tell a stage, and the phrases by their first word, longest first."""

    words: Mapping[str, Stage]
    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], Stage]]]


@cache
def _told_by() -> _Told:
    """Reads lexicons/predicates_told.jsonl: a stage, its words and phrases in each line."""
    words: dict[str, Stage] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], Stage]]] = {}
    text = (Path(__file__).parent / "lexicons" / "predicates_told.jsonl").read_text("utf-8")
    for line in text.splitlines():
        row = json.loads(line)
        stage = Stage(row["stage"])
        words.update(dict.fromkeys(row["words"], stage))
        for phrase in row["phrases"]:
            parts = tuple(re.findall(r"[\w'-]+", phrase))
            phrases.setdefault(parts[0], []).append((parts, stage))
    for options in phrases.values():
        options.sort(key=lambda option: -len(option[0]))
    return _Told(words=words, phrases=phrases)


def stage_cues(reading: Reading, sentence: Sentence) -> Iterator[StageCue]:
    """The stage cues of one sentence, in order. A measure that is undone tells policy or, of a named deal, approval."""
    low, words = reading.low, _told_by().words
    i = sentence.start
    question = low[sentence.end - 1] == "?"
    undone: set[int] = set()
    while i < sentence.end:
        phrase = _phrase_at(low, i, sentence.end)
        if phrase is not None:
            length, stage = phrase
        elif low[i] in _UNDO and (measure := _measure_near(low, i, sentence)) is not None:
            undone.add(measure)
            yield StageCue(stage=Stage.POLICY, position=i, sure=True, rule="undone")
            i += 1
            continue
        elif low[i] in words and i not in undone:
            length, stage = 1, words[low[i]]
        else:
            i += 1
            continue
        yield _told(low, i, sentence, stage, question=question)
        i += length


def _phrase_at(low: Sequence[str], i: int, end: int) -> tuple[int, Stage] | None:
    for parts, stage in _told_by().phrases.get(low[i], ()):
        if i + len(parts) <= end and tuple(low[i : i + len(parts)]) == parts:
            return len(parts), stage
    return None


def _measure_near(low: Sequence[str], i: int, sentence: Sentence) -> int | None:
    for j in range(i + 1, min(i + 8, sentence.end)):
        if low[j] in _BREAKS:
            break
        if low[j] in _MEASURES:
            return j
    if low[i].endswith(("ed", "one", "over")):
        for j in range(i - 1, max(i - 10, sentence.start - 1), -1):
            if low[j] in _MEASURES:
                return j
    return None


def _told(
    low: Sequence[str], i: int, sentence: Sentence, stage: Stage, *, question: bool
) -> StageCue:
    before: list[str] = []
    for j in range(i - 1, max(sentence.start - 1, i - 7), -1):
        if low[j] in _BREAKS:
            break
        before.append(low[j])
    near = set(before)
    noun = low[i] in _NOUN_CUES
    rule = "noun" if noun else "plain"
    if set(before[:4]) & _NOT and stage is not Stage.REJECTED:
        rule = "negated"
    elif near & _ASKED and stage not in (Stage.REQUESTED, Stage.CONSIDERED):
        rule = "asked"
    elif question or (near & _HEDGES and stage is not Stage.CONSIDERED):
        rule = "hedged"
    elif set(before[:4]) & _COMING and not noun and stage is not Stage.ANNOUNCED:
        rule = "coming"
    return StageCue(stage=stage, position=i, sure=rule in ("plain", "noun"), rule=rule)
