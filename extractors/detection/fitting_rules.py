"""Fits the regressions over what the rules see: pairs, relevance, voices, stance, stage, systems."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.mentions import Reaction, Stance, Transfer
from extractors.detection.attitudes import StanceModel
from extractors.detection.detector import Detector
from extractors.detection.features import article_features, best_of
from extractors.detection.linear import Linear
from extractors.detection.matching import match, same_parties, same_speaker
from extractors.detection.pair_model import PairModel
from extractors.detection.pairs import Pair, is_loose, policies
from extractors.detection.reactions import reaction_of
from extractors.detection.reading import LONG_NEWS, SHORT_NEWS, Size
from extractors.detection.regression import Features, logistic
from extractors.detection.relevance import RuleModels
from extractors.detection.samples import Sample
from extractors.detection.scene import told_of
from extractors.detection.sized import Sized
from extractors.detection.stage_fitting import StageExample, fit_stage, stage_examples
from extractors.detection.systems_fitting import SystemSample, fit_systems, system_sample
from extractors.detection.thresholds import BACKGROUND, best_threshold, f1, mean_over_files

PENALTY = 5.0
STANCE_PENALTY = 80.0
"""More than elsewhere: MEASURED over the folds, a point more of all stances are right in the end than with 20."""
VOICE_PENALTY = 20.0
LONG_SHARE = 0.2
"""What a voice of a long text counts in the regression of reactions in shorter ones. MEASURED, files of a fold held out:
the rules' mean F1 of reactions in texts that are not long is .799 with 1, .806 with .2, .801 with 0.
"""
LONG_PENALTY = 200.0
SHARES_IN_LONG = ((500, 1.0), (LONG_NEWS, 0.1), (0, 0.02))
"""What voices count in the regression of long texts, by the words of theirs: labelled texts of 300 to 500 words are mostly
written ones, where twice as many officials react as in real news of that length. MEASURED in the same way: the rules' F1 of
reactions in real long articles is .499 with one regression for all texts, .568 where texts of 300 words count whole,
shorter ones a tenth and the penalty is 20, .605 so. The same was no gain for pairs.
"""
MARGINAL_WEIGHT = 0.5
PAIR_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
LOOSE_THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
ARTICLE_THRESHOLDS = tuple(step / 100 for step in range(20, 80, 2))
FALSE_ALARMS = 0.01
"""Share of background articles that may be taken for relevant."""


def fit_pairs(samples: Sequence[Sample]) -> PairModel:
    """Which candidate pairs the articles are about; the thresholds with the best mean F1 of pairs over the files."""
    strict: list[tuple[Features, bool, float]] = []
    loose: list[tuple[Features, bool, float]] = []
    for sample in samples:
        weight = MARGINAL_WEIGHT if sample.gold.marginal else 1.0
        gold = sample.gold.mentions.transfers
        for pair, features in sample.pair_rows():
            row = (features, any(same_parties(_bare(pair), g) for g in gold), weight)
            (loose if is_loose(pair) else strict).append(row)
    model = PairModel(strict=logistic(strict, PENALTY), loose=logistic(loose, PENALTY))
    options = [_with(model, t, 0.5) for t in PAIR_THRESHOLDS]
    model = max(options, key=lambda m: mean_over_files(samples, lambda part: _pairs_f1(part, m)))
    options = [_with(model, model.threshold, t) for t in LOOSE_THRESHOLDS]
    return max(options, key=lambda m: mean_over_files(samples, lambda part: _pairs_f1(part, m)))


def _with(model: PairModel, strict: float, loose: float) -> PairModel:
    return PairModel(
        strict=replace(model.strict, threshold=strict), loose=replace(model.loose, threshold=loose)
    )


def fit_articles(samples: Sequence[Sample], pairs: PairModel) -> Linear:
    """Whether an article of `samples` is relevant, given its pairs; few of the background ones may be."""
    kept = [(s, _article_row(s, pairs)) for s in samples if not s.gold.marginal]
    rows = [(row, s.gold.mentions.relevant, 1.0) for s, row in kept if row]
    model = logistic(rows, PENALTY)
    odds = {id(s): model.probability(row) if row else 0.0 for s, row in kept}
    background = [odds[id(s)] for s, _ in kept if s.source == BACKGROUND]
    most = FALSE_ALARMS * len(background) + 0.5

    def figure(part: Sequence[Sample], threshold: float) -> float:
        said = [odds.get(id(s), 0.0) >= threshold for s in part]
        return f1(
            sum(map(min, said, (s.counts for s in part))), sum(s.counts for s in part), sum(said)
        )

    def quality(threshold: float) -> float:
        return mean_over_files(samples, lambda part: figure(part, threshold))

    allowed = [t for t in ARTICLE_THRESHOLDS if sum(o >= t for o in background) <= most]
    return best_threshold(model, allowed or ARTICLE_THRESHOLDS[-1:], quality)


def share_in_long(size: Size) -> float:
    """What a text of that size counts in the regressions of long ones."""
    words = SHORT_NEWS * math.exp(size.length) if size.length else 0.0
    return next(share for least, share in SHARES_IN_LONG if words >= least - 0.5)


@dataclass(frozen=True, slots=True)
class Listened:
    """Whom the rules hear in one labelled article: the features of each as a reaction, those of the attitude, and the
    labelled stance, None where it is no reaction.
    """

    sample: Sample
    voices: list[tuple[Features, Features, Stance | None]]


def listen(detector: Detector, samples: Sequence[Sample], pairs: PairModel) -> list[Listened]:
    """All articles whose reactions are scored."""
    found: list[Listened] = []
    for sample in samples:
        if sample.counts:
            heard = _heard(detector, sample, pairs)
            matched = match(sample.gold.mentions.reactions, [r for r, _, _ in heard], same_speaker)
            stances = {id(r): g.stance for g, r in matched}
            voices = [(features, attitude, stances.get(id(r))) for r, features, attitude in heard]
            found.append(Listened(sample, voices))
    return found


def fit_voices(listened: Sequence[Listened]) -> Sized[Linear]:
    """Which voices are reactions: in texts that are not long, and in long ones."""
    rows = [
        (features, stance is not None, one.sample.size)
        for one in listened
        for features, _, stance in one.voices
    ]
    shorter = [(f, label, LONG_SHARE if size.is_long else 1.0) for f, label, size in rows]
    longer = [(f, label, share_in_long(size)) for f, label, size in rows]
    return Sized(
        short=_with_threshold(logistic(shorter, VOICE_PENALTY), listened, long=False),
        long=_with_threshold(logistic(longer, LONG_PENALTY), listened, long=True),
    )


def _with_threshold(model: Linear, listened: Sequence[Listened], *, long: bool) -> Linear:
    """`model` with the threshold of the best F1 over texts that are long, or over those that are not."""
    kept = [one for one in listened if one.sample.size.is_long is long]
    wanted = sum(len(one.sample.gold.mentions.reactions) for one in kept)
    odds = [
        (model.probability(f), stance is not None) for one in kept for f, _, stance in one.voices
    ]

    def quality(threshold: float) -> float:
        hits = sum(p >= threshold and label for p, label in odds)
        return f1(hits, wanted, sum(p >= threshold for p, _ in odds))

    return best_threshold(model, PAIR_THRESHOLDS, quality)


def fit_stances(listened: Sequence[Listened]) -> StanceModel:
    """The stance of a reaction: one score against the rest for each."""
    rows = [(attitude, stance) for one in listened for _, attitude, stance in one.voices if stance]
    return StanceModel(
        {s: logistic([(f, label is s, 1.0) for f, label in rows], STANCE_PENALTY) for s in Stance}
    )


def _pairs_f1(samples: Sequence[Sample], model: PairModel) -> float:
    hits = gold = found = 0
    for sample in samples:
        if not sample.counts:
            continue
        wanted = sample.gold.mentions.transfers
        said = [_bare(p) for p in sample.chosen(model)]
        hits += len(match(wanted, said, same_parties))
        gold, found = gold + len(wanted), found + len(said)
    return f1(hits, gold, found)


def _bare(pair: Pair) -> Transfer:
    return Transfer(
        supplier=pair.supplier, recipient=pair.recipient, stage=pair.frames[0].stage.stage
    )


def _article_row(sample: Sample, pairs: PairModel) -> Features:
    scene = sample.scene
    if scene is None:
        return {}
    best = best_of([(pair, pairs.probability(f)) for pair, f in sample.pair_rows()])
    return article_features(scene.reading, scene.frames, scene.weapons, scene.named, best)


def _heard(
    detector: Detector, sample: Sample, model: PairModel
) -> list[tuple[Reaction, Features, Features]]:
    scene = sample.scene
    if scene is None:
        return []
    neutral = Linear(bias=0.0, weights={}, threshold=0.5)
    found: list[tuple[Reaction, Features, Features]] = []
    for h in detector.hearings(scene, sample.chosen(model), neutral):
        reaction = reaction_of(scene.reading, h.voice, h.attitude.hits, 1.0)
        found.append((reaction, h.features, h.attitude.features))
    return found


def fit_rules(
    detector: Detector, samples: Sequence[Sample], passing: Sequence[Sample] = ()
) -> RuleModels:
    """All regressions over what the rules see; those of reactions also from `passing`, articles that tell of arms as real
    news does, mostly beside other matters. MEASURED over the folds: the rules' other fields are read up to a point worse
    where they learn from such articles too.
    """
    pairs = fit_pairs(samples)
    listened = listen(detector, samples, pairs)
    voices = fit_voices([*listened, *listen(detector, passing, pairs)])
    return RuleModels(
        pairs=pairs,
        articles=fit_articles([s for s in samples if not s.is_brief], pairs),
        briefs=fit_articles([s for s in samples if s.is_brief], pairs),
        voices=voices,
        stances=fit_stances(listened),
        stages=fit_stage(_stage_examples(samples, pairs)),
        systems=fit_systems(_system_samples(samples, pairs)),
    )


def _system_samples(samples: Sequence[Sample], model: PairModel) -> list[SystemSample]:
    found: list[SystemSample] = []
    for sample in samples:
        gold = sample.gold
        if sample.scene is None or not sample.counts:
            continue
        chosen = sample.chosen(model)
        told = told_of(sample.scene, chosen + policies(sample.scene.frames, chosen))
        found.append(system_sample(gold.mentions.transfers, told, sample.source))
    return found


def _stage_examples(samples: Sequence[Sample], pairs: PairModel) -> list[StageExample]:
    found: list[StageExample] = []
    for sample in samples:
        gold = sample.gold
        if sample.scene is None or not sample.counts:
            continue
        scored = [(pair, pairs.probability(features)) for pair, features in sample.pair_rows()]
        found += stage_examples(gold.mentions.transfers, sample.scene, scored, pairs.threshold)
    return found
