"""The officials heard in an article: attributions by speaker, and what tells reactions from other talk."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from extractors.detection.attributions import Attribution
from extractors.detection.clauses import Clause
from extractors.detection.frames import Frame
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.speakers_heard import Heard, Voice, is_fuller, key_of, merged
from extractors.detection.wordsets import word_set

ANAPHORS = word_set(
    "deal deals sale sales move decision step delivery deliveries shipment shipments transfer"
    " transfers supply supplies package contract agreement plan plans export exports purchase"
    " embargo ban aid assistance this it that them such issue matter request proposal order orders"
    " equipment system systems support suspension freeze arming"
)
TRANSFER_ANAPHORS = word_set(
    "deal deals sale sales delivery deliveries shipment shipments transfer transfers package"
    " contract agreement export exports purchase embargo ban order orders equipment suspension"
    " arming licences licenses licence license"
)
_CORE_CUES = word_set(
    "say tell announce confirm deny add state declare explain insist stress note write"
)
_PROMISES = frozenset(
    ["pledge", "promise", "ask", "offer", "agree", "plan", "be ready to", "approve", "vow", "seek"]
)
_SPEAKER_KINDS = frozenset(["person", "institution", "state", "movement"])

LONGEST_FOCUSED = 24
"""Sentences up to which an article keeps to its subject. MEASURED: median of articles on one deal 12, others 25."""
MOST_FOCUSED = 6
"""Voices up to which an article is taken to keep to its subject. MEASURED: .6 of remote voices react below, .1 above."""
REMOTE = 0.15
"""How much words are about the transfer when nothing near them is, in an article that speaks of one. JUDGEMENT."""


def gather_voices(
    reading: Reading,
    clauses: Sequence[Clause],
    frames: Sequence[Frame],
    attributions: Sequence[Attribution],
) -> list[Voice]:
    """Official speakers with an attribution about, or near, the transfer, in order of first speech."""
    topical = topical_sentences(clauses, frames)
    voices: dict[str, Voice] = {}
    length = max(1, len(clauses))
    for attribution in attributions:
        heard = _listen(reading, clauses, topical, attribution)
        if heard is None:
            continue
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
        voice.density = sum(v >= 0.8 for v in topical.values()) / length
        voice.length = length
        voice.company = len(found)
        voice.shadowed = any(
            o is not voice and o.party.codes[:1] == voice.party.codes[:1] and o.about >= 0.6
            for o in found
            if o.party.kind in ("person", "institution")
        )
    return [v for v in found if v.about > REMOTE or _may_be_remote(v)]


def _may_be_remote(voice: Voice) -> bool:
    """Whether an article is short and has few voices, so that an official heard away from the transfer still means it."""
    return (
        voice.length <= LONGEST_FOCUSED
        and voice.company <= MOST_FOCUSED
        and voice.party.kind in ("person", "institution")
    )


def topical_sentences(clauses: Sequence[Clause], frames: Sequence[Frame]) -> dict[int, float]:
    """How much each sentence is about the transfer: 1 with a frame, less with words of arms alone."""
    with_frame = {f.sentence.index for f in frames}
    topical: dict[int, float] = {}
    for clause in clauses:
        index = clause.sentence.index
        weapon = any(i.weapon is not None and i.weapon.strong for i in clause.items)
        act = any(_is_act(i.pred.entry.role) for i in clause.items if i.pred is not None)
        if index in with_frame:
            topical[index] = 1.0
        elif weapon and act:
            topical[index] = 0.8
        elif weapon:
            topical[index] = 0.4
    return topical


def _is_act(role: str) -> bool:
    return role in ("give", "get", "arm", "embargo")


def _listen(
    reading: Reading,
    clauses: Sequence[Clause],
    topical: dict[int, float],
    attribution: Attribution,
) -> Heard | None:
    clause = clauses[attribution.sentence]
    weapon = act = False
    words: set[str] = set()
    for start, end in attribution.content:
        words.update(reading.low[start:end])
        for item in clause.items:
            if start <= item.start < end:
                weapon = weapon or (item.weapon is not None and item.weapon.strong)
                act = act or (item.pred is not None and _is_act(item.pred.entry.role))
    index = attribution.sentence
    own = topical.get(index, 0.0)
    near = max((topical.get(j, 0.0) for j in range(max(0, index - 3), index)), default=0.0)
    named = bool(words & TRANSFER_ANAPHORS)
    about = 0.0
    if own >= 0.8 and (weapon or act):
        about = 1.0
    elif max(own, near) >= 0.8 and (named or weapon):
        about = 0.8
    elif near >= 0.8 and words & ANAPHORS:
        about = 0.6
    elif near >= 0.8 and (
        attribution.cue.id == "floating" or attribution.rule == "speaker.pronoun"
    ):
        about = 0.45
    elif weapon and act:
        about = 0.7
    elif max(own, near) >= 0.4:
        about = 0.3
    elif topical:
        about = REMOTE
    if not about:
        return None
    return Heard(attribution, about, own, near, weapon, act, bool(words & ANAPHORS))


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
    involved = code is not None and code in set(parties)
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
    state = features["state"] or features["movement"]
    features["state_plain"] = state * (1.0 - features["core"]) * (1.0 - features["cue_attitude"])
    features["state_promise"] = state * features.pop("promise")
    features["state_headline"] = state * features["headline"]
    return features


def _heard_features(voice: Voice) -> dict[str, float]:
    """How often, how early and how near the transfer it is heard."""
    heard = voice.heard
    return {
        "about": voice.about,
        "count": math.log1p(len(heard)),
        "strong_count": math.log1p(sum(h.about >= 0.6 for h in heard)),
        "own": max(h.own for h in heard),
        "near": max(h.near for h in heard),
        "weapon": float(any(h.weapon for h in heard)),
        "act": float(any(h.act for h in heard)),
        "anaphor": float(any(h.anaphor for h in heard)),
        "quoted": float(any(h.attribution.quoted for h in heard)),
        "early": 1.0 / (1.0 + min(h.attribution.sentence for h in heard)),
        "density": voice.density,
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
        "only_pronoun": float(rules == {"speaker.pronoun"}),
        "core": float(any(c.lemma in _CORE_CUES for c in cues)),
        **{f"cue_{kind}": float(kind in kinds) for kind in every},
        "only_action": float(kinds == {"action"}),
        "only_nominal": float(kinds == {"nominal"}),
        "promise": float(any(c.lemma in _PROMISES for c in cues)),
    }
