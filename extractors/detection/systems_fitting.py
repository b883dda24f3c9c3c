"""Fits models/systems.json: which of the weapons that an article names are those of its transfers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.mentions import Transfer
from extractors.detection.chosen_systems import system_rows
from extractors.detection.linear import Linear
from extractors.detection.matching import system_hits, system_key, system_keys
from extractors.detection.regression import logistic
from extractors.detection.system_features import Told
from extractors.detection.thresholds import best_threshold, f1, mean_over_files

PENALTY = 20.0
"""Ridge penalty: with 5 and with 40 the mean of the held-out figures is a point lower at most."""
THRESHOLDS = tuple(step / 100 for step in range(30, 61, 5))
Key = frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One weapon of an article: its features, the words it is matched by, and whether a label names it."""

    features: Mapping[str, float]
    key: Key
    wanted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemSample:
    """One relevant article of the file `source` with the keys of its labelled systems and all weapons it names."""

    source: str
    labels: frozenset[Key]
    candidates: Sequence[Candidate]


def system_sample(gold: Sequence[Transfer], told: Told, source: str) -> SystemSample:
    """The weapons of an article, labelled by its `gold` transfers."""
    labels = frozenset(system_keys(gold))
    candidates = []
    for weapon, features in system_rows(told):
        key = system_key(weapon.system.name)
        wanted = any(key & label for label in labels)
        candidates.append(Candidate(features=features, key=key, wanted=wanted))
    return SystemSample(source=source, labels=labels, candidates=candidates)


def fit_systems(samples: Sequence[SystemSample]) -> Linear:
    """Which weapons are sent; the threshold with the best mean F1 over the files."""
    rows = [(c.features, c.wanted, 1.0) for s in samples for c in s.candidates]
    model = logistic(rows, PENALTY)

    def mean(threshold: float) -> float:
        return mean_over_files(samples, lambda part: _f1(part, model, threshold))

    return best_threshold(model, THRESHOLDS, mean)


def _f1(samples: Sequence[SystemSample], model: Linear, threshold: float) -> float:
    """With the articles taken for relevant."""
    hits = wanted = found = 0
    for sample in samples:
        said = {c.key for c in sample.candidates if model.probability(c.features) >= threshold}
        hits += system_hits(sample.labels, said)
        wanted, found = wanted + len(sample.labels), found + len(said)
    return f1(hits, wanted, found)
