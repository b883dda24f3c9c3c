"""The officials heard in an article, each with what the rules think: is it a reaction, and for or against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.detection.attitudes import Attitude, read_attitude
from extractors.detection.linear import Linear
from extractors.detection.pairs import Pair
from extractors.detection.reading import Reading
from extractors.detection.speakers_heard import Voice
from extractors.detection.stance import StanceReader
from extractors.detection.voices import voice_features


@dataclass(frozen=True, slots=True)
class Hearing:
    """A voice with the rules' probability that it is a reaction, the features of that, and the attitude of its words."""

    voice: Voice
    odds: float
    features: dict[str, float]
    attitude: Attitude


def hear(
    reading: Reading,
    voices: Sequence[Voice],
    pairs: Sequence[Pair],
    named: Counter[str],
    stances: StanceReader,
    model: Linear,
) -> list[Hearing]:
    """Listens to `voices` of an article about `pairs`."""
    headline = reading.size.headline
    involved = [code for p in pairs for code in (p.supplier, p.recipient)]
    found: list[Hearing] = []
    for voice in voices:
        attitude = read_attitude(reading, voice, pairs, stances)
        features = voice_features(voice, involved, named, headline, attitude.polarity)
        found.append(Hearing(voice, model.probability(features), features, attitude))
    return found
