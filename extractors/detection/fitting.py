"""Fits the regressions of models/.

usage: python -m extractors.detection.fitting GOLD.jsonl [GOLD.jsonl ...] --background BACKGROUND.jsonl --folds
FOLDS.json

Gold files are labelled articles as `armswire evaluate` takes them; a background file holds irrelevant articles
("id", "title", "text") in about their natural proportion, without which the relevance model misfires on ordinary
news. FOLDS.json tells which encoder held out which files when it was trained: {"weights/of/fold": ["articles",
"background=0"], ...}.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from domain.mentions import Mentions, Reaction, Stance, Transfer
from extractors.detection.attitudes import StanceModel
from extractors.detection.detector import Detector, build_detector
from extractors.detection.encoder.folds import is_held_out
from extractors.detection.evaluation import GoldArticle, read_gold
from extractors.detection.features import SHORT, article_features, best_of, pair_features, salience
from extractors.detection.fitting_both import Held, fit_both, hold
from extractors.detection.linear import FOLDER, Linear
from extractors.detection.matching import match, same_parties, same_speaker
from extractors.detection.pair_model import PairModel
from extractors.detection.pairs import Pair, choose, is_loose, policies, propose
from extractors.detection.reactions import reaction_of
from extractors.detection.regression import Features, logistic
from extractors.detection.relevance import RuleModels
from extractors.detection.scene import Scene, told_of
from extractors.detection.stage_fitting import (
    StageExample,
    fit_stage,
    stage_examples,
    write_stage_model,
)
from extractors.detection.systems_fitting import SystemSample, fit_systems, system_sample

PENALTY = 5.0
STANCE_PENALTY = 20.0
MARGINAL_WEIGHT = 0.5
PAIR_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
LOOSE_THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
ARTICLE_THRESHOLDS = tuple(step / 100 for step in range(20, 80, 2))
FALSE_ALARMS = 0.01
"""Share of background articles that may be taken for relevant."""
BACKGROUND = "background"


@dataclass(slots=True)
class Sample:
    """One article with what the rules made of it. `scene` is None when the gate stopped it."""

    gold: GoldArticle
    scene: Scene | None
    pairs: list[Pair]
    source: str = ""
    rows: list[tuple[Pair, Features]] = field(default_factory=list)


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
    neutral = Linear(bias=0.0, weights={}, threshold=0.5)
    found: list[tuple[Reaction, Features, Features]] = []
    for h in detector.hearings(scene, _chosen(sample, model), neutral):
        reaction = reaction_of(scene.reading, h.voice, Stance.NEUTRAL, h.attitude.hits, 1.0)
        found.append((reaction, h.features, h.attitude.features))
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


def fit_rules(detector: Detector, samples: Sequence[Sample]) -> RuleModels:
    """All regressions over what the rules see."""
    pairs = fit_pairs(samples)
    voices, stances = fit_voices(detector, samples, pairs)
    return RuleModels(
        pairs=pairs,
        articles=fit_articles([s for s in samples if not _is_brief(s)], pairs),
        briefs=fit_articles([s for s in samples if _is_brief(s)], pairs),
        voices=voices,
        stances=StanceModel(stances),
        stages=fit_stage(_stage_examples(samples, pairs)),
        systems=fit_systems(_system_samples(samples, pairs)),
    )


def _system_samples(samples: Sequence[Sample], model: PairModel) -> list[SystemSample]:
    found: list[SystemSample] = []
    for sample in samples:
        gold = sample.gold
        if sample.scene is None or gold.marginal or not gold.mentions.relevant:
            continue
        chosen = _chosen(sample, model)
        told = told_of(sample.scene, chosen + policies(sample.scene.frames, chosen))
        found.append(system_sample(gold.mentions.transfers, told, sample.source))
    return found


def _stage_examples(samples: Sequence[Sample], pairs: PairModel) -> list[StageExample]:
    found: list[StageExample] = []
    for sample in samples:
        gold = sample.gold
        if sample.scene is None or gold.marginal or not gold.mentions.relevant:
            continue
        scored = [(pair, pairs.probability(features)) for pair, features in _pair_rows(sample)]
        found += stage_examples(gold.mentions.transfers, sample.scene, scored, pairs.threshold)
    return found


@dataclass(frozen=True, slots=True)
class Fold:
    """Articles that neither the encoder in `weights` nor the rules' `models` have learned from."""

    weights: Path
    samples: list[Sample]
    models: RuleModels


def read_samples(detector: Detector, gold: Sequence[Path], background: Path) -> list[Sample]:
    """The articles of all files; the name of a file without ending is its source."""
    samples = [s for path in gold for s in samples_of(detector, read_gold(path), path.stem)]
    return samples + samples_of(detector, _background(background), BACKGROUND)


def cross_fit(
    detector: Detector, samples: Sequence[Sample], folds: Mapping[str, Sequence[str]]
) -> list[Fold]:
    """Rules' models for each fold, fitted on all that is not in it. `folds`: what each encoder held out, by its
    folder.
    """
    found: list[Fold] = []
    for weights, sources in folds.items():
        part = [s for s in samples if is_held_out(s.source, s.gold.id, sources)]
        inside = {id(s) for s in part}
        models = fit_rules(detector, [s for s in samples if id(s) not in inside])
        found.append(Fold(Path(weights), part, models))
    return found


def hold_fold(reader: Detector, fold: Fold) -> list[Held]:
    """What both routes say of a fold's articles; `reader` has the fold's encoder."""
    return [hold(reader, fold.models, s.gold, s.source, s.scene) for s in fold.samples]


def write(models: RuleModels, both: Mapping[str, Linear], folder: Path) -> None:
    """Writes all models into `folder`, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, object] = {
        "pairs": _saved(models.pairs.strict),
        "loose_pairs": _saved(models.pairs.loose),
        "articles": _saved(models.articles),
        "briefs": _saved(models.briefs),
        "voices": _saved(models.voices),
        "systems": _saved(models.systems),
        "stance": {s.value: _saved(m) for s, m in models.stances.scores.items()},
        **{name: _saved(model) for name, model in both.items()},
    }
    for name, model in files.items():
        text = json.dumps(model, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    if models.stages is not None:
        write_stage_model(models.stages, folder / "stage.json")


def main(arguments: Sequence[str] | None = None) -> None:
    """Fits all and writes them to models/."""
    parser = argparse.ArgumentParser(prog="python -m extractors.detection.fitting")
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--background", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    detector = build_detector()
    samples = read_samples(detector, options.gold, options.background)
    folds = cross_fit(detector, samples, json.loads(options.folds.read_text(encoding="utf-8")))
    held = [h for fold in folds for h in hold_fold(build_detector(weights=fold.weights), fold)]
    models = fit_rules(detector, samples)
    write(models, fit_both(held), options.folder)


if __name__ == "__main__":
    main()
