"""How likely an article is about an arms transfer or its politics, and which pairs it is about: small regressions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from extractors.detection.attitudes import StanceModel
from extractors.detection.features import SHORT, article_features, best_of, pair_features
from extractors.detection.linear import FOLDER, Linear, centred, load_linear
from extractors.detection.pair_model import PairModel, load_pair_model
from extractors.detection.pairs import Pair, propose
from extractors.detection.scene import Scene
from extractors.detection.sized import Sized, load_sized
from extractors.detection.stage_model import StageModel, load_stage_model


@dataclass(slots=True)
class Verdict:
    """The rules' relevance score, and every candidate pair with its probability."""

    score: float
    pairs: list[tuple[Pair, float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleModels:
    """The regressions over what the rules see, fitted by extractors.detection.fitting on labelled news and background."""

    pairs: PairModel
    articles: Linear
    briefs: Linear
    voices: Sized[Linear]
    stances: StanceModel
    stages: StageModel | None
    systems: Linear


def load_rule_models(folder: Path = FOLDER) -> RuleModels:
    """Reads the models of `folder`. Raises ConfigError when one is missing or malformed."""
    return RuleModels(
        pairs=load_pair_model(folder),
        articles=load_linear("articles", folder),
        briefs=load_linear("briefs", folder),
        voices=load_sized("voices", folder),
        stances=StanceModel.load(folder),
        stages=load_stage_model(folder),
        systems=load_linear("systems", folder),
    )


def judge(models: RuleModels, scene: Scene) -> Verdict:
    """Scores the article; the rules take it for relevant from 0.5, and never without any frame."""
    reading, frames, named = scene.reading, scene.frames, scene.named
    candidates = propose(frames, named, scene.loose)
    headline = reading.size.headline
    pairs = [
        (p, models.pairs.probability(pair_features(p, candidates, named, headline)))
        for p in candidates
    ]
    features = article_features(reading, frames, scene.weapons, named, best_of(pairs))
    model = models.briefs if len(reading.words) < SHORT else models.articles
    score = centred(model.probability(features), model.threshold)
    if not candidates and not frames:
        score = min(score, 0.49)
    return Verdict(score, pairs)
