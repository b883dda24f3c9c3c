"""Fits how much each opinion counts where several name a stage or a stance: weights on the logarithms of their odds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import TypeVar

from domain.mentions import Stage, Stance
from extractors.detection.combining_stances import ALONE, DIGEST, ENCODER, RULES, stance_opinions
from extractors.detection.combining_voices import silent
from extractors.detection.held import Held, bare
from extractors.detection.linear import Linear
from extractors.detection.matching import match, same_parties, same_speaker
from extractors.detection.stage_model import frame_odds, stage_odds
from extractors.detection.weighing import mixed

T = TypeVar("T")

SHARES = (0.25, 0.5, 0.75, 1.0)
"""Weights that are tried for each opinion on a stage. None is left out: where one alone speaks it decides."""
STANCE_SHARES = (0.5, 0.75, 1.0)
"""Those on a stance. MEASURED on held-out files: with .25 too, which the words alone then get the better of, the share of
right stances is .708 of all, not .719.
"""
SLACK = 0.02
"""How far below the best accuracy weights are preferred that heed the rules more, which can be shown with their words, in
a stance. MEASURED on held-out files: with half as much the weights chosen change with the fold, and the share of right
stances falls from .713 to .706.
"""
STAGE_SLACK = 0.02
"""How far below the best accuracy weights still count in the mean that a stage's have. MEASURED on held-out files: the share
of right stages is .702 of 1,277, with the most even of those within .005 .695, with .01 in the mean .696: one best changes
with the fold.
"""

Opinions = Mapping[str, Mapping[T, float]]


def fit_stage(held: Sequence[Held]) -> Linear:
    """How much each opinion on the stage counts, on the labelled pairs that are candidates."""
    rows: list[tuple[Opinions[Stage], Stage]] = []
    for one in held:
        if not one.counts or one.scene is None:
            continue
        for transfer in one.gold.mentions.transfers:
            case = next((c for c in one.pairs if same_parties(transfer, bare(c))), None)
            if case is None or case.answer is None or not case.answer.stages or case.pair is None:
                continue
            reading = one.scene.reading
            opinions: Opinions[Stage] = {
                "frames": frame_odds(case.pair, reading),
                "words": stage_odds(case.pair, reading, one.models.stages),
                "encoder": dict(zip(Stage, case.answer.stages, strict=True)),
            }
            rows.append((opinions, transfer.stage))
    options = _mixes(rows, tuple(Stage), ("frames", "words", "encoder"))
    best = max(figure for figure, _ in options)
    close = [model.weights for figure, model in options if figure >= best - STAGE_SLACK]
    mean = {name: round(sum(w[name] for w in close) / len(close), 3) for name in close[0]}
    return Linear(bias=0.0, weights=mean, threshold=0.0)


def fit_stance(held: Sequence[Held]) -> Linear:
    """How much each opinion on the stance counts, on the matched voices that both routes hear."""
    rows: list[tuple[Opinions[Stance], Stance]] = []
    for one in held:
        if not one.counts:
            continue
        said = [silent(case.party) for case in one.voices]
        by_reaction = {id(r): case for r, case in zip(said, one.voices, strict=True)}
        for gold, reaction in match(one.gold.mentions.reactions, said, same_speaker):
            case = by_reaction[id(reaction)]
            opinions = stance_opinions(case, one.models.stances, one.answers.passages)
            if RULES in opinions and ENCODER in opinions:
                rows.append((opinions, gold.stance))
    order = (Stance.NEUTRAL, Stance.OPPOSE, Stance.SUPPORT)
    return _best_mix(
        rows,
        order,
        (RULES, ENCODER, ALONE, DIGEST),
        lambda m: 2 * m.weights[RULES] - sum(m.weights.values()),
    )


def _best_mix(
    rows: Sequence[tuple[Opinions[T], T]],
    labels: Sequence[T],
    names: Sequence[str],
    preferred: Callable[[Linear], float],
) -> Linear:
    """The most preferred weights among those within `SLACK` of the best accuracy."""
    figures = _mixes(rows, labels, names, STANCE_SHARES)
    best = max(figure for figure, _ in figures)
    close = [(preferred(m), figure, m) for figure, m in figures if figure >= best - SLACK]
    return max(close, key=lambda c: c[:2])[2]


def _mixes(
    rows: Sequence[tuple[Opinions[T], T]],
    labels: Sequence[T],
    names: Sequence[str],
    tried: Sequence[float] = SHARES,
) -> list[tuple[float, Linear]]:
    """All combinations of the weights `tried`, with their accuracy."""

    def accuracy(model: Linear) -> float:
        said = [max(labels, key=lambda s: mixed(model, o, s)) for o, _ in rows]
        return sum(s == label for s, (_, label) in zip(said, rows, strict=True)) / max(1, len(rows))

    options = [
        Linear(bias=0.0, weights=dict(zip(names, shares, strict=True)), threshold=0.0)
        for shares in product(tried, repeat=len(names))
        if max(shares) == 1.0
    ]
    return [(accuracy(model), model) for model in options]
