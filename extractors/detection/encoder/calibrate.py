"""Fits the lines from logits to probabilities: `python -m extractors.detection.encoder.calibrate OUT ANSWERS...`.

ANSWERS are what encoders said of articles that they had not learned from (`train --hold-out`), quantised as shipped. The
background counts in its natural proportion (one relevant article in fifty), so that .5 means .5 on ordinary news.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from extractors.detection.encoder.judge import sigmoid

Array = np.ndarray[Any, Any]
RELEVANT_IN_NEWS = 0.02
THRESHOLDS = {
    "relevance_alone": ("relevance", 0.5),
    "relevance_with_rules": ("relevance", -1.0),
    "pair_alone": ("pair", 2.5),
    "pair_with_rules": ("pair", 0.0),
    "reaction_alone": ("reaction", 0.0),
    "reaction_with_rules": ("reaction", -1.0),
}
"""Head and logit, read off held-out files after quantising; "with rules": where the rules say the same."""
_RIDGE, _STEPS = 0.05, 60


def fit(features: Array, wanted: Array, weights: Array) -> list[float]:
    """Weights of a logistic regression with a small ridge, the offset last, by Newton's method."""
    x = np.hstack([features, np.ones((len(features), 1))])
    ridge = np.full(x.shape[1], _RIDGE)
    ridge[-1] = 0.0
    beta = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (weights * (p - wanted)) + ridge * beta
        curvature = (x * (weights * p * (1 - p))[:, None]).T @ x + np.diag(ridge + 1e-9)
        beta = beta - np.linalg.solve(curvature, gradient)
    return [round(float(b), 5) for b in beta]


def natural_weights(answers: Sequence[dict[str, Any]]) -> Array:
    """1 for labelled articles; the background's weight makes the relevant ones `RELEVANT_IN_NEWS` of all."""
    background = np.array([a["source"] == "background" for a in answers])
    relevant = sum(a["relevant"] for a in answers)
    weight = relevant / RELEVANT_IN_NEWS / max(1, int(background.sum()))
    return np.where(background, weight, 1.0)


def calibrate(answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The content of calibration.json."""
    plain = [a for a in answers if not a["marginal"]]
    wanted = np.array([float(a["relevant"]) for a in plain])
    weights = natural_weights(plain)
    relevance = fit(np.array([[a["relevance"]] for a in plain]), wanted, weights)
    lines = {"relevance": relevance}
    for name, key in (("pair", "pairs"), ("reaction", "speakers")):
        rows = [e for a in plain if a["relevant"] for e in a[key]]
        scores = np.array([[e["score"]] for e in rows])
        right = np.array([float(e["positive"]) for e in rows])
        lines[name] = fit(scores, right, np.ones(len(rows)))
    thresholds = {
        name: round(sigmoid(lines[head][0] * logit + lines[head][1]), 4)
        for name, (head, logit) in THRESHOLDS.items()
    }
    return {"lines": lines, "thresholds": thresholds}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("answers", type=Path, nargs="+")
    arguments = parser.parse_args()
    answers = [a for path in arguments.answers for a in json.loads(path.read_text(encoding="utf8"))]
    arguments.out.write_text(json.dumps(calibrate(answers), indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
