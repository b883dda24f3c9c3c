"""OPML 2.0, the format in which feed readers exchange their lists of feeds (http://opml.org/spec2.opml).

Publisher, country, tier and interval have no place in it, so they are attributes of our own namespace, as the
specification asks; tags are `category`, a row that is not enabled is `isComment`. Folders of other readers become tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from lxml import etree

from domain.errors import InputError
from extractors.plain_text import clean, one_line

NAMESPACE = "urn:armswire:feeds"
_OWN = ("publisher", "country", "tier", "every")


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A feed as an OPML file names it, on `line` (from 1): `values` have the keys of a row of feeds.yaml."""

    line: int
    values: Mapping[str, object]


def read_opml(content: bytes, path: Path) -> tuple[Outline, ...]:
    """The feeds an OPML file names, in its order, folders opened. No entity is resolved and nothing is fetched.

    Raises:
        InputError: `content` (of `path`) is no OPML; names the line.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        msg = f"{path}:{line}: is not XML: {one_line(str(error.msg))[:160]}"
        raise InputError(msg) from None
    if root.getroottree().docinfo.doctype:
        msg = f"{path}:1: declares a document type, which OPML has none of; remove the line"
        raise InputError(msg)
    body = root.find("body")
    if root.tag != "opml" or body is None:
        msg = f"{path}:{root.sourceline}: is no OPML: <opml> with a <body> is expected"
        raise InputError(msg)
    return tuple(_outlines(body, ()))


def _outlines(parent: etree._Element, folders: tuple[str, ...]) -> Iterator[Outline]:
    for element in parent.iterchildren("outline"):
        url = _attribute(element, "xmlUrl")
        if url:
            yield Outline(line=int(element.sourceline or 1), values=_values(element, url, folders))
        inner = folders if url else (*folders, _tag(_text(element)))
        yield from _outlines(element, inner)


def _values(element: etree._Element, url: str, folders: tuple[str, ...]) -> dict[str, object]:
    # A feed of several categories or folders: "/politics/asia,/arms", each step a tag.
    categories = re.split(r"[,/]", _attribute(element, "category"))
    tags = dict.fromkeys(tag for tag in (*map(_tag, categories), *folders) if tag)
    language = re.match(r"[A-Za-z]{2,3}(?=[-_]|$)", _attribute(element, "language"))
    values: dict[str, object] = {"url": url, "name": _text(element)}
    for key in _OWN:
        values[key] = _attribute(element, f"{{{NAMESPACE}}}{key}") or _attribute(element, key)
    values |= {"language": language[0].lower() if language else None, "tags": tuple(tags)}
    values["enabled"] = _attribute(element, "isComment").lower() != "true"
    return {key: value for key, value in values.items() if value not in (None, "", ())}


def _text(element: etree._Element) -> str:
    return _attribute(element, "text") or _attribute(element, "title")


def _attribute(element: etree._Element, name: str) -> str:
    return one_line(clean(element.get(name) or ""))


def _tag(text: str) -> str:
    return re.sub(r"[^\w-]+", "_", text.strip().lower()).strip("_")


def write_opml(rows: Iterable[Mapping[str, object]], title: str, made_at: datetime) -> bytes:
    """The OPML document of `rows` (the keys of rows of feeds.yaml), as `read_opml` reads it."""
    root = etree.Element("opml", version="2.0", nsmap={"armswire": NAMESPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "dateCreated").text = format_datetime(made_at)
    body = etree.SubElement(root, "body")
    for row in rows:
        name = clean(str(row["name"]))
        outline = etree.SubElement(body, "outline", type="rss", text=name, title=name)
        outline.set("xmlUrl", str(row["url"]))
        tags = row.get("tags") or ()
        standard = {
            "language": row.get("language"),
            "category": ",".join(f"/{tag}" for tag in tags) if isinstance(tags, tuple) else None,
            "isComment": None if row.get("enabled", True) else "true",
        }
        for key, value in (*standard.items(), *((f"{{{NAMESPACE}}}{k}", row.get(k)) for k in _OWN)):
            if value:
                outline.set(key, clean(str(value)))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
