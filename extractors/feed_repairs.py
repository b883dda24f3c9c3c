"""Mending feeds that are not well-formed, for feedparser to read.

feedparser's lenient reader copes with much, but it turns "R&D" into "R&D;", gives up on a character
number that does not exist, and loses every entry after a title that is not closed.
"""

from __future__ import annotations

import re
from html.entities import name2codepoint
from itertools import pairwise

from extractors.plain_text import refers_to_character

MOST_APART = 2_000_000
"""Characters of a feed's head and tail that are parsed again when its entries are read one by one."""

_OF_XML = ("amp", "lt", "gt", "quot", "apos")
_CDATA_OR_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#(\d+);|#[xX]([0-9A-Fa-f]+);|(\w{2,10});|#\w*;?)?",
    re.DOTALL,
)
_OPENING = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<(?:[A-Za-z]\w{0,9}:)?(item|entry)(?=[\s>])", re.DOTALL
)
_ENTRY_ENDING = re.compile(r"</(?:[A-Za-z]\w{0,9}:)?(?:item|entry)\s*>")
_ENDING = re.compile(r"</(?:[A-Za-z]\w{0,9}:)?(?:item|entry|rss|feed|channel|RDF)\s*>")


def without_cut_entry(text: str) -> str:
    """`text` without a last entry that a broken download cut off: half a link is a wrong link, and
    half a text would be known as another entry once the whole one comes.
    """
    openings = [found.start() for found in _OPENING.finditer(text) if found[1]]
    if not openings or _ENDING.search(text, openings[-1]):
        return text
    return text[: openings[-1]]


def one_entry_each(text: str) -> list[str]:
    """The feed as often as it has entries, each time with one of them; empty when that would be
    more than `MOST_APART` characters.
    """
    starts = [found.start() for found in _OPENING.finditer(text) if found[1]]
    if not starts:
        return []
    end = starts[-1] + _entry_end(text[starts[-1] :])
    head, tail = text[: starts[0]], text[end:]
    if (len(head) + len(tail)) * len(starts) > MOST_APART:
        return []
    return [head + text[a:b] + tail for a, b in pairwise((*starts, end))]


def _entry_end(text: str) -> int:
    found = _ENTRY_ENDING.search(text)
    return found.end() if found else len(text)


def count_entries(text: str) -> int:
    """How many entries are opened in a feed's text, read or not."""
    return sum(1 for found in _OPENING.finditer(text) if found[1])


def with_references_mended(text: str) -> str:
    """`text` with bare ampersands escaped, HTML's entities by number, and references to characters
    that do not exist left out. CDATA sections stay as they are.
    """
    return _CDATA_OR_AMPERSAND.sub(_mended, text)


def _mended(found: re.Match[str]) -> str:
    whole, decimal, hexadecimal, name = found[0], found[1], found[2], found[3]
    if whole.startswith("<"):
        return whole
    if decimal or hexadecimal:
        return whole if refers_to_character(decimal, hexadecimal) else ""
    if name in name2codepoint and name not in _OF_XML:
        return f"&#{name2codepoint[name]};"
    # An entity that the document itself may define is left for the parser.
    return whole if name else "&amp;" + whole[1:]


def with_tags_mended(text: str) -> str:
    """`text` as libxml2 mends it: tags closed where their parent ends. Nothing it refers to is
    loaded; empty when nothing can be made of it.
    """
    from lxml import etree  # slow to import

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        tree = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.LxmlError, ValueError):
        return ""
    return "" if tree is None else str(etree.tostring(tree, encoding="unicode"))
