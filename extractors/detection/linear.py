"""A logistic regression read from JSON: named features, their weights and a bias. No pickles, no libraries."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConfigError

FOLDER = Path(__file__).parent / "models"


@dataclass(frozen=True, kw_only=True)
class Linear:
    """Weights by feature name; a feature without a weight counts nothing."""

    bias: float
    weights: Mapping[str, float]
    threshold: float

    def total(self, features: Mapping[str, float]) -> float:
        """The weighted sum, before it is turned into a probability."""
        return self.bias + sum(
            self.weights.get(name, 0.0) * value for name, value in features.items()
        )

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability in [0, 1] that the features speak for."""
        total = self.total(features)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def centred(probability: float, threshold: float) -> float:
    """Stretches a probability so that the threshold lies at 0.5."""
    if probability >= threshold:
        return 0.5 + 0.5 * (probability - threshold) / max(1e-9, 1.0 - threshold)
    return 0.5 * probability / max(1e-9, threshold)


def load_linear(name: str, folder: Path = FOLDER) -> Linear:
    """Reads `folder`/NAME.json. Raises ConfigError when it is missing or not such a model."""
    path = folder / f"{name}.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Linear(
            bias=float(data["bias"]),
            weights={str(k): float(v) for k, v in data["weights"].items()},
            threshold=float(data["threshold"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"this model cannot be read: {error}", path=path) from None
