"""Reading RSS 0.9x to 2.0, RDF, Atom and JSON Feed into one raw form; the rules common to all are
in feeds.py.
"""

from __future__ import annotations

import io
import json
import re
from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from extractors.plain_text import one_line, paragraphs, text_of_html

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")


class NoFeedError(Exception):
    """The body is something else; the text says what."""


class BrokenFeedError(Exception):
    """The body is a feed too damaged to read anything from it."""


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


def read_xml(text: str) -> RawFeed:
    """RSS, RDF or Atom. Raises NoFeedError, BrokenFeedError, and what feedparser may raise on
    hostile input.
    """
    import feedparser  # slow to import

    # A stream, because feedparser opens the file or URL that a string happens to name. No base URL
    # and no rewriting, so that guids stay as published; links are joined by feeds.py.
    found = feedparser.parse(
        io.BytesIO(_XML_DECLARATION.sub("", text).lstrip().encode("utf-8")),
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not found.entries and not found.version:
        msg = "is XML of another kind, not a feed"
        raise NoFeedError(msg)
    if not found.entries and found.bozo:
        msg = "is a broken feed without a readable entry"
        raise BrokenFeedError(msg)
    is_atom = found.version.startswith("atom")
    return RawFeed(
        title=one_line(text_of_html(_text(found.feed, "title"))),
        home=_text(found.feed, "link"),
        language=_text(found.feed, "language"),
        entries=tuple(_xml_entry(e, is_atom=is_atom) for e in found.entries),
    )


def read_json(text: str) -> RawFeed:
    """JSON Feed, version 1 or 1.1 (jsonfeed.org). Raises NoFeedError."""
    try:
        data = json.loads(text)
    except ValueError as error:
        msg = "is broken JSON, not a feed"
        raise NoFeedError(msg) from error
    if not isinstance(data, dict) or "jsonfeed.org/version/" not in _text(data, "version"):
        msg = "is JSON, but not a JSON Feed"
        raise NoFeedError(msg)
    items = data.get("items")
    return RawFeed(
        title=one_line(_text(data, "title")),
        home=_text(data, "home_page_url"),
        language=_text(data, "language"),
        entries=tuple(_json_entry(i) for i in items if isinstance(i, dict))
        if isinstance(items, list)
        else (),
    )


def _xml_entry(item: Mapping[str, Any], *, is_atom: bool) -> RawEntry:
    contents = [c for c in _value(item, "content") or () if isinstance(c, Mapping)]
    title = _text(item, "title")
    details = [_value(item, n) or {} for n in ("summary_detail", "title_detail")]
    summary = _value(item, "summary_detail") or {"value": _text(item, "summary")}
    texts = [_readable(c, is_atom=is_atom) for c in (*contents, summary)]
    is_plain = is_atom and _text(_value(item, "title_detail") or {}, "type") == "text/plain"
    return RawEntry(
        link=_link(item),
        guid=_text(item, "id"),
        title=one_line(title if is_plain else text_of_html(title)),
        # Full text (content:encoded, atom:content) before a summary, unless it is a stub of it.
        text=max(texts, key=len),
        published=_time(item, "published_parsed", "updated_parsed", "created_parsed"),
        author=_text(_value(item, "author_detail") or {}, "name") or _text(item, "author"),
        language=next(
            filter(None, (_text(d, "language") for d in (item, *contents, *details))), ""
        ),
    )


def _readable(content: Mapping[str, Any], *, is_atom: bool) -> str:
    value = _text(content, "value")
    # Only Atom's word for its type can be trusted: RSS has none, feedparser guesses.
    is_plain = is_atom and _text(content, "type") == "text/plain"
    return paragraphs(value) if is_plain else text_of_html(value)


def _link(item: Mapping[str, Any]) -> str:
    link = _text(item, "feedburner_origlink") or _text(item, "link")
    # feedparser offers a guid as the link unless told isPermaLink="false"; many such guids are only
    # numbers.
    if (
        link == _text(item, "id")
        and not _value(item, "links")
        and not re.match(r"https?://|/", link)
    ):
        return ""
    return link


def _json_entry(item: Mapping[str, Any]) -> RawEntry:
    authors = item.get("authors")
    author = authors[0] if isinstance(authors, list) and authors else item.get("author")
    plain = _text(item, "content_text") or _text(item, "summary")
    return RawEntry(
        link=_text(item, "url") or _text(item, "external_url"),
        guid=_text(item, "id"),
        title=one_line(_text(item, "title")),
        text=text_of_html(_text(item, "content_html")) or paragraphs(plain),
        published=_iso(_text(item, "date_published")) or _iso(_text(item, "date_modified")),
        author=_text(author, "name") if isinstance(author, dict) else "",
        language=_text(item, "language"),
    )


def _value(record: Mapping[str, Any], key: str) -> Any:
    """A plain look-up: feedparser's own `get` warns and puts one field in another's place."""
    return dict.get(record, key) if isinstance(record, dict) else record.get(key)


def _text(record: Mapping[str, Any], key: str) -> str:
    """A text, or a number as text (JSON Feed 1 allows numbers as ids); anything else is nothing."""
    value = _value(record, key)
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value) if is_text else ""


def _time(item: Mapping[str, Any], *names: str) -> datetime | None:
    """The first of feedparser's UTC time tuples that is a possible time."""
    for name in names:
        try:
            if parsed := _value(item, name):
                return datetime.fromtimestamp(timegm(parsed), UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            continue
    return None


def _iso(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
