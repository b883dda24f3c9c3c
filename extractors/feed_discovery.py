"""Which feeds a web page names, and where a site that names none may keep one: addresses to try, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree, html

from extractors.plain_text import decoded, one_line
from extractors.urls import absolute_url, canonical_url

MOST = 12
"""Addresses tried for one page: a newspaper may name a feed for each of its sections."""

# What content systems use by default: WordPress /feed, Ghost and Hugo /rss and /index.xml, Blogger /feeds/posts/default.
COMMON_PATHS = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feeds/posts/default",
)
_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
    }
)
_LIKE_A_FEED = re.compile(
    r"/(?:feed|feeds|rss|atom)(?:/|$)|\.(?:rss|rdf|atom)$|(?:rss|feed|atom)[\w-]*\.xml$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"\bcomments?\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class FeedLink:
    """An address that may be a feed; `title` as the page gives it."""

    url: str
    title: str = ""


def feed_links(body: bytes, content_type: str, url: str) -> tuple[FeedLink, ...]:
    """The feeds that the page fetched from `url` names, at most MOST: first those it declares (`<link rel=alternate>`,
    feeds of comments last), then what its links look like. Never raises, whatever the body."""
    text = decoded(body, content_type)
    try:
        # lxml refuses a text that declares an encoding, so that bytes are handed over.
        page = html.document_fromstring(
            text.encode("utf-8", "replace"),
            parser=html.HTMLParser(encoding="utf-8", no_network=True),
        )
    except (etree.LxmlError, ValueError):
        return ()
    base = absolute_url(next(iter(page.xpath("//base/@href")), ""), url) or url
    found: dict[str, FeedLink] = {}
    own = canonical_url(url)
    for link in (*_declared(page, base), *_linked(page, base)):
        key = canonical_url(link.url)
        if key != own:
            found.setdefault(key, link)
    ranked = sorted(
        found.values(), key=lambda link: bool(_COMMENTS.search(f"{link.title} {link.url}"))
    )
    return tuple(ranked[:MOST])


def usual_places(url: str) -> tuple[FeedLink, ...]:
    """Where a site that names no feed may keep one."""
    parts = urlsplit(url)
    places = (absolute_url(path, f"{parts.scheme}://{parts.netloc}") for path in COMMON_PATHS)
    return tuple(FeedLink(url=place) for place in places if place)


def _declared(page: html.HtmlElement, base: str) -> Iterator[FeedLink]:
    for link in page.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        rel = (link.get("rel") or "").lower().split()
        if kind in _FEED_TYPES and ("alternate" in rel or "feed" in rel):
            yield from _link(link, base, link.get("title") or "")


def _linked(page: html.HtmlElement, base: str) -> Iterator[FeedLink]:
    for element in page.iter("a"):
        for link in _link(element, base, element.text_content()):
            if _LIKE_A_FEED.search(urlsplit(link.url).path):
                yield link


def _link(element: html.HtmlElement, base: str, title: str) -> Iterator[FeedLink]:
    url = absolute_url(element.get("href") or "", base)
    if url:
        yield FeedLink(url=url, title=one_line(title)[:120])
