"""Labelled articles with what both routes say of them, neither having learned from them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.mentions import Stage, Transfer
from extractors.detection.chosen_systems import scored_systems
from extractors.detection.combining import (
    PairCase,
    pair_cases,
)
from extractors.detection.combining_systems import SystemCase, system_cases
from extractors.detection.combining_voices import VoiceCase
from extractors.detection.detector import Detector
from extractors.detection.encoder.heads import Answers
from extractors.detection.gold import GoldArticle
from extractors.detection.pairs import choose, policies
from extractors.detection.reading import NO_SIZE, Size
from extractors.detection.relevance import RuleModels, Verdict
from extractors.detection.scene import Scene, told_of


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
    systems: tuple[SystemCase, ...]
    models: RuleModels
    """The rules' models that have not seen the article."""

    @property
    def size(self) -> Size:
        return self.scene.reading.size if self.scene is not None else NO_SIZE

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
        return Held(gold, source, None, 0.0, NOTHING, (), (), (), models)
    verdict: Verdict = detector.verdict(scene, models)
    answers = detector.answers(scene)
    chosen = [pair for pair, _ in choose(verdict.pairs, models.pairs.threshold)]
    heard_by = models.voices.of(scene.reading.size)
    hearings = detector.hearings(scene, chosen, heard_by) if gold.mentions.relevant else []
    likely = pair_cases(verdict.pairs, answers, scene.frames, detector.relations)
    voices = detector.voices(scene, hearings, likely, answers)
    told = told_of(scene, chosen + policies(scene.frames, chosen))
    systems = system_cases(
        scored_systems(told, models.systems), scene.reading, scene.weapons, answers
    )
    return Held(
        gold=gold,
        source=source,
        scene=scene,
        score=verdict.score,
        answers=answers,
        pairs=tuple(likely),
        voices=tuple(voices),
        systems=tuple(systems),
        models=models,
    )


def bare(case: PairCase) -> Transfer:
    """A candidate as a transfer, for comparing."""
    return Transfer(supplier=case.supplier, recipient=case.recipient, stage=Stage.POLICY)
