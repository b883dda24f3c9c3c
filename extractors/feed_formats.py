"""Reading RSS 0.9x to 2.0, RDF, Atom and JSON Feed into one raw form; the rules common to all are
in feeds.py.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from extractors.feed_dates import read_date
from extractors.feed_repairs import (
    count_entries,
    one_entry_each,
    with_references_mended,
    with_tags_mended,
    without_cut_entry,
)
from extractors.plain_feeds import plain_feed
from extractors.plain_text import one_line, paragraphs, text_of_html
from extractors.raw_feeds import RawEntry, RawFeed

_MAIL = re.compile(r"[^\s<>()]{1,100}@[^\s<>()]{1,200}")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")


class NoFeedError(Exception):
    """The body is something else; the text says what."""


class BrokenFeedError(Exception):
    """The body is a feed too damaged to read anything from it."""


def read_xml(text: str) -> RawFeed:
    """RSS, RDF or Atom.

    Raises:
        NoFeedError: XML of another kind.
        BrokenFeedError: no entry can be read, though there is one, or it is cut off before.
    """
    xml = _XML_DECLARATION.sub("", text).lstrip()
    plain = plain_feed(xml)
    if plain is not None:
        return plain
    found = leniently_read(xml)
    version = _version(found)
    if not found.entries and (found.bozo or not version):
        if version or count_entries(xml):
            msg = "is a broken feed without a readable entry"
            raise BrokenFeedError(msg)
        msg = "is XML of another kind, not a feed"
        raise NoFeedError(msg)
    return raw_feed(found)


def raw_feed(found: Any) -> RawFeed:
    """What feedparser found, in our own terms."""
    is_atom = _version(found).startswith("atom")
    return RawFeed(
        title=one_line(text_of_html(_text(found.feed, "title"))),
        home=_text(found.feed, "link"),
        language=_text(found.feed, "language"),
        entries=tuple(_xml_entry(e, is_atom=is_atom) for e in found.entries),
    )


def _version(found: Any) -> str:
    return str(getattr(found, "version", None) or "")


def leniently_read(text: str) -> Any:
    """What feedparser makes of `text`, mended; when it reads fewer entries than the text opens,
    what it makes of the text with its tags mended too.
    """
    mended = with_references_mended(without_cut_entry(text))
    found = _parsed(mended)
    if found.bozo and len(found.entries) < count_entries(mended):
        again = _parsed(with_tags_mended(mended))
        return max(found, again, key=lambda parsed: len(parsed.entries))
    return found


def _parsed(text: str) -> Any:
    """What feedparser makes of `text`; where it stumbles, of each entry alone, so that one entry
    costs only itself.
    """
    try:
        return _parsed_at_once(text)
    except Exception:  # noqa: BLE001 -- feedparser's bugs, met by fuzzing: KeyError, RuntimeError
        return _parsed_one_by_one(text)


def _parsed_one_by_one(text: str) -> Any:
    whole = None
    for document in one_entry_each(text):
        try:
            found = _parsed_at_once(document)
        except Exception:  # noqa: BLE001, S112 -- the entry that it stumbles over
            continue
        if whole is None:
            whole = found
        else:
            whole.entries += found.entries
    if whole is None:
        msg = "is a broken feed that cannot be parsed"
        raise BrokenFeedError(msg)
    return whole


def _parsed_at_once(text: str) -> Any:
    import feedparser  # slow to import

    # A stream, because feedparser opens the file or URL that a string happens to name. No base URL
    # and no rewriting, so that guids stay as published; links are joined by feeds.py.
    return feedparser.parse(
        io.BytesIO(text.encode("utf-8")), sanitize_html=False, resolve_relative_uris=False
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
        published=_time(item, "published", "updated", "created"),
        author=_author(item, is_atom=is_atom),
        language=next(
            filter(None, (_text(d, "language") for d in (item, *contents, *details))), ""
        ),
    )


def _readable(content: Mapping[str, Any], *, is_atom: bool) -> str:
    value = _text(content, "value")
    # Only Atom's word for its type can be trusted: RSS has none, feedparser guesses.
    is_plain = is_atom and _text(content, "type") == "text/plain"
    return paragraphs(value) if is_plain else text_of_html(value)


def _author(item: Mapping[str, Any], *, is_atom: bool) -> str:
    """A name before a mail address. feedparser's splitting of the two is believed for Atom only,
    which has an element for each: elsewhere it takes "ida@wire.press (Ida)" apart in the middle.
    """
    known = [a for a in _value(item, "authors") or () if isinstance(a, Mapping)]
    names = (_text(a, "name") for a in known if is_atom or not _text(a, "email"))
    written = _text(item, "author")
    name = next(filter(None, names), "") or _MAIL.sub("", written).strip(' \t\n()<>"') or written
    return text_of_html(name)


def _link(item: Mapping[str, Any]) -> str:
    """The address of the entry's page: the first alternate that is a web page, else a guid that is
    an address. (feedparser offers the last alternate, and every guid, were it only a number.)
    """
    if origin := _text(item, "feedburner_origlink"):
        return origin
    links = (link for link in _value(item, "links") or () if isinstance(link, Mapping))
    pages = [link for link in links if _text(link, "rel").endswith("alternate")]
    pages.sort(key=lambda link: "html" not in _text(link, "type"))
    addresses = [_text(link, "href") for link in pages]
    guid = _text(item, "id")
    if re.match(r"https?://|/", guid):
        addresses.append(guid)
    return next(filter(str.strip, addresses), "")


def _json_entry(item: Mapping[str, Any]) -> RawEntry:
    authors = item.get("authors")
    author = authors[0] if isinstance(authors, list) and authors else item.get("author")
    plain = _text(item, "content_text") or _text(item, "summary")
    return RawEntry(
        link=_text(item, "url") or _text(item, "external_url"),
        guid=_text(item, "id"),
        title=one_line(_text(item, "title")),
        text=text_of_html(_text(item, "content_html")) or paragraphs(plain),
        published=_time(item, "date_published", "date_modified"),
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
    """The first of the named dates that can be read."""
    return next(filter(None, (read_date(_text(item, name)) for name in names)), None)
