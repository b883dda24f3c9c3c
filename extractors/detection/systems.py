"""Which weapons are named: designations and common nouns joined into noun phrases, with quantity and origin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from domain.mentions import Category, System
from extractors.detection.lexicon_entries import Designation, Lexicons
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
_NUMBER = re.compile(r"^\d[\d,.]*$")
_NUMBER_WORDS = word_set(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty"
    " fifty sixty seventy eighty ninety hundred hundreds thousand thousands dozen dozens million"
    " score scores several"
)
_QUALIFIERS = word_set(
    "up to at least about around some nearly almost over more than approximately of as many"
    " additional a"
)
_MODIFIERS = word_set(
    "advanced new modern lethal heavy light used surplus old older sophisticated state-of-the-art"
    " precision guided precision-guided long range long-range short-range medium-range medium"
    " short armed unarmed attack combat military offensive defensive high tech high-tech made"
    " built supplied designed soviet-era soviet era second-hand secondhand second hand refurbished"
    " upgraded additional extra more small multirole multi-role stealth amphibious diesel"
    " diesel-electric nuclear-powered main battle self-propelled portable shoulder-fired mobile"
    " ballistic cruise smart cluster tactical strategic so called so-called american russian"
)
_GENERIC_MODIFIERS = frozenset(["the", "an", "and", "with", "its", "their"])


class WeaponFinder:
    """Turns the weapon layer of a reading into noun phrases."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons

    def find(self, reading: Reading) -> list[Weapon]:
        """All weapon phrases in text order. Ambiguous names without the context they need are left out."""
        found: list[Weapon] = []
        spans = reading.spans["weapons"]
        covered = {i for start, (end, _) in spans.items() for i in range(start, end)}
        designations = {
            i: (i + 1, [("pattern", "")])
            for i, word in enumerate(reading.words)
            if i not in covered and _is_designation(reading, i, word)
        }
        for start in sorted(spans.keys() | designations.keys()):
            end, options = spans.get(start) or designations[start]
            labels = dict(options)
            if "weapon.not" in labels or start in reading.dateline:
                continue
            name_entry = reading.spans["names"].get(start)
            if name_entry is not None and name_entry[0] > end:
                continue
            if _is_other_arms(reading, start, end) or _is_verb(reading, start):
                continue
            weapon = self._one(reading, start, end, labels)
            if weapon is None:
                continue
            if found and self._joins(reading, found[-1], weapon):
                found[-1] = _joined(found[-1], weapon)
            else:
                found.append(weapon)
        for weapon in found:
            weapon.quantity = _quantity(reading, weapon)
        return found

    def _one(self, reading: Reading, start: int, end: int, labels: dict[str, str]) -> Weapon | None:
        span = ((start, end),)
        if "pattern" in labels:
            name = _short_name(reading.slice(start, end))
            category = _PREFIXES.get(re.split(r"[-\d]", name)[0], Category.OTHER)
            system = System(name=name, category=category)
            return Weapon(start, end, (system,), True, None, ("system.pattern",), span)
        if "system" in labels:
            entry = self._lexicons.systems[labels["system"]]
            if self._holds(reading, start, end, entry):
                name = _bare_name(_short_name(reading.slice(start, end)))
                system = System(name=name, designation=entry.id, category=entry.category)
                return Weapon(start, end, (system,), True, None, (f"system.{entry.id}",), span)
        for strength in ("strong", "weak"):
            key = labels.get(f"weapon.{strength}")
            if key is None:
                continue
            noun = self._lexicons.weapon_nouns[key]
            systems: tuple[System, ...] = ()
            if noun.name:
                systems = (
                    System(
                        name=reading.slice(start, end), category=noun.category or Category.OTHER
                    ),
                )
            return Weapon(start, end, systems, strength == "strong", None, (f"weapon.{key}",), span)
        return None

    def _holds(self, reading: Reading, start: int, end: int, entry: Designation) -> bool:
        near = reading.low[max(0, start - 4) : start] + reading.low[end : end + 5]
        text = f" {' '.join(near)} "
        if any(f" {w} " in text for w in entry.not_context):
            return False
        if not _is_ambiguous(entry, reading.slice(start, end)):
            return True
        if any(f" {w} " in text for w in entry.context) or set(near) & _LICENCE:
            return True
        spans = reading.spans["weapons"]
        beside = [i for i in (*range(start - 5, start), *range(end, end + 5)) if i in spans]
        return any(label != "weapon.not" for i in beside for label, _ in spans[i][1])

    def _joins(self, reading: Reading, left: Weapon, right: Weapon) -> bool:
        if not reading.same_sentence(left.end - 1, right.start) or right.start - left.end > 3:
            return False
        between = reading.low[left.end : right.start]
        return all(w in _JOINERS or w in _MODIFIERS for w in between) and "(" not in between[1:]


_MASS = word_set(
    "nuclear chemical biological atomic thermonuclear nuclear-tipped nuclear-capable radiological"
)
_CONTROL = word_set(
    "control reduction limitation treaty race races talks inspectors test tests testing strike"
    " strikes attack attacks launch launches range fire program programme programs tests' silo"
    " silos"
)


_PREFIXES = {
    **dict.fromkeys(
        sorted(word_set("F FA Su MiG J JF JH KF KFX EF Yak Tu AMX LCA")), Category.COMBAT_AIRCRAFT
    ),
    **dict.fromkeys(sorted(word_set("AH UH CH MH OH Mi Ka NH AW EC H SH")), Category.HELICOPTER),
    **dict.fromkeys(sorted(word_set("MQ RQ TB CH WL GJ")), Category.UAV),
    **dict.fromkeys(sorted(word_set("S HQ PAC FK NASAMS SA SAM FD")), Category.AIR_DEFENCE),
    **dict.fromkeys(sorted(word_set("T VT PT")), Category.TANK),
    **dict.fromkeys(sorted(word_set("BMP BTR PT BRDM MT CV ZBD")), Category.ARMOURED_VEHICLE),
    **dict.fromkeys(sorted(word_set("BM M PzH ZU ZSU D")), Category.ARTILLERY),
    **dict.fromkeys(
        sorted(word_set("AIM AGM ASM BGM RGM UGM RIM SM FIM FGM MGM YJ DF KN KH Kh MBT C")),
        Category.MISSILE,
    ),
    **dict.fromkeys(sorted(word_set("GBU Mk MK AK RPG JDAM")), Category.MUNITIONS),
    **dict.fromkeys(sorted(word_set("C KC P E EA KJ An Il")), Category.OTHER),
    "K": Category.OTHER,
    "L": Category.OTHER,
}
"""Letters that weapon designations begin with, and what they mostly are; "S-400", "Su-35", "MQ-9B", "K9"."""
_DESIGNATION = re.compile(r"([A-Z][A-Za-z]{0,3})(-?)(\d{1,4})(?:[A-Z]{0,3}|[A-Z]\d?)s?")
_SURE = word_set("F Su MiG JF MQ RQ AH UH Mi Ka S T BMP BTR AIM AGM GBU PAC FIM FGM SM HQ RPG")
_COMPANY_WORDS = word_set(
    "jet jets fighter fighters aircraft missile missiles tank tanks helicopter helicopters drone"
    " drones system systems howitzer howitzers launcher launchers warplane warplanes rifle rifles"
    " plane planes carrier carriers vehicles air defence defense radar radars gun guns artillery"
    " batteries battery bombs"
)


def _is_designation(reading: Reading, i: int, word: str) -> bool:
    """Letters and a number as weapons bear them; with rarer letters, arms must be named near."""
    match = _DESIGNATION.fullmatch(word)
    if match is None or match.group(1) not in _PREFIXES:
        return False
    if match.group(1) in _SURE and match.group(2):
        return True
    near = set(reading.low[max(0, i - 4) : i] + reading.low[i + 1 : i + 6])
    return bool(near & _COMPANY_WORDS)


def _is_other_arms(reading: Reading, start: int, end: int) -> bool:
    """Nuclear, chemical and biological arms, arms control, and weapons tests are no transfers of conventional arms."""
    if any(w in _MASS for w in reading.low[max(0, start - 3) : end] if w):
        return True
    if reading.word(end) == "of" and reading.word(end + 1) == "mass":
        return True
    return reading.word(end) in _CONTROL


def _is_verb(reading: Reading, start: int) -> bool:
    """ "To ship missiles", "Japan ships Patriots": a word of arms that is a verb here."""
    if reading.low[start] == "ships" and start + 1 in reading.spans["weapons"]:
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
        joined = System(
            name=f"{left.systems[-1].name} {right.systems[0].name}",
            category=right.systems[0].category,
        )
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


def _quantity(reading: Reading, weapon: Weapon) -> str | None:
    """The number that counts the phrase, as written: "31", "up to 50", "dozens of"."""
    i = weapon.start - 1
    while (
        reading.same_sentence(i, weapon.start)
        and (reading.low[i] in _MODIFIERS or reading.low[i] == "-" or i in reading.spans["names"])
        and weapon.start - i < 7
        and reading.low[i] not in ("of",)
    ):
        i -= 1
    end = i + 1
    while reading.same_sentence(i, weapon.start) and (
        _NUMBER.match(reading.low[i])
        or reading.low[i] in _NUMBER_WORDS
        or (reading.low[i] == "of" and i == end - 1)
    ):
        i -= 1
    start = i + 1
    if start >= end or all(w == "of" for w in reading.low[start:end]):
        return None
    if reading.word(start - 1) in ("$", "€", "£", "¥") or reading.word(end) in ("mm", "-mm"):
        return None
    while (
        reading.same_sentence(start - 1, weapon.start)
        and reading.low[start - 1] in _QUALIFIERS
        and start > 0
    ):
        if reading.low[start - 1] in ("a", "of"):
            break
        start -= 1
    first = reading.low[start]
    if first in ("of", "to", "than", "as") or end - start > 6:
        return None
    text = reading.slice(start, end)
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return None
    return text.removesuffix(" of")
