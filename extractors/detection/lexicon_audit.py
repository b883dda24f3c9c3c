"""Which weapons and parties of a SIPRI trade register detection does not know by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.nlp import build_nlp
from extractors.detection.reading import plain_text, read
from extractors.detection.systems import Weapon, WeaponFinder
from extractors.trade_register import Deals

if TYPE_CHECKING:
    from spacy.language import Language


class Known(StrEnum):
    """How detection takes a name: by a row of the lexicon, by its form (letters and a number), or not at all."""

    BY_NAME = "name"
    BY_FORM = "form"
    NOT = "unknown"


@dataclass(frozen=True, kw_only=True)
class AuditedWeapon:
    """A designation with the number of its deals. `unknown` are those of its names that the lexicon lacks: "S-70/UH-60L"
    has two."""

    designation: str
    description: str
    deals: int
    known: Known
    unknown: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LexiconAudit:
    """Weapons by number of deals, most first, and the suppliers and recipients (with their deals) that the lexicons lack.

    Deals in parts without a designation ("ship engine") are not counted.
    """

    since: int
    weapons: tuple[AuditedWeapon, ...]
    unknown_parties: tuple[tuple[str, int], ...]

    def deals(self, *known: Known) -> int:
        """How many deals are in weapons so known; all, when not told how."""
        return sum(w.deals for w in self.weapons if not known or w.known in known)

    def share(self, *known: Known) -> float:
        """The share of deals in weapons so known; 1 where there are none."""
        return self.deals(*known) / self.deals() if self.weapons else 1.0


def audit(deals: Iterable[Deals], lexicons: Lexicons, since: int) -> LexiconAudit:
    """Asks of each weapon ordered in the year `since` or later whether detection would know it in a sentence."""
    weapons: Counter[tuple[str, str]] = Counter()
    parties: Counter[str] = Counter()
    for deal in deals:
        if deal.year is not None and deal.year >= since and _is_name(deal):
            weapons[deal.designation, deal.description] += deal.count
            parties.update(_party(name) for name in deal.parties)
    reader = _NameReader(build_nlp(lexicons), WeaponFinder(lexicons))
    audited = [_audited(*weapon, count, reader) for weapon, count in weapons.items()]
    audited.sort(key=lambda w: (-w.deals, w.designation))
    strangers = [(n, c) for n, c in parties.most_common() if not reader.is_party(n)]
    return LexiconAudit(since=since, weapons=tuple(audited), unknown_parties=tuple(strangers))


def _is_name(deal: Deals) -> bool:
    return deal.designation.lower() != deal.description.lower()


def _party(name: str) -> str:
    """ "Hezbollah (Lebanon)*" is Hezbollah: SIPRI adds where a non-state party sits."""
    return re.sub(r"\s*\([^)]*\)\**$|\*+$", "", name)


class _NameReader:
    """Reads one name as detection reads it in an article."""

    def __init__(self, nlp: Language, finder: WeaponFinder) -> None:
        self._nlp = nlp
        self._finder = finder

    def known(self, name: str, description: str) -> Known:
        """How the name is taken, in the best of its spellings."""
        ways = [self._known(spelling, description) for spelling in _spellings(name)]
        return min(ways, key=list(Known).index)

    def _known(self, name: str, description: str) -> Known:
        text = f"The army ordered {name} {description} abroad."
        start, end = len("The army ordered "), len("The army ordered ") + len(name)
        reading = read(self._nlp(plain_text(text)), text, 0)
        found = [
            weapon
            for weapon in self._finder.find(reading)
            if reading.begins[weapon.start] < end and reading.ends[weapon.end - 1] > start
        ]
        if any(system.designation for weapon in found for system in weapon.systems):
            return Known.BY_NAME
        return Known.BY_FORM if any(_by_form(weapon) for weapon in found) else Known.NOT

    def is_party(self, name: str) -> bool:
        """Whether a state or an actor goes by this name; "unknown supplier(s)" is nobody to know."""
        doc = self._nlp(plain_text(name))
        kinds = ("state.", "actor")
        return name.startswith("unknown") or any(
            span.label_.startswith(kinds) for span in doc.spans["names"]
        )


def _spellings(name: str) -> tuple[str, ...]:
    """SIPRI's own spelling and the press's: "M-109A5 155mm" is written M109A5, "Leopard-2A4" Leopard 2A4."""
    bare = re.sub(r" \d+mm$", "", name)
    joined = re.sub(r"(?<=[A-Za-z])-(?=\d)", "", bare)
    return tuple(dict.fromkeys((name, bare, joined, bare.replace("-", " "))))


def _by_form(weapon: Weapon) -> bool:
    return "system.pattern" in weapon.rules


def _audited(designation: str, description: str, deals: int, reader: _NameReader) -> AuditedWeapon:
    parts = [part.strip() for part in designation.split("/") if _tells(part.strip())]
    # "S-70/UH-60L" is two names, "EL/M-2022" one.
    names = parts if len(parts) > 1 else [designation]
    known = {name: reader.known(name, description) for name in dict.fromkeys(names)}
    ways = [reader.known(designation, description), *known.values()]
    return AuditedWeapon(
        designation=designation,
        description=description,
        deals=deals,
        known=min(ways, key=list(Known).index),
        unknown=tuple(name for name, way in known.items() if way is not Known.BY_NAME),
    )


def _tells(name: str) -> bool:
    """Whether a part of a designation is a name by itself; "EL" in "EL/M-2022" and "48" in "Mk-41/48" are none."""
    return bool(re.search(r"[^\W\d]", name)) and (len(name) > 3 or bool(re.search(r"\d", name)))
