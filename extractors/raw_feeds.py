"""What is read from a feed of any format, before the rules common to all (feeds.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class RawEntry:
    """An entry as found: `link` may be relative, `title` and `text` are plain, every text may be
    empty.
    """

    link: str
    guid: str
    title: str
    text: str
    published: datetime | None
    author: str
    language: str


@dataclass(frozen=True, kw_only=True)
class RawFeed:
    """A feed as found; `home` is the link to the site it belongs to."""

    title: str
    home: str
    language: str
    entries: tuple[RawEntry, ...]
