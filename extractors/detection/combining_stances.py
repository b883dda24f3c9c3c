"""What each route thinks of an official's stance: the rules, the encoder on the whole article, on passages alone and on the
official's digest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from domain.mentions import Stance
from extractors.detection.attitudes import StanceModel
from extractors.detection.combining_voices import VoiceCase, answers_alone
from extractors.detection.encoder.heads import Answers

RULES, ENCODER, ALONE, DIGEST = "rules", "encoder", "alone", "digest"


def stance_opinions(
    case: VoiceCase, model: StanceModel, passages: Sequence[Answers]
) -> dict[str, Mapping[Stance, float]]:
    """The probability of each stance by opinion; who has none says nothing. `passages`: what the encoder says of those
    read alone.
    """
    opinions: dict[str, Mapping[Stance, float]] = {}
    if case.hearing is not None:
        opinions[RULES] = model.odds(case.hearing.attitude.features)
    if case.answer is not None:
        opinions[ENCODER] = dict(zip(Stance, case.answer.stances, strict=True))
    if case.judged is not None:
        opinions[DIGEST] = dict(zip(Stance, case.judged.stances, strict=True))
    alone = _alone(case, passages)
    if alone:
        opinions[ALONE] = alone
    return opinions


def _alone(case: VoiceCase, passages: Sequence[Answers]) -> dict[Stance, float]:
    """The mean over passages that name the speaker; one counts as much as it is likely to tell of a transfer and of the
    speaker's reaction to it.
    """
    read = [
        (1.0 / (1.0 + math.exp(-min(reaction, relevance))), stances)
        for reaction, relevance, stances in answers_alone(case, passages)
    ]
    total = sum(weight for weight, _ in read)
    return {
        stance: sum(weight * stances[i] for weight, stances in read) / total
        for i, stance in enumerate(Stance)
        if read
    }
