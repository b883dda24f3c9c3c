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
from extractors.detection.attributions import Attribution
from extractors.detection.linear import FOLDER, Linear
from extractors.detection.pairs import Pair
from extractors.detection.reading import Reading
from extractors.detection.speakers_heard import Heard, Voice
from extractors.detection.stance import Hit, StanceReader, decide
from extractors.detection.transfers import stage_of
from extractors.detection.wordsets import word_set

_CUE_SIGN = {Stance.SUPPORT: 1.0, Stance.OPPOSE: -1.0, Stance.NEUTRAL: 0.0}
_PLAIN_CUES = word_set("say tell add announce confirm state note explain report disclose reveal")
_DENIAL_CUES = frozenset(
    ["deny", "decline to comment", "refute", "dismiss reports", "decline to say"]
)
_SHOULD = frozenset(["should", "must", "need", "needs", "ought"])
_GIVING = word_set("arm send supply provide give sell deliver ship export help")
_DIRECTIVES = frozenset(
    [
        "call on",
        "urge",
        "ask",
        "demand",
        "appeal to",
        "press",
        "tell",
        "call for",
        "ask for",
        "exhort",
        "implore",
        "beg",
        "want",
    ]
)
_RETREAT = word_set(
    "withdraw reconsider reflect refrain scrap drop abandon reverse rethink revoke cancel shelve"
    " desist renounce withhold refuse"
)
_STOPPING = word_set("stop halt end suspend block cancel ban freeze stopped halted ended cease")


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
    best = voice.about
    relevant = [h for h in voice.heard if h.about >= min(best, 0.6)]
    hits: list[Hit] = []
    cue_total = last = 0.0
    for heard in relevant:
        cue, found = _words_of(reading, heard, stances)
        cue_total += cue
        hits += found
        stance, _ = decide(found, cue)
        last = _CUE_SIGN[stance] or last
    positive = sum(h.value for h in hits if h.value > 0)
    negative = -sum(h.value for h in hits if h.value < 0)
    polarity = cue_total + positive - negative
    features = {
        "cue": max(-2.0, min(2.0, cue_total)),
        "positive": math.log1p(positive),
        "negative": math.log1p(negative),
        "net": math.tanh((positive - negative + 1.5 * cue_total) / 2.0),
        "words": positive - negative,
        "last": last,
        "silent": float(not hits and not cue_total),
        "count": math.log1p(len(relevant)),
        **_speaker_features(voice, pairs),
        **_speech_features(reading, relevant),
    }
    for name in ("cue", "last"):
        for role in ("supplier", "recipient", "other"):
            features[f"{name}_{role}"] = features[name] * features[role]
    for name in ("cue", "positive", "negative"):
        features[f"{name}_stopped"] = features[name] * features["stopped"]
    features["silent_other"] = features["silent"] * features["other"]
    features["silent_critic"] = features["silent"] * features["critic"]
    features["silent_quoted_supplier"] = (
        features["silent"] * features["quoted"] * features["supplier"]
    )
    features["silent_plain"] = (
        features["silent"] * features["only_plain"] * (1 - features["quoted"])
    )
    return Attitude(features, polarity, tuple(hits))


def _words_of(reading: Reading, heard: Heard, stances: StanceReader) -> tuple[float, list[Hit]]:
    attribution = heard.attribution
    cue = _CUE_SIGN[attribution.cue.stance] if attribution.cue.stance is not None else 0.0
    if cue and attribution.content and len(attribution.cue.lemma.split()) == 1:
        start, end = attribution.content[-1]
        if stances.about_measure(reading, start, end):
            cue = -cue
    if cue > 0 and attribution.cue.lemma in _DIRECTIVES and _bids_retreat(reading, attribution):
        cue = -cue
    if attribution.negated:
        cue = 0.0
    return cue, [h for s, e in attribution.content for h in stances.hits(reading, s, e)]


def _bids_retreat(reading: Reading, attribution: Attribution) -> bool:
    """Whether somebody is called on to give the transfer up: "urged Tokyo to reconsider", "to withdraw the plan"."""
    start, end = attribution.content[-1]
    words = reading.low[start : min(end, start + 10)]
    return any(
        w in _RETREAT and words[max(0, i - 2) : i].count("not") == 0 for i, w in enumerate(words)
    )


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


def _speech_features(reading: Reading, relevant: Sequence[Heard]) -> dict[str, float]:
    lemmas = {h.attribution.cue.lemma for h in relevant}
    words = [w for h in relevant for s, e in h.attribution.content for w in reading.low[s:e]]
    should = any(
        w in _SHOULD
        and set(words[i + 1 : i + 6]) & _GIVING
        and not set(words[i + 1 : i + 3]) & {"not", "n't"}
        for i, w in enumerate(words)
    )
    stop = any(
        w in _SHOULD
        and (
            set(words[i + 1 : i + 4]) & _STOPPING
            or (set(words[i + 1 : i + 3]) & {"not", "n't"} and set(words[i + 2 : i + 5]) & _GIVING)
        )
        for i, w in enumerate(words)
    )
    return {
        "quoted": float(any(h.attribution.quoted for h in relevant)),
        "headline": float(all(s.is_title for s in reading.sentences)),
        "only_plain": float(bool(lemmas) and lemmas <= _PLAIN_CUES),
        "announces": float("announce" in lemmas or "confirm" in lemmas),
        "denies": float(bool(lemmas & _DENIAL_CUES)),
        "action": float(any(h.attribution.cue.kind == "action" for h in relevant)),
        "should": float(should),
        "should_not": float(stop),
        "length": math.log1p(len(words)) / 4,
    }


class StanceModel:
    """Three linear scores read from models/stance.json."""

    def __init__(self, folder: Path = FOLDER) -> None:
        path = folder / "stance.json"
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            self._scores = {
                stance: Linear(
                    bias=float(data[stance]["bias"]),
                    weights={k: float(v) for k, v in data[stance]["weights"].items()},
                    threshold=0.0,
                )
                for stance in Stance
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError(f"this model cannot be read: {error}", path=path) from None

    def stance(self, features: Mapping[str, float]) -> Stance:
        """What an unequivocal cue says ("condemned"), else the stance with the highest score; neutral wins ties."""
        cue = features.get("cue", 0.0)
        if abs(cue) >= 1.0 and cue * features.get("words", 0.0) >= 0.0:
            return Stance.SUPPORT if cue > 0 else Stance.OPPOSE
        order = (Stance.NEUTRAL, Stance.OPPOSE, Stance.SUPPORT)
        return max(order, key=lambda s: self._scores[s].total(features))
