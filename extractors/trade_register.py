"""A SIPRI trade register of the user's own: who ordered what from whom, and when.

The register is the user's download (SIPRI Arms Transfers Database, "Trade registers", as CSV): some lines about it, a
header, then a row a deal. Nothing of it is shipped. Also read: a CSV of designations with their number of deals.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.alerting import PastDeals
from domain.countries import bare_name, codes_by_name
from domain.errors import InputError

REGISTER_COLUMNS = ("Supplier", "Recipient", "Year of order", "Weapon designation")
LATEST = 4
"""Weapons named of those that a pair of states has dealt in."""
LIST_COLUMNS = ("designation", "description", "n_deals", "last_order")


@dataclass(frozen=True, kw_only=True)
class Deals:
    """`count` deals in one weapon between `parties`, ordered in `year` (None when the register does not say)."""

    designation: str
    description: str
    year: int | None
    parties: tuple[str, ...] = ()
    count: int = 1


class TradeRegister:
    """A register's deals by who sold to whom."""

    def __init__(self, deals: Iterable[Deals]) -> None:
        self._deals: defaultdict[tuple[str, str], list[Deals]] = defaultdict(list)
        codes = codes_by_name()
        for deal in deals:
            parties = [codes.get(bare_name(name)) for name in deal.parties]
            if len(parties) == 2 and parties[0] and parties[1] and deal.year:
                self._deals[parties[0], parties[1]].append(deal)

    def between(self, supplier: str, recipient: str) -> PastDeals:
        """What is listed from one state to another, by ISO codes."""
        deals = self._deals.get((supplier, recipient), [])
        years = [deal.year for deal in deals if deal.year]
        latest: dict[str, int] = {}
        for deal in sorted(deals, key=lambda d: (-(d.year or 0), d.designation)):
            latest.setdefault(deal.designation, deal.year or 0)
        return PastDeals(
            supplier=supplier,
            recipient=recipient,
            deals=len(deals),
            first=min(years, default=None),
            last=max(years, default=None),
            latest=tuple(latest.items())[:LATEST],
        )


def parse_register(raw: bytes, path: Path) -> list[Deals]:
    """The deals of a SIPRI trade register, or of a list of designations; `path` is named in errors.

    Raises:
        InputError: it has neither's columns, or holds no deal.
    """
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
