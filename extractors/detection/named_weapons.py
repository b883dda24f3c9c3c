"""The weapons an article names: each under all its mentions, by designation, by an unseen name, or by a noun for arms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.mentions import Category, System
from extractors.detection.reading import Reading
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set


@dataclass(slots=True)
class NamedWeapon:
    """One weapon of an article. `noun` is the lexicon's id where nothing but a noun for arms names it."""

    mentions: list[tuple[Weapon, System]] = field(default_factory=list)
    words: frozenset[str] = frozenset()
    noun: str | None = None

    @property
    def kind(self) -> Category | None:
        """The category, where missiles, interceptors and what fires them are of one kind."""
        category = self.mentions[0][1].category
        return Category.MISSILE if category in _GUIDED else category

    @property
    def designated(self) -> bool:
        return self.mentions[0][1].designation is not None

    @property
    def is_named(self) -> bool:
        """Whether it has a name of its own, known or unseen, rather than a noun."""
        return self.noun is None

    @property
    def system(self) -> System:
        """The system as it is mostly written, with the other name where it bears two ("UH-60 Black Hawk"); the plural of a
        noun where both occur as often.
        """
        names = Counter(s.name for _, s in self.mentions)
        most = max(names.values())
        often = [s for _, s in self.mentions if names[s.name] == most]
        if not self.is_named:
            often.sort(key=lambda s: not s.name.endswith("s"))
        system = often[0]
        if system.designation is None:
            return system
        other = next((n for n, _ in names.most_common() if _adds(n, system.name)), None)
        if other is None:
            return system
        return replace(system, name=_together(system.name, other, system.designation))


_GUIDED = frozenset([Category.MISSILE, Category.AIR_DEFENCE, Category.MUNITIONS])
_HAULING = word_set(
    "brought brings bringing carried carrying carries unloaded aboard board airlifted airlifting loaded"
    " dropped drops dropping sorties cargo cargoes"
)
_NEAR = 5
"""Tokens before and after a transport aircraft. MEASURED: of ten with such a word near none is sent, of 85 others 54."""
_FILLERS = word_set("missile system fighter jet aircraft tank air defence defense the surface to")
_VARIANT = re.compile(r"\bPAC-?\d", re.IGNORECASE)


def _adds(name: str, to: str) -> bool:
    """Whether `name` tells more of a weapon than the name `to` does: its other name, or the number beside the same one."""
    words, known = _telling(name), _telling(to)
    if words.isdisjoint(known):
        return True
    return known < words and _is_numbered(name) and not _is_numbered(to)


def _is_numbered(name: str) -> bool:
    return any(map(str.isdigit, name))


def _together(name: str, other: str, designation: str) -> str:
    """Two names of one weapon in the order of its `designation`, else the one with a number first."""
    if name in other:
        return other

    def place(one: str) -> tuple[int, bool]:
        found = designation.find(one)
        return found if found >= 0 else len(designation), not _is_numbered(one)

    return " ".join(sorted((name, other), key=place))


def named_weapons(reading: Reading, weapons: Sequence[Weapon]) -> list[NamedWeapon]:
    """The weapons an article names, in text order; nouns that name no system ("arms", "ammunition") among them."""
    found: dict[object, NamedWeapon] = {}
    for weapon in weapons:
        for system in weapon.systems or (_noun_as_system(reading, weapon),):
            words = _telling(system.name)
            named = found.setdefault(_key(system, words), NamedWeapon(words=words))
            if (
                not named.mentions
                and weapon.rules[-1].startswith("weapon.")
                and not system.designation
            ):
                named.noun = weapon.rules[-1].removeprefix("weapon.")
            named.mentions.append((weapon, system))
    return [named for named in found.values() if not _hauls(reading, named)]


def _hauls(reading: Reading, named: NamedWeapon) -> bool:
    """Whether an aircraft brings the arms and is none of them: "crates unloaded from an An-124"."""
    if not named.designated or named.kind is not Category.OTHER:
        return False
    return any(
        not _HAULING.isdisjoint(reading.low[max(0, w.start - _NEAR) : w.end + _NEAR])
        for w, _ in named.mentions
    )


def _noun_as_system(reading: Reading, weapon: Weapon) -> System:
    return System(name=reading.slice(weapon.start, weapon.end))


def _key(system: System, words: frozenset[str]) -> object:
    """What mentions of one weapon share; PAC-2 and PAC-3 are both Patriot missiles, and two weapons."""
    if system.designation is None:
        return words
    variant = _VARIANT.search(system.name)
    return (system.designation, variant.group().lower() if variant else "")


def _telling(name: str) -> frozenset[str]:
    words = frozenset(w.rstrip("s") for w in re.findall(r"[^\W_]+", name.lower()))
    return words - _FILLERS or words
