"""A SIPRI trade register of the user's own: who ordered what from whom, and when.

The register is the user's download (SIPRI Arms Transfers Database, "Trade registers", as CSV): some lines about it, a
header, then a row a deal. Nothing of it is shipped. Also read: a CSV of designations with their number of deals.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import InputError

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
