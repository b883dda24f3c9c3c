"""Fits the four regressions of models/: pairs, articles, voices, stance.

usage: python -m extractors.detection.fitting GOLD.jsonl [GOLD.jsonl ...] --background BACKGROUND.jsonl

Gold files are labelled articles as `armswire evaluate` takes them; a background file holds irrelevant articles ("id",
"title", "text") in about their natural proportion, without which the relevance model misfires on ordinary news.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.mentions import Mentions, Reaction, Stance, Transfer
from extractors.detection.attitudes import read_attitude
from extractors.detection.detector import Detector, Scene, build_detector
from extractors.detection.evaluation import GoldArticle, read_gold
from extractors.detection.features import article_features, pair_features, salience
from extractors.detection.linear import FOLDER, Linear
from extractors.detection.matching import match, same_parties, same_speaker
from extractors.detection.pairs import Pair, choose, propose
from extractors.detection.reactions import reaction_of
from extractors.detection.voices import gather_voices, voice_features

PENALTY = 5.0
STANCE_PENALTY = 20.0
MARGINAL_WEIGHT = 0.5
PAIR_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
ARTICLE_THRESHOLDS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65)
Features = Mapping[str, float]


@dataclass(slots=True)
class Sample:
    """One article with what the rules made of it. `scene` is None when the gate stopped it."""

    gold: GoldArticle
    scene: Scene | None
    pairs: list[Pair]


def logistic(rows: Sequence[tuple[Features, bool, float]], penalty: float) -> Linear:
    """Ridge-penalised logistic regression by Newton's method on (features, label, weight) rows."""
    names = sorted({name for features, _, _ in rows for name in features})
    x = np.array([[features.get(name, 0.0) for name in names] for features, _, _ in rows])
    y = np.array([float(label) for _, label, _ in rows])
    w = np.array([weight for _, _, weight in rows])
    mean, spread = x.mean(0), x.std(0) + 1e-6
    z = np.hstack([(x - mean) / spread, np.ones((len(rows), 1))])
    ridge = np.eye(z.shape[1]) * penalty
    ridge[-1, -1] = 1e-6
    beta: NDArray[np.float64] = np.zeros(z.shape[1])
    for _ in range(30):
        p = 1.0 / (1.0 + np.exp(-np.clip(z @ beta, -30, 30)))
        gradient = z.T @ (w * (p - y)) + ridge @ beta
        hessian = (z * (w * p * (1 - p) + 1e-6)[:, None]).T @ z + ridge
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if np.abs(step).max() < 1e-5:
            break
    weights = beta[:-1] / spread
    bias = float(beta[-1] - (weights * mean).sum())
    return Linear(
        bias=bias, weights=dict(zip(names, map(float, weights), strict=True)), threshold=0.5
    )


def samples_of(detector: Detector, articles: Iterable[GoldArticle]) -> list[Sample]:
    """The scenes and candidate pairs of `articles`."""
    found = []
    for article in articles:
        if not detector.passes_gate(article.title, article.text):
            found.append(Sample(article, None, []))
            continue
        scene = detector.scene(article.title, article.text)
        pairs = propose(scene.frames, salience(scene.reading, scene.clauses))
        found.append(Sample(article, scene, pairs))
    return found


def fit_pairs(samples: Sequence[Sample]) -> Linear:
    """Which candidate pairs the articles are about; the threshold with the best F1 of pairs."""
    rows = []
    for sample in samples:
        weight = MARGINAL_WEIGHT if sample.gold.marginal else 1.0
        gold = sample.gold.mentions.transfers
        for pair, features in _pair_rows(sample):
            rows.append((features, any(same_parties(_bare(pair), g) for g in gold), weight))
    model = logistic(rows, PENALTY)
    return _with_threshold(model, PAIR_THRESHOLDS, lambda m: _pairs_f1(samples, m))


def fit_articles(samples: Sequence[Sample], pairs: Linear) -> Linear:
    """Whether an article is relevant, given the best of its pairs."""
    rows = [
        (_article_row(s, pairs), s.gold.mentions.relevant, 1.0)
        for s in samples
        if s.scene is not None and not s.gold.marginal
    ]
    model = logistic(rows, PENALTY)

    def f1(m: Linear) -> float:
        kept = [s for s in samples if not s.gold.marginal]
        said = [
            s.scene is not None and m.probability(_article_row(s, pairs)) >= m.threshold
            for s in kept
        ]
        hits = sum(a and s.gold.mentions.relevant for a, s in zip(said, kept, strict=True))
        return 2 * hits / max(1, sum(said) + sum(s.gold.mentions.relevant for s in kept))

    return _with_threshold(model, ARTICLE_THRESHOLDS, f1)


def fit_voices(
    detector: Detector, samples: Sequence[Sample], pairs: Linear
) -> tuple[Linear, dict[Stance, Linear]]:
    """Which voices are reactions, and their stance: one score against the rest for each."""
    voices: list[tuple[Features, bool, float]] = []
    stances: list[tuple[Features, Stance]] = []
    for sample in samples:
        if sample.scene is None or sample.gold.marginal or not sample.gold.mentions.relevant:
            continue
        heard = _heard(detector, sample, pairs)
        matched = match(sample.gold.mentions.reactions, [r for r, _, _ in heard], same_speaker)
        found = {id(r): g.stance for g, r in matched}
        for reaction, features, attitude in heard:
            voices.append((features, id(reaction) in found, 1.0))
            if id(reaction) in found:
                stances.append((attitude, found[id(reaction)]))
    scores = {
        s: logistic([(f, label is s, 1.0) for f, label in stances], STANCE_PENALTY) for s in Stance
    }
    model = logistic(voices, PENALTY)

    def f1(m: Linear) -> float:
        said = [m.probability(features) >= m.threshold for features, _, _ in voices]
        hits = sum(a and label for a, (_, label, _) in zip(said, voices, strict=True))
        wanted = sum(
            len(s.gold.mentions.reactions)
            for s in samples
            if s.gold.mentions.relevant and not s.gold.marginal
        )
        return 2 * hits / max(1, sum(said) + wanted)

    return _with_threshold(model, PAIR_THRESHOLDS, f1), scores


def _pair_rows(sample: Sample) -> list[tuple[Pair, Features]]:
    if sample.scene is None:
        return []
    named = salience(sample.scene.reading, sample.scene.clauses)
    headline = not sample.gold.text.strip()
    return [(p, pair_features(p, sample.pairs, named, headline)) for p in sample.pairs]


def _chosen(sample: Sample, model: Linear) -> list[Pair]:
    scored = [(pair, model.probability(features)) for pair, features in _pair_rows(sample)]
    return [pair for pair, _ in choose(scored, model.threshold)]


def _pairs_f1(samples: Sequence[Sample], model: Linear) -> float:
    hits = gold = found = 0
    for sample in samples:
        if sample.gold.marginal or not sample.gold.mentions.relevant:
            continue
        wanted = sample.gold.mentions.transfers
        said = [_bare(p) for p in _chosen(sample, model)]
        hits += len(match(wanted, said, same_parties))
        gold, found = gold + len(wanted), found + len(said)
    return 2 * hits / max(1, gold + found)


def _bare(pair: Pair) -> Transfer:
    return Transfer(
        supplier=pair.supplier, recipient=pair.recipient, stage=pair.frames[0].stage.stage
    )


def _article_row(sample: Sample, pairs: Linear) -> Features:
    scene = sample.scene
    if scene is None:
        return {}
    best = max((pairs.probability(f) for _, f in _pair_rows(sample)), default=0.0)
    named = salience(scene.reading, scene.clauses)
    return article_features(scene.reading, scene.frames, scene.weapons, named, best)


def _heard(
    detector: Detector, sample: Sample, model: Linear
) -> list[tuple[Reaction, Features, Features]]:
    scene = sample.scene
    if scene is None:
        return []
    pairs = _chosen(sample, model)
    named = salience(scene.reading, scene.clauses)
    involved = [code for p in pairs for code in (p.supplier, p.recipient)]
    headline = not sample.gold.text.strip()
    found: list[tuple[Reaction, Features, Features]] = []
    for voice in gather_voices(
        scene.reading, scene.clauses, scene.frames, detector.attributions(scene)
    ):
        attitude = read_attitude(scene.reading, voice, pairs, detector.stances)
        features = voice_features(voice, involved, named, headline, attitude.polarity)
        reaction = reaction_of(scene.reading, voice, Stance.NEUTRAL, attitude.hits, 1.0)
        found.append((reaction, features, attitude.features))
    return found


def _with_threshold(
    model: Linear, thresholds: Sequence[float], quality: Callable[[Linear], float]
) -> Linear:
    options = [Linear(bias=model.bias, weights=model.weights, threshold=t) for t in thresholds]
    return max(options, key=quality)


def _saved(model: Linear) -> dict[str, object]:
    weights = {name: round(weight, 4) for name, weight in sorted(model.weights.items())}
    return {"bias": round(model.bias, 4), "threshold": model.threshold, "weights": weights}


def _background(path: Path) -> list[GoldArticle]:
    rows = [
        json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()
    ]
    nothing = Mentions(relevant=False, score=0.0, language="en")
    return [
        GoldArticle(
            id=str(r["id"]), title=r["title"], text=r["text"], marginal=False, mentions=nothing
        )
        for r in rows
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fits all four and writes them to models/."""
    parser = argparse.ArgumentParser(prog="python -m extractors.detection.fitting")
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--background", type=Path)
    options = parser.parse_args(arguments)
    detector = build_detector()
    articles = [a for path in options.gold for a in read_gold(path)]
    if options.background:
        articles += _background(options.background)
    samples = samples_of(detector, articles)
    pairs = fit_pairs(samples)
    voices, stances = fit_voices(detector, samples, pairs)
    models: dict[str, object] = {
        "pairs": _saved(pairs),
        "articles": _saved(fit_articles(samples, pairs)),
        "voices": _saved(voices),
        "stance": {stance.value: _saved(model) for stance, model in stances.items()},
    }
    for name, model in models.items():
        (FOLDER / f"{name}.json").write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
