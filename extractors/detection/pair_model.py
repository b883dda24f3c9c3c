"""The regressions over candidate pairs: one for pairs that strict frames speak for, one for loose pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from extractors.detection.linear import FOLDER, Linear, load_linear


@dataclass(frozen=True, kw_only=True)
class PairModel:
    """Loose pairs have a scale of their own, brought onto that of the strict ones so that one threshold holds for both."""

    strict: Linear
    loose: Linear

    @property
    def threshold(self) -> float:
        return self.strict.threshold

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability in [0, 1] that the article is about the pair with these `features`."""
        if not features.get("loose"):
            return self.strict.probability(features)
        probability, own = self.loose.probability(features), self.loose.threshold
        if probability < own:
            return probability * self.threshold / own
        return 1.0 - (1.0 - probability) * (1.0 - self.threshold) / (1.0 - own)


def load_pair_model(folder: Path = FOLDER) -> PairModel:
    """Reads pairs.json and loose_pairs.json. Raises ConfigError when either is missing or no such model."""
    return PairModel(strict=load_linear("pairs", folder), loose=load_linear("loose_pairs", folder))
