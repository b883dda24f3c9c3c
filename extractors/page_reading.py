"""From a page's bytes to what it holds: title, text, byline, date, language.

Measured on the pages of tests/benchmarks/extraction.py; the figures are in docs/extraction.md.
JSON-LD's articleBody is often cut (F1 0.853 on the pages of a public benchmark that have one), so it
is the text only of pages that show nearly none. Of others it tells which paragraphs belong to them.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any

from domain.news import Fetched, Method
from extractors.page_blocks import blocks_of
from extractors.page_body import page_body
from extractors.page_dates import PageDate, date_in_text, page_date
from extractors.page_facts import PageFacts, facts_of
from extractors.page_tree import parsed, without_code
from extractors.plain_text import clean, decoded, one_line

MAX_CHARACTERS = 3_000_000
MAX_TAGS = 50_000
"""trafilatura's time grows faster than a page's elements: 50,000 take 1 to 2.5 s, 100,000 links 15
s, a million minutes.
"""
MAX_READ_AGAIN = 4_000
"""Blocks of a page that trafilatura may read a second time: jusText's time grows with their square
(12,000 take 4 to 9 s). Long articles have a few hundred.
"""
MAX_BODY = 100_000
"""Characters of an article that are kept, to the end of a paragraph: the longest official papers
hold about 60,000.
"""
_NEARLY_NONE = 0.4
"""Share of the text given to search engines below which a page shows nearly none of it."""
_SHORT = 250
"""Characters below which a text needs a second opinion, as trafilatura itself has it."""
_WORTH_READING = 300
"""Characters from which the text given to search engines is more than a summary."""

_TITLE_TAG = re.compile(r"<title[^>]{0,200}>([^<]{1,500})", re.IGNORECASE)
_OUTLET_SUFFIX = re.compile(r"\s+[-–—|:·«]\s+[^-–—|]{2,40}$")
_WORDS = re.compile(r"\w+")


class UnreadableError(Exception):
    """The answer holds no markup that can be read; the text says why, for the ops engineer."""


@dataclass(frozen=True, kw_only=True)
class FoundArticle:
    """What a page holds, before the entry is asked."""

    title: str
    document_title: str
    """What a browser shows on its tab."""
    body: str
    published: PageDate | None
    byline: str | None
    language: str | None
    method: Method
    around: str
    """The text with what stands among it and, where the page asks for money, behind it."""


def markup_of(page: Fetched) -> str:
    """The page as text. Raises UnreadableError.

    It is decoded here, because trafilatura decompresses what looks compressed: a bomb's last
    chance.
    """
    kind = page.headers.get("content-type", "").partition(";")[0].strip().lower()
    if page.body.startswith(b"%PDF"):
        msg = "the page is a PDF document"
        raise UnreadableError(msg)
    if kind.startswith(("image/", "audio/", "video/", "font/")):
        msg = f"the page is no text ({kind[:40]})"
        raise UnreadableError(msg)
    # Four bytes a character at most: what is longer still is too long in any encoding.
    markup = decoded(page.body[: 4 * MAX_CHARACTERS + 4], page.headers.get("content-type", ""))
    tags = markup.count("<")
    if len(markup) > MAX_CHARACTERS or tags > MAX_TAGS:
        msg = f"the page is too large to be read ({len(page.body):,} bytes, {tags:,} tags)"
        raise UnreadableError(msg)
    if tags < 2:
        msg = "the page holds no markup"
        raise UnreadableError(msg)
    return markup


def read_markup(markup: str, url: str, wanted_title: str, *, is_dated: bool) -> FoundArticle:
    """What the markup of the page at `url` holds; the body is empty when it holds no article.

    Where the date is known already (`is_dated`) it is only looked for where pages state it.
    """
    tree = parsed(clean(markup))
    if tree is None:
        return _nothing(markup)
    facts = facts_of(tree, url)
    titles = [
        *facts.titles,
        *(_OUTLET_SUFFIX.sub("", title) for title in facts.titles),
        wanted_title,
    ]
    blocks = blocks_of(without_code(tree))
    # trafilatura's own rules first, at their most careful; its second and third opinion (readability,
    # jusText: as much time again) only where the page's structure does not bear the first one out.
    text = _text(tree, url, fast=True)
    chosen = page_body(blocks, text, titles, facts.body)
    if len(blocks) <= MAX_READ_AGAIN and (len(text) < _SHORT or not chosen.is_agreed):
        text = _text(tree, url, fast=False)
        chosen = page_body(blocks, text, titles, facts.body)
    published = facts.published or date_in_text(chosen.before)
    if published is None and not is_dated:
        published = _guessed(tree, url)
    titles.append(chosen.headline)
    body, method = body_of("\n\n".join(chosen.lines), *titles), Method.TRAFILATURA
    if len(facts.body) > _WORTH_READING and len(body) < _NEARLY_NONE * len(facts.body):
        body, method = body_of(facts.body, *titles), Method.LINKED_DATA
    return FoundArticle(
        title=_title(facts, chosen.headline),
        document_title=_document_title(markup),
        body=body,
        published=published,
        byline=facts.byline,
        language=facts.language,
        method=method,
        around=f"{text}\n{chosen.after}" if facts.is_free is False else text,
    )


def title_of(html: bytes) -> str:
    """The title of a page that holds no article; an empty one when it has none."""
    return _document_title(decoded(html[:MAX_TAGS]))


def body_of(text: str, *titles: str) -> str:
    """Paragraphs cleaned, without leading ones that repeat a title, cut to MAX_BODY."""
    parts = [p for p in (one_line(part) for part in text.split("\n\n")) if p]
    while parts and any(same_words(parts[0], title) for title in titles):
        parts.pop(0)
    kept: list[str] = []
    size = 0
    for part in parts:
        size += len(part) + 2
        if size > MAX_BODY and kept:
            break
        kept.append(part[:MAX_BODY])
    return "\n\n".join(kept)


def same_words(a: str, b: str) -> bool:
    """Whether two texts are made of the same words in the same order; two empty ones are not."""
    return bool(a and b) and _WORDS.findall(a.casefold()) == _WORDS.findall(b.casefold())


def _title(facts: PageFacts, headline: str) -> str:
    """The page's title for those who share it, which seldom carries the outlet's name; the headline
    where the title is nothing but that with an outlet's name.
    """
    title = facts.titles[0] if facts.titles else ""
    if headline and (not title or (title.startswith(headline) and _OUTLET_SUFFIX.search(title))):
        return headline
    return title


def _document_title(markup: str) -> str:
    titled = _TITLE_TAG.search(markup)
    return one_line(unescape(titled[1])) if titled else ""


def _nothing(markup: str) -> FoundArticle:
    return FoundArticle(
        title="",
        document_title=_document_title(markup),
        body="",
        published=None,
        byline=None,
        language=None,
        method=Method.TRAFILATURA,
        around="",
    )


def _text(tree: Any, url: str, *, fast: bool) -> str:
    """trafilatura's text of a page, a line for each paragraph: what it is sure of, or (not `fast`)
    all that it would take.
    """
    document = _bare_extraction()(
        tree, url=url, fast=fast, favor_precision=fast, include_comments=False
    )
    return (document.text or "") if document else ""


def _guessed(tree: Any, url: str) -> PageDate | None:
    """The day that htmldate reads out of a page that states none where others do."""
    from htmldate import find_date

    return page_date([find_date(tree, url=url, original_date=True) or ""], "")


@cache
def _bare_extraction() -> Any:
    """trafilatura's function (0.3 s to import). Its loggers tell of each odd page; the note of the
    article does that.
    """
    from trafilatura import bare_extraction

    for name in ("trafilatura", "htmldate", "courlan", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return bare_extraction
