"""A newsroom of any size, for benchmarks: a day's stream, in which ordinary articles dominate.

Its articles are shuffled together from the bundled ones; no two bodies are nearly identical.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from flows.demo.newsroom import load_newsroom
from flows.demo.outlets import Newsroom, Outlet, SampleArticle, outlets_for, slug_of

# What the bundled articles on arms say of them.
_ARMS = re.compile(
    r"\b(?:ammunition|armou?r|arms?|army|artillery|ballistic|batter(?:y|ies)|bombs?|combat|defen[cs]e"
    r"|drones?|embargo|export\w*|fighters?|fire|frigates?|guns?|helicopters?|howitzers?|interceptors?"
    r"|jets?|launch\w*|licen[cs]e\w*|militar\w*|missiles?|munitions?|nav(?:y|al)|nuclear|pistols?"
    r"|radars?|rifles?|rockets?|sanctions?|shells?|shot|soldiers?|submarines?|tanks?|torpedo\w*|troops"
    r"|war\w*|weapons?|[A-Z]+-?\d+\w*|Javelin|Leopards?|Patriots?|Tomahawks?|Typhoons?)\b",
    re.IGNORECASE,
)
# Words that may stand for arms and mostly do not ("a round", "the vehicle"): the gate takes them
# for arms.
_AMBIGUOUS = re.compile(
    r"\b(?:aid|boats?|cameras?|cars?|carriers?|charges?|components?|devices?|engines?|equipment|goods?"
    r"|groups?|items?|jeeps?|kits?|materials?|parts?|pieces?|planes?|platforms?|products?|robots?"
    r"|rounds?|sensors?|ships?|stocks?|support|systems?|technolog\w+|terminals?|tools?|transports?"
    r"|trucks?|units?|vehicles?|vessels?)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][”\"’»]))\s+(?=[“\"‘«A-Z])")
# An article with more sentences on arms lends none to ordinary text: its others are on arms as
# well.
_AT_MOST_ON_ARMS = 1
_LABELS = (
    "Update",
    "In brief",
    "Analysis",
    "Roundup",
    "Explained",
    "Morning report",
    "From the wires",
)


@dataclass(frozen=True, kw_only=True)
class _Material:
    """The bundled articles by what detection makes of them, and the sentences that are about
    nothing of ours.
    """

    relevant: Sequence[SampleArticle]
    past_gate: Sequence[SampleArticle]
    ordinary: Sequence[str]


def newsroom_of_size(
    n: int,
    start: datetime,
    relevant_share: float = 0.02,
    past_gate_share: float = 0.1,
    seed: int = 0,
) -> Newsroom:
    """A newsroom of `n` articles, one a minute back from `start`; the same arguments give the same
    newsroom.

    `relevant_share` of them tell of an arms transfer, and `past_gate_share` (which counts those
    too) at least use its words; the rest is ordinary. `relevant` of an article says which of the
    first it is.
    """
    dice = Random(seed)  # noqa: S311 — a sample, no secret
    bundled = load_newsroom(start)
    material = _material(bundled.collection)
    outlets = outlets_for(n, bundled.outlets)
    relevant = round(n * relevant_share)
    past_gate = max(0, round(n * past_gate_share) - relevant)
    sources: list[SampleArticle | None] = [
        *(material.relevant[i % len(material.relevant)] for i in range(relevant)),
        *(material.past_gate[i % len(material.past_gate)] for i in range(past_gate)),
    ]
    sources += [None] * (n - len(sources))
    dice.shuffle(sources)
    collection = tuple(
        _article(index, source, material.ordinary, outlets[index % len(outlets)], start, dice)
        for index, source in enumerate(sources[:n])
    )
    return Newsroom(start=start, outlets=outlets, collection=collection)


def _material(articles: Sequence[SampleArticle]) -> _Material:
    return _Material(
        relevant=[a for a in articles if a.relevant and len(a.paragraphs) > 3],
        past_gate=[a for a in articles if not a.relevant and _ARMS.search(a.text)],
        ordinary=[s for a in articles if not a.relevant for s in _ordinary_sentences(a)],
    )


def _ordinary_sentences(article: SampleArticle) -> list[str]:
    """Its sentences that can stand alone and are not about arms; none where the article is."""
    sentences = [s for paragraph in article.paragraphs for s in _SENTENCE_END.split(paragraph)]
    harmless = [s for s in sentences if not _ARMS.search(s)]
    if len(sentences) - len(harmless) > _AT_MOST_ON_ARMS:
        return []
    return [
        s for s in harmless if len(s.split()) > 6 and _quotes_match(s) and not _AMBIGUOUS.search(s)
    ]


def _quotes_match(sentence: str) -> bool:
    pairs = sentence.count("“") == sentence.count("”"), sentence.count("«") == sentence.count("»")
    return all(pairs) and sentence.count('"') % 2 == 0


def _article(
    index: int,
    source: SampleArticle | None,
    ordinary: Sequence[str],
    outlet: Outlet,
    start: datetime,
    dice: Random,
) -> SampleArticle:
    fresh = dice.sample(ordinary, dice.randrange(10, 22))
    if source is None:
        title = "; ".join(_beginning(sentence) for sentence in dice.sample(fresh, 2))
        paragraphs = _in_paragraphs(fresh, dice)
    else:
        title = f"{dice.choice(_LABELS)}: {source.title}"
        paragraphs = _varied(source, _in_paragraphs(fresh[:10], dice), dice)
    return SampleArticle(
        outlet=outlet,
        number=index + 1,
        slug=slug_of(title) or "article",
        title=title,
        paragraphs=tuple(paragraphs),
        published=start - timedelta(minutes=index + 1),
        relevant=source is not None and bool(source.relevant),
    )


def _beginning(sentence: str) -> str:
    return " ".join(word.strip('“”«»",.!?;:') for word in sentence.split()[:6])


def _in_paragraphs(sentences: Sequence[str], dice: Random) -> list[str]:
    paragraphs, rest = [], list(sentences)
    while rest:
        size = dice.randrange(1, 4)
        paragraphs.append(" ".join(rest[:size]))
        rest = rest[size:]
    return paragraphs


def _varied(source: SampleArticle, filling: Sequence[str], dice: Random) -> list[str]:
    """The source's first paragraph, some of its others in another order, and paragraphs about
    something else.
    """
    first, *others = source.paragraphs
    kept = (
        dice.sample(others, max(1, round(len(others) * dice.uniform(0.4, 0.8)))) if others else []
    )
    return [first, *kept, *filling]
