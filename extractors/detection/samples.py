"""Labelled articles with what the rules make of them: what the regressions are fitted on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from domain.mentions import Mentions
from extractors.detection.detector import Detector
from extractors.detection.features import SHORT, pair_features
from extractors.detection.gold import GoldArticle, read_gold
from extractors.detection.pair_model import PairModel
from extractors.detection.pairs import Pair, choose, propose
from extractors.detection.reading import NO_SIZE, Size
from extractors.detection.regression import Features
from extractors.detection.scene import Scene
from extractors.detection.thresholds import BACKGROUND


@dataclass(slots=True)
class Sample:
    """One article with what the rules made of it. `scene` is None when the gate stopped it."""

    gold: GoldArticle
    scene: Scene | None
    pairs: list[Pair]
    source: str = ""
    rows: list[tuple[Pair, Features]] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether its transfers and reactions are scored."""
        return self.gold.mentions.relevant and not self.gold.marginal

    @property
    def is_brief(self) -> bool:
        """Whether the rules judge its relevance as that of a headline or of news in brief."""
        return self.scene is not None and len(self.scene.reading.words) < SHORT

    @property
    def size(self) -> Size:
        """How much there is to read."""
        return self.scene.reading.size if self.scene is not None else NO_SIZE

    def pair_rows(self) -> list[tuple[Pair, Features]]:
        """The candidates with their features, computed once."""
        if self.scene is not None and not self.rows:
            named, headline = self.scene.named, self.scene.reading.size.headline
            self.rows = [(p, pair_features(p, self.pairs, named, headline)) for p in self.pairs]
        return self.rows

    def chosen(self, model: PairModel) -> list[Pair]:
        """The pairs that the rules believe."""
        scored = [(pair, model.probability(features)) for pair, features in self.pair_rows()]
        return [pair for pair, _ in choose(scored, model.threshold)]


def samples_of(detector: Detector, articles: Iterable[GoldArticle], source: str) -> list[Sample]:
    """The scenes and candidate pairs of `articles`, which come from the file `source`."""
    found = []
    for article in articles:
        if not detector.passes_gate(article.title, article.text):
            found.append(Sample(article, None, [], source))
            continue
        scene = detector.scene(article.title, article.text)
        pairs = propose(scene.frames, scene.named, scene.loose)
        found.append(Sample(article, scene, pairs, source))
    return found


def read_samples(detector: Detector, gold: Sequence[Path], background: Path) -> list[Sample]:
    """The articles of all files; the name of a file without ending is its source."""
    samples = [s for path in gold for s in samples_of(detector, read_gold(path), path.stem)]
    return samples + samples_of(detector, _background(background), BACKGROUND)


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
