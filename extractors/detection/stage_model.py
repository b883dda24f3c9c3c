"""What the rules think of a pair's stage: a regression over frames, cues and words, or the frames alone without its file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConfigError
from domain.mentions import Stage
from extractors.detection.frames import Frame
from extractors.detection.linear import FOLDER
from extractors.detection.pairs import Pair
from extractors.detection.reading import Reading
from extractors.detection.stage_cues import stage_cues
from extractors.detection.stage_features import STAGES, StageFeatures, stage_features
from extractors.detection.stage_rules import is_vague, ruled_stage


@dataclass(frozen=True, kw_only=True)
class StageModel:
    """Weights by feature name: `common` ones for all stages, and those of each stage on its features or the shared ones."""

    common: Mapping[str, float]
    own: Mapping[Stage, Mapping[str, float]]

    def scores(self, features: StageFeatures) -> dict[Stage, float]:
        """The score of every stage; the highest wins."""
        return {stage: self._score(stage, features) for stage in STAGES}

    def _score(self, stage: Stage, features: StageFeatures) -> float:
        own = self.own.get(stage, {})
        total = own.get("bias", 0.0)
        for name, value in features.of[stage].items():
            total += (self.common.get(name, 0.0) + own.get(name, 0.0)) * value
        for name, value in features.shared.items():
            total += own.get(f"pair:{name}", 0.0) * value
        return total


def load_stage_model(folder: Path = FOLDER) -> StageModel | None:
    """Reads `folder`/stage.json; None where there is none. Raises ConfigError when it is not such a model."""
    path = folder / "stage.json"
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return StageModel(
            common={str(k): float(v) for k, v in data["common"].items()},
            own={
                Stage(stage): {str(k): float(v) for k, v in weights.items()}
                for stage, weights in data["stages"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"this model cannot be read: {error}", path=path) from None


SURE, UNANIMOUS, REPEATED = 0.6, 0.93, 0.99
"""How much the frames' stage is worth: more where nearly all frames that tell one agree, most where three do. JUDGEMENT."""
_MANY, _MOST = 3, 0.6


def frame_odds(pair: Pair, reading: Reading) -> dict[Stage, float]:
    """The stage of the frames alone, as probabilities."""
    ruled = ruled_stage(pair, reading)
    telling = [told.stage for f in pair.frames if not is_vague(told := ruled.told[id(f)])]
    alike = telling.count(ruled.stage)
    agreed = bool(telling) and alike >= _MOST * len(telling)
    sure = SURE if not agreed else REPEATED if alike >= _MANY else UNANIMOUS
    rest = (1.0 - sure) / (len(STAGES) - 1)
    return {stage: sure if stage is ruled.stage else rest for stage in STAGES}


def stage_odds(pair: Pair, reading: Reading, model: StageModel | None) -> dict[Stage, float]:
    """The probability of each stage by what frames, cues and words say of a pair; the frames alone without a model."""
    if model is None:
        return frame_odds(pair, reading)
    ruled = ruled_stage(pair, reading)
    scores = model.scores(stage_features(pair, reading, ruled))
    top = max(scores.values())
    powers = {stage: math.exp(score - top) for stage, score in scores.items()}
    return {stage: power / sum(powers.values()) for stage, power in powers.items()}


@dataclass(slots=True)
class StageWords:
    """Whether a stage is only alleged, and the token ranges that it rests on with the rule that read each."""

    alleged: bool
    marks: list[tuple[int, int, str]]


def words_of_stage(stage: Stage, pair: Pair, reading: Reading) -> StageWords:
    """The words that tell `stage` of a pair: frames that say so, else cues near them, else the frames as they are."""
    ruled = ruled_stage(pair, reading)
    frames = [f for f in ruled.frames if stage is ruled.stage] or [
        f for f in pair.frames if ruled.told[id(f)].stage is stage
    ]
    marks = [
        (f.start, f.end, f"{f.rule}/{ruled.told[id(f)].rule}")
        for f in frames[:3]
        if f.end > f.start
    ]
    marks = marks or _cue_marks(stage, pair, reading) or _frame_marks(pair.frames)
    return StageWords(ruled.alleged, marks)


def _cue_marks(stage: Stage, pair: Pair, reading: Reading) -> list[tuple[int, int, str]]:
    """The first word that tells `stage` in the title or a sentence of the pair."""
    sentences = {f.sentence.index for f in pair.frames}
    for sentence in reading.sentences:
        if not sentence.is_title and sentence.index not in sentences:
            continue
        for cue in stage_cues(reading, sentence):
            if cue.stage is stage:
                return [(cue.position, cue.position + 1, f"stage.cue-{cue.rule}")]
    return []


def _frame_marks(frames: list[Frame]) -> list[tuple[int, int, str]]:
    return [(f.start, f.end, f"{f.rule}/stage.words") for f in frames[:1] if f.end > f.start]
