"""Which weapons are named: designations and common nouns joined into noun phrases, with quantity and origin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from domain.mentions import Category, System
from extractors.detection.arms_layer import ArmsLayer
from extractors.detection.designations import PREFIXES, is_designation, unseen_name
from extractors.detection.lexicon_entries import Designation, Lexicons
from extractors.detection.quantities import MODIFIERS, quantity_before
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set


@dataclass(slots=True)
class Weapon:
    """Tokens [start, end) of a noun phrase for arms; `systems` is empty for "arms", "weapons", "equipment"."""

    start: int
    end: int
    systems: tuple[System, ...] = ()
    strong: bool = True
    quantity: str | None = None
    rules: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = field(default=())


_JOINERS = word_set("- / class type series ( ) 's \" '")


def _pattern_category(name: str) -> Category:
    return PREFIXES.get(re.split(r"[-\d]", name)[0], Category.OTHER)


def _unseen(reading: Reading, begin: int, noun: int) -> str:
    """The name in its shortest form: without the words of kind between it and the noun."""
    end = begin + 1
    while end < noun and (not reading.words[end].islower() or reading.words[end] == "-"):
        end += 1
    return _short_name(reading.slice(begin, end).rstrip("-"))


class WeaponFinder:
    """Turns the weapon layer of a reading into noun phrases."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons

    def find(self, reading: Reading) -> list[Weapon]:
        """All weapon phrases in text order. Ambiguous names without the context they need are left out."""
        found: list[Weapon] = []
        spans = ArmsLayer(reading)
        for start in spans.starts():
            end, options = spans.at(start)
            labels = dict(options)
            if "weapon.not" in labels or start in reading.dateline:
                continue
            name_entry = reading.spans["names"].get(start)
            if name_entry is not None and name_entry[0] > end:
                continue
            if _is_other_arms(reading, start, end) or _is_verb(reading, start):
                continue
            weapon = self._one(reading, spans, start, end, labels)
            if weapon is None:
                continue
            if found and self._joins(reading, found[-1], weapon):
                found[-1] = _joined(found[-1], weapon)
            else:
                found.append(weapon)
        for weapon in found:
            weapon.quantity = quantity_before(reading, weapon.start)
        return found

    def _one(
        self, reading: Reading, arms: ArmsLayer, start: int, end: int, labels: dict[str, str]
    ) -> Weapon | None:
        span = ((start, end),)
        if "pattern" in labels:
            name = _short_name(reading.slice(start, end))
            category = _pattern_category(name)
            system = System(name=name, category=category)
            return Weapon(start, end, (system,), True, None, ("system.pattern",), span)
        if "counted" in labels:
            system = System(name=_short_name(reading.slice(start, end)), category=Category.OTHER)
            return Weapon(start, end, (system,), True, None, ("system.counted",), span)
        if "calibre" in labels:
            system = System(name=reading.slice(start, end), category=Category.MUNITIONS)
            return Weapon(start, end, (system,), True, None, ("system.calibre",), span)
        if "system" in labels:
            entry = self._lexicons.systems[labels["system"]]
            if self._holds(reading, arms, start, end, entry):
                name = _bare_name(_singular(reading.slice(start, end), entry))
                system = System(name=name, designation=entry.id, category=entry.category)
                return Weapon(start, end, (system,), True, None, (f"system.{entry.id}",), span)
        for strength in ("strong", "weak"):
            key = labels.get(f"weapon.{strength}")
            if key is None:
                continue
            noun = self._lexicons.weapon_nouns[key]
            category = noun.category or Category.OTHER
            begin = unseen_name(reading, start, arms.taken) if noun.category else None
            if begin is not None:
                system = System(name=_unseen(reading, begin, start), category=category)
                sure = strength == "strong" or arms.sure_beside(start) > 0
                return Weapon(
                    begin, end, (system,), sure, None, ("system.unseen",), ((begin, end),)
                )
            systems: tuple[System, ...] = ()
            if noun.name:
                systems = (System(name=reading.slice(start, end), category=category),)
            return Weapon(start, end, systems, strength == "strong", None, (f"weapon.{key}",), span)
        return None

    def _holds(
        self, reading: Reading, arms: ArmsLayer, start: int, end: int, entry: Designation
    ) -> bool:
        near = reading.low[max(0, start - 4) : start] + reading.low[end : end + 5]
        text = f" {' '.join(near)} "
        if any(f" {w} " in text for w in entry.not_context):
            return False
        if not _is_ambiguous(entry, reading.slice(start, end)):
            return True
        if any(f" {w} " in text for w in entry.context) or set(near) & _LICENCE:
            return True
        beside = [i for i in (*range(start - 5, start), *range(end, end + 5)) if i in arms.known]
        if any(label != "weapon.not" for i in beside for label, _ in arms.known[i][1]):
            return True
        return arms.trades(start, end)

    def _joins(self, reading: Reading, left: Weapon, right: Weapon) -> bool:
        if not reading.same_sentence(left.end - 1, right.start) or right.start - left.end > 3:
            return False
        between = reading.low[left.end : right.start]
        return all(w in _JOINERS or w in MODIFIERS for w in between) and "(" not in between[1:]


_MASS = word_set(
    "nuclear chemical biological atomic thermonuclear nuclear-tipped nuclear-capable radiological"
)
_CONTROL = word_set(
    "control reduction limitation treaty race races talks inspectors test tests testing strike"
    " strikes attack attacks launch launches range fire program programme programs tests' silo"
    " silos"
)


def _is_other_arms(reading: Reading, start: int, end: int) -> bool:
    """Nuclear, chemical and biological arms, arms control, and weapons tests are no transfers of conventional arms."""
    if any(w in _MASS for w in reading.low[max(0, start - 3) : end] if w):
        return True
    if reading.word(end) == "of" and reading.word(end + 1) == "mass":
        return True
    return reading.word(end) in _CONTROL and end not in reading.spans["weapons"]


def _is_verb(reading: Reading, start: int) -> bool:
    """ "To ship missiles", "Japan ships Patriots": a word of arms that is a verb here."""
    if reading.low[start] == "ships" and (
        start + 1 in reading.spans["weapons"]
        or (start + 1 < len(reading.words) and is_designation(reading, start + 1))
    ):
        return start > 0 and reading.words[start - 1][0].isupper()
    return reading.low[start] in ("ship", "arm", "tank") and reading.word(start - 1) in _VERB_MARKS


_VERB_MARKS = word_set("to will would could can may might must should not n't")
_LICENCE = word_set(
    "missile missiles tank tanks jet jets fighter fighters helicopter helicopters drone drones"
    " launcher launchers rocket rockets howitzer howitzers battery batteries interceptor"
    " interceptors warplane warplanes aircraft warship warships submarine submarines frigate"
    " frigates artillery rounds system systems export exports sale sales delivery deliveries"
    " transfer purchase parts deal deals contract order unmanned kyiv ukraine military army weapons weapon"
)
"""Words beside an ambiguous name that settle that the weapon is meant."""


def _is_ambiguous(entry: Designation, name: str) -> bool:
    plain = name.lower().removesuffix("s")
    return any(plain == other.lower().removesuffix("s") for other in entry.ambiguous)


def _joined(left: Weapon, right: Weapon) -> Weapon:
    designated = [s for s in (*left.systems, *right.systems) if s.designation]
    systems = tuple(designated) or (
        left.systems[:0] + right.systems if right.systems else left.systems
    )
    if not designated and left.systems and right.systems:
        names = dict.fromkeys([left.systems[-1].name, right.systems[0].name])
        joined = System(name=" ".join(names), category=right.systems[0].category)
        systems = (joined,)
    return Weapon(
        left.start,
        right.end,
        systems,
        left.strong or right.strong,
        left.quantity,
        left.rules + right.rules,
        left.spans + right.spans,
    )


def _singular(name: str, entry: Designation) -> str:
    """The short form, unless only the longer one is a name of the system: "Tejas" is no plural."""
    short = _short_name(name)
    return name if name in entry.names and short not in entry.names else short


def _short_name(name: str) -> str:
    """ "F-16s" is "F-16", "Black Hawks" is "Black Hawk"; "S-300s" is "S-300"; "Grads" stays a name without its s."""
    name = " ".join(name.split())
    if len(name) <= 3 or not name.endswith("s") or name.endswith("ss"):
        return name
    if name[-2].isdigit() or (name[-2].isalpha() and name[-3:] not in _SINGULAR_ENDS):
        return name[:-1]
    return name


def _bare_name(name: str) -> str:
    """ "Patriot missile" is "Patriot": a designation needs no noun behind it."""
    words = name.split()
    while len(words) > 1 and words[-1].lower().removesuffix("s") in _KINDS and "-class" not in name:
        words.pop()
    return " ".join(words)


_KINDS = word_set(
    "missile interceptor fighter jet tank helicopter drone howitzer launcher system batterie battery warplane rocket"
)
_SINGULAR_ENDS = frozenset(["tas", "rus", "aus", "bos", "cus", "nus"])
