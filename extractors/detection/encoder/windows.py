"""What the encoder reads of an article: short windows of sentences with the judged mentions marked.

Pure and deterministic: text and spans in, text out; no weights, no files. The words of the two patterns decide only which
sentences are shown to the encoder, never what it answers.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

SUPPLIER, RECIPIENT, SPEAKER = "[unused1]", "[unused2]", "[unused3]"
"""Marks set before the mentions; spare entries of the encoder's vocabulary."""

RELEVANCE_TOKENS, PAIR_TOKENS, SPEAKER_TOKENS = 160, 100, 100
"""Longest windows, in word pieces; what is longer is cut at the end."""

_RELEVANCE_CHARS, _MARKED_CHARS = 720, 450

ARMS = re.compile(
    r"\b(?:arms?|armou?red|armou?r|armaments?|weapon\w*|munitions?|ammunition|missiles?|rockets?|tanks?|howitzers?|artillery"
    r"|mortars?"
    r"|jets?|fighters?|bombers?|warplanes?|aircraft|helicopters?|choppers?|gunships?|drones?|uavs?|unmanned|submarines?"
    r"|frigates?|corvettes?|destroyers?|warships?|vessels?|patrol boats?|interceptors?|air[- ]defen[cs]e|launchers?|radars?"
    r"|rifles?|guns?"
    r"|shells?|bombs?|torpedo\w*|mines?|grenades?|military|defen[cs]e|lethal|hardware|batter(?:y|ies)|embargo\w*|licen[cs]\w+"
    r"|[a-z]{1,4}-\d{1,3}[a-z]{0,3}|patriots?|javelins?|stingers?|leopards?|abrams|himars|rafales?|gripens?|typhoons?)\b",
    re.IGNORECASE,
)
ACTS = re.compile(
    r"\b(?:sell\w*|sold|sales?|buy\w*|bought|purchas\w*|acquir\w*|procure\w*|order\w*|deals?|contract\w*|export\w*|import\w*"
    r"|suppl\w+"
    r"|deliver\w*|ship(?:ped|ping|ments?|s)|sen[dt]\w*|transfer\w*|provid\w*|provision|donat\w*|giv(?:e|es|ing|en)|gave"
    r"|hand\w* over"
    r"|arming|armed|arm|equip\w*|receiv\w*|get(?:s|ting)?|got|aid|assistance|packages?|lend\w*|lease\w*|embargo\w*|ban(?:s|ned)?"
    r"|suspen\w+|halt\w*|block\w*|freez\w+|froze\w*|approv\w*|licen[cs]\w*|authori[sz]\w*|clear(?:s|ed)|offer\w*|request\w*|pledg\w*"
    r"|smuggl\w*|seiz\w*|traffick\w*|flow\w*|re-export\w*)\b",
    re.IGNORECASE,
)
CUES = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old|elling)|warn\w*|urg\w+|condemn\w*|critici[sz]\w*|welcom\w*|praise\w*|accus\w*"
    r"|den(?:y|ies|ied)"
    r"|announc\w*|confirm\w*|call(?:s|ed|ing)?|insist\w*|argu\w+|add(?:s|ed|ing)|declar\w*|stat(?:es?|ed|ement\w*)|vow\w*|threat\w*"
    r"|oppos\w+|object\w*|protest\w*|demand\w*|reject\w*|refus\w*|defend\w*|express\w*|concern\w*|according|comment\w*"
    r"|spoke\w*|remark\w*"
    r"|wrote|writ\w+|tweet\w*|respon\w+|repl\w+|ask\w*|thank\w*|hail\w*|slam\w*|blast\w*|denounc\w*|deplor\w*|support\w*"
    r"|back(?:s|ed|ing)"
    r"|vot\w+|claim\w*|note[sd]?|explain\w*|promis\w*|pledg\w*|believ\w*|want\w*|hop(?:e|es|ed|ing)|agre\w+|acknowledg\w*"
    r"|admit\w*"
    r"|suggest\w*|summon\w*|told|seek\w*|quot\w+|report\w*|view\w*|reaction|opinion|question\w*|announ\w+|appeal\w*"
    r"|asserted|stress\w*"
    r"|emphasi[sz]\w*|caution\w*|complain\w*|dismiss\w*|angr\w+|outrag\w+|regret\w*|justif\w*|approv\w*|block\w*|decid\w*|plan\w*)\b"
    r"|[:\"“”«»„]",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"(?<=[.!?])[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[A-Z0-9])|\s*\n\s*|(?<=[.!?][\"”»])(?=[A-Z])|(?<=[a-z][.!?])(?=[A-Z][a-z])"
)
_NO_END = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Col|Lt|Maj|Sgt|Capt|Adm|Gov|Prof|St|No|Sens|Reps|vs|approx|Jan|Feb|Aug|Sept|Oct|Nov|Dec)|\bU\.[SKN]|\bi\.e|\be\.g)\.$"
)
_LONGEST_SENTENCE = 600


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of the article's text."""

    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    """Sentences of `text`; line breaks end a sentence, abbreviations do not, and none is longer than 600 characters."""
    spans: list[Span] = []
    start = 0
    for gap in _BREAK.finditer(text):
        end = gap.start()
        if "\n" not in gap.group() and _NO_END.search(text[max(start, end - 12) : end]):
            continue
        while end < gap.end() and not text[end].isspace():
            end += 1
        _append(spans, text, start, end)
        start = gap.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST_SENTENCE:
        cut = text.rfind(" ", start + _LONGEST_SENTENCE // 2, start + _LONGEST_SENTENCE)
        cut = cut if cut > 0 else start + _LONGEST_SENTENCE
        spans.append(Span(start, cut))
        start = cut
    if end > start:
        spans.append(Span(start, end))


@lru_cache(maxsize=2048)
def has_cue(sentence: str) -> bool:
    """Whether a word or mark of speech or attitude occurs."""
    return CUES.search(sentence) is not None


@lru_cache(maxsize=2048)
def telling(sentence: str) -> float:
    """How much a sentence seems to say of arms changing hands: 0 to 4, for choosing what the encoder is shown."""
    arms = len({m.group().lower() for m in ARMS.finditer(sentence)})
    acts = len({m.group().lower() for m in ACTS.finditer(sentence)})
    return min(arms, 2) * 0.5 + min(acts, 2) * 0.5 + (2.0 if arms and acts else 0.0)


def relevance_window(title: str, sentences: Sequence[str]) -> tuple[str, str]:
    """The title, and the most telling sentences in their order (about 720 characters)."""
    order = sorted(
        range(len(sentences)), key=lambda i: (-telling(sentences[i]) + 0.03 * min(i, 20), i)
    )
    chosen: list[int] = []
    room = _RELEVANCE_CHARS - len(title)
    for i in order:
        if room <= 0:
            break
        chosen.append(i)
        room -= len(sentences[i]) + 1
    return title, " ".join(sentences[i] for i in sorted(chosen))


def marked_window(
    text: str,
    sentences: Sequence[Span],
    title_sentences: int,
    marks: Sequence[tuple[str, Sequence[Span]]],
) -> tuple[str, str]:
    """The title and the best sentences around the marked mentions, each mention with its mark before it.

    `marks` are (mark, mentions); the first `title_sentences` of `sentences` are the title's and always shown. Sentences
    that name all marked parties come first, then telling ones; the sentence after a mention helps speech that goes on.
    """
    if not sentences:
        return "", ""
    starts = [s.start for s in sentences]
    named: list[set[str]] = [set() for _ in sentences]
    for mark, spans in marks:
        for span in spans:
            named[max(0, bisect_right(starts, span.start) - 1)].add(mark)
    scores = [_score(text, sentences, named, i, title_sentences) for i in range(len(sentences))]
    body = sorted(range(title_sentences, len(sentences)), key=lambda i: (-scores[i], i))
    room = _MARKED_CHARS - sum(s.end - s.start for s in sentences[:title_sentences])
    chosen: list[int] = []
    for i in body:
        if room <= 0 or scores[i] <= 0.0:
            break
        chosen.append(i)
        room -= sentences[i].end - sentences[i].start + 1
    title = " ".join(_marked(text, s, marks) for s in sentences[:title_sentences])
    return title, " ".join(_marked(text, sentences[i], marks) for i in sorted(chosen))


def _score(
    text: str, sentences: Sequence[Span], named: Sequence[set[str]], i: int, title_sentences: int
) -> float:
    here = named[i]
    before = named[i - 1] if i > title_sentences else set()
    if not here and not before:
        return 0.0
    words = text[sentences[i].start : sentences[i].end]
    score = 3.0 * len(here) + telling(words) - 0.02 * min(i, 30)
    if not here:
        return 0.5 + 0.5 * telling(words) + (1.0 if words[:1] in '"“' else 0.0)
    return score + (0.5 if has_cue(words) else 0.0)


def _marked(text: str, sentence: Span, marks: Sequence[tuple[str, Sequence[Span]]]) -> str:
    places = sorted(
        {
            (span.start, mark)
            for mark, spans in marks
            for span in spans
            if sentence.start <= span.start < sentence.end
        }
    )
    out: list[str] = []
    at = sentence.start
    for start, mark in places:
        out.append(clean(text[at:start]))
        out.append(f" {mark} ")
        at = start
    out.append(clean(text[at : sentence.end]))
    return "".join(out)


def clean(text: str) -> str:
    """`text` without anything that could pass for a mark of ours."""
    return text.replace("[unused", "(unused")
