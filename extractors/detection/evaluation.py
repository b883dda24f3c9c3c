"""How well detections agree with labels: precision, recall and F1 per field, by the matching rules of docs/annotation.md.

Relevance is scored on all items that are not marginal; every other figure on the relevant ones among them. Pairs match
by code, or by the telling words of a name; speakers by name, or by country and kind of institution.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.mentions import Mentions, Reaction, Stance, Transfer
from extractors.detection.gold import GoldArticle
from extractors.detection.matching import (
    match,
    recipient,
    same_actor,
    same_parties,
    same_speaker,
    staged_pairs,
    supplier,
    system_hits,
    system_keys,
    unique_actors,
    unique_pairs,
)


@dataclass(frozen=True, kw_only=True)
class Score:
    """Hits among `gold` labels and `predicted` ones. With nothing to find, recall is 1; with nothing found, precision is."""

    hits: int
    gold: int
    predicted: int

    @property
    def precision(self) -> float:
        return self.hits / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """Right ones among `total` matched; `value` is None when nothing matched."""

    right: int
    total: int

    @property
    def value(self) -> float | None:
        return self.right / self.total if self.total else None


SCORES = (
    "relevance",
    "pairs",
    "suppliers",
    "recipients",
    "systems",
    "reactions",
    "stanced_reactions",
)
"""Fields that have precision, recall and F1."""
ACCURACIES = ("stage", "stance", "polar", "quote")
"""Fields of which the share of right ones among matched mentions is told; polar: stances that take a side."""

Confusion = Counter[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ArticleCounts:
    """What one article adds to the figures: by field of SCORES (hits, labels, found), of ACCURACIES (right, matched, 0)."""

    id: str
    counts: Mapping[str, tuple[int, int, int]]

    @property
    def mistakes(self) -> Mapping[str, int]:
        """By field, how many labels were missed and findings wrong."""
        return {
            name: (g - h) + (p - h if name in SCORES else 0)
            for name, (h, g, p) in self.counts.items()
        }


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """All figures over `n` items. Confusion counts are keyed (gold, predicted).

    `articles` are the counts of those that are not marginal, in file order: all figures are sums over them.
    """

    n: int
    relevance: Score
    pairs: Score
    suppliers: Score
    recipients: Score
    systems: Score
    reactions: Score
    stanced_reactions: Score
    stage: Accuracy
    stance: Accuracy
    polar: Accuracy
    quote: Accuracy
    stage_confusion: Mapping[tuple[str, str], int]
    stance_confusion: Mapping[tuple[str, str], int]
    articles: tuple[ArticleCounts, ...]


@dataclass(slots=True)
class _Tally:
    hits: int = 0
    gold: int = 0
    predicted: int = 0

    def add(self, hits: int, gold: int, predicted: int) -> None:
        self.hits += hits
        self.gold += gold
        self.predicted += predicted


@dataclass(slots=True)
class _Counts:
    """The tallies of one article; the confusions are those of the whole evaluation."""

    stages: Confusion
    stances: Confusion
    tallies: dict[str, _Tally] = field(default_factory=dict)

    def of(self, name: str) -> _Tally:
        return self.tallies.setdefault(name, _Tally())


def evaluate(gold: Sequence[GoldArticle], predicted: Sequence[Mentions]) -> Evaluation:
    """Scores `predicted[i]` against `gold[i]`. Raises ValueError when their lengths differ."""
    if len(gold) != len(predicted):
        raise ValueError(f"{len(gold)} labelled articles, but {len(predicted)} predictions")
    stages, stances = Confusion(), Confusion()
    articles = []
    for article, found in zip(gold, predicted, strict=True):
        if article.marginal:
            continue
        counts = _Counts(stages, stances)
        wanted = article.mentions
        counts.of("relevance").add(
            int(wanted.relevant and found.relevant), int(wanted.relevant), int(found.relevant)
        )
        if wanted.relevant:
            _count_transfers(counts, wanted.transfers, found.transfers)
            _count_systems(counts, wanted.transfers, found.transfers)
            _count_reactions(counts, wanted.reactions, found.reactions)
        told = {k: (t.hits, t.gold, t.predicted) for k, t in counts.tallies.items()}
        articles.append(ArticleCounts(id=article.id, counts=told))
    return _summed(len(gold), articles, stages, stances)


def together(evaluations: Sequence[Evaluation]) -> Evaluation:
    """The figures over all articles of several evaluations."""
    return _summed(
        sum(e.n for e in evaluations),
        [article for e in evaluations for article in e.articles],
        sum((Counter(e.stage_confusion) for e in evaluations), Confusion()),
        sum((Counter(e.stance_confusion) for e in evaluations), Confusion()),
    )


def _summed(
    n: int, articles: Sequence[ArticleCounts], stages: Confusion, stances: Confusion
) -> Evaluation:
    def total(name: str) -> tuple[int, ...]:
        rows = [article.counts.get(name, (0, 0, 0)) for article in articles]
        return tuple(sum(column) for column in zip(*rows, strict=True)) or (0, 0, 0)

    def score(name: str) -> Score:
        hits, wanted, given = total(name)
        return Score(hits=hits, gold=wanted, predicted=given)

    def accuracy(name: str) -> Accuracy:
        right, matched, _ = total(name)
        return Accuracy(right=right, total=matched)

    return Evaluation(
        n=n,
        relevance=score("relevance"),
        pairs=score("pairs"),
        suppliers=score("suppliers"),
        recipients=score("recipients"),
        systems=score("systems"),
        reactions=score("reactions"),
        stanced_reactions=score("stanced_reactions"),
        stage=accuracy("stage"),
        stance=accuracy("stance"),
        polar=accuracy("polar"),
        quote=accuracy("quote"),
        stage_confusion=dict(stages),
        stance_confusion=dict(stances),
        articles=tuple(articles),
    )


def _count_transfers(counts: _Counts, gold: Sequence[Transfer], found: Sequence[Transfer]) -> None:
    unique_gold, unique_found = unique_pairs(gold), unique_pairs(found)
    hits = len(match(unique_gold, unique_found, same_parties))
    counts.of("pairs").add(hits, len(unique_gold), len(unique_found))
    for name, pick in (("suppliers", supplier), ("recipients", recipient)):
        wanted, given = unique_actors(gold, pick), unique_actors(found, pick)
        counts.of(name).add(len(match(wanted, given, same_actor)), len(wanted), len(given))
    for a, b in staged_pairs(gold, found):
        counts.of("stage").add(int(a.stage is b.stage), 1, 0)
        counts.stages[a.stage.value, b.stage.value] += 1


def _count_systems(counts: _Counts, gold: Sequence[Transfer], found: Sequence[Transfer]) -> None:
    wanted, given = system_keys(gold), system_keys(found)
    counts.of("systems").add(system_hits(wanted, given), len(wanted), len(given))


def _count_reactions(counts: _Counts, gold: Sequence[Reaction], found: Sequence[Reaction]) -> None:
    matched = match(gold, found, same_speaker)
    counts.of("reactions").add(len(matched), len(gold), len(found))
    stanced = 0
    for a, b in matched:
        same = a.stance is b.stance
        counts.of("stance").add(int(same), 1, 0)
        counts.of("quote").add(int(a.quote == b.quote), 1, 0)
        counts.stances[a.stance.value, b.stance.value] += 1
        if a.stance is not Stance.NEUTRAL:
            counts.of("polar").add(int(same), 1, 0)
            stanced += int(same)
    counts.of("stanced_reactions").add(stanced, _sided(gold), _sided(found))


def _sided(reactions: Sequence[Reaction]) -> int:
    return sum(r.stance is not Stance.NEUTRAL for r in reactions)
