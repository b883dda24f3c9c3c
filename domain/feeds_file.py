"""feeds.yaml: read with file and line for whatever is wrong, and changed whole or not at all.

A change is made to the file's text (domain/feeds_text.py), read back before it is kept, and renamed into place, so that
the user's comments stay and nobody ever sees half a file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConfigError
from domain.news import Feed
from domain.settings import FeedSettings
from domain.yaml_source import YamlSource, parse_yaml, read_text, read_yaml, validate

CanonicalUrl = Callable[[str], str]
"""Gives the identity of a feed's address, so that one feed cannot be configured twice."""


@dataclass(frozen=True, kw_only=True)
class FeedRow:
    """A row of feeds.yaml as it stands on `line` (from 1); `key` is the canonical URL."""

    key: str
    line: int
    settings: FeedSettings


def read_feeds(path: Path, canonical_url: CanonicalUrl) -> tuple[Feed, ...]:
    """The enabled feeds of a feeds file (a list of rows).

    Raises:
        ConfigError: a row is wrong, or two rows are one feed.
    """
    rows = rows_of(read_yaml(path), canonical_url)
    return tuple(_feed(row) for row in rows if row.settings.enabled)


def rows_of(source: YamlSource, canonical_url: CanonicalUrl) -> tuple[FeedRow, ...]:
    """All rows of a feeds file, those that are not enabled too.

    Raises:
        ConfigError: a row is wrong, or two rows are one feed or share a name.
    """
    if source.data is None:
        return ()
    if not isinstance(source.data, list):
        raise source.error("must be a list of feeds, each `- {url: …, name: …}`")
    rows: list[FeedRow] = []
    keys: dict[str, int] = {}
    names: dict[str, int] = {}
    for index in range(len(source.data)):
        settings = validate(FeedSettings, source, (index,))
        key, line = canonical_url(settings.url), source.line_of((index,)) or 1
        if key in keys:
            message = f"{settings.url} is the same feed as the one on line {keys[key]}; remove one"
            raise source.error(message, (index, "url"))
        if settings.name in names:
            message = (
                f'two feeds are named "{settings.name}" (line {names[settings.name]}); rename one'
            )
            raise source.error(message, (index, "name"))
        keys[key], names[settings.name] = line, line
        rows.append(FeedRow(key=key, line=line, settings=settings))
    return tuple(rows)


def change_feeds(
    path: Path, change: Callable[[str], str], canonical_url: CanonicalUrl
) -> tuple[FeedRow, ...]:
    """Replaces the text of `path` by what `change` makes of it, and returns the rows it holds then.

    A link stays a link: the file it leads to is replaced.

    Raises:
        ConfigError: the file is wrong before or after the change, cannot be written, or somebody
            else changed it meanwhile; it stays as it was.
    """
    target = path.resolve()
    before = read_text(path)
    rows_of(parse_yaml(before, path), canonical_url)
    after = change(before)
    rows = rows_of(parse_yaml(after, path), canonical_url)
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        beside.write_bytes(after.encode("utf-8"))
        beside.chmod(target.stat().st_mode & 0o777)
        if read_text(path) != before:
            msg = "was changed by somebody else at the same moment; try again"
            raise ConfigError(msg, path=path)
        beside.replace(target)
    except OSError as error:
        msg = f"cannot be written: {error.strerror}"
        raise ConfigError(msg, path=path) from None
    finally:
        beside.unlink(missing_ok=True)
    return rows


def _feed(row: FeedRow) -> Feed:
    settings = row.settings
    return Feed(
        key=row.key,
        url=settings.url,
        name=settings.name,
        publisher=settings.publisher,
        country=settings.country,
        language=settings.language,
        tier=settings.tier,
        tags=settings.tags,
        every=settings.every,
    )
