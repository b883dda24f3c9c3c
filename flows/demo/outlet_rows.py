"""Reads outlets from YAML: a list of rows under `outlets`."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from typing import Any

import yaml

from domain.errors import InputError
from flows.demo.outlets import FeedFormat, FeedText, Outlet, OutletKind, Quirk


def read_outlets(path: Traversable) -> tuple[Outlet, ...]:
    """The outlets of `path`, in its order.

    Raises:
        InputError: a row lacks a key, or has a word that is none of those outlets.py knows.
    """
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))["outlets"]
    return tuple(
        _outlet(row, f"{path}: outlet {number}") for number, row in enumerate(rows, start=1)
    )


def _outlet(row: dict[str, Any], where: str) -> Outlet:
    try:
        return Outlet(
            id=str(row["id"]),
            name=str(row["name"]),
            kind=OutletKind(str(row["kind"])),
            feed=FeedFormat(str(row["feed"])),
            feed_text=FeedText(str(row["feed_text"])),
            about=str(row["about"]).strip(),
            host_note=str(row.get("host_note", "")),
            country=str(row["country"]),
            language=str(row["language"]),
            tier=str(row["tier"]),
            quirks=frozenset(Quirk(word) for word in row.get("quirks", ())),
        )
    except KeyError as error:
        raise InputError(f"{where}: lacks {error}") from None
    except ValueError as error:
        raise InputError(f"{where}: {error}") from None
