"""The officials heard in an article: attributions by speaker, and what tells reactions from other talk."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractors.detection.attributions import Attribution
from extractors.detection.clauses import Clause
from extractors.detection.frames import Frame
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
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
_SPEAKER_KINDS = frozenset(["person", "institution", "state", "movement"])
_INSTITUTION_WORDS = (
    "foreign",
    "defence",
    "defense",
    "president",
    "prime",
    "pentagon",
    "kremlin",
    "white",
    "state",
    "senate",
    "congress",
    "army",
    "military",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "ambassador",
    "minister",
)


@dataclass(slots=True)
class Heard:
    """One attribution to a speaker, with how much its content is about the transfer."""

    attribution: Attribution
    about: float
    own: float
    near: float
    weapon: bool
    act: bool
    anaphor: bool


@dataclass(slots=True)
class Voice:
    """One speaker and all that is attributed to them near the transfer."""

    party: Party
    heard: list[Heard] = field(default_factory=list)

    in_title: bool = False

    @property
    def about(self) -> float:
        return max((h.about for h in self.heard), default=0.0)


def gather_voices(
    reading: Reading,
    clauses: Sequence[Clause],
    frames: Sequence[Frame],
    attributions: Sequence[Attribution],
) -> list[Voice]:
    """Official speakers with an attribution about, or near, the transfer, in order of first speech."""
    topical = topical_sentences(clauses, frames)
    voices: dict[str, Voice] = {}
    for attribution in attributions:
        heard = _listen(reading, clauses, topical, attribution)
        if heard is None:
            continue
        for party in attribution.speakers[:3]:
            if is_official(party):
                voice = voices.setdefault(_key(party), Voice(party))
                voice.heard.append(heard)
                titled = clauses[attribution.sentence].sentence.is_title
                voice.in_title = voice.in_title or titled
                if _fuller(party, voice.party):
                    voice.party = party
    return _merged(list(voices.values()))


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
    reading: Reading, clauses: Sequence[Clause], topical: dict[int, float], attribution: Attribution
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


def _fuller(new: Party, old: Party) -> bool:
    if new.name and not old.name:
        return True
    return new.kind == old.kind and len(new.label) > len(old.label)


def _key(party: Party) -> str:
    if party.name:
        return party.name.split()[-1].lower()
    code = party.codes[0] if party.codes else "?"
    if party.office_kind == "anonymous":
        return f"anonymous:{code}"
    if party.kind in ("state", "movement"):
        return f"state:{code}"
    words = re.findall(r"[a-z]+", (party.office or party.label).lower())
    kind = next((w for w in _INSTITUTION_WORDS if w in words), words[-1] if words else "")
    return f"{kind.replace('defense', 'defence')}:{code}"


def _office_words(party: Party) -> set[str]:
    words = set(re.findall(r"[a-z]+", f"{party.office or ''} {party.affiliation or ''}".lower()))
    same = {
        "defense": "defence",
        "premier": "prime",
        "spokeswoman": "spokesman",
        "spokesperson": "spokesman",
    }
    return {same.get(w, w) for w in words} & {
        "foreign",
        "defence",
        "president",
        "prime",
        "spokesman",
        "king",
        "chancellor",
        "ambassador",
        "senator",
    }


def _merged(voices: list[Voice]) -> list[Voice]:
    """Joins "the minister" with the minister named elsewhere: same state or none, an office word in common."""
    named = [v for v in voices if v.party.name]
    kept: list[Voice] = []
    for voice in voices:
        home = None
        if (
            not voice.party.name
            and voice.party.kind == "person"
            and voice.party.office_kind != "anonymous"
        ):
            words = _office_words(voice.party)
            home = next(
                (
                    n
                    for n in named
                    if words & _office_words(n.party)
                    and (not voice.party.codes or voice.party.codes[:1] == n.party.codes[:1])
                ),
                None,
            )
        if home is None:
            kept.append(voice)
        else:
            home.heard += voice.heard
    for voice in kept:
        voice.heard.sort(key=lambda h: h.attribution.sentence)
    return kept


def voice_features(
    voice: Voice,
    parties: Iterable[str | None],
    named: Counter[str],
    headline: bool,
    polarity: float,
) -> dict[str, float]:
    """What speaks for a voice being a reaction. `parties`: suppliers and recipients found; `polarity`: of its words."""
    party = voice.party
    cues = [h.attribution.cue for h in voice.heard]
    kinds = {c.kind for c in cues}
    rules = {h.attribution.rule for h in voice.heard}
    code = party.code
    first = min(h.attribution.sentence for h in voice.heard)
    involved = code is not None and code in set(parties)
    best = voice.about
    features = {
        "about": best,
        "count": math.log1p(len(voice.heard)),
        "strong_count": math.log1p(sum(h.about >= 0.6 for h in voice.heard)),
        "own": max(h.own for h in voice.heard),
        "near": max(h.near for h in voice.heard),
        "weapon": float(any(h.weapon for h in voice.heard)),
        "act": float(any(h.act for h in voice.heard)),
        "anaphor": float(any(h.anaphor for h in voice.heard)),
        "quoted": float(any(h.attribution.quoted for h in voice.heard)),
        "named": float(bool(party.name)),
        "state": float(party.kind == "state"),
        "movement": float(party.kind == "movement"),
        "institution": float(party.kind == "institution"),
        "anonymous": float(party.office_kind == "anonymous"),
        "nocode": float(code is None),
        "unknown": float(party.office is None and party.kind == "person"),
        "unknown_quoted": float(
            party.office is None
            and party.kind == "person"
            and any(h.attribution.quoted for h in voice.heard)
        ),
        "only_beside": float(rules <= {"speaker.beside-quote", "speaker.no-cue"}),
        "only_no_cue": float(rules == {"speaker.no-cue"}),
        "involved": float(involved),
        "core": float(any(c.lemma in _CORE_CUES for c in cues)),
        "only_pronoun": float(rules == {"speaker.pronoun"}),
        "early": 1.0 / (1.0 + first),
        "title": float(voice.in_title and not headline),
        "headline": float(headline),
        "polarity": min(2.0, abs(polarity)),
        "named_share": named[code] / (sum(named.values()) or 1) if code else 0.0,
    }
    for kind in ("say", "attitude", "nominal", "action", "according", "headline"):
        features[f"cue_{kind}"] = float(kind in kinds)
    state = features["state"] or features["movement"]
    features["state_plain"] = state * (1.0 - features["core"]) * (1.0 - features["cue_attitude"])
    features["state_headline"] = state * features["headline"]
    features["only_action"] = float(kinds == {"action"})
    features["only_nominal"] = float(kinds == {"nominal"})
    return features
