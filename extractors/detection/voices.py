"""The officials heard in an article: attributions by speaker, and what tells reactions from other talk."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.detection.attributions import Attribution
from extractors.detection.clauses import Clause
from extractors.detection.frames import Frame
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.speakers_heard import (
    SILENT_RULES,
    Heard,
    Voice,
    is_fuller,
    key_of,
    merged,
)
from extractors.detection.topicality import (
    FARTHEST,
    REMOTE,
    TOPICAL,
    listen,
    subject_words,
    topical_sentences,
)
from extractors.detection.wordsets import word_set

_CORE_CUES = word_set(
    "say tell announce confirm deny add state declare explain insist stress note write"
)
_PROMISES = frozenset(
    ["pledge", "promise", "ask", "offer", "agree", "plan", "be ready to", "approve", "vow", "seek"]
)
_SPEAKER_KINDS = frozenset(["person", "institution", "state", "movement"])
_UNCUED = frozenset(["speaker.mention", "speaker.doer", "speaker.no-cue", "speaker.subject-uncued"])


def gather_voices(
    reading: Reading,
    clauses: Sequence[Clause],
    frames: Sequence[Frame],
    attributions: Sequence[Attribution],
) -> list[Voice]:
    """All official speakers of an article, whatever they speak of, in order of first speech."""
    topical = topical_sentences(clauses, frames)
    voices: dict[str, Voice] = {}
    length = max(1, len(clauses))
    subject = subject_words(reading, topical)
    for attribution in attributions:
        heard = listen(reading, clauses, topical, attribution, subject)
        for party in attribution.speakers[:3]:
            if is_official(party):
                voice = voices.setdefault(key_of(party), Voice(party))
                voice.heard.append(heard)
                titled = clauses[attribution.sentence].sentence.is_title
                voice.in_title = voice.in_title or titled
                if is_fuller(party, voice.party):
                    voice.party = party
    found = merged(list(voices.values()))
    for voice in found:
        voice.twin = any(_beside_named(voice, other) for other in found)
        voice.spread = sum(v > 0.0 for v in topical.values()) / length
        voice.opens = min((i for i, v in topical.items() if v >= TOPICAL), default=length)
        voice.density = sum(v >= TOPICAL for v in topical.values()) / length
        voice.length = length
        voice.company = len(found)
        voice.shadowed = any(
            o is not voice and o.party.codes[:1] == voice.party.codes[:1] and o.about >= 0.6
            for o in found
            if o.party.kind in ("person", "institution")
        )
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible reaction before anything judges it. `mentions`: the tokens that name the speaker, one span a time heard."""

    voice: Voice
    mentions: tuple[tuple[int, int], ...]


def speaker_candidates(
    reading: Reading,
    clauses: Sequence[Clause],
    frames: Sequence[Frame],
    attributions: Sequence[Attribution],
) -> list[Candidate]:
    """Every official of an article as a candidate, silent ones too, with where each is named."""
    return [
        Candidate(voice, tuple(dict.fromkeys(mention_of(voice, h) for h in voice.heard)))
        for voice in gather_voices(reading, clauses, frames, attributions)
    ]


def mention_of(voice: Voice, heard: Heard) -> tuple[int, int]:
    """Tokens [start, end) that name the voice where it is heard so."""
    attribution = heard.attribution
    if attribution.place is not None:
        return attribution.place
    same = [p for p in attribution.speakers if key_of(p) == key_of(voice.party)]
    party = same[0] if same else attribution.speakers[0]
    return party.start, party.end


def _beside_named(voice: Voice, other: Voice) -> bool:
    """Whether a nameless voice is heard where a named one of its state is: most often they are one."""
    if voice.party.name or not other.party.name or other is voice:
        return False
    if not voice.party.codes or voice.party.codes[:1] != other.party.codes[:1]:
        return False
    places = {h.attribution.sentence for h in other.heard}
    return any(abs(h.attribution.sentence - p) <= 1 for h in voice.heard for p in places)


def is_official(party: Party) -> bool:
    """Whether a party speaks officially: an office, a state, a movement; not analysts, firms, ex-ministers."""
    if party.kind not in _SPEAKER_KINDS or not party.official:
        return False
    if party.office_kind == "anonymous":
        return bool(party.codes)
    return bool(party.codes) or party.office is not None or party.name is not None


def voice_features(
    voice: Voice,
    parties: Iterable[str | None],
    named: Counter[str],
    headline: bool,
    polarity: float,
) -> dict[str, float]:
    """What speaks for a voice being a reaction. `parties`: suppliers and recipients found; `polarity`: of its words."""
    code = voice.party.code
    parties = list(parties)
    involved = code is not None and code in parties
    leaning = min(2.0, abs(polarity))
    features = {
        **_heard_features(voice),
        **_party_features(voice),
        **_cue_features(voice),
        "involved": float(involved),
        "title": float(voice.in_title and not headline),
        "headline": float(headline),
        "polarity": leaning,
        "named_share": named[code] / (sum(named.values()) or 1) if code else 0.0,
    }
    if voice.about <= REMOTE:
        features |= {
            "remote": 1.0,
            "remote_involved": float(involved),
            "remote_named": features["named"],
            "remote_polar": leaning,
            "remote_quoted": features["quoted"],
        }
    actors = {p for p in parties if p is not None}
    features |= _tier_features(voice, leaning)
    others = [len((h.codes & actors) - {code}) for h in voice.heard]
    features["pair_named"] = float(any(others))
    features["pair_whole"] = float(any(n > 1 for n in others))
    features["overlap"] = max(h.overlap for h in voice.heard)
    state = features["state"] or features["movement"]
    features["state_plain"] = state * (1.0 - features["core"]) * (1.0 - features["cue_attitude"])
    features["state_promise"] = state * features.pop("promise")
    features["state_headline"] = state * features["headline"]
    if all(h.attribution.rule in SILENT_RULES for h in voice.heard):
        return {"silent": 1.0} | {f"silent_{name}": v for name, v in features.items()}
    return features


def _tier_features(voice: Voice, leaning: float) -> dict[str, float]:
    """How near the transfer its best words are, told apart by kind of speaker and of cue."""
    cued = [h for h in voice.heard if h.attribution.rule not in _UNCUED]
    if not cued:
        return {}
    best = max(cued, key=lambda h: (h.about, h.attribution.cue.lemma in _CORE_CUES))
    tier = _tier(best.about)
    cue = best.attribution.cue
    cue_class = "core" if cue.lemma in _CORE_CUES else cue.kind
    return {
        f"tier_{tier}": 1.0,
        f"tier_{tier}_{_kind(voice.party)}": 1.0,
        f"tier_{tier}_cue_{cue_class}": 1.0,
        f"tier_{tier}_polar": leaning,
    }


def how_close(voice: Voice) -> str:
    """How close to the transfer a voice comes at its best: a tier, or "silent" where no cue makes it speak."""
    if all(h.attribution.rule in SILENT_RULES for h in voice.heard):
        return "silent"
    return _tier(voice.about)


def _tier(about: float) -> str:
    return next(name for name, floor in _TIERS if about >= floor)


_TIERS = (("told", 0.95), ("meant", 0.6), ("near", 0.3), ("far", 0.0))
"""By how much words are about the transfer, from the clearest down."""


def _kind(party: Party) -> str:
    if party.office_kind in ("lawmaker", "parliament"):
        return "lawmaker"
    if party.office_kind == "anonymous":
        return "anonymous"
    if party.kind == "person" and party.name:
        return "person" if party.office is not None else "unknown"
    return party.kind


def _heard_features(voice: Voice) -> dict[str, float]:
    """How often, how early and how near the transfer it is heard."""
    heard = voice.heard
    strong = [h for h in heard if h.about >= 0.6]
    nearest = min(h.distance for h in heard) / FARTHEST
    focus = voice.density
    first = min(h.attribution.sentence for h in heard)
    return {
        "about": voice.about,
        "core_about": float(any(h.attribution.cue.lemma in _CORE_CUES for h in strong)),
        "attitude_about": float(any(h.attribution.cue.kind == "attitude" for h in strong)),
        "quoted_about": float(any(h.attribution.quoted for h in strong)),
        "nearest": nearest,
        "spread": voice.spread,
        "opens": math.log1p(voice.opens) / 3,
        "brief": float(voice.length <= 4),
        "length": math.log(voice.length),
        "company": math.log1p(voice.company) / 3,
        "count": math.log1p(len(heard)),
        "strong_count": math.log1p(len(strong)),
        "own": max(h.own for h in heard),
        "near": max(h.near for h in heard),
        "weapon": float(any(h.weapon for h in heard)),
        "act": float(any(h.act for h in heard)),
        "anaphor": float(any(h.anaphor for h in heard)),
        "term": float(any(h.named for h in heard)),
        "quoted": float(any(h.attribution.quoted for h in heard)),
        "early": 1.0 / (1.0 + first),
        "late": first / voice.length,
        "density": focus,
    }


def _party_features(voice: Voice) -> dict[str, float]:
    """What kind of speaker it is."""
    party = voice.party
    unknown = party.office is None and party.kind == "person"
    return {
        "named": float(bool(party.name)),
        "state": float(party.kind == "state"),
        "movement": float(party.kind == "movement"),
        "institution": float(party.kind == "institution"),
        "anonymous": float(party.office_kind == "anonymous"),
        "nocode": float(party.code is None),
        "unknown": float(unknown),
        "unknown_quoted": float(unknown and any(h.attribution.quoted for h in voice.heard)),
        "shadowed_state": float(voice.shadowed and party.kind == "state"),
        "shadowed_body": float(voice.shadowed and party.kind == "institution"),
        "twin": float(voice.twin),
        "office": float(party.office is not None),
        "spokesperson": float(party.office_kind == "spokesperson"),
        "lawmaker": float(party.office_kind in ("lawmaker", "parliament")),
        "military": float(party.office_kind == "military"),
    }


def _cue_features(voice: Voice) -> dict[str, float]:
    """By which words it is introduced. "promise" only feeds another feature."""
    cues = [h.attribution.cue for h in voice.heard]
    kinds = {c.kind for c in cues}
    rules = {h.attribution.rule for h in voice.heard}
    every = ("say", "attitude", "nominal", "action", "according", "headline")
    return {
        "only_beside": float(rules <= {"speaker.beside-quote", "speaker.no-cue"}),
        "only_no_cue": float(rules == {"speaker.no-cue"}),
        "only_mention": float(rules == {"speaker.mention"}),
        "only_uncued": float(rules <= _UNCUED and rules != {"speaker.no-cue"}),
        "only_doer": float(rules <= _UNCUED and "speaker.doer" in rules),
        "turn": float("speaker.transcript" in rules),
        "only_far": float(all(r.startswith("speaker.far") for r in rules)),
        "only_pronoun": float(rules == {"speaker.pronoun"}),
        "core": float(any(c.lemma in _CORE_CUES for c in cues)),
        **{f"cue_{kind}": float(kind in kinds) for kind in every},
        "only_action": float(kinds == {"action"}),
        "only_nominal": float(kinds == {"nominal"}),
        "promise": float(any(c.lemma in _PROMISES for c in cues)),
    }
