"""Fits the regressions of models/.

usage: python -m extractors.detection.fitting GOLD.jsonl [GOLD.jsonl ...] --background BACKGROUND.jsonl --folds
FOLDS.json

Gold files are labelled articles as `armswire evaluate` takes them; a background file holds irrelevant articles
("id", "title", "text") in about their natural proportion, without which the relevance model misfires on ordinary
news. FOLDS.json tells which encoder held out which files when it was trained: {"weights/of/fold": ["articles",
"background=0"], ...}. `--passing FILES`: labelled articles that tell of arms beside other matters, as most real news does;
from them the rules learn only which reactions to believe.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.detection.detector import Detector, build_detector
from extractors.detection.encoder.folds import is_held_out
from extractors.detection.fitting_both import fit_both
from extractors.detection.fitting_rules import fit_rules
from extractors.detection.gold import read_gold
from extractors.detection.held import Held, hold
from extractors.detection.linear import FOLDER, Linear
from extractors.detection.relevance import RuleModels
from extractors.detection.samples import Sample, read_samples, samples_of
from extractors.detection.stage_fitting import write_stage_model


@dataclass(frozen=True, slots=True)
class Fold:
    """Articles that neither the encoder in `weights` nor the rules' `models` have learned from."""

    weights: Path
    samples: list[Sample]
    models: RuleModels


def cross_fit(
    detector: Detector,
    samples: Sequence[Sample],
    folds: Mapping[str, Sequence[str]],
    passing: Sequence[Sample] = (),
) -> list[Fold]:
    """Rules' models for each fold, fitted on all that is not in it. `folds`: what each encoder held out, by its
    folder. `passing` as `fit_rules` takes them.
    """
    found: list[Fold] = []
    for weights, sources in folds.items():
        part = [s for s in (*samples, *passing) if is_held_out(s.source, s.gold.id, sources)]
        inside = {id(s) for s in part}
        models = fit_rules(
            detector,
            [s for s in samples if id(s) not in inside],
            [s for s in passing if id(s) not in inside],
        )
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
        "voices": _saved(models.voices.short),
        "long_voices": _saved(models.voices.long),
        "systems": _saved(models.systems),
        "stance": {s.value: _saved(m) for s, m in models.stances.scores.items()},
        **{name: _saved(model) for name, model in both.items()},
    }
    for name, model in files.items():
        text = json.dumps(model, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    if models.stages is not None:
        write_stage_model(models.stages, folder / "stage.json")


def _saved(model: Linear) -> dict[str, object]:
    weights = {name: round(weight, 4) for name, weight in sorted(model.weights.items())}
    return {"bias": round(model.bias, 4), "threshold": model.threshold, "weights": weights}


def main(arguments: Sequence[str] | None = None) -> None:
    """Fits all and writes them to models/."""
    parser = argparse.ArgumentParser(prog="python -m extractors.detection.fitting")
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--background", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument("--passing", nargs="*", type=Path, default=[])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    detector = build_detector()
    samples = read_samples(detector, options.gold, options.background)
    passing = [
        s for path in options.passing for s in samples_of(detector, read_gold(path), path.stem)
    ]
    sources = json.loads(options.folds.read_text(encoding="utf-8"))
    folds = cross_fit(detector, samples, sources, passing)
    held = [h for fold in folds for h in hold_fold(build_detector(weights=fold.weights), fold)]
    models = fit_rules(detector, samples, passing)
    write(models, fit_both(held), options.folder)


if __name__ == "__main__":
    main()
