"""A page as its blocks of text in the order of the document, each with the boxes it stands in.

A block is what a reader sees as one paragraph, heading, list entry or label; a box is a block-level
element around it. The class names of a box tell much about what it holds, and paragraphs of one
text stand in boxes of one pattern, also where a site puts every paragraph into a box of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

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
    "|recirc|recommended|recommendation|recommendations|recommend|trending|popular"
    "|card|cards|interstitial|rich-?link|hub-?link|readmore|upnext"
    "|most-?(?:read|viewed|popular)|more-?(?:on|from|stories|in)|read-?(?:more|next|also)"
    "|outbrain|taboola|newsletter|newsletters|subscribe|signup|sign-?up"
    "|donate|donation|share|sharing|sharedaddy|social|follow|comment|comments"
    "|disqus|respond|bio|author-?(?:box|info|card|description|module|details)|about-?author|byline|dateline"
    "|caption|captions|legend|legende|didascalia|bildtext|bildunterschrift|pie(?:-?de)?-?(?:foto)?"
    "|credit|credits|copyright|tag|tags|taglist|topics|keywords|breadcrumb"
    "|breadcrumbs|cookie|consent|cmp|gdpr|sidebar|rail|menu|nav|navbar|navigation|footer|footnotes"
    "|pagination|pager|toolbar|tools|toc|pull-?quote|disclosure|disclaimer|sign-?off|widget"
    "|modal|popup|overlay|timestamp|kicker"
)
_FURNITURE_NAME = re.compile(rf"(?:^|[\s_-])(?:{_NAMES})(?=$|[\s_-])", re.IGNORECASE)
_POINTING_NAME = re.compile(
    r"(?:^|[\s_-])(?:related|teasers?|also|see-?also)(?=$|[\s_-])", re.IGNORECASE
)
_COMMENTS_NAME = re.compile(
    r"(?:^|[\s_-])(?:comments?|comment-?list|disqus|replies|responses)(?=$|[\s_-])", re.IGNORECASE
)
_CAPTION_NAME = re.compile(
    r"(?:^|[\s_-])(?:(?:image|img|photo|picture|media)[_-]+(?:desc\w*|credits?|source)|captions?)"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
_LEAD_NAME = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|leadin|intro|introduction|preamble|ingress|chapo|vorspann|teaser-?text)"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(slots=True, eq=False)
class Box:
    """A block-level element: its pattern is its path of tags and class names from the root."""

    parent: Box | None
    tag: str
    pattern: int
    furniture: bool
    """Whether its tag or class names say that it holds no text of an article."""
    pointing: bool = False
    """Whether its class names say that it points to other articles, as long as it holds a link."""
    comments: bool = False
    """Whether its class names say that it holds what readers wrote."""
    lead: bool = False
    """Whether its class names say that it holds an article's first lines."""


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
_NOT_WORD_ASCII = bytes(c for c in range(128) if _NOT_WORD.match(chr(c)))


def squeezed(text: str) -> str:
    """Letters and digits alone, in lower case."""
    if text.isascii():
        return text.encode().translate(None, _NOT_WORD_ASCII).decode().lower()
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
        elif tag in _INLINE and not _is_caption(child):
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


def _is_caption(element: Any) -> bool:
    """Whether an inline element, by its class, holds a picture's caption or credit."""
    names = element.get("class")
    return bool(names) and _names_caption(names)


@lru_cache(maxsize=4_096)
def _names_caption(classes: str) -> bool:
    return _CAPTION_NAME.search(_CAMEL.sub("-", classes[:300])) is not None


def _box(parent: Box, tag: str, element: Any) -> Box:
    own = (element.get("class") or "", element.get("id") or "") if element.attrib else ("", "")
    judged, names = _judged(*own)
    return Box(
        parent,
        tag,
        # A paragraph's own class tells a first one or a large one from its siblings, no more.
        hash((parent.pattern, tag, "" if tag in ("p", "li") or tag in _HEADINGS else names)),
        judged.furniture or tag in _FURNITURE_TAGS or tag in _INLINE,
        judged.pointing,
        judged.comments,
        judged.lead,
    )


class _Judged(NamedTuple):
    """What the names of a box say of it."""

    furniture: bool
    pointing: bool
    comments: bool
    lead: bool


@lru_cache(maxsize=4_096)
def _judged(classes: str, own_id: str) -> tuple[_Judged, str]:
    """What class names and id say of a box, and the names without their numbers. An id with a number
    is one of many, and says nothing of its box.
    """
    split = _CAMEL.sub("-", f"{classes} {own_id}"[:300])
    names = _DIGITS.sub("", classes) + ("" if _DIGITS.search(own_id) else f" {own_id}")
    expressions = (_FURNITURE_NAME, _POINTING_NAME, _COMMENTS_NAME, _LEAD_NAME)
    return _Judged(*(expression.search(split) is not None for expression in expressions)), names
