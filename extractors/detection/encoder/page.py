"""What the encoder reads of an article: its most telling sentences, with a mark before every party and weapon
named.

Pure and deterministic: text and mentions in, text and marked mentions out; no weights, no files. The words of the
patterns decide only which sentences of a long article are shown, never what the encoder answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

PARTY, WEAPON = "[unused1]", "[unused2]"
"""Marks set before the mentions; spare entries of the encoder's vocabulary."""

SHOWN = 2_000
"""Characters of an article on one sheet, about 430 word pieces: the telling half of an article of 600 words."""

SHEETS = 2
"""Most sheets of one article. MEASURED: with the second the F1 of reactions in articles gains four points."""

PASSAGES, LONG = 4, 4
"""Passages of an article that are read alone besides, and the sentences of its body from which on it has any. MEASURED: they
bring the relevance of articles that mention arms in passing from .67 to .84; six bring no more than four.
"""

LEAD = 2
"""Sentences at the head of a body that come first: news says there what it is about."""


class Kind(StrEnum):
    """What a mention is."""

    PARTY = "party"
    WEAPON = "weapon"


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters [start, end) that name somebody or something.

    `party` is the code or name of a state, body or movement that may send or receive arms; `speaker` tells
    officials apart who may be heard; `weapon` is the number of the weapon phrase among those of the article.
    """

    kind: Kind
    start: int
    end: int
    party: str | None = None
    speaker: str | None = None
    weapon: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters [start, end) of a sentence."""

    start: int
    end: int
    is_title: bool


@dataclass(frozen=True, slots=True)
class Page:
    """An article as the encoder route sees it; offsets count characters of `text`."""

    text: str
    sentences: tuple[Passage, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One sentence as it is shown: its words with a mark before each of `mentions`, in order."""

    words: str
    is_title: bool
    mentions: tuple[Mention, ...]


_ARMS = re.compile(
    r"\b(?:arms?|armou?red|armou?r|armaments?|weapon\w*|munitions?|ammunition|missiles?|rockets?|tanks?|howitzers?|artillery"
    r"|mortars?|jets?|fighters?|bombers?|warplanes?|aircraft|helicopters?|choppers?|gunships?|drones?|uavs?|unmanned|submarines?"
    r"|frigates?|corvettes?|destroyers?|warships?|vessels?|patrol boats?|interceptors?|air[- ]defen[cs]e|launchers?|radars?"
    r"|rifles?|guns?|shells?|bombs?|torpedo\w*|mines?|grenades?|military|defen[cs]e|lethal|hardware|batter(?:y|ies)|embargo\w*"
    r"|licen[cs]\w+|[a-z]{1,4}-\d{1,3}[a-z]{0,3})\b",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b(?:sell\w*|sold|sales?|buy\w*|bought|purchas\w*|acquir\w*|procure\w*|order\w*|deals?|contract\w*|export\w*|import\w*"
    r"|suppl\w+|deliver\w*|ship(?:ped|ping|ments?|s)|sen[dt]\w*|transfer\w*|provid\w*|provision|donat\w*|giv(?:e|es|ing|en)"
    r"|gave"
    r"|hand\w* over|arming|armed|arm|equip\w*|receiv\w*|get(?:s|ting)?|got|aid|assistance"
    r"|packages?|lend\w*|lease\w*|embargo\w*"
    r"|ban(?:s|ned)?|suspen\w+|halt\w*|block\w*|freez\w+|froze\w*|approv\w*|licen[cs]\w*|authori[sz]\w*|clear(?:s|ed)|offer\w*"
    r"|request\w*|pledg\w*|smuggl\w*|seiz\w*|traffick\w*|flow\w*|re-export\w*)\b",
    re.IGNORECASE,
)
_CUES = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old|elling)|warn\w*|urg\w+|condemn\w*|critici[sz]\w*|welcom\w*|praise\w*|accus\w*"
    r"|den(?:y|ies|ied)|announc\w*|confirm\w*|call(?:s|ed|ing)?|insist\w*|argu\w+|add(?:s|ed|ing)|declar\w*|statement\w*|vow\w*"
    r"|threat\w*|oppos\w+|object\w*|protest\w*|demand\w*|reject\w*|refus\w*|defend\w*|express\w*|concern\w*|according|comment\w*"
    r"|thank\w*|hail\w*|slam\w*|denounc\w*|support\w*|vot\w+|claim\w*|note[sd]?|summon\w*|regret\w*)\b|[:\"“”«»„]",
    re.IGNORECASE,
)


def telling(sentence: str) -> float:
    """How much a sentence seems to say of arms changing hands, or of somebody speaking: 0 to 4.5."""
    arms = len({m.group().lower() for m in _ARMS.finditer(sentence)})
    acts = len({m.group().lower() for m in _ACTS.finditer(sentence)})
    both = 2.0 if arms and acts else 0.0
    return min(arms, 2) * 0.5 + min(acts, 2) * 0.5 + both + 0.5 * bool(_CUES.search(sentence))


def sheets(page: Page) -> list[list[Shown]]:
    """The title's sentences with the most telling others, in their order, with their mentions marked; for a long
    article then the title with the most telling of those left, as far as they name anybody or anything.
    """
    homes = _homes(page)
    found: list[list[Shown]] = []
    for numbers in _chosen(page, homes):
        told = any(homes[i] for i in numbers if not page.sentences[i].is_title)
        if not found or told:
            found.append([_shown(page, i, homes[i]) for i in numbers])
    return found


def _shown(page: Page, number: int, mentions: Sequence[Mention]) -> Shown:
    passage = page.sentences[number]
    return Shown(_marked(page.text, passage, mentions), passage.is_title, tuple(mentions))


def _homes(page: Page) -> list[list[Mention]]:
    """The mentions of each sentence, in order, one at each place."""
    homes: list[list[Mention]] = [[] for _ in page.sentences]
    number = 0
    for mention in sorted(page.mentions, key=lambda m: (m.start, m.kind)):
        while number < len(page.sentences) and page.sentences[number].end <= mention.start:
            number += 1
        if number == len(page.sentences):
            break
        if page.sentences[number].start <= mention.start:
            homes[number].append(mention)
    return homes


def _chosen(page: Page, homes: Sequence[Sequence[Mention]]) -> list[list[int]]:
    """The numbers of the sentences of each sheet."""
    title = [i for i, s in enumerate(page.sentences) if s.is_title]
    lengths = [s.end - s.start for s in page.sentences]
    scores = _scores(page, homes)
    for i in sorted(scores)[:LEAD]:
        scores[i] += 10.0
    left = sorted(scores, key=lambda i: (-scores[i], i))
    found: list[list[int]] = []
    while not found or (left and len(found) < SHEETS):
        chosen = list(title)
        room = SHOWN - sum(lengths[i] for i in title)
        while left and room > 0:
            chosen.append(left.pop(0))
            room -= lengths[chosen[-1]] + 1
        found.append(sorted(chosen))
        if chosen == title:
            break
    return found


def _scores(page: Page, homes: Sequence[Sequence[Mention]]) -> dict[int, float]:
    """How much each sentence of the body promises: telling words, mentions, nearness to the head."""
    return {
        i: telling(page.text[s.start : s.end]) + 0.3 * min(4, len(homes[i])) - 0.02 * min(i, 40)
        for i, s in enumerate(page.sentences)
        if not s.is_title
    }


def passages(page: Page) -> list[list[Shown]]:
    """The most telling sentences of a long article, each between its neighbours, without the title: what an article about
    something else says of arms in passing is lost on a whole sheet. None of a short text.
    """
    homes = _homes(page)
    scores = _scores(page, homes)
    if len(scores) < LONG:
        return []
    naming = [i for i in scores if homes[i]]
    told = sorted(naming, key=lambda i: (-scores[i], i))[:PASSAGES]
    return [
        [_shown(page, j, homes[j]) for j in (i - 1, i, i + 1) if j in scores] for i in sorted(told)
    ]


def _marked(text: str, passage: Passage, mentions: Sequence[Mention]) -> str:
    out: list[str] = []
    at = passage.start
    for mention in mentions:
        out.append(_clean(text[at : mention.start]))
        out.append(f" {PARTY if mention.kind is Kind.PARTY else WEAPON} ")
        at = mention.start
    out.append(_clean(text[at : passage.end]))
    return "".join(out)


def _clean(text: str) -> str:
    """`text` without anything that could pass for a mark of ours."""
    return text.replace("[unused", "(unused")
