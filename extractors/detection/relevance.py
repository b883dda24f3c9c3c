"""How likely an article is about an arms transfer or its politics, and which pairs it is about: two small regressions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.detection.attitudes import StanceModel
from extractors.detection.features import SHORT, article_features, best_of, pair_features
from extractors.detection.frames import Frame
from extractors.detection.linear import load_linear
from extractors.detection.pair_model import load_pair_model
from extractors.detection.pairs import Pair, propose
from extractors.detection.reading import Reading
from extractors.detection.systems import Weapon


@dataclass(slots=True)
class Verdict:
    """The relevance score, and every candidate pair with its probability."""

    score: float
    relevant: bool
    pairs: list[tuple[Pair, float]]


class Judge:
    """The regressions over pairs and articles, fitted by extractors.detection.fitting on labelled news and background."""

    def __init__(self) -> None:
        self._pairs = load_pair_model()
        self.voices = load_linear("voices")
        self.stances = StanceModel()
        self._articles = load_linear("articles")
        self._briefs = load_linear("briefs")

    @property
    def pair_threshold(self) -> float:
        return self._pairs.threshold

    def judge(
        self,
        reading: Reading,
        frames: Sequence[Frame],
        loose: Sequence[Frame],
        weapons: Sequence[Weapon],
        named: Counter[str],
    ) -> Verdict:
        """Scores the article; it is relevant from 0.5, and never without any frame."""
        headline = all(s.is_title for s in reading.sentences)
        candidates = propose(frames, named, loose)
        pairs = [
            (p, self._pairs.probability(pair_features(p, candidates, named, headline)))
            for p in candidates
        ]
        features = article_features(reading, frames, weapons, named, best_of(pairs))
        model = self._briefs if len(reading.words) < SHORT else self._articles
        score = _centred(model.probability(features), model.threshold)
        if not candidates and not frames:
            score = min(score, 0.49)
        return Verdict(score, score >= 0.5, pairs)


def _centred(probability: float, threshold: float) -> float:
    """Stretches a probability so that the threshold lies at 0.5."""
    if probability >= threshold:
        return 0.5 + 0.5 * (probability - threshold) / max(1e-9, 1.0 - threshold)
    return 0.5 * probability / max(1e-9, threshold)
