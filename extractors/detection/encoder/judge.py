"""The encoder route: asks the encoder about windows and turns its answers into calibrated probabilities."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.mentions import Stage, Stance
from extractors.detection.encoder.candidates import pair_windows, same_voice, speaker_windows
from extractors.detection.encoder.gazetteer import Gazetteer, shipped_gazetteer
from extractors.detection.encoder.inference import Encoder
from extractors.detection.encoder.reader import Document, Named, read_document
from extractors.detection.encoder.windows import (
    PAIR_TOKENS,
    RELEVANCE_TOKENS,
    SPEAKER_TOKENS,
    Span,
    relevance_window,
)

WEIGHTS = Path(__file__).parent / "weights"
CALIBRATION = "calibration.json"
LONGEST_TITLE, LONGEST_BODY = 2_000, 120_000
"""Characters that are read."""
FLOOR = -2.0
"""Relevance logit below which an article's parties and speakers are not judged (2 to 5 % of the held-out relevant ones)."""
Window = tuple[str, str]
Line = tuple[float, float]
"""Slope and offset."""


@dataclass(frozen=True, kw_only=True)
class PairJudgement:
    """How likely `supplier` sends arms to `recipient` in the article (either may be None), and at which stage."""

    supplier: str | None
    recipient: str | None
    probability: float
    stage: Stage
    stage_probability: float
    supplier_spans: tuple[Span, ...]
    recipient_spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class SpeakerJudgement:
    """How likely the speaker officially reacts to a transfer; `stances` has a probability for each `Stance`, in order."""

    speaker: str
    country: str | None
    probability: float
    stances: tuple[float, float, float]
    spans: tuple[Span, ...]

    @property
    def stance(self) -> Stance:
        """The likeliest stance."""
        return list(Stance)[max(range(3), key=self.stances.__getitem__)]


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """All that the encoder route says of one article, likeliest first; `logit` is the relevance head's plain answer."""

    relevance: float
    logit: float
    pairs: tuple[PairJudgement, ...]
    speakers: tuple[SpeakerJudgement, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Lines from logits to probabilities, by head, and the recommended thresholds on those probabilities."""

    lines: dict[str, Line]
    thresholds: dict[str, float]

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """Raises FileNotFoundError when the file is missing."""
        data = json.loads(path.read_text(encoding="utf8"))
        lines = {name: (float(v[0]), float(v[1])) for name, v in data["lines"].items()}
        thresholds = {name: float(v) for name, v in data["thresholds"].items()}
        return cls(lines, thresholds)

    def probability(self, head: str, logit: float) -> float:
        slope, offset = self.lines[head]
        return sigmoid(slope * logit + offset)


class EncoderRoute:
    """One loaded encoder with its calibration; every answer depends on its own window alone."""

    def __init__(self, encoder: Encoder, calibration: Calibration, gazetteer: Gazetteer) -> None:
        self._encoder = encoder
        self._calibration = calibration
        self._gazetteer = gazetteer

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> EncoderRoute:
        """Reads the weights, in well under a second. Raises FileNotFoundError when they are not there."""
        return cls(
            Encoder.load(folder), Calibration.read(folder / CALIBRATION), shipped_gazetteer()
        )

    @property
    def thresholds(self) -> dict[str, float]:
        """Probabilities from which on to believe, by name ("relevance_alone", "pair_with_rules", ...)."""
        return dict(self._calibration.thresholds)

    def relevance(self, title: str, sentences: Sequence[str]) -> float:
        """The probability that title and sentences speak of an arms transfer or its politics."""
        return self._calibration.probability("relevance", self._relevance(title, sentences))

    def pairs(self, windows: Sequence[Window]) -> list[float]:
        """For each window with supplier and recipient marked, the probability that the first sends arms to the second."""
        return [probability for probability, _ in self.staged_pairs(windows)]

    def staged_pairs(self, windows: Sequence[Window]) -> list[tuple[float, tuple[float, ...]]]:
        """Like `pairs`, with the probabilities of the ten stages, in the order of `Stage`."""
        return [
            (self._calibration.probability("pair", pair), softmax(stages))
            for pair, stages in map(self._pair, windows)
        ]

    def speakers(self, windows: Sequence[Window]) -> list[tuple[float, tuple[float, float, float]]]:
        """For each window with a speaker marked: probability of an official reaction, and of each `Stance` in its order."""
        return [self._said(*self._speaker(window)) for window in windows]

    def judge(self, title: str, body: str) -> Judgement:
        """Everything about one article, from the encoder's own candidates. Never raises on any text."""
        title, body = title[:LONGEST_TITLE], body[:LONGEST_BODY]
        document = read_document(title, body, self._gazetteer)
        logit = self._relevance(title, document.sentence_texts())
        pairs = self._pairs_of(document) if logit >= FLOOR else []
        speakers = self._speakers_of(document) if logit >= FLOOR else []
        return Judgement(
            relevance=self._calibration.probability("relevance", logit),
            logit=logit,
            pairs=tuple(sorted(pairs, key=lambda j: -j.probability)),
            speakers=tuple(speakers),
        )

    def _pairs_of(self, document: Document) -> list[PairJudgement]:
        judged: list[PairJudgement] = []
        for pair in pair_windows(document):
            logit, stage_logits = self._pair(pair.window)
            stages = softmax(stage_logits)
            judged.append(
                PairJudgement(
                    supplier=pair.supplier,
                    recipient=pair.recipient,
                    probability=self._calibration.probability("pair", logit),
                    stage=list(Stage)[max(range(len(stages)), key=stages.__getitem__)],
                    stage_probability=max(stages),
                    supplier_spans=document.spans_of(pair.supplier),
                    recipient_spans=document.spans_of(pair.recipient),
                )
            )
        return judged

    def _speakers_of(self, document: Document) -> list[SpeakerJudgement]:
        judged: list[SpeakerJudgement] = []
        asked = [(one.speaker, *self._speaker(one.window)) for one in speaker_windows(document)]
        kept: list[Named] = []
        for speaker, reaction, stance in sorted(asked, key=lambda a: -a[1]):
            if any(same_voice(document.text, speaker, other) for other in kept):
                continue
            kept.append(speaker)
            probability, stances = self._said(reaction, stance)
            judged.append(
                SpeakerJudgement(
                    speaker=speaker.label,
                    country=speaker.code,
                    probability=probability,
                    stances=stances,
                    spans=tuple(speaker.spans),
                )
            )
        return judged

    def _relevance(self, title: str, sentences: Sequence[str]) -> float:
        window = relevance_window(title, sentences)
        return self._encoder.logits(window, RELEVANCE_TOKENS, ["relevance"])[0][0]

    def _pair(self, window: Window) -> tuple[float, list[float]]:
        pair, stages = self._encoder.logits(window, PAIR_TOKENS, ["pair", "stage"])
        return pair[0], stages

    def _speaker(self, window: Window) -> tuple[float, list[float]]:
        reaction, stance = self._encoder.logits(window, SPEAKER_TOKENS, ["reaction", "stance"])
        return reaction[0], stance

    def _said(
        self, reaction: float, stance: Sequence[float]
    ) -> tuple[float, tuple[float, float, float]]:
        oppose, support, neutral = softmax(stance)
        return self._calibration.probability("reaction", reaction), (oppose, support, neutral)


def sigmoid(x: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, x))))


def softmax(values: Sequence[float]) -> tuple[float, ...]:
    """Probabilities that sum to one."""
    top = max(values)
    powers = [math.exp(v - top) for v in values]
    total = sum(powers)
    return tuple(p / total for p in powers)
