"""Fits the regressions that weigh both routes together: articles, pairs, voices, stance, stage.

Both routes answer for articles that they have not learned from: the encoder of the fold that held an article out,
and rules' regressions fitted without that fold. So the weights say what either route is worth on text never seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.detection.combining import (
    article_evidence,
    pair_evidence,
)
from extractors.detection.combining_systems import system_evidence
from extractors.detection.combining_voices import (
    silent,
    voice_evidence,
)
from extractors.detection.fitting_opinions import fit_stage, fit_stance
from extractors.detection.held import Held
from extractors.detection.linear import Linear
from extractors.detection.matching import (
    match,
    same_actor,
    same_speaker,
    system_key,
    system_keys,
)
from extractors.detection.regression import Features, logistic
from extractors.detection.thresholds import BACKGROUND

PENALTY = 5.0
VOICE_PENALTY = 300.0
REACTIONS_FROM = 0.35
"""Probability from which on what an official says is a reaction. MEASURED over the folds: with .3 and .4 the mean F1 is half
a point less, with .45 two; penalties of 30 to 600 make no more difference than that.
"""
SYSTEM_PENALTY = 20.0
"""Ridge penalty of the weighing of systems. MEASURED over the folds: from 10 to 80 the mean F1 is the same within half
a point."""
PAIRS_FROM = 0.45
"""Probability from which on an article is about a pair. MEASURED over the folds: from .4 to .5 the mean F1 is the same
within a third of a point, with .3 half a point less; what the files of some folds choose changes with the fold.
"""
SYSTEMS_FROM = 0.35
"""Probability from which on a weapon is sent. MEASURED over the folds: from .35 to .45 the mean F1 is the same within half a
point, real articles gain most at .35, and what the files of one fold choose for themselves is no better for the other's.
"""
RELEVANT_FROM = 0.3
"""Probability from which on an article is relevant. MEASURED over the folds: from .3 to .5 the mean F1 is the same within
half a point and at .25 half a point less; two of 525 ordinary articles pass (one of them tells of arms for rebels), and
real articles lose a point from .4 on.
"""
BACKGROUND_WEIGHT = 6.0
"""How much more a background article counts, so that the relevant ones are one in ten: nearer to their natural
proportion.
"""


def fit_both(held: Sequence[Held]) -> dict[str, Linear]:
    """All models by name."""
    return {
        "both_articles": fit_articles(held),
        "both_pairs": fit_pairs(held),
        "both_voices": fit_voices(held),
        "both_stage": fit_stage(held),
        "both_stance": fit_stance(held),
        "both_systems": fit_systems(held),
    }


def fit_articles(held: Sequence[Held]) -> Linear:
    """Whether an article is relevant."""
    rows = [
        (
            article_evidence(h.score, h.answers, h.pairs),
            h.gold.mentions.relevant,
            BACKGROUND_WEIGHT if h.source == BACKGROUND else 1.0,
        )
        for h in held
        if h.scene is not None and not h.gold.marginal
    ]
    return replace(logistic(rows, PENALTY), threshold=RELEVANT_FROM)


def fit_pairs(held: Sequence[Held]) -> Linear:
    """Which candidate pairs the articles are about."""
    rows: list[tuple[Features, bool, float]] = []
    for one in held:
        if one.gold.marginal or one.source == BACKGROUND:
            continue
        for case in one.pairs:
            right = any(
                same_actor(t.supplier, case.supplier) and same_actor(t.recipient, case.recipient)
                for t in one.gold.mentions.transfers
            )
            weight = 1.0 if one.gold.mentions.relevant else 0.3
            rows.append((pair_evidence(case, one.pairs, one.size), right, weight))
    return replace(logistic(rows, PENALTY), threshold=PAIRS_FROM)


def fit_voices(held: Sequence[Held]) -> Linear:
    """Which possible reactions are reactions."""
    rows: list[tuple[Features, bool, float]] = []
    for one in held:
        if not one.counts:
            continue
        said = [silent(case.party) for case in one.voices]
        right = {id(b) for _, b in match(one.gold.mentions.reactions, said, same_speaker)}
        for case, reaction in zip(one.voices, said, strict=True):
            evidence = voice_evidence(case, one.voices, one.size, one.answers.passages)
            rows.append((evidence, id(reaction) in right, 1.0))
    return replace(logistic(rows, VOICE_PENALTY), threshold=REACTIONS_FROM)


def fit_systems(held: Sequence[Held]) -> Linear:
    """Which weapons are sent."""
    rows: list[tuple[Features, bool, float]] = []
    for one in held:
        if not one.counts:
            continue
        labels = system_keys(one.gold.mentions.transfers)
        for case in one.systems:
            key = system_key(case.weapon.system.name)
            right = any(key & label for label in labels)
            rows.append((system_evidence(case, one.systems, one.size), right, 1.0))
    return replace(logistic(rows, SYSTEM_PENALTY), threshold=SYSTEMS_FROM)
