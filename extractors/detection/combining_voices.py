"""Both routes weighed together for the officials of an article: who may react, and the features of each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.mentions import Reaction, Stance
from extractors.detection.combining import ABSENT, ASKED, clipped, logit
from extractors.detection.encoder.heads import Answers, DigestAnswer, SpeakerAnswer
from extractors.detection.hearing import Hearing
from extractors.detection.matching import same_speaker
from extractors.detection.parties import Party
from extractors.detection.reading import Size
from extractors.detection.speakers_heard import Voice, key_of
from extractors.detection.voices import how_close

JUDGED_FROM, MOST_JUDGED = 0.05, 8
"""Sum of both routes' probabilities from which on an official's digest is read, and how many are in one article: each costs
10 ms. MEASURED on held-out files: with these bounds half of the digests are read, and the mean F1 of reactions is .003 less
than with all, with twelve .002.
"""


@dataclass(frozen=True, slots=True)
class VoiceCase:
    """One possible reaction: what the rules heard (None where they hear nobody) and the encoder's answer; one of the two
    is there. `judged` is the encoder's answer to the digest of this official alone, None where it was not asked.
    """

    party: Party
    hearing: Hearing | None
    answer: SpeakerAnswer | None
    judged: DigestAnswer | None = None

    @property
    def odds(self) -> float | None:
        """The rules' probability."""
        return self.hearing.odds if self.hearing is not None else None

    @property
    def logit(self) -> float:
        return clipped(self.answer.logit) if self.answer is not None else ABSENT


def voice_cases(
    hearings: Sequence[Hearing], officials: Mapping[str, Party], answers: Answers
) -> list[VoiceCase]:
    """The rules' voices, each with the encoder's best answer to any of their names, and whom only the encoder hears."""
    voices = [h.voice for h in hearings]
    names = [{key_of(v.party)} | heard_names(v) for v in voices]
    best: dict[int, SpeakerAnswer] = {}
    alone: list[VoiceCase] = []
    for key, answer in sorted(answers.speakers.items(), key=lambda item: -item[1].logit):
        party = officials.get(key)
        if party is None:
            continue
        homes = [i for i, keys in enumerate(names) if key in keys]
        homes = homes or [i for i, v in enumerate(voices) if one_speaker(v.party, party)]
        for home in homes[:1]:
            best.setdefault(home, answer)
        if (
            not homes
            and answer.logit >= ASKED
            and not any(one_speaker(c.party, party) for c in alone)
        ):
            alone.append(VoiceCase(party, None, answer))
    return [VoiceCase(h.voice.party, h, best.get(i)) for i, h in enumerate(hearings)] + alone


def worth_judging(cases: Sequence[VoiceCase]) -> list[VoiceCase]:
    """Those whose digest the encoder should read: the likeliest by both routes' first words, none out of question."""
    likely = [(_first_words(case), i) for i, case in enumerate(cases)]
    best = sorted((p, -i) for p, i in likely if p >= JUDGED_FROM)[::-1][:MOST_JUDGED]
    return [cases[-i] for _, i in best]


def _first_words(case: VoiceCase) -> float:
    return (case.odds or 0.0) + 1.0 / (1.0 + math.exp(-case.logit))


def heard_names(voice: Voice) -> set[str]:
    """Keys under which a voice was heard: its own, and those of what was merged into it."""
    return {
        key_of(party)
        for heard in voice.heard
        for party in heard.attribution.speakers
        if party.codes[:1] == voice.party.codes[:1] or not party.codes
    }


def one_speaker(a: Party, b: Party) -> bool:
    """Whether two names are taken for one speaker, either way round."""
    one, other = silent(a), silent(b)
    return same_speaker(one, other) or same_speaker(other, one)


def silent(party: Party) -> Reaction:
    """A party as a speaker who has not yet spoken, for comparing."""
    return Reaction(
        speaker=party.label,
        affiliation=party.affiliation,
        country=party.code or party.home,
        stance=Stance.NEUTRAL,
        quote=False,
    )


def voice_evidence(
    case: VoiceCase, cases: Sequence[VoiceCase], size: Size, passages: Sequence[Answers]
) -> dict[str, float]:
    """Features of one possible reaction among all of its article. `passages`: what the encoder says of those
    read alone.
    """
    others = [c for c in cases if c is not case]
    best = max((c.logit for c in cases), default=ABSENT)
    rules = logit(case.odds) if case.odds is not None else 0.0
    asked = case.answer is not None
    encoder = case.logit if asked else 0.0
    compatriot = max(
        (c.logit for c in others if c.party.codes[:1] == case.party.codes[:1]), default=ABSENT
    )
    return {
        "heard": float(case.odds is not None),
        "rules": rules,
        "asked": float(asked),
        "encoder": encoder,
        "behind": best - case.logit if asked else 0.0,
        "headline": float(size.headline),
        "headline_rules": float(size.headline) * rules,
        "headline_encoder": float(size.headline) * encoder,
        "both": (case.odds or 0.0) * max(0.0, case.logit + 2.0),
        f"kind_{case.party.kind}": 1.0,
        "alone_state": float(case.party.kind == "state" and case.odds is None),
        "alone_office": float(case.party.name is None and case.odds is None),
        "compatriot": max(0.0, compatriot - case.logit) if asked else 0.0,
        "company": math.log1p(sum(c.logit > -1.0 or (c.odds or 0.0) > 0.3 for c in others)),
        "no_office": float(case.party.kind == "person" and case.party.office is None),
        **_closeness(case),
        **_read_alone(case, passages),
        **_judged(case, cases, size),
    }


def _judged(case: VoiceCase, cases: Sequence[VoiceCase], size: Size) -> dict[str, float]:
    """What the encoder says of the official's digest, and how far behind the surest of the article that is."""
    if case.judged is None:
        return {}
    logit = clipped(case.judged.logit)
    best = max(clipped(c.judged.logit) for c in cases if c.judged is not None)
    return {
        "judged": 1.0,
        "digest": logit,
        "digest_headline": float(size.headline) * logit,
        "digest_rules": (case.odds or 0.0) * max(0.0, logit + 2.0),
        "digest_behind": best - logit,
    }


def _closeness(case: VoiceCase) -> dict[str, float]:
    """How close to the transfer what is said comes, apart for named officials: in a long article most of them are heard on
    other matters, in a short one hardly any.
    """
    if case.hearing is None:
        return {}
    party = case.party
    named = party.kind == "person" and party.name is not None and party.office is not None
    close = how_close(case.hearing.voice)
    return {f"said_{close}_{'named' if named else 'other'}": 1.0}


def _read_alone(case: VoiceCase, passages: Sequence[Answers]) -> dict[str, float]:
    """The best that passages which name the speaker say, of the reaction and of their own relevance."""
    read = [(reaction, relevance) for reaction, relevance, _ in answers_alone(case, passages)]
    return {
        "shown_alone": float(bool(read)),
        "alone": max((reaction for reaction, _ in read), default=0.0),
        "alone_relevance": max((relevance for _, relevance in read), default=0.0),
        "alone_both": max((min(one) for one in read), default=0.0),
    }


def answers_alone(
    case: VoiceCase, passages: Sequence[Answers]
) -> list[tuple[float, float, tuple[float, ...]]]:
    """Of each passage that names the speaker the logit of the reaction, that of its relevance, and the odds of each
    stance.
    """
    names = {key_of(case.party)}
    if case.hearing is not None:
        names |= heard_names(case.hearing.voice)
    return [
        (clipped(p.speakers[name].logit), clipped(p.relevance), p.speakers[name].stances)
        for p in passages
        for name in names
        if name in p.speakers
    ]
