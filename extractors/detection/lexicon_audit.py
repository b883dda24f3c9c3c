"""Which weapons and parties of a SIPRI trade register detection does not know by name.

The register is the user's own download (SIPRI Arms Transfers Database, "Trade registers", as CSV): some lines about it, a
header, then a row a deal. Nothing of it is kept or shipped. Also read: a CSV of designations with their number of deals.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import InputError
from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.nlp import build_nlp
from extractors.detection.reading import plain_text, read
from extractors.detection.systems import Weapon, WeaponFinder

if TYPE_CHECKING:
    from spacy.language import Language

REGISTER_COLUMNS = ("Supplier", "Recipient", "Year of order", "Weapon designation")
LIST_COLUMNS = ("designation", "description", "n_deals", "last_order")


@dataclass(frozen=True, kw_only=True)
class Deals:
    """`count` deals in one weapon between `parties`, ordered in `year` (None when the register does not say)."""

    designation: str
    description: str
    year: int | None
    parties: tuple[str, ...] = ()
    count: int = 1


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


# -- the user's file ---------------------------------------------------------------------------------------------------
def read_register(path: Path) -> list[Deals]:
    """The deals of a SIPRI trade register, or of a list of designations.

    Raises:
        InputError: it cannot be read, or has neither's columns.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        msg = f"{path}: no such file"
        raise InputError(msg) from None
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from None
    rows = list(_rows(raw, path))
    for number, row in enumerate(rows):
        columns = {name.strip(): place for place, name in enumerate(row)}
        for needed, deals in ((REGISTER_COLUMNS, _of_register), (LIST_COLUMNS, _of_list)):
            if all(name in columns for name in needed):
                found = [deal for r in rows[number + 1 :] if (deal := deals(r, columns))]
                if found:
                    return found
                msg = f"{path}: holds no deal below its header"
                raise InputError(msg)
    msg = (
        f"{path}: is no SIPRI trade register: no line has the columns "
        f"{', '.join(REGISTER_COLUMNS)}; download one as CSV from SIPRI's Arms Transfers Database"
    )
    raise InputError(msg)


def _rows(raw: bytes, path: Path) -> Iterator[Sequence[str]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # SIPRI's own export is Latin-1.
        text = raw.decode("latin-1")
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error as error:
        msg = f"{path}: is no CSV file: {error}"
        raise InputError(msg) from None


def _of_register(row: Sequence[str], columns: Mapping[str, int]) -> Deals | None:
    designation = _cell(row, columns, "Weapon designation")
    year = _cell(row, columns, "Year of order")
    if not designation:
        return None
    return Deals(
        designation=designation,
        description=_cell(row, columns, "Weapon description"),
        year=int(year) if year.isdigit() else None,
        parties=(_cell(row, columns, "Supplier"), _cell(row, columns, "Recipient")),
    )


def _of_list(row: Sequence[str], columns: Mapping[str, int]) -> Deals | None:
    designation, count, year = (
        _cell(row, columns, name) for name in ("designation", "n_deals", "last_order")
    )
    if not designation or not count.isdigit():
        return None
    return Deals(
        designation=designation,
        description=_cell(row, columns, "description"),
        year=int(year) if year.isdigit() else None,
        count=int(count),
    )


def _cell(row: Sequence[str], columns: Mapping[str, int], name: str) -> str:
    place = columns.get(name, len(row))
    return row[place].strip() if place < len(row) else ""
