"""Markup to a tree of elements, once for all who read it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lxml import etree, html

_DECLARATIONS = re.compile(
    r"^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!doctype[^>]{0,300}>)?", re.IGNORECASE
)
_CLOSED_ROOT = re.compile(r"(<html[^>]{0,500})/>", re.IGNORECASE)
_NEVER_READ = (
    "head nav menu dialog button style noscript svg math iframe object embed audio video canvas map"
    " template input textarea select"
).split()


def parsed(markup: str) -> Any | None:
    """The root element of a page (lxml); None when nothing can be parsed.

    The declarations go first, because libxml2 stumbles over odd ones. All elements are of one class,
    which saves a look-up in Python for each element that is touched: a tenth of trafilatura's time.
    """
    source = _CLOSED_ROOT.sub(r"\1>", _DECLARATIONS.sub("", markup, count=1), count=1)
    try:
        return etree.fromstring(source, _parser())
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def without_code(tree: Any) -> Any:
    """The same tree without scripts, styles and media, which every later step would step over."""
    etree.strip_elements(tree, "script", *_NEVER_READ, with_tail=False)
    return tree


@cache
def _parser() -> Any:
    parser = etree.HTMLParser(
        collect_ids=False, default_doctype=False, remove_comments=True, remove_pis=True
    )
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    return parser
