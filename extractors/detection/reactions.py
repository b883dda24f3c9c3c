"""Official reactions: the voices that speak about the transfer, one per speaker, with the stance of their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from domain.mentions import Evidence, Reaction, Stance
from extractors.detection.attitudes import read_attitude
from extractors.detection.pairs import Pair
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.relevance import Judge
from extractors.detection.speakers_heard import Voice
from extractors.detection.stance import Hit, StanceReader
from extractors.detection.transfers import mark
from extractors.detection.voices import voice_features


def find_reactions(
    reading: Reading,
    voices: Sequence[Voice],
    pairs: Sequence[Pair],
    named: Counter[str],
    stances: StanceReader,
    judge: Judge,
) -> list[Reaction]:
    """The reactions among the voices of an article."""
    headline = all(s.is_title for s in reading.sentences)
    involved = [code for p in pairs for code in (p.supplier, p.recipient)]
    found: list[Reaction] = []
    for voice in voices:
        attitude = read_attitude(reading, voice, pairs, stances)
        features = voice_features(voice, involved, named, headline, attitude.polarity)
        probability = judge.voices.probability(features)
        if probability >= judge.voices.threshold:
            stance = judge.stances.stance(attitude.features)
            found.append(reaction_of(reading, voice, stance, attitude.hits, probability))
    return found


def reaction_of(
    reading: Reading, voice: Voice, stance: Stance, hits: Sequence[Hit], probability: float
) -> Reaction:
    """The reaction a voice stands for, with the words it rests on."""
    party = voice.party
    evidence: list[Evidence] = []
    for heard in sorted(voice.heard, key=lambda h: -h.about)[:3]:
        attribution = heard.attribution
        speaker = next(
            (p for p in attribution.speakers if p.codes == party.codes), attribution.speakers[0]
        )
        rule = f"{attribution.rule}/{speaker.rule}"
        evidence.append(mark(reading, "speaker", speaker.start, speaker.end, rule))
        if attribution.cue_end > attribution.cue_start:
            rule = f"cue.{attribution.cue.id}"
            evidence.append(mark(reading, "cue", attribution.cue_start, attribution.cue_end, rule))
    evidence += [mark(reading, "stance", h.start, h.end, h.rule) for h in hits[:3]]
    affiliation = party.affiliation
    return Reaction(
        speaker=_speaker(party),
        affiliation=affiliation if affiliation and affiliation != party.label else None,
        country=_country(party),
        stance=stance,
        quote=any(h.attribution.quoted for h in voice.heard if h.about >= 0.45),
        confidence=round(probability, 4),
        evidence=tuple(dict.fromkeys(evidence)),
    )


def _speaker(party: Party) -> str:
    label = " ".join(party.label.split())
    return re.sub(r"^(?:the|a|an) ", "", label, flags=re.IGNORECASE)


def _country(party: Party) -> str | None:
    code = party.code or party.home
    if code is None:
        return None
    return code if len(code) == 2 or code in ("EU", "UN", "NATO") else None
