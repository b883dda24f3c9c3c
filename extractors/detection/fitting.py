"""Fits the regressions of models/: pairs, loose pairs, articles, briefs, voices, stance.

usage: python -m extractors.detection.fitting GOLD.jsonl [GOLD.jsonl ...] --background BACKGROUND.jsonl

Gold files are labelled articles as `armswire evaluate` takes them; a background file holds irrelevant articles ("id",
"title", "text") in about their natural proportion, without which the relevance model misfires on ordinary news.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.mentions import Mentions, Reaction, Stance, Transfer
from extractors.detection.attitudes import read_attitude
from extractors.detection.detector import Detector, Scene, build_detector
from extractors.detection.evaluation import GoldArticle, read_gold
from extractors.detection.features import SHORT, article_features, best_of, pair_features, salience
from extractors.detection.linear import FOLDER, Linear
from extractors.detection.matching import match, same_parties, same_speaker
from extractors.detection.pair_model import PairModel
from extractors.detection.pairs import Pair, choose, is_loose, propose
from extractors.detection.reactions import reaction_of
from extractors.detection.voices import gather_voices, voice_features

PENALTY = 5.0
STANCE_PENALTY = 20.0
MARGINAL_WEIGHT = 0.5
PAIR_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
LOOSE_THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
ARTICLE_THRESHOLDS = tuple(step / 100 for step in range(20, 80, 2))
FALSE_ALARMS = 0.01
"""Share of background articles that may be taken for relevant."""
BACKGROUND = "background"
Features = Mapping[str, float]


@dataclass(slots=True)
class Sample:
    """One article with what the rules made of it. `scene` is None when the gate stopped it."""

    gold: GoldArticle
    scene: Scene | None
    pairs: list[Pair]
    source: str = ""
    rows: list[tuple[Pair, Features]] = field(default_factory=list)


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


def samples_of(detector: Detector, articles: Iterable[GoldArticle], source: str) -> list[Sample]:
    """The scenes and candidate pairs of `articles`, which come from the file `source`."""
    found = []
    for article in articles:
        if not detector.passes_gate(article.title, article.text):
            found.append(Sample(article, None, [], source))
            continue
        scene = detector.scene(article.title, article.text)
        pairs = propose(scene.frames, salience(scene.reading, scene.clauses), scene.loose)
        found.append(Sample(article, scene, pairs, source))
    return found


def fit_pairs(samples: Sequence[Sample]) -> PairModel:
    """Which candidate pairs the articles are about; the thresholds with the best mean F1 of pairs over the files."""
    strict: list[tuple[Features, bool, float]] = []
    loose: list[tuple[Features, bool, float]] = []
    for sample in samples:
        weight = MARGINAL_WEIGHT if sample.gold.marginal else 1.0
        gold = sample.gold.mentions.transfers
        for pair, features in _pair_rows(sample):
            row = (features, any(same_parties(_bare(pair), g) for g in gold), weight)
            (loose if is_loose(pair) else strict).append(row)
    model = PairModel(strict=logistic(strict, PENALTY), loose=logistic(loose, PENALTY))
    options = [_with(model, t, 0.5) for t in PAIR_THRESHOLDS]
    model = max(options, key=lambda m: _mean_f1(samples, lambda part: _pairs_f1(part, m)))
    options = [_with(model, model.threshold, t) for t in LOOSE_THRESHOLDS]
    return max(options, key=lambda m: _mean_f1(samples, lambda part: _pairs_f1(part, m)))


def _with(model: PairModel, strict: float, loose: float) -> PairModel:
    return PairModel(
        strict=replace(model.strict, threshold=strict), loose=replace(model.loose, threshold=loose)
    )


def _mean_f1(samples: Sequence[Sample], f1: Callable[[Sequence[Sample]], float]) -> float:
    """The mean over the labelled files, so that a large one does not decide alone."""
    parts: dict[str, list[Sample]] = {}
    for sample in samples:
        if sample.source != BACKGROUND:
            parts.setdefault(sample.source, []).append(sample)
    return sum(map(f1, parts.values())) / max(1, len(parts))


def fit_articles(samples: Sequence[Sample], pairs: PairModel) -> Linear:
    """Whether an article of `samples` is relevant, given its pairs; few of the background ones may be."""
    kept = [(s, _article_row(s, pairs)) for s in samples if not s.gold.marginal]
    rows = [(row, s.gold.mentions.relevant, 1.0) for s, row in kept if row]
    model = logistic(rows, PENALTY)
    odds = {id(s): model.probability(row) if row else 0.0 for s, row in kept}
    background = [odds[id(s)] for s, _ in kept if s.source == BACKGROUND]
    most = FALSE_ALARMS * len(background) + 0.5

    def f1(part: Sequence[Sample], threshold: float) -> float:
        said = [odds.get(id(s), 0.0) >= threshold for s in part]
        true = [s.gold.mentions.relevant and not s.gold.marginal for s in part]
        return 2 * sum(map(min, said, true)) / max(1, sum(said) + sum(true))

    allowed = [t for t in ARTICLE_THRESHOLDS if sum(o >= t for o in background) <= most]
    best = max(
        allowed or ARTICLE_THRESHOLDS[-1:],
        key=lambda t: _mean_f1(samples, lambda part: f1(part, t)),
    )
    return replace(model, threshold=best)


def _is_brief(sample: Sample) -> bool:
    return sample.scene is not None and len(sample.scene.reading.words) < SHORT


def fit_voices(
    detector: Detector, samples: Sequence[Sample], pairs: PairModel
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
    if sample.scene is not None and not sample.rows:
        named = salience(sample.scene.reading, sample.scene.clauses)
        headline = not sample.gold.text.strip()
        sample.rows = [(p, pair_features(p, sample.pairs, named, headline)) for p in sample.pairs]
    return sample.rows


def _chosen(sample: Sample, model: PairModel) -> list[Pair]:
    scored = [(pair, model.probability(features)) for pair, features in _pair_rows(sample)]
    return [pair for pair, _ in choose(scored, model.threshold)]


def _pairs_f1(samples: Sequence[Sample], model: PairModel) -> float:
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


def _article_row(sample: Sample, pairs: PairModel) -> Features:
    scene = sample.scene
    if scene is None:
        return {}
    best = best_of([(pair, pairs.probability(f)) for pair, f in _pair_rows(sample)])
    named = salience(scene.reading, scene.clauses)
    return article_features(scene.reading, scene.frames, scene.weapons, named, best)


def _heard(
    detector: Detector, sample: Sample, model: PairModel
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
    """Fits all and writes them to models/."""
    parser = argparse.ArgumentParser(prog="python -m extractors.detection.fitting")
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--background", type=Path)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    detector = build_detector()
    samples = [s for path in options.gold for s in samples_of(detector, read_gold(path), path.stem)]
    if options.background:
        samples += samples_of(detector, _background(options.background), BACKGROUND)
    pairs = fit_pairs(samples)
    voices, stances = fit_voices(detector, samples, pairs)
    models: dict[str, object] = {
        "pairs": _saved(pairs.strict),
        "loose_pairs": _saved(pairs.loose),
        "articles": _saved(fit_articles([s for s in samples if not _is_brief(s)], pairs)),
        "briefs": _saved(fit_articles([s for s in samples if _is_brief(s)], pairs)),
        "voices": _saved(voices),
        "stance": {stance.value: _saved(model) for stance, model in stances.items()},
    }
    for name, model in models.items():
        (options.folder / f"{name}.json").write_text(
            json.dumps(model, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
