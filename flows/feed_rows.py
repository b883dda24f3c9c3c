"""Changing the list of feeds: rows added, taken out, brought in from OPML and written as OPML.

What is refused is told with the line it stands on; feeds.yaml is changed whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from domain.errors import InputError
from domain.feeds_file import FeedRow, change_feeds, rows_of
from domain.feeds_text import with_rows, without_row
from domain.settings import FeedSettings
from domain.units import write_duration
from domain.yaml_source import read_yaml
from extractors.opml import Outline, read_opml, write_opml
from extractors.urls import canonical_url, is_web_url, shown_url, without_userinfo


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did: the rows added, and a line for each outline that was refused."""

    added: tuple[FeedSettings, ...]
    refused: tuple[str, ...]


def feed_settings(values: Mapping[str, object], where: str) -> FeedSettings:
    """A row of feeds.yaml from its values.

    Raises:
        InputError: a value is wrong; `where` says where it was given.
    """
    try:
        return FeedSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = f"{first['loc'][0]}: "
        msg = f"{where}: {key}{first['msg'].removeprefix('Value error, ').removeprefix(key)}"
        raise InputError(msg) from None


def rows_in(path: Path) -> tuple[FeedRow, ...]:
    """All rows of a feeds file.

    Raises:
        ConfigError: the file is wrong.
    """
    return rows_of(read_yaml(path), canonical_url)


def require_new(path: Path, *urls: str) -> None:
    """Makes sure that none of the addresses, which are all of one feed, is configured yet.

    Raises:
        InputError: naming the row that has it.
    """
    keys = {canonical_url(url) for url in urls}
    for row in rows_in(path):
        if row.key in keys:
            msg = f'{shown_url(urls[0])}: is configured already, as "{row.settings.name}" ({path}:{row.line})'
            raise InputError(msg)


def add_row(path: Path, row: FeedSettings) -> FeedRow:
    """Adds a row at the end of feeds.yaml and returns it as it stands there.

    Raises:
        InputError: another feed has its name.
        ConfigError: the file is wrong or cannot be written.
    """
    for known in rows_in(path):
        if known.settings.name == row.name:
            msg = f'"{row.name}" is the name of another feed ({path}:{known.line}); choose one with --name'
            raise InputError(msg)
    return change_feeds(path, lambda text: with_rows(text, [row], path), canonical_url)[-1]


def row_meant(path: Path, name: str) -> FeedRow | None:
    """The row called `name` or, when that is an address, the one with that address."""
    rows = rows_in(path)
    key = canonical_url(name)
    named = [row for row in rows if row.settings.name == name]
    return next(iter(named or [row for row in rows if row.key == key]), None)


def remove_row(path: Path, row: FeedRow) -> None:
    """Takes a row out of feeds.yaml.

    Raises:
        ConfigError: the file is wrong or cannot be written.
    """
    place = rows_in(path).index(row)
    change_feeds(path, lambda text: without_row(text, place, path), canonical_url)


def import_opml(opml: Path, content: bytes, path: Path) -> Imported:
    """Adds the feeds of an OPML file to feeds.yaml, but for those that are configured already or named twice.

    Raises:
        InputError: the file is no OPML, names no feed, or none of its feeds is right.
        ConfigError: feeds.yaml is wrong or cannot be written.
    """
    outlines = read_opml(content, opml)
    if not outlines:
        msg = f"{opml}: names no feed (an <outline> with xmlUrl)"
        raise InputError(msg)
    rows = rows_in(path)
    places = {row.key: f"configured already ({path}:{row.line})" for row in rows}
    names = {row.settings.name for row in rows}
    added: list[FeedSettings] = []
    refused: list[str] = []
    wrong = 0
    for outline in outlines:
        where = f"{opml}:{outline.line}"
        try:
            row = feed_settings(_named(outline, names), where)
        except InputError as error:
            refused.append(str(error))
            wrong += 1
            continue
        key = canonical_url(row.url)
        if key in places:
            refused.append(f"{where}: {shown_url(row.url)} is {places[key]}")
            continue
        places[key] = f"named on line {outline.line} already"
        names.add(row.name)
        added.append(row)
    if wrong == len(outlines):
        raise InputError(refused[0])
    if added:
        change_feeds(path, lambda text: with_rows(text, added, path), canonical_url)
    return Imported(added=tuple(added), refused=tuple(refused))


def _named(outline: Outline, taken: set[str]) -> Mapping[str, object]:
    """The outline's values with a name that no other feed has: its own, its host's, or that with a number."""
    name = str(outline.values.get("name") or _host(str(outline.values["url"])) or "feed")
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return {**outline.values, "name": free}


def _host(url: str) -> str:
    return urlsplit(url).hostname or "" if is_web_url(url) else ""


def export_opml(path: Path, now: datetime) -> bytes:
    """The rows of feeds.yaml as OPML, without the logins that addresses may hold.

    Raises:
        ConfigError: the file is wrong.
    """
    rows = []
    for row in rows_in(path):
        values = row.settings.model_dump()
        values["url"] = without_userinfo(row.settings.url)
        values["every"] = write_duration(row.settings.every) if row.settings.every else None
        rows.append(values)
    return write_opml(rows, "armswire feeds", now)
