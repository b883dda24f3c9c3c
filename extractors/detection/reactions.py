"""Official reactions: the voices that speak about the transfer, one per speaker, with the stance of their words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from domain.mentions import Evidence, Reaction, Route
from extractors.detection.encoder.heads import SpeakerAnswer
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.speakers_heard import Voice
from extractors.detection.stance import Hit
from extractors.detection.transfers import mark


def reaction_of(
    reading: Reading,
    voice: Voice,
    hits: Sequence[Hit],
    probability: float,
    route: Route = Route.RULES,
) -> Reaction:
    """The reaction a voice stands for, with the words it rests on. Its stance is for the caller to say."""
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
        quote=any(h.attribution.quoted for h in voice.heard if h.about >= 0.45),
        confidence=round(probability, 4),
        route=route,
        evidence=tuple(dict.fromkeys(evidence)),
    )


def seen_reaction(
    reading: Reading, party: Party, answer: SpeakerAnswer, probability: float
) -> Reaction:
    """The reaction of a speaker whom only the encoder hears: the evidence is where the name stands, and its sentence."""
    start = answer.best.mention.start
    token = bisect_right(reading.begins, start) - 1
    sentence = reading.sentences[reading.sentence_of[token]]
    affiliation = party.affiliation
    quoted = any(sentence.start <= q.start < sentence.end for q in reading.quotes)
    return Reaction(
        speaker=_speaker(party),
        affiliation=affiliation if affiliation and affiliation != party.label else None,
        country=_country(party),
        quote=quoted,
        confidence=round(probability, 4),
        route=Route.ENCODER,
        evidence=(
            Evidence(
                field="speaker",
                start=start,
                end=answer.best.mention.end,
                text=reading.text[start : answer.best.mention.end],
                rule="encoder.speaker",
            ),
            mark(reading, "stance", sentence.start, sentence.end, "encoder.stance"),
        ),
    )


def _speaker(party: Party) -> str:
    label = " ".join(party.label.split())
    return re.sub(r"^(?:the|a|an) ", "", label, flags=re.IGNORECASE)


def _country(party: Party) -> str | None:
    code = party.code or party.home
    if code is None:
        return None
    return code if len(code) == 2 or code in ("EU", "UN", "NATO") else None
