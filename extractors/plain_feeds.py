"""The short way for feeds that are what their format says: well-formed RSS 2.0 or Atom with the common elements, each once.

It gives what feedparser would give, in a fraction of its time, or nothing at all: at the first thing out of the ordinary the
feed is feedparser's. tests/test_plain_feeds.py holds the two against each other over every golden feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from extractors.feed_dates import read_date
from extractors.plain_text import one_line, paragraphs, text_of_html
from extractors.raw_feeds import RawEntry, RawFeed

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_COMMENTS = ("{http://wellformedweb.org/CommentAPI/}", "{http://purl.org/rss/1.0/modules/slash/}")
_MEDIA = "{http://search.yahoo.com/mrss/}"

# Document types define entities; xml:base and xml:lang change what is below them.
_OUT_OF_THE_ORDINARY = ("<!DOCTYPE", "<!ENTITY", "<?xml-", "xml:base", "xml:lang", "xml:space")
_WEB_ADDRESS = re.compile(r"https?://[^/\s][^\s;]*")
_LIKE_AN_ADDRESS = re.compile(r"https?://|/")
_NO_NAME = re.compile(r"[@()<>]")

_RSS_TEXTS = {
    "title": "title",
    "link": "link",
    "guid": "id",
    "pubDate": "published",
    "description": "summary",
    f"{_CONTENT}encoded": "content",
    f"{_DC}creator": "author",
}
_MEDIA_PASSED_OVER = frozenset(
    f"{_MEDIA}{name}" for name in "content credit group keywords rating text thumbnail".split()
)
_RSS_PASSED_OVER = frozenset(
    (
        *("category", "comments", "enclosure", "source", *_MEDIA_PASSED_OVER),
        *(f"{prefix}{name}" for prefix in _COMMENTS for name in ("commentRss", "comments")),
        *(f"{_DC}{name}" for name in ("identifier", "publisher", "rights", "subject", "type")),
        *("{http://www.georss.org/georss}point", "{com-wordpress:feed-additions:1}post-id"),
    )
)
"""What says nothing of title, text, date, link or author, nor does feedparser take it to."""
_OF_THE_FEED = frozenset(("entry", "item", "items", "title", "link", "language"))
_OTHER_LINKS = frozenset(("self", "enclosure", "related", "via", "replies", "edit", "hub", "next"))
_ATOM_TEXTS = {
    f"{_ATOM}{name}": name for name in ("title", "id", "published", "updated", "summary", "content")
}
_ATOM_PASSED_OVER = frozenset(f"{_ATOM}{name}" for name in ("category", "rights"))


class _OutOfTheOrdinary(Exception):
    """Something that only feedparser should read."""


def plain_feed(text: str) -> RawFeed | None:
    """What feedparser would read in `text` (without an XML declaration), or None when it should read it itself."""
    from lxml import etree  # slow to import

    if any(mark in text for mark in _OUT_OF_THE_ORDINARY):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=False, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
        if root.tag == "rss" and dict(root.attrib) == {"version": "2.0"}:
            return _rss(root)
        if root.tag == f"{_ATOM}feed" and not root.attrib:
            return _atom(root)
    except (etree.XMLSyntaxError, _OutOfTheOrdinary):
        pass
    return None


def _rss(root: Any) -> RawFeed:
    channels = list(root)
    if len(channels) != 1 or channels[0].tag != "channel" or channels[0].attrib:
        raise _OutOfTheOrdinary
    about: dict[str, str] = {}
    entries = []
    for element in channels[0]:
        if element.tag == "item":
            entries.append(_rss_entry(element))
        elif element.tag in ("title", "link", "language"):
            _set(about, element.tag, _words(element))
        elif not isinstance(element.tag, str):
            raise _OutOfTheOrdinary  # a comment
        elif element.tag == f"{_ATOM}link" and element.get("rel") in ("self", "hub"):
            continue
        elif element.tag.rpartition("}")[2] in _OF_THE_FEED:
            raise _OutOfTheOrdinary
    if about.get("link"):
        _address(about["link"])
    return _feed(about, entries)


def _rss_entry(item: Any) -> RawEntry:
    texts: dict[str, str] = {}
    for element in item:
        name = _RSS_TEXTS.get(element.tag)
        if name is not None:
            _only_attributes(element, ("isPermaLink",) if name == "id" else ())
            _set(texts, name, _words(element))
        elif element.tag not in _RSS_PASSED_OVER or not _is_media_alone(element):
            raise _OutOfTheOrdinary
    return _entry(texts, {})


def _is_media_alone(element: Any) -> bool:
    """Whether all that an element holds, if anything, describes pictures."""
    return not len(element) or all(e.tag in _MEDIA_PASSED_OVER for e in element.iterdescendants())


def _atom(root: Any) -> RawFeed:
    about: dict[str, str] = {}
    entries = []
    for element in root:
        if element.tag == f"{_ATOM}entry":
            entries.append(_atom_entry(element))
        elif element.tag == f"{_ATOM}title":
            _only_attributes(element, ("type",))
            _type(element)
            _set(about, "title", _words(element))
        elif element.tag == f"{_ATOM}link":
            if _is_page(element):
                _set(about, "link", _address(element.get("href", "")))
        elif not isinstance(element.tag, str) or not element.tag.startswith(_ATOM):
            raise _OutOfTheOrdinary
    if "link" not in about:
        raise _OutOfTheOrdinary  # feedparser puts the id in its place
    return _feed(about, entries)


def _atom_entry(item: Any) -> RawEntry:
    texts: dict[str, str] = {}
    types: dict[str, str] = {}
    for element in item:
        name = _ATOM_TEXTS.get(element.tag)
        if name is not None:
            _only_attributes(element, ("type",))
            types[name] = _type(element)
            _set(texts, name, _words(element))
        elif element.tag == f"{_ATOM}link":
            if _is_page(element):
                _set(texts, "link", _address(element.get("href", "")))
        elif element.tag == f"{_ATOM}author":
            _set(texts, "author", _author(element))
        elif element.tag not in _ATOM_PASSED_OVER or len(element):
            raise _OutOfTheOrdinary
    return _entry(texts, types)


def _feed(about: Mapping[str, str], entries: Sequence[RawEntry]) -> RawFeed:
    return RawFeed(
        title=one_line(text_of_html(about.get("title", ""))),
        home=about.get("link", ""),
        language=about.get("language", ""),
        entries=tuple(entries),
    )


def _entry(texts: Mapping[str, str], types: Mapping[str, str]) -> RawEntry:
    """The entry of what its elements say, by feedparser's names; `types` are those of Atom's texts. The same choices as
    feed_formats makes of feedparser's findings."""
    guid, author, title = texts.get("id", ""), texts.get("author", ""), texts.get("title", "")
    if ":///" in guid or _NO_NAME.search(author):
        raise _OutOfTheOrdinary  # feedparser mends addresses, and takes names and mail addresses apart
    link = texts.get("link") or ""
    readable = [_readable(texts[n], types.get(n)) for n in ("content", "summary") if n in texts]
    return RawEntry(
        link=_address(link) if link else guid if _LIKE_AN_ADDRESS.match(guid) else "",
        guid=guid,
        title=one_line(title if types.get("title") == "text" else text_of_html(title)),
        text=max(readable, key=len, default=""),
        published=read_date(texts.get("published", "")) or read_date(texts.get("updated", "")),
        author=text_of_html(author),
        language="",
    )


def _readable(value: str, kind: str | None) -> str:
    return paragraphs(value) if kind == "text" else text_of_html(value)


def _author(element: Any) -> str:
    names = [child for child in element if child.tag == f"{_ATOM}name"]
    others = {child.tag for child in element} - {f"{_ATOM}name", f"{_ATOM}uri"}
    if len(names) != 1 or others or element.attrib:
        raise _OutOfTheOrdinary
    return _words(names[0])


def _words(element: Any) -> str:
    """The text of an element that holds nothing else."""
    if len(element):
        raise _OutOfTheOrdinary
    text = str(element.text or "").strip()
    if text.isascii():
        return text
    try:  # as feedparser does: UTF-8 that was taken for Latin-1 and encoded once more
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _type(element: Any) -> str:
    found = str(element.get("type", "text"))
    if found not in ("text", "html"):
        raise _OutOfTheOrdinary
    return found


def _is_page(element: Any) -> bool:
    """Whether an Atom link leads to the page of its entry or feed."""
    rel = element.get("rel", "alternate")
    if rel in _OTHER_LINKS:
        return False
    if rel != "alternate" or element.get("type", "text/html") != "text/html":
        raise _OutOfTheOrdinary
    return True


def _address(text: str) -> str:
    if not _WEB_ADDRESS.fullmatch(text):
        raise _OutOfTheOrdinary
    return text


def _only_attributes(element: Any, names: Iterable[str]) -> None:
    if not set(element.attrib) <= set(names):
        raise _OutOfTheOrdinary


def _set(texts: dict[str, str], name: str, value: str) -> None:
    if name in texts:
        raise _OutOfTheOrdinary  # said twice
    texts[name] = value
