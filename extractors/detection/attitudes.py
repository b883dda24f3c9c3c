"""From the words of a voice to its stance: the signs of cues and content, weighed with who speaks.

A supplier's minister seldom opposes the sale, a rival's seldom supports it: who a speaker is to the transfer is the prior
that the words are weighed against. Three linear scores, one per stance; the highest wins.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConfigError
from domain.mentions import Stage, Stance
from extractors.detection.bids import bid_features, bids_stop, judged_measures
from extractors.detection.lexicon_entries import Cue
from extractors.detection.linear import FOLDER, Linear
from extractors.detection.manner import manner_features, tone_features
from extractors.detection.pairs import Pair
from extractors.detection.reading import Reading
from extractors.detection.relations import Relations
from extractors.detection.speakers_heard import Heard, Voice
from extractors.detection.stage_rules import stage_of
from extractors.detection.stance import Hit, StanceReader, decide
from extractors.detection.utterances import Utterance, utterances
from extractors.detection.wordsets import word_set

_CUE_SIGN = {Stance.SUPPORT: 1.0, Stance.OPPOSE: -1.0, Stance.NEUTRAL: 0.0}
_PLAIN_CUES = word_set("say tell add announce confirm state note explain report disclose reveal")
_DENIALS = word_set("deny denies decline declines refute")
"""Words of cues that deny or withhold. Cues of several words count too: "flatly deny", "decline to say"."""
_DIRECTIVES = frozenset(
    "call on;urge;ask;demand;appeal to;press;tell;call for;ask for;exhort;implore;beg;want".split(
        ";"
    )
)
_ROLES = ("supplier", "recipient", "other")


@dataclass(frozen=True, slots=True)
class Attitude:
    """What the rules read in a voice: signed sums, and the hits they rest on."""

    features: Mapping[str, float]
    polarity: float
    hits: tuple[Hit, ...]


def read_attitude(
    reading: Reading, voice: Voice, pairs: Sequence[Pair], stances: StanceReader
) -> Attitude:
    """The features of a voice's stance. `pairs`: the transfers the article is about."""
    heard = telling(voice)
    speaker = _speaker_features(voice, pairs)
    turned = judged_measures(reading, heard, bool(speaker["stopped"]), stances)
    parts = utterances(reading, heard)
    said = [part for part in parts if not part.near]
    hits = [h for p in said for h in stances.hits(reading, p.start, p.end, p.sentence in turned)]
    near = [h for p in parts if p.near for h in stances.hits(reading, p.start, p.end)]
    cues = [(h.attribution.sentence, _cue_value(reading, h, stances)) for h in heard]
    words, polarity = _word_features(reading, said, hits, cues)
    features = {
        **words,
        "near_words": math.tanh(sum(h.value for h in near) / 2),
        **speaker,
        **_standing_features(voice, pairs, stances.relations),
        **_speech_features(reading, heard),
        **bid_features(reading, heard),
        **tone_features(reading, said, stances),
        **manner_features(reading, said),
    }
    return Attitude(features | _products(features), polarity, tuple(hits))


def telling(voice: Voice) -> list[Heard]:
    """The attributions that are about the transfer, or as near to it as any of the voice."""
    return [h for h in voice.heard if h.about >= min(voice.about, 0.6)]


def _word_features(
    reading: Reading,
    said: Sequence[Utterance],
    hits: Sequence[Hit],
    cues: Sequence[tuple[int, float]],
) -> tuple[dict[str, float], float]:
    """The sums over cues and hits, with their polarity; `cues` are sentences and values. The last word counts apart."""
    cue = sum(value for _, value in cues)
    positive = sum(h.value for h in hits if h.value > 0)
    negative = -sum(h.value for h in hits if h.value < 0)
    last = 0.0
    by_sentence = dict(cues)
    for sentence in sorted({*by_sentence, *(part.sentence for part in said)}):
        within = [h for h in hits if reading.sentence_of[h.start] == sentence]
        stance, _ = decide(within, by_sentence.get(sentence, 0.0))
        last = _CUE_SIGN[stance] or last
    return {
        "cue": max(-2.0, min(2.0, cue)),
        "positive": math.log1p(positive),
        "negative": math.log1p(negative),
        "net": math.tanh((positive - negative + 1.5 * cue) / 2.0),
        "words": positive - negative,
        "last": last,
        "silent": float(not hits and not cue),
        "count": math.log1p(len(cues)),
    }, cue + positive - negative


def _products(features: Mapping[str, float]) -> dict[str, float]:
    """Words weighed by who says them, and of what."""
    found: dict[str, float] = {}
    for name in ("cue", "last"):
        for role in _ROLES:
            found[f"{name}_{role}"] = features[name] * features[role]
    for name in ("cue", "positive", "negative", "tone_good", "tone_bad"):
        found[f"{name}_stopped"] = features[name] * features["stopped"]
    silent, quoted = features["silent"], features["quoted"]
    found["silent_other"] = silent * features["other"]
    found["silent_critic"] = silent * features["critic"]
    found["silent_quoted_supplier"] = silent * quoted * features["supplier"]
    found["silent_plain"] = silent * features["only_plain"] * (1 - quoted)
    return found


def _cue_value(reading: Reading, heard: Heard, stances: StanceReader) -> float:
    attribution = heard.attribution
    cue = _CUE_SIGN[attribution.cue.stance] if attribution.cue.stance is not None else 0.0
    if cue and attribution.content and len(attribution.cue.lemma.split()) == 1:
        start, end = attribution.content[-1]
        if stances.about_measure(reading, start, end):
            cue = -cue
    if cue > 0 and attribution.cue.lemma in _DIRECTIVES and bids_stop(reading, attribution):
        cue = -cue
    return 0.0 if attribution.negated else cue


def _speaker_features(voice: Voice, pairs: Sequence[Pair]) -> dict[str, float]:
    party = voice.party
    code = party.code
    suppliers = {p.supplier for p in pairs}
    recipients = {p.recipient for p in pairs}
    supplier = code is not None and code in suppliers
    recipient = code is not None and code in recipients and not supplier
    other = not supplier and not recipient
    mine = [p for p in pairs if code in (p.supplier, p.recipient)] or list(pairs)
    stages = [stage_of(p)[0] for p in mine[:1]]
    stopped = any(s in (Stage.REJECTED, Stage.SUSPENDED) for s in stages)
    critic = party.office_kind in ("parliament", "lawmaker", "court")
    return {
        "supplier": float(supplier),
        "recipient": float(recipient),
        "other": float(other),
        "unknown": float(code is None),
        "stopped": float(stopped),
        "supplier_stopped": float(supplier and stopped),
        "recipient_stopped": float(recipient and stopped),
        "other_stopped": float(other and stopped),
        "critic": float(critic),
        "critic_supplier": float(critic and supplier),
        "anonymous": float(party.office_kind == "anonymous"),
        "spokesperson": float(party.office_kind == "spokesperson"),
        "state": float(party.kind == "state"),
        "movement": float(party.kind == "movement"),
        "considered": float(bool(stages) and all(s is Stage.CONSIDERED for s in stages)),
        "policy": float(any(s is Stage.POLICY for s in stages)),
        "no_pair": float(not pairs),
    }


def _standing_features(
    voice: Voice, pairs: Sequence[Pair], relations: Relations
) -> dict[str, float]:
    """How a third party stands to the parties of the first transfer."""
    code = voice.party.code
    third = bool(pairs) and not any(code in (p.supplier, p.recipient) for p in pairs)
    supplier = relations.standing(code, pairs[0].supplier) if third else 0.0
    recipient = relations.standing(code, pairs[0].recipient) if third else 0.0
    return {
        "friend_supplier": float(supplier > 0),
        "rival_supplier": float(supplier < 0),
        "friend_recipient": float(recipient > 0),
        "rival_recipient": float(recipient < 0),
    }


def _speech_features(reading: Reading, heard: Sequence[Heard]) -> dict[str, float]:
    lemmas = {h.attribution.cue.lemma for h in heard}
    length = sum(e - s for h in heard for s, e in h.attribution.content)
    return {
        "quoted": float(any(h.attribution.quoted for h in heard)),
        "headline": float(all(s.is_title for s in reading.sentences)),
        "only_plain": float(bool(lemmas) and lemmas <= _PLAIN_CUES),
        "announces": float("announce" in lemmas or "confirm" in lemmas),
        "denies": float(any(_denies(h.attribution.cue) for h in heard)),
        "action": float(any(h.attribution.cue.kind == "action" for h in heard)),
        "length": math.log1p(length) / 4,
    }


def _denies(cue: Cue) -> bool:
    """Whether somebody denies something or declines to comment, in however many words."""
    if cue.stance in (Stance.SUPPORT, Stance.OPPOSE):
        return False
    return bool(_DENIALS & set(cue.lemma.split())) or cue.lemma == "dismiss reports"


UNEQUIVOCAL = 4.0
"""What a cue that leaves no doubt ("condemned") adds to the score of its stance."""


class StanceModel:
    """Three linear scores, one per stance."""

    def __init__(self, scores: Mapping[Stance, Linear]) -> None:
        self.scores = scores

    @classmethod
    def load(cls, folder: Path = FOLDER) -> StanceModel:
        """Reads stance.json. Raises ConfigError when it is missing or no such model."""
        path = folder / "stance.json"
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            scores = {
                stance: Linear(
                    bias=float(data[stance]["bias"]),
                    weights={k: float(v) for k, v in data[stance]["weights"].items()},
                    threshold=0.0,
                )
                for stance in Stance
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError(f"this model cannot be read: {error}", path=path) from None
        return cls(scores)

    def odds(self, features: Mapping[str, float]) -> dict[Stance, float]:
        """The probability of each stance; an unequivocal cue ("condemned") decides."""
        totals = {s: model.total(features) for s, model in self.scores.items()}
        cue = features.get("cue", 0.0)
        if abs(cue) >= 1.0 and cue * features.get("words", 0.0) >= 0.0:
            totals[Stance.SUPPORT if cue > 0 else Stance.OPPOSE] += UNEQUIVOCAL
        top = max(totals.values())
        powers = {s: math.exp(total - top) for s, total in totals.items()}
        return {s: power / sum(powers.values()) for s, power in powers.items()}
