"""Fits the regressions that weigh both routes together: articles, pairs, voices, stance, stage.

Both routes answer for articles that they have not learned from: the encoder of the fold that held an article out,
and rules' regressions fitted without that fold. So the weights say what either route is worth on text never seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeVar

from domain.mentions import Stage, Stance, Transfer
from extractors.detection.chosen_systems import scored_systems
from extractors.detection.combining import (
    PairCase,
    SystemCase,
    VoiceCase,
    article_evidence,
    pair_cases,
    pair_evidence,
    silent,
    system_cases,
    system_evidence,
    voice_cases,
    voice_evidence,
)
from extractors.detection.detector import Detector
from extractors.detection.encoder.heads import Answers
from extractors.detection.evaluation import GoldArticle
from extractors.detection.hearing import Hearing
from extractors.detection.linear import Linear
from extractors.detection.matching import (
    match,
    same_actor,
    same_parties,
    same_speaker,
    system_keys,
    unique_pairs,
)
from extractors.detection.pairs import choose, policies
from extractors.detection.reading import Size
from extractors.detection.regression import Features, logistic
from extractors.detection.relevance import RuleModels, Verdict
from extractors.detection.scene import Scene, told_of
from extractors.detection.seen import officials
from extractors.detection.stage_model import frame_odds, stage_odds
from extractors.detection.systems_fitting import key_of_system
from extractors.detection.weighing import mixed, sort_out

T = TypeVar("T")

PENALTY = 5.0
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
SYSTEM_THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55)
RELEVANT_FROM = 0.25
"""Probability from which an article is relevant. MEASURED over the folds: from .25 to .4 the mean F1 is the same within a
point, one of 525 ordinary articles passes, and articles that mention arms in passing gain most at .25.
"""
BACKGROUND_WEIGHT = 6.0
"""How much more a background article counts, so that the relevant ones are one in ten: nearer to their natural
proportion.
"""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Weights that are tried for each opinion on stage and stance."""
EVEN_STAGE, EVEN_STANCE = 0.015, 0.0
"""How far below the best accuracy more even weights are taken: the stage's differences are noise, the encoder's
stance is weak.
"""
BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Held:
    """One article with what both routes say of it, neither having learned from it. `scene` is None when the gate
    stopped it.
    """

    gold: GoldArticle
    source: str
    scene: Scene | None
    score: float
    answers: Answers
    pairs: tuple[PairCase, ...]
    voices: tuple[VoiceCase, ...]
    hearings: Mapping[int, Hearing]
    """By the identity of their voice."""
    systems: tuple[SystemCase, ...]
    models: RuleModels
    """The rules' models that have not seen the article."""

    @property
    def size(self) -> Size:
        return (
            self.scene.reading.size if self.scene is not None else Size(headline=True, length=0.0)
        )

    @property
    def counts(self) -> bool:
        """Whether its transfers and reactions are scored."""
        return self.gold.mentions.relevant and not self.gold.marginal


NOTHING = Answers(relevance=-6.0, pairs={}, speakers={}, weapons={})


def hold(
    detector: Detector, models: RuleModels, gold: GoldArticle, source: str, scene: Scene | None
) -> Held:
    """What `detector`'s encoder and the rules' `models` say of an article."""
    if scene is None:
        return Held(gold, source, None, 0.0, NOTHING, (), (), {}, (), models)
    verdict: Verdict = detector.verdict(scene, models)
    answers = detector.answers(scene)
    chosen = [pair for pair, _ in choose(verdict.pairs, models.pairs.threshold)]
    hearings = detector.hearings(scene, chosen, models.voices) if gold.mentions.relevant else []
    voices = voice_cases(
        [(h.voice, h.odds) for h in hearings], officials(scene.table.parties), answers
    )
    told = told_of(scene, chosen + policies(scene.frames, chosen))
    systems = system_cases(scored_systems(told, models.systems), scene.weapons, answers)
    return Held(
        gold=gold,
        source=source,
        scene=scene,
        score=verdict.score,
        answers=answers,
        pairs=tuple(pair_cases(verdict.pairs, answers)),
        voices=tuple(voices),
        hearings={id(h.voice): h for h in hearings},
        systems=tuple(systems),
        models=models,
    )


def fit_both(held: Sequence[Held]) -> dict[str, Linear]:
    """All models by name."""
    return {
        "both_articles": fit_articles(held),
        "both_pairs": fit_pairs(held),
        "both_voices": fit_voices(held),
        "both_stage": fit_stage(held),
        "both_stance": fit_stance(held),
        "both_systems": fit_systems(held),
    }


def fit_articles(held: Sequence[Held]) -> Linear:
    """Whether an article is relevant."""
    rows = [
        (
            article_evidence(h.score, h.answers, h.pairs),
            h.gold.mentions.relevant,
            BACKGROUND_WEIGHT if h.source == BACKGROUND else 1.0,
        )
        for h in held
        if h.scene is not None and not h.gold.marginal
    ]
    return replace(logistic(rows, PENALTY), threshold=RELEVANT_FROM)


def fit_pairs(held: Sequence[Held]) -> Linear:
    """Which candidate pairs the articles are about."""
    rows: list[tuple[Features, bool, float]] = []
    for one in held:
        if one.gold.marginal or one.source == BACKGROUND:
            continue
        for case in one.pairs:
            right = any(
                same_actor(t.supplier, case.supplier) and same_actor(t.recipient, case.recipient)
                for t in one.gold.mentions.transfers
            )
            weight = 1.0 if one.gold.mentions.relevant else 0.3
            rows.append((pair_evidence(case, one.pairs, one.size), right, weight))
    model = logistic(rows, PENALTY)

    def f1(part: Sequence[Held], threshold: float) -> float:
        hits = wanted = found = 0
        for one in part:
            if not one.counts:
                continue
            gold = unique_pairs(one.gold.mentions.transfers)
            odds = [model.probability(pair_evidence(c, one.pairs, one.size)) for c in one.pairs]
            chosen, _ = sort_out(one.pairs, odds, threshold)
            said = unique_pairs([_bare(case) for case, _ in chosen])
            hits += len(match(gold, said, same_parties))
            wanted, found = wanted + len(gold), found + len(said)
        return 2 * hits / max(1, wanted + found)

    return _best(model, THRESHOLDS, held, f1)


def _bare(case: PairCase) -> Transfer:
    return Transfer(supplier=case.supplier, recipient=case.recipient, stage=Stage.POLICY)


def fit_voices(held: Sequence[Held]) -> Linear:
    """Which possible reactions are reactions."""
    rows: list[tuple[Features, bool, float]] = []
    labels: dict[int, list[bool]] = {}
    for one in held:
        if not one.counts:
            continue
        said = [silent(case.party) for case in one.voices]
        right = {id(b) for _, b in match(one.gold.mentions.reactions, said, same_speaker)}
        labels[id(one)] = [id(reaction) in right for reaction in said]
        for case, label in zip(one.voices, labels[id(one)], strict=True):
            rows.append((voice_evidence(case, one.voices, one.size), label, 1.0))
    model = logistic(rows, PENALTY)

    def f1(part: Sequence[Held], threshold: float) -> float:
        hits = wanted = found = 0
        for one in part:
            if not one.counts:
                continue
            wanted += len(one.gold.mentions.reactions)
            for case, label in zip(one.voices, labels[id(one)], strict=True):
                evidence = voice_evidence(case, one.voices, one.size)
                said = model.probability(evidence) >= threshold
                hits, found = hits + (said and label), found + said
        return 2 * hits / max(1, wanted + found)

    return _best(model, THRESHOLDS, held, f1)


def fit_systems(held: Sequence[Held]) -> Linear:
    """Which weapons are sent."""
    rows: list[tuple[Features, bool, float]] = []
    for one in held:
        if not one.counts:
            continue
        labels = system_keys(one.gold.mentions.transfers)
        for case in one.systems:
            key = key_of_system(case.weapon.system)
            right = any(key & label for label in labels)
            rows.append((system_evidence(case, one.size), right, 1.0))
    model = logistic(rows, PENALTY)

    def f1(part: Sequence[Held], threshold: float) -> float:
        hits = wanted = found = 0
        for one in part:
            if not one.counts:
                continue
            labels = system_keys(one.gold.mentions.transfers)
            said = {
                key_of_system(case.weapon.system)
                for case in one.systems
                if model.probability(system_evidence(case, one.size)) >= threshold
            }
            hit_labels = sum(any(label & key for key in said) for label in labels)
            hit_said = sum(any(label & key for label in labels) for key in said)
            hits += min(hit_labels, hit_said)
            wanted, found = wanted + len(labels), found + len(said)
        return 2 * hits / max(1, wanted + found)

    return _best(model, SYSTEM_THRESHOLDS, held, f1)


Opinions = Mapping[str, Mapping[T, float]]


def fit_stage(held: Sequence[Held]) -> Linear:
    """How much each opinion on the stage counts, on the labelled pairs that are candidates."""
    rows: list[tuple[Opinions[Stage], Stage]] = []
    for one in held:
        if not one.counts or one.scene is None:
            continue
        for transfer in one.gold.mentions.transfers:
            case = next((c for c in one.pairs if same_parties(transfer, _bare(c))), None)
            if case is None or case.answer is None or not case.answer.stages or case.pair is None:
                continue
            reading = one.scene.reading
            opinions: Opinions[Stage] = {
                "frames": frame_odds(case.pair, reading),
                "words": stage_odds(case.pair, reading, one.models.stages),
                "encoder": dict(zip(Stage, case.answer.stages, strict=True)),
            }
            rows.append((opinions, transfer.stage))
    return _best_mix(rows, tuple(Stage), ("frames", "words", "encoder"), EVEN_STAGE)


def fit_stance(held: Sequence[Held]) -> Linear:
    """How much the two routes' stances count, on the matched voices."""
    rows: list[tuple[Opinions[Stance], Stance]] = []
    for one in held:
        if not one.counts:
            continue
        said = [silent(case.party) for case in one.voices]
        by_reaction = {id(r): case for r, case in zip(said, one.voices, strict=True)}
        for gold, reaction in match(one.gold.mentions.reactions, said, same_speaker):
            case = by_reaction[id(reaction)]
            hearing = one.hearings.get(id(case.voice))
            if hearing is None or case.answer is None:
                continue
            opinions: Opinions[Stance] = {
                "rules": one.models.stances.odds(hearing.attitude.features),
                "encoder": dict(zip(Stance, case.answer.stances, strict=True)),
            }
            rows.append((opinions, gold.stance))
    order = (Stance.NEUTRAL, Stance.OPPOSE, Stance.SUPPORT)
    return _best_mix(rows, order, ("rules", "encoder"), EVEN_STANCE)


def _best_mix(
    rows: Sequence[tuple[Opinions[T], T]], labels: Sequence[T], names: Sequence[str], slack: float
) -> Linear:
    """The most even weights among those within `slack` of the best accuracy."""

    def accuracy(model: Linear) -> float:
        said = [max(labels, key=lambda s: mixed(model, o, s)) for o, _ in rows]
        return sum(s == label for s, (_, label) in zip(said, rows, strict=True)) / max(1, len(rows))

    options = [
        Linear(bias=0.0, weights=dict(zip(names, shares, strict=True)), threshold=0.0)
        for shares in product(SHARES, repeat=len(names))
        if max(shares) == 1.0
    ]
    figures = [(accuracy(model), model) for model in options]
    best = max(figure for figure, _ in figures)
    close = [
        (min(m.weights.values()), figure, m) for figure, m in figures if figure >= best - slack
    ]
    return max(close, key=lambda c: c[:2])[2]


def _best(
    model: Linear,
    thresholds: Sequence[float],
    held: Sequence[Held],
    f1: Callable[[Sequence[Held], float], float],
) -> Linear:
    """The threshold with the best mean F1 over the labelled files, so that a large one does not decide alone."""
    parts: dict[str, list[Held]] = {}
    for one in held:
        if one.source != BACKGROUND:
            parts.setdefault(one.source, []).append(one)
    best = max(thresholds, key=lambda t: sum(f1(part, t) for part in parts.values()))
    return replace(model, threshold=best)
