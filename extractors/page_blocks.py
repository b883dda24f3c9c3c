"""A page as its blocks of text in the order of the document, each with the boxes it stands in.

A block is what a reader sees as one paragraph, heading, list entry or label; a box is a block-level
element around it. The class names of a box tell much about what it holds, and paragraphs of one
text stand in boxes of one pattern, also where a site puts every paragraph into a box of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

_INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr o:p q"
        " rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
    ).split()
)
_SKIPPED = frozenset(
    (
        "script style noscript template svg math iframe object embed audio video canvas map select"
        " option button input textarea head link meta img picture source amp-img amp-ad"
        " amp-iframe amp-sidebar amp-analytics amp-consent hr"
    ).split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_FURNITURE_TAGS = frozenset(
    ("nav", "aside", "footer", "form", "figure", "figcaption", "menu", "dialog", "address")
)
MAX_DEPTH = 200
"""Boxes within boxes that are followed; libxml2 itself gives up at 256."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DIGITS = re.compile(r"\d+")
_NAMES = (
    "ad|ads|advert|adverts|advertisement|advertising|banner|sponsored|sponsor|promo|promos|promotion"
    "|related|recirc|recommended|recommendation|recommendations|recommend|trending|popular"
    "|teaser|teasers|card|cards|interstitial|rich-?link|hub-?link|readmore|also|upnext"
    "|most-?(?:read|viewed|popular)|more-?(?:on|from|stories|in)|read-?(?:more|next|also)"
    "|see-?also|outbrain|taboola|newsletter|newsletters|subscribe|signup|sign-?up"
    "|donate|donation|share|sharing|sharedaddy|social|follow|comment|comments"
    "|disqus|respond|bio|author-?(?:box|info|card|description|module|details)|about-?author|byline|dateline"
    "|caption|captions|credit|credits|copyright|tag|tags|taglist|topics|keywords|breadcrumb"
    "|breadcrumbs|cookie|consent|cmp|gdpr|sidebar|rail|menu|nav|navbar|navigation|footer|footnotes"
    "|pagination|pager|toolbar|tools|toc|pull-?quote|disclosure|disclaimer|sign-?off|widget"
    "|modal|popup|overlay|timestamp|kicker"
)
_FURNITURE_NAME = re.compile(rf"(?:^|[\s_-])(?:{_NAMES})(?=$|[\s_-])", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Box:
    """A block-level element: its pattern is its path of tags and class names from the root."""

    parent: Box | None
    tag: str
    pattern: int
    furniture: bool
    """Whether its tag or class names say that it holds no text of an article."""


@dataclass(slots=True, eq=False)
class Block:
    """A run of text, on one line. `linked` counts its characters within links."""

    text: str
    linked: int
    box: Box
    index: int = 0
    squeezed: str = field(default="")
    """The text's letters and digits alone, in lower case: what two renderings have in common."""

    @property
    def is_heading(self) -> bool:
        """Whether it stands in a heading element."""
        return self.box.tag in _HEADINGS

    @property
    def link_share(self) -> float:
        """The share of its characters that are links, 0 to 1."""
        return self.linked / max(len(self.text), 1)


_NOT_WORD = re.compile(r"[\W_]+")


def squeezed(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return _NOT_WORD.sub("", text).lower()


def blocks_of(tree: Any) -> list[Block]:
    """The blocks of a parsed page (an lxml element), in order; scripts and forms' controls are left out."""
    body = tree.find(".//body")
    reader = _Reader()
    root = Box(None, "body", 0, furniture=False)
    reader.read(tree if body is None else body, root, 0)
    reader.flush(root)
    return reader.blocks


class _Reader:
    """Collects text until a block ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._linked = 0
        self._breaks = 0

    def read(self, element: Any, box: Box, depth: int, *, in_link: bool = False) -> None:
        if element.text:
            self._add(element.text, in_link=in_link)
        if depth < MAX_DEPTH:
            for child in element:
                self._child(child, box, depth, in_link=in_link)

    def _child(self, child: Any, box: Box, depth: int, *, in_link: bool) -> None:
        tag = child.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            pass
        elif tag == "br":
            self._parts.append(" ")
            self._breaks += 1
            if self._breaks > 1:
                self.flush(box)
        elif tag in _INLINE:
            self.read(child, box, depth + 1, in_link=in_link or tag == "a")
        else:
            self.flush(box)
            inner = _box(box, tag, child)
            if tag == "form":
                box.furniture = True  # an offer, and the form to take it
            self.read(child, inner, depth + 1, in_link=in_link)
            self.flush(inner)
        if child.tail:
            self._add(child.tail, in_link=in_link)

    def flush(self, box: Box) -> None:
        """Ends the block that is being read, if there is one."""
        self._breaks = 0
        if not self._parts:
            return
        text = " ".join("".join(self._parts).split())
        self._parts.clear()
        linked, self._linked = self._linked, 0
        if text and (key := squeezed(text)):
            self.blocks.append(Block(text, min(linked, len(text)), box, len(self.blocks), key))

    def _add(self, text: str, *, in_link: bool) -> None:
        self._parts.append(text)
        if text.isspace():
            return
        self._breaks = 0
        if in_link:
            self._linked += len(text.strip())


def _box(parent: Box, tag: str, element: Any) -> Box:
    names = f"{element.get('class') or ''} {element.get('id') or ''}" if element.attrib else " "
    furniture, names = _judged(names)
    return Box(
        parent,
        tag,
        # A paragraph's own class tells a first one or a large one from its siblings, no more.
        hash((parent.pattern, tag, "" if tag in ("p", "li") or tag in _HEADINGS else names)),
        furniture or tag in _FURNITURE_TAGS,
    )


@lru_cache(maxsize=4_096)
def _judged(names: str) -> tuple[bool, str]:
    """Whether class names and id speak of furniture, and the names without their numbers."""
    split = _CAMEL.sub("-", names[:300])
    return _FURNITURE_NAME.search(split) is not None, _DIGITS.sub("", names)
