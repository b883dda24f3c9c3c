"""The last word: rules and encoder weighed together, for an article, its pairs and its speakers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from domain.mentions import Route, Stage, Stance
from extractors.detection.combining import (
    PairCase,
    article_evidence,
    pair_evidence,
    shares,
)
from extractors.detection.combining_stances import ENCODER, RULES
from extractors.detection.combining_systems import SystemCase, system_evidence
from extractors.detection.combining_voices import (
    VoiceCase,
    voice_evidence,
)
from extractors.detection.encoder.heads import Answers, PairAnswer
from extractors.detection.linear import FOLDER, Linear, centred, load_linear
from extractors.detection.named_weapons import NamedWeapon
from extractors.detection.pairs import Pair, same_actor
from extractors.detection.parties import Party
from extractors.detection.reading import Reading, Size
from extractors.detection.seen import seen_pair
from extractors.detection.systems import Weapon

T = TypeVar("T")

AGREED = 0.6
"""Probability from which on a route says yes by itself. MEASURED on held-out files: of the pairs to which both routes say so
.92 are right, with 0.5 .90 and with 0.3 .87; reactions .89, .88 and .84.
"""
LIKELY = math.log(AGREED / (1.0 - AGREED))
"""The logit of that."""
ONE_OPINION = 0.5
"""Most that one route's word on a stance counts for. MEASURED on held-out files: where the routes disagree on a side, what
prevails is right in .4 of the cases; where they agree, in .65.
"""
PLAIN = 0.85
"""Probability from which on half a pair stands beside whole ones of its party: an embargo, or what others send. MEASURED on
held-out files: of .6, .75 and .85 the last gains most, half a point of pairs.
"""
MOST_PAIRS = 8
"""Pairs believed of one article; whoever names more surveys a market. JUDGEMENT."""
PROPOSED_FROM, MOST_PROPOSED = 0.2, 4
"""Confidence from which on what is not believed is proposed for review, and how much of it in one article. JUDGEMENT: one
in four of what a person is asked about should be right.
"""


class Scales:
    """The regressions over both routes, fitted by extractors.detection.fitting."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._articles = load_linear("both_articles", folder)
        self._pairs = load_linear("both_pairs", folder)
        self._voices = load_linear("both_voices", folder)
        self._stance = load_linear("both_stance", folder)
        self._stage = load_linear("both_stage", folder)
        self._systems = load_linear("both_systems", folder)

    @property
    def pair_threshold(self) -> float:
        return self._pairs.threshold

    @property
    def voice_threshold(self) -> float:
        return self._voices.threshold

    def article(self, score: float, answers: Answers, cases: Sequence[PairCase]) -> float:
        """The probability that an article is relevant, 0.5 being the threshold that the fit chose."""
        odds = self._articles.probability(article_evidence(score, answers, cases))
        return centred(odds, self._articles.threshold)

    def pairs(self, cases: Sequence[PairCase], size: Size) -> list[float]:
        """The probability of each candidate that the article is about it."""
        return [self._pairs.probability(pair_evidence(c, cases, size)) for c in cases]

    def voices(self, cases: Sequence[VoiceCase], size: Size, answers: Answers) -> list[float]:
        """The probability of each possible reaction that it is one."""
        rows = [voice_evidence(c, cases, size, answers.passages) for c in cases]
        return [self._voices.probability(row) for row in rows]

    def systems(self, cases: Sequence[SystemCase], size: Size) -> list[NamedWeapon]:
        """The weapons that are sent, likeliest first."""
        odds = [
            (case, self._systems.probability(system_evidence(case, cases, size))) for case in cases
        ]
        kept = [(c, p) for c, p in odds if p >= self._systems.threshold]
        return [case.weapon for case, _ in sorted(kept, key=lambda x: -x[1])]

    def stance(self, opinions: Mapping[str, Mapping[Stance, float]]) -> tuple[Stance, float]:
        """The stance that all opinions together find likeliest, neutral winning ties, and how sure it is: the probability
        that the less sure of the two routes gives it, at most `ONE_OPINION` where only one has an opinion."""
        order = (Stance.NEUTRAL, Stance.OPPOSE, Stance.SUPPORT)
        stance = max(order, key=lambda s: mixed(self._stance, opinions, s))
        odds = [opinions[route][stance] for route in (RULES, ENCODER) if route in opinions]
        return stance, min(odds) if len(odds) == 2 else min([*odds, ONE_OPINION])

    def stage(
        self, frames: Mapping[Stage, float], words: Mapping[Stage, float], answer: PairAnswer | None
    ) -> Stage:
        """The stage that the frames, the regression over frames and words, and the encoder together find likeliest."""
        seen = dict(zip(Stage, answer.stages if answer is not None else (), strict=False))
        opinions = {"frames": frames, "words": words, "encoder": seen}
        return max(Stage, key=lambda s: mixed(self._stage, opinions, s))


def mixed(model: Linear, opinions: Mapping[str, Mapping[T, float]], label: T) -> float:
    """The weighted sum of the log probabilities of `label`; who has no opinion adds nothing."""
    total = 0.0
    for name, odds in opinions.items():
        if odds:
            total += model.weights.get(name, 0.0) * math.log(max(1e-4, odds.get(label, 0.0)))
    return total


@dataclass(frozen=True, slots=True)
class WeighedPair:
    """A pair with the probability that the article is about it, which route found it, and what the encoder says of it."""

    pair: Pair
    answer: PairAnswer | None
    confidence: float
    route: Route


def sort_out(
    cases: Sequence[PairCase], odds: Sequence[float], threshold: float
) -> tuple[list[tuple[PairCase, float]], list[tuple[PairCase, float]]]:
    """The pairs an article is about, likeliest first, at least one, and the rest from `PROPOSED_FROM` on.

    None is the reverse of a likelier one. Halves count only where no other pair has the same half, and only when they
    are likelier than that any whole pair with this half is right, or plain.
    """
    whole = [(c, p) for c, p in zip(cases, odds, strict=True) if c.complete]
    kept: list[tuple[PairCase, float]] = []
    left: list[tuple[PairCase, float]] = []
    for case, probability in sorted(zip(cases, odds, strict=True), key=lambda x: -x[1]):
        plain = _is_plain(case, probability)
        fits = [p for c, p in whole if shares(case, c)]
        if not (case.complete or plain) and probability < 1.0 - math.prod(1.0 - p for p in fits):
            continue
        if not plain and any(
            _excludes(other, case) for other, p in (*kept, *left) if not _is_plain(other, p)
        ):
            continue
        if not kept or (probability >= threshold and len(kept) < MOST_PAIRS):
            kept.append((case, probability))
        elif probability >= PROPOSED_FROM and len(left) < MOST_PROPOSED:
            left.append((case, probability))
    return kept, left


def _is_plain(case: PairCase, probability: float) -> bool:
    return not case.complete and probability >= PLAIN


def _excludes(chosen: PairCase, case: PairCase) -> bool:
    """Whether the two cannot both be: turned round, a half and its whole, a state and those who fight in it from one
    supplier or from nobody named, two names of one movement."""
    if chosen.supplier == case.recipient and chosen.recipient == case.supplier:
        return True
    at_odds = case.recipient in chosen.seats or chosen.recipient in case.seats
    if chosen.complete and case.complete:
        return chosen.supplier == case.supplier and (at_odds or case.recipient in chosen.kin)
    if at_odds and None in (chosen.supplier, case.supplier):
        return True
    return (case.supplier is not None and same_actor(chosen.supplier, case.supplier)) or (
        case.recipient is not None and same_actor(chosen.recipient, case.recipient)
    )


def settle(
    chosen: Sequence[tuple[PairCase, float]],
    reading: Reading,
    parties: Sequence[Party],
    weapons: Sequence[Weapon],
    answers: Answers,
) -> list[WeighedPair]:
    """The chosen cases as pairs with frames, whichever route found them."""
    found: list[WeighedPair] = []
    for case, confidence in chosen:
        pair = case.pair
        if pair is None and case.answer is not None:
            pair = seen_pair(reading, parties, weapons, case.answer, answers)
        if pair is not None:
            found.append(WeighedPair(pair, case.answer, confidence, route_of(case)))
    return found


def route_of(case: PairCase | VoiceCase) -> Route:
    """Which route says yes by itself; the rules where neither is sure and they found it."""
    odds = case.odds or 0.0
    if odds >= AGREED and case.logit >= LIKELY:
        return Route.BOTH
    if isinstance(case, PairCase) and case.pair is None:
        return Route.ENCODER
    if case.odds is None:
        return Route.ENCODER
    return Route.RULES if odds >= AGREED or case.logit < LIKELY else Route.ENCODER
