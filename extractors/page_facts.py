"""What a page says of itself: title, byline, time of publication, language, and the text it gives to
search engines. Sites write it in several vocabularies, often more than one; none is always right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from extractors.page_dates import PageDate, page_date
from extractors.plain_text import one_line, text_of_html

MAX_DATA = 1_000_000
"""Characters of one block of linked data that are read; real ones hold at most about 200,000."""
_ARTICLE_KINDS = re.compile(r"Article|BlogPosting|Report|PressRelease|Statement|SocialMediaPosting")
_TITLES = ("og:title", "twitter:title", "headline", "dc.title", "parsely-title", "citation_title")
_AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl",
    "article:author_name", "citation_author", "cxenseparse:author",
)  # fmt: skip
_DATES = (
    "article:published_time", "og:article:published_time", "article:published",
    "og:published_time", "datepublished", "date.published", "pubdate", "publishdate",
    "publish_date", "publish-date", "publication_date", "parsely-pub-date", "sailthru.date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dc.date.created",
    "article.published", "article_date_original", "citation_publication_date", "cxenseparse:recs:publishtime",
    "rbpubdate", "ptime", "release_date", "date",
)  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x1f]")
_BY = re.compile(r"^(?:by|von|par|por|av|di|od|door)\s+", re.IGNORECASE)
_NO_NAME = re.compile(r"https?:|@|\bstaff\b.*\bstaff\b|^admin$|^\W*$", re.IGNORECASE)
_OWN_TIME = re.compile(r"publish|entry-date|posted|dateline")
_BYLINE_PATH = (
    ".//*[@rel='author' or @itemprop='author' or contains(@class, 'byline')"
    " or contains(@class, 'author')]"
)
_BYLINE_NAME = re.compile(
    r"(?:^|\s)(?:byline|author)(?:\s|$)|author-?_*name|byline-?_*(?:author|name)"
)
_BYLINES, _LONGEST_NAME = 20, 100
MAX_NAMES = 200
"""Characters of a byline that are kept: a dozen names."""


@dataclass(frozen=True, kw_only=True)
class PageFacts:
    """A page's word on itself; what it does not say is empty or None."""

    titles: tuple[str, ...]
    """Those it gives to whoever shares or lists it, the most careful first."""
    byline: str | None
    published: PageDate | None
    language: str | None
    body: str
    """The article's text as search engines are given it; often cut, so that it is evidence only."""
    is_free: bool | None
    """What it says of being readable without a subscription."""


def facts_of(tree: Any, url: str) -> PageFacts:
    """The facts in a parsed page (an lxml element, with its scripts); `url` is the page's own."""
    told = _meta(tree)
    data = _linked_data(tree)
    document_title = tree.findtext(".//title") or ""
    titles = [
        *(told.get(name, "") for name in _TITLES),
        _text(data.get("headline")),
        document_title,
    ]
    return PageFacts(
        titles=tuple(dict.fromkeys(title for title in map(one_line, titles) if title)),
        byline=_byline(tree, told, data),
        published=_published(tree, told, data, url),
        language=_language(tree, told, data),
        body=_body(_text(data.get("articleBody"))),
        is_free=_truth(data.get("isAccessibleForFree")),
    )


def _meta(tree: Any) -> dict[str, str]:
    """The first content of each named meta element, names in lower case."""
    told: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            told.setdefault(name.lower(), content.strip())
    return told


def _linked_data(tree: Any) -> Mapping[str, Any]:
    """The page's JSON-LD record of an article; an empty one when it has none that can be read."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text:
            continue
        text = script.text.strip().removeprefix("<!--").removesuffix("-->").strip()
        if len(text) > MAX_DATA or not _ARTICLE_KINDS.search(text):
            continue
        try:
            records = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for record in _records(records):
            kinds = record.get("@type")
            if _ARTICLE_KINDS.search(str(kinds)) and (
                record.get("headline") or record.get("articleBody")
            ):
                return record
    return {}


def _records(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for part in value:
            yield from _records(part, depth)
    elif isinstance(value, dict):
        yield value
        if depth < 3:
            for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
                if name in value:
                    yield from _records(value[name], depth + 1)


def _byline(tree: Any, told: Mapping[str, str], data: Mapping[str, Any]) -> str | None:
    names = [_name(part) for part in _listed(data.get("author"))]
    found = _joined(names) or next(
        (name for key in _AUTHORS if (name := _joined([told.get(key, "")]))), None
    )
    if found:
        return found
    for element in tree.xpath(_BYLINE_PATH)[:_BYLINES]:
        named = element.get("rel") or element.get("itemprop")
        if named or _BYLINE_NAME.search(element.get("class") or ""):
            text = one_line(element.get("content") or element.text_content())
            if len(text) <= _LONGEST_NAME and (name := _joined([text])):
                return name
    return None


def _joined(names: list[str]) -> str | None:
    kept = [_BY.sub("", one_line(name)) for name in names if name and not _NO_NAME.search(name)]
    return ", ".join(dict.fromkeys(filter(None, kept)))[:MAX_NAMES] or None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _name(value: Any) -> str:
    return _text(value.get("name") if isinstance(value, dict) else value)


def _text(value: Any) -> str:
    value = next((part for part in value if part), "") if isinstance(value, list) else value
    return value if isinstance(value, str) else ""


def _published(
    tree: Any, told: Mapping[str, str], data: Mapping[str, Any], url: str
) -> PageDate | None:
    stated = [_text(data.get("datePublished")), *(told[name] for name in _DATES if name in told)]
    if page_date(stated, "") is None:
        # A page with many times lists other articles; one or two are its own, published and updated.
        times = [element for element in tree.iter("time") if element.get("datetime")]
        stated += [e.get("datetime") for e in times if _OWN_TIME.search(e.get("class") or "")][:1]
        stated += [e.get("datetime") for e in times[:1] if len(times) <= 2]
    return page_date(stated, url)


def _language(tree: Any, told: Mapping[str, str], data: Mapping[str, Any]) -> str | None:
    stated = (
        tree.get("lang"), tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        _text(data.get("inLanguage")), told.get("og:locale"), told.get("content-language"),
    )  # fmt: skip
    for value in stated:
        if value and (match := re.match(r"\s*([a-zA-Z]{2,3})(?:[-_]|\s*$)", value)):
            return match[1].lower()
    return None


def _body(text: str) -> str:
    return text_of_html(text) if text else ""


def _truth(value: Any) -> bool | None:
    word = str(value).lower()
    return {"true": True, "false": False}.get(word)
