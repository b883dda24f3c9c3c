"""Fits models/stage.json: a penalised multinomial regression over what rules, cues and words say of each pair's stage.

Measured by held-out source it gained over the rules; with all sources in, it is to be fitted anew whenever rules change.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.mentions import Stage, Transfer
from extractors.detection.matching import same_actor, staged_pairs
from extractors.detection.pairs import Pair, choose, policies
from extractors.detection.reading import Reading
from extractors.detection.scene import Scene
from extractors.detection.stage_features import STAGES, StageFeatures, stage_features
from extractors.detection.stage_model import StageModel
from extractors.detection.stage_rules import ruled_stage

RAREST, RAREST_WORD = 8, 6
"""Features and words seen with fewer pairs are left out."""

UNCHOSEN = 0.5
"""Weight of a labelled pair that was a candidate, but not chosen."""

COMMON, OWN, SHARED, WORD = 10.0, 30.0, 10.0, 8.0
"""Ridge penalties; found on held-out sources, flat around these."""

STEPS = 150
SMALLEST = 0.005
"""Weights below are not written."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class StageExample:
    """One labelled pair with its features. `ruled` is what the rules alone say."""

    features: StageFeatures
    stage: Stage
    ruled: Stage
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    """A sparse matrix: entry e stands in row `rows`[e] (example times stages plus stage) and column `columns`[e]."""

    rows: Ints
    columns: Ints
    values: Floats
    names: Sequence[tuple[Stage | None, str]]
    examples: int

    def times(self, weights: Floats) -> Floats:
        return np.bincount(
            self.rows, self.values * weights[self.columns], self.examples * len(STAGES)
        ).astype(np.float64)

    def transposed_times(self, rows: Floats) -> Floats:
        return np.bincount(self.columns, self.values * rows[self.rows], len(self.names)).astype(
            np.float64
        )


def stage_examples(
    gold: Sequence[Transfer],
    scene: Scene,
    scored: Sequence[tuple[Pair, float]],
    threshold: float,
) -> list[StageExample]:
    """The labelled pairs of an article that are among the candidates `scored` by the rules."""
    chosen = [pair for pair, _ in choose(scored, threshold)]
    chosen += policies(scene.frames, chosen)
    transfers = [_ruled(pair, scene.reading) for pair in chosen]
    pairs = {id(t): pair for t, pair in zip(transfers, chosen, strict=True)}
    matched = staged_pairs(gold, transfers)
    labelled = [(wanted, pairs[id(t)], 1.0) for wanted, t in matched]
    taken = {id(pair) for _, pair, _ in labelled}
    rest = [t for t in gold if not any(t is g for g, _ in matched)]
    others = [pair for pair, _ in scored if id(pair) not in taken]
    labelled += [(wanted, pair, UNCHOSEN) for wanted, pair in _pair_off(rest, others)]
    found: list[StageExample] = []
    for wanted, pair, weight in labelled:
        ruled = ruled_stage(pair, scene.reading)
        features = stage_features(pair, scene.reading, ruled)
        found.append(
            StageExample(features=features, stage=wanted.stage, ruled=ruled.stage, weight=weight)
        )
    return found


def _ruled(pair: Pair, reading: Reading) -> Transfer:
    stage = ruled_stage(pair, reading).stage
    return Transfer(supplier=pair.supplier, recipient=pair.recipient, stage=stage)


def _pair_off(gold: Sequence[Transfer], pairs: Sequence[Pair]) -> list[tuple[Transfer, Pair]]:
    free = list(pairs)
    found: list[tuple[Transfer, Pair]] = []
    for wanted in gold:
        for pair in free:
            if same_actor(wanted.supplier, pair.supplier) and same_actor(
                wanted.recipient, pair.recipient
            ):
                found.append((wanted, pair))
                free.remove(pair)
                break
    return found


def fit_stage(examples: Sequence[StageExample]) -> StageModel:
    """The regression fitted on `examples` by accelerated gradient descent, the same on every machine up to rounding."""
    table = _table(examples)
    penalties = np.array([_penalty(stage, name) for stage, name in table.names])
    weight = np.array([e.weight for e in examples])[:, None]
    target = np.zeros((len(examples), len(STAGES)))
    target[np.arange(len(examples)), [STAGES.index(e.stage) for e in examples]] = 1.0
    rate = 1.0 / (0.3 * _norm(table) + penalties.max())
    weights = np.zeros(len(table.names))
    ahead, momentum = weights.copy(), 1.0
    for _ in range(STEPS):
        scores = table.times(ahead).reshape(target.shape)
        odds = np.exp(scores - scores.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        gradient = table.transposed_times(((odds - target) * weight).ravel()) + penalties * ahead
        step = ahead - rate * gradient
        following = (1.0 + np.sqrt(1.0 + 4.0 * momentum * momentum)) / 2.0
        ahead = step + (momentum - 1.0) / following * (step - weights)
        weights, momentum = step, float(following)
    return _model(table.names, weights)


def write_stage_model(model: StageModel, path: Path) -> None:
    """Writes a model as load_stage_model reads it, small weights left out, sorted by name."""

    def kept(weights: Mapping[str, float]) -> dict[str, float]:
        return {k: round(v, 4) for k, v in sorted(weights.items()) if abs(v) >= SMALLEST}

    data = {
        "common": kept(model.common),
        "stages": {stage.value: kept(model.own[stage]) for stage in STAGES},
    }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _table(examples: Sequence[StageExample]) -> _Table:
    """The examples as a sparse matrix over common features, features of one stage, and shared features by stage."""
    common = Counter(n for e in examples for row in e.features.of.values() for n in row)
    own = Counter((s, n) for e in examples for s, row in e.features.of.items() for n in row)
    shared = Counter(n for e in examples for n, v in e.features.shared.items() if v)
    columns: dict[tuple[Stage | None, str], int] = {}
    entries: list[tuple[int, int, float]] = []

    def add(row: int, key: tuple[Stage | None, str], value: float) -> None:
        if value:
            entries.append((row, columns.setdefault(key, len(columns)), value))

    for position, example in enumerate(examples):
        for rank, stage in enumerate(STAGES):
            row = position * len(STAGES) + rank
            add(row, (stage, "bias"), 1.0)
            for name, value in example.features.of[stage].items():
                if common[name] >= RAREST:
                    add(row, (None, name), value)
                    if own[stage, name] >= RAREST:
                        add(row, (stage, name), value)
            for name, value in example.features.shared.items():
                if shared[name] >= (RAREST_WORD if name.startswith("word:") else RAREST):
                    add(row, (stage, f"pair:{name}"), value)
    return _Table(
        rows=np.array([e[0] for e in entries]),
        columns=np.array([e[1] for e in entries]),
        values=np.array([e[2] for e in entries]),
        names=list(columns),
        examples=len(examples),
    )


def _penalty(stage: Stage | None, name: str) -> float:
    if stage is None:
        return COMMON
    if name.startswith("pair:word:"):
        return WORD
    return SHARED if name == "bias" or name.startswith("pair:") else OWN


def _norm(table: _Table) -> float:
    """The largest eigenvalue of the table's square, by power iteration from a fixed start."""
    vector = np.random.default_rng(0).normal(size=len(table.names))
    size = 1.0
    for _ in range(8):
        vector = table.transposed_times(table.times(vector))
        size = float(np.linalg.norm(vector))
        vector /= size
    return size


def _model(names: Sequence[tuple[Stage | None, str]], weights: Floats) -> StageModel:
    common: dict[str, float] = {}
    own: dict[Stage, dict[str, float]] = {stage: {} for stage in STAGES}
    for (stage, name), weight in zip(names, weights, strict=True):
        (common if stage is None else own[stage])[name] = float(weight)
    return StageModel(common=common, own=own)
