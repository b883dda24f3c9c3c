"""How sure a figure is: bootstrap intervals, resampling whole articles, because the mentions of one article stand or fall
together.

Intervals are percentile intervals of 95 % (Efron 1979); the draws are seeded, so that a figure always has the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.detection.evaluation import ACCURACIES, SCORES, ArticleCounts

DRAWS = 2000
SEED = 20_260_101
LEVEL = 95.0
FIELDS = (*SCORES, *ACCURACIES)

Array = np.ndarray[Any, np.dtype[np.float64]]
Figure = tuple[str, str]
"""A field of SCORES with "precision", "recall" or "f1", or one of ACCURACIES with "value"."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Where a figure lies, by the articles at hand."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A figure of two detections of the same articles, and where their difference lies. A figure without anything to
    count is None."""

    before: float | None
    after: float | None
    interval: Interval | None

    @property
    def change(self) -> float | None:
        """After less before."""
        known = self.before is not None and self.after is not None
        return (self.after or 0.0) - (self.before or 0.0) if known else None


def intervals(articles: Sequence[ArticleCounts]) -> Mapping[Figure, Interval]:
    """The interval of every figure that has one: not of those with nothing to count."""
    drawn = _figures(_weights(len(articles)) @ _matrix(articles))
    return {
        figure: interval
        for figure, values in drawn.items()
        if (interval := _interval(values)) is not None
    }


def differences(
    before: Sequence[ArticleCounts], after: Sequence[ArticleCounts]
) -> Mapping[Figure, Difference]:
    """Every figure before and after, each draw taking the same articles of both (paired).

    Raises:
        ValueError: the two do not hold the same articles in the same order.
    """
    if [a.id for a in before] != [a.id for a in after]:
        msg = "a paired comparison needs the same articles in the same order"
        raise ValueError(msg)
    weights = _weights(len(before))
    matrices = _matrix(before), _matrix(after)
    old, new = (_figures(m.sum(axis=0, keepdims=True)) for m in matrices)
    drawn_old, drawn_new = (_figures(weights @ m) for m in matrices)
    return {
        figure: Difference(
            before=_value(old[figure]),
            after=_value(new[figure]),
            interval=_interval(drawn_new[figure] - drawn_old[figure]),
        )
        for figure in old
    }


def _weights(articles: int) -> Array:
    """How often each article is drawn: (DRAWS, articles)."""
    if not articles:
        return np.zeros((1, 0))
    dice = np.random.default_rng(SEED)
    return dice.multinomial(articles, np.full(articles, 1 / articles), size=DRAWS).astype(float)


def _matrix(articles: Sequence[ArticleCounts]) -> Array:
    """(articles, 3 x fields): hits, labels and found of each field."""
    rows = [[n for f in FIELDS for n in a.counts.get(f, (0, 0, 0))] for a in articles]
    return np.array(rows, dtype=float).reshape(len(articles), 3 * len(FIELDS))


def _figures(totals: Array) -> dict[Figure, Array]:
    """Every figure of each row of `totals`, as `Score` and `Accuracy` count them; NaN where there is none."""
    figures: dict[Figure, Array] = {}
    for place, name in enumerate(FIELDS):
        hits, wanted, given = (totals[:, 3 * place + k] for k in range(3))
        if name in ACCURACIES:
            figures[name, "value"] = _ratio(hits, wanted, np.nan)
            continue
        precision, recall = _ratio(hits, given, 1.0), _ratio(hits, wanted, 1.0)
        figures[name, "precision"] = precision
        figures[name, "recall"] = recall
        figures[name, "f1"] = _ratio(2 * precision * recall, precision + recall, 0.0)
    return figures


def _ratio(part: Array, whole: Array, otherwise: float) -> Array:
    return np.divide(part, whole, out=np.full_like(part, otherwise), where=whole > 0)


def _interval(values: Array) -> Interval | None:
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    low, high = np.percentile(known, [(100 - LEVEL) / 2, (100 + LEVEL) / 2])
    return Interval(low=float(low), high=float(high))


def _value(values: Array) -> float | None:
    value = float(values[0])
    return None if np.isnan(value) else value
