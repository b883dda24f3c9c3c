"""Where detection and labels disagree, the worst first: what was found, what was labelled, and the words it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from domain.mentions import Evidence, Mention, Mentions, Reaction, System, Transfer, full_text
from extractors.detection.gold import GoldArticle
from extractors.detection.matching import (
    left_over,
    match,
    same_parties,
    same_speaker,
    staged_pairs,
    system_key,
    unique_pairs,
)


class MissKind(StrEnum):
    """In which way detection was wrong."""

    FALSE_ALARM = "false alarm"
    OVERLOOKED = "overlooked article"
    WRONG_PAIR = "wrong pair"
    MISSED_PAIR = "missed pair"
    WRONG_STAGE = "wrong stage"
    WRONG_SYSTEM = "wrong system"
    MISSED_SYSTEM = "missed system"
    WRONG_REACTION = "wrong reaction"
    MISSED_REACTION = "missed reaction"
    WRONG_STANCE = "wrong stance"


@dataclass(frozen=True, kw_only=True)
class Miss:
    """One mistake. `found` and `labelled` say what either holds, "" for nothing; `sure` is how sure detection was of its
    mistake, in [0, 1]. Evidence of what was missed is where the text says it, rule "label"."""

    kind: MissKind
    article: GoldArticle
    found: str
    labelled: str
    sure: float
    evidence: tuple[Evidence, ...]


def worst_misses(
    gold: Sequence[GoldArticle], predicted: Sequence[Mentions], most: int
) -> list[Miss]:
    """At most `most` misses: of each kind the one detection was surest of, then the next of each, and so on."""
    by_kind: dict[MissKind, list[Miss]] = {kind: [] for kind in MissKind}
    for article, found in zip(gold, predicted, strict=True):
        if not article.marginal:
            for miss in _misses(article, found):
                by_kind[miss.kind].append(miss)
    ranked = [sorted(misses, key=lambda m: -m.sure) for misses in by_kind.values()]
    in_turn = [m for row in zip_longest(*ranked) for m in row if m is not None]
    return in_turn[:most]


def _misses(article: GoldArticle, found: Mentions) -> Iterator[Miss]:
    labelled = article.mentions
    if labelled.relevant and found.relevant:
        yield from _of_transfers(article, found)
        yield from _of_systems(article, found)
        yield from _of_reactions(article, found)
    elif labelled.relevant:
        yield Miss(
            kind=MissKind.OVERLOOKED,
            article=article,
            found="",
            labelled=_all_told((*labelled.transfers, *labelled.reactions)),
            sure=1 - found.score,
            evidence=_title(article),
        )
    elif found.relevant:
        mentions: tuple[Mention, ...] = (*found.transfers, *found.reactions)
        yield Miss(
            kind=MissKind.FALSE_ALARM,
            article=article,
            found=_all_told(mentions),
            labelled="",
            sure=found.score,
            evidence=mentions[0].evidence if mentions else _title(article),
        )


def _of_transfers(article: GoldArticle, found: Mentions) -> Iterator[Miss]:
    labelled = article.mentions.transfers
    gold, given = unique_pairs(labelled), unique_pairs(found.transfers)
    missed, wrong = left_over(gold, given, match(gold, given, same_parties))
    proposed = [p for p in found.proposed if isinstance(p, Transfer)]
    for transfer in missed:
        near = [p.confidence for p in proposed if same_parties(transfer, p)]
        words = [system.name for system in transfer.systems]
        yield _missed(MissKind.MISSED_PAIR, article, transfer, words, near)
    for transfer in wrong:
        yield _wrong(MissKind.WRONG_PAIR, article, transfer)
    for a, b in staged_pairs(labelled, found.transfers):
        if a.stage is not b.stage:
            yield _mistaken(MissKind.WRONG_STAGE, article, a, b, "stage")


def _of_systems(article: GoldArticle, found: Mentions) -> Iterator[Miss]:
    gold = [s for t in article.mentions.transfers for s in t.systems]
    given = [(t, s) for t in found.transfers for s in t.systems]
    for system in _once(gold):
        if not any(_same_system(system, other) for _, other in given):
            yield Miss(
                kind=MissKind.MISSED_SYSTEM,
                article=article,
                found="",
                labelled=system.name,
                sure=1.0,
                evidence=_where(article, [system.name]),
            )
    for transfer, system in given:
        if not any(_same_system(system, other) for other in gold):
            spans = [e for e in transfer.evidence if e.field == "systems"]
            yield Miss(
                kind=MissKind.WRONG_SYSTEM,
                article=article,
                found=system.name,
                labelled="",
                sure=transfer.confidence,
                evidence=tuple(e for e in spans if system.name in e.text) or tuple(spans),
            )


def _of_reactions(article: GoldArticle, found: Mentions) -> Iterator[Miss]:
    labelled = article.mentions.reactions
    matched = match(labelled, found.reactions, same_speaker)
    missed, wrong = left_over(labelled, found.reactions, matched)
    proposed = [p for p in found.proposed if isinstance(p, Reaction)]
    for reaction in missed:
        near = [p.confidence for p in proposed if same_speaker(reaction, p)]
        words = [reaction.speaker, reaction.speaker.split()[-1]]
        yield _missed(MissKind.MISSED_REACTION, article, reaction, words, near)
    for reaction in wrong:
        yield _wrong(MissKind.WRONG_REACTION, article, reaction)
    for a, b in matched:
        if a.stance is not b.stance:
            yield _mistaken(MissKind.WRONG_STANCE, article, a, b, "stance")


def _missed(
    kind: MissKind,
    article: GoldArticle,
    mention: Mention,
    words: Sequence[str],
    proposed: Sequence[float],
) -> Miss:
    return Miss(
        kind=kind,
        article=article,
        found="",
        labelled=_told(mention),
        sure=1 - max(proposed, default=0.0),
        evidence=_where(article, words),
    )


def _wrong(kind: MissKind, article: GoldArticle, mention: Mention) -> Miss:
    return Miss(
        kind=kind,
        article=article,
        found=_told(mention),
        labelled="",
        sure=mention.confidence,
        evidence=mention.evidence,
    )


def _mistaken(
    kind: MissKind, article: GoldArticle, label: Mention, mention: Mention, field: str
) -> Miss:
    spans = tuple(e for e in mention.evidence if e.field == field)
    return Miss(
        kind=kind,
        article=article,
        found=_told(mention),
        labelled=_told(label),
        sure=mention.confidence,
        evidence=spans or mention.evidence,
    )


def _all_told(mentions: Sequence[Mention]) -> str:
    return "; ".join(_told(mention) for mention in mentions)


def _told(mention: Mention) -> str:
    if isinstance(mention, Transfer):
        systems = ", ".join(system.name for system in mention.systems) or "arms"
        return f"{mention.supplier or '?'} → {mention.recipient or '?'}: {systems}, {mention.stage}"
    country = f" ({mention.country})" if mention.country else ""
    return f"{mention.speaker}{country}: {mention.stance}"


def _where(article: GoldArticle, words: Sequence[str]) -> tuple[Evidence, ...]:
    """The first place where the text has one of `words`, the title if none."""
    text = full_text(article.title, article.text)
    for word in words:
        found = re.search(rf"(?<!\w){re.escape(word)}", text, re.IGNORECASE)
        if found:
            return (_span(text, found.start(), found.end()),)
    return _title(article)


def _title(article: GoldArticle) -> tuple[Evidence, ...]:
    text = full_text(article.title, article.text)
    end = len(article.title) or min(len(text), 200)
    start = 0 if article.title else min(2, end)
    return (_span(text, start, end),) if end > start else ()


def _span(text: str, start: int, end: int) -> Evidence:
    return Evidence(field="label", start=start, end=end, text=text[start:end], rule="label")


def _once(systems: Sequence[System]) -> list[System]:
    return [s for i, s in enumerate(systems) if not any(_same_system(s, e) for e in systems[:i])]


def _same_system(a: System, b: System) -> bool:
    return bool(system_key(a.name) & system_key(b.name))
