"""Verbs of speech that no lexicon lists, told by what follows: a that-clause, a question or direct speech."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.detection.attributions import Attribution, has_quote
from extractors.detection.clauses import AUXILIARIES, Clause, Item
from extractors.detection.lexicon_entries import Cue
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.subjects import verb_speakers
from extractors.detection.wordsets import word_set

_OPEN = Cue(id="open-verb", lemma="", forms=(), kind="say", stance=None, target=None)
_CLAUSES = frozenset(["that", "whether", "how", "why"])
_IRREGULAR = word_set(
    "found held thought knew felt saw heard made showed wrote spoke understood meant swore bet drew"
    " began went took put gave"
)
_BEFORE_VERBS = word_set("he she they it who has have had also then later and , )")
_NO_VERBS = word_set(
    "was is has does this its his yes years months days states forces officials weapons arms sales"
    " so such ensure provided united"
)


def open_verbs(reading: Reading, clause: Clause, last: list[Party]) -> Iterator[Attribution]:
    """Attributions whose verb is known only by its shape and its complement: "X reckoned that ...", "X tweeted: '...'"."""
    items = clause.items
    for k in range(1, len(items) - 1):
        item = items[k]
        if item.kind != "word" or item.cue or not _verb_like(item.low):
            continue
        if reading.quote_of[item.start] >= 0 or not _speech_follows(reading, clause, k):
            continue
        if not _after_subject(items[k - 1]):
            continue
        subject = verb_speakers(reading, clause, k, last)
        if not subject.speakers or subject.rule.startswith(("speaker.far", "speaker.inverted")):
            continue
        content = [(item.end, clause.sentence.end)]
        yield Attribution(
            sentence=clause.sentence.index,
            cue_start=item.start,
            cue_end=item.end,
            cue=_OPEN,
            cue_word=item.low,
            speakers=subject.speakers,
            content=content,
            quoted=has_quote(reading, content),
            negated=False,
            rule="speaker.open-verb",
            place=subject.place,
        )


def _after_subject(item: Item) -> bool:
    """Whether the word before may be a verb's subject or auxiliary, so that no noun is taken for a verb."""
    if item.party is not None:
        return item.party.case == "name"
    return item.low in _BEFORE_VERBS or item.low.endswith("ly")


def _verb_like(word: str) -> bool:
    if word in _NO_VERBS or word in AUXILIARIES or not word.isalpha():
        return False
    present = len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word in _IRREGULAR or word.endswith("ed") or present


def _speech_follows(reading: Reading, clause: Clause, k: int) -> bool:
    following = clause.items[k + 1]
    if following.low in _CLAUSES:
        return True
    mark = clause.low(k + 2) in ('"', "''", "``") and following.low in (",", ":")
    start = clause.items[k + 2].end if mark else 0
    return mark and start < len(reading.words) and reading.quote_of[start] >= 0
