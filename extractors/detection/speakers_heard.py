"""One speaker and all that is attributed to them; two names of one speaker brought together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractors.detection.attributions import Attribution
from extractors.detection.parties import Party
from extractors.detection.wordsets import word_set

SILENT_RULES = frozenset(["speaker.mention", "speaker.doer", "speaker.subject-uncued"])
"""Rules that no cue stands behind. Such voices have weights of their own: what tells them apart is something else."""
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
_SAME = {
    "defense": "defence",
    "premier": "prime",
    "spokeswoman": "spokesman",
    "spokesperson": "spokesman",
    "envoy": "ambassador",
}
_TELLING = word_set(
    "foreign defence president prime spokesman king chancellor ambassador senator minister"
    " general admiral lawmaker deputy judge chairman commander secretary"
)
_ROLES = {
    "diplomat": frozenset(["foreign", "ambassador"]),
    "politician": frozenset(["lawmaker", "deputy", "senator", "minister", "chairman"]),
    "official": frozenset(["spokesman", "secretary", "deputy", "commander", "chairman"]),
}
"""Bare roles that take a named speaker up again, and the words of office they may stand for."""


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
    named: bool = False
    distance: int = 0
    codes: frozenset[str] = frozenset()
    overlap: float = 0.0


@dataclass(slots=True)
class Voice:
    """One speaker and all that is attributed to them near the transfer."""

    party: Party
    heard: list[Heard] = field(default_factory=list)
    in_title: bool = False
    density: float = 0.0
    shadowed: bool = False
    length: int = 0
    company: int = 0
    twin: bool = False
    spread: float = 0.0
    opens: int = 0

    @property
    def about(self) -> float:
        return max((h.about for h in self.heard), default=0.0)


def is_fuller(new: Party, old: Party) -> bool:
    """Whether `new` names the speaker better than `old`."""
    if new.name and not old.name:
        return True
    if new.kind == old.kind == "state" and _is_adjective(new) != _is_adjective(old):
        return _is_adjective(old)
    return new.kind == old.kind and len(new.label) > len(old.label)


def _is_adjective(party: Party) -> bool:
    """Whether a state is named only by what belongs to it: "Chinese anger"."""
    return party.rule == "party.adjective"


def key_of(party: Party) -> str:
    """What attributions to one speaker share: the surname, or the state and kind of institution."""
    if party.name:
        surname = party.name.split()[-1].lower().removeprefix("al-")
        return _DOUBLED.sub(r"\1", surname)
    code = party.codes[0] if party.codes else "?"
    if party.office_kind == "anonymous":
        return f"anonymous:{code}{_department(party)}"
    if party.kind in ("state", "movement"):
        return f"party:{code}"
    words = re.findall(r"[a-z]+", (party.office or party.label).lower())
    kind = next((w for w in _INSTITUTION_WORDS if w in words), words[-1] if words else "")
    return f"{kind.replace('defense', 'defence')}:{code}"


def _department(party: Party) -> str:
    """ ":foreign" for "State Department official", ":defence" for "Pentagon sources": they are other people than "U.S.
    officials" at large, and than each other.
    """
    words = f"{party.affiliation or ''} {party.label}".lower()
    return next((f":{name}" for name, marks in _DEPARTMENTS if any(m in words for m in marks)), "")


_DEPARTMENTS = (
    ("foreign", ("state department", "foreign ministry", "foreign office", "foreign affairs")),
    ("defence", ("pentagon", "defence", "defense")),
)
_DOUBLED = re.compile(r"(.)\1")
"""A letter twice: Zelenskyy is Zelensky."""
_BARE = re.compile(r"(?:the |an? )?(?:senior |same |other )?officials?\Z", re.I)


def _office_words(party: Party) -> frozenset[str]:
    words = re.findall(r"[a-z]+", f"{party.office or ''} {party.affiliation or ''}".lower())
    return frozenset(_SAME.get(w, w) for w in words) & _TELLING


def merged(voices: list[Voice]) -> list[Voice]:
    """Joins what is one speaker: "the minister" and the one named, a ministry and its spokesman, a headline's state."""
    kept: list[Voice] = []
    for voice in voices:
        home = _home_of(voice, voices)
        if home is None:
            kept.append(voice)
        else:
            home.heard += voice.heard
            home.in_title = home.in_title or voice.in_title
    for voice in kept:
        voice.heard.sort(key=lambda h: h.attribution.sentence)
    return kept


def _home_of(voice: Voice, voices: list[Voice]) -> Voice | None:
    """The named voice that `voice` is another name of, if any."""
    party = voice.party
    if party.office_kind == "anonymous" and _BARE.match(party.label):
        departments = [v for v in voices if _department(v.party) and _agree(party, v.party)]
        return _heard_before(voice, [v for v in departments if v.party.office_kind == "anonymous"])
    if party.name or (party.office_kind == "anonymous" and party.label.lower() != "diplomat"):
        return None
    named = [v for v in voices if v.party.name and v.party.office and _agree(party, v.party)]
    if party.kind == "state":
        return _behind_headline(voice, voices)
    words = _office_words(party)
    role = re.findall(r"[a-z]+", party.label.lower())[-1:] if party.kind == "person" else []
    if role and role[0] in _ROLES:
        same = [n for n in named if _ROLES[role[0]] & _office_words(n.party)]
        return _last_before(voice, same)
    if party.kind == "person":
        return next((n for n in named if words & _office_words(n.party)), None)
    if party.kind == "institution":
        speaks = [n for n in named if n.party.office_kind == "spokesperson"]
        return next((n for n in speaks if words and words <= _office_words(n.party)), None)
    return None


def _agree(one: Party, other: Party) -> bool:
    return not one.codes or one.codes[:1] == other.codes[:1]


def _last_before(voice: Voice, options: list[Voice]) -> Voice | None:
    """The option heard last before `voice` is first heard, else the first."""
    return _heard_before(voice, options) or (options[0] if options else None)


def _heard_before(voice: Voice, options: list[Voice]) -> Voice | None:
    """The option heard last before `voice` is first heard."""
    first = min(h.attribution.sentence for h in voice.heard)
    last = None
    for option in options:
        before = [h.attribution.sentence for h in option.heard if h.attribution.sentence <= first]
        if before and (last is None or max(before) >= last[0]):
            last = (max(before), option)
    return last[1] if last is not None else None


def _behind_headline(voice: Voice, voices: list[Voice]) -> Voice | None:
    """ "Russia warns" over a spokeswoman's warning: the one who speaks for that state in the article."""
    if any(h.attribution.sentence > 1 for h in voice.heard) or not voice.party.codes:
        return None
    same = [
        v
        for v in voices
        if v.party.kind in ("person", "institution")
        and v.party.codes[:1] == voice.party.codes[:1]
        and v.party.office_kind not in ("lawmaker", "parliament", "court", "anonymous")
        and v.party.office
        and any(h.about >= 0.45 and h.attribution.rule not in SILENT_RULES for h in v.heard)
    ]
    return min(same, key=lambda v: min(h.attribution.sentence for h in v.heard), default=None)
