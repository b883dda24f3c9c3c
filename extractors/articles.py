"""From a page to an article: trafilatura's text with its paragraphs, or the feed's own text with a
note why.

Measured on 181 pages of a public benchmark (figures in the project's notes on its libraries):
precision mode without leading title lines has F1 0.966, JSON-LD's articleBody 0.853; hence no
JSON-LD.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from html import unescape
from typing import Any

from domain.news import Article, Completeness, Entry, Fetched, Method
from extractors.languages import language_of
from extractors.obstacles import Reached, obstacle, paywall_notice
from extractors.plain_text import clean, decoded, one_line
from extractors.urls import canonical_url

MAX_CHARACTERS = 3_000_000
MAX_TAGS = 50_000
"""trafilatura's time grows faster than a page's elements: 50,000 take 1 to 2.5 s, 100,000 links 15
s, a million minutes.
"""
MAX_BODY = 100_000
"""Characters of an article that are kept, to the end of a paragraph: the longest official papers
hold about 60,000.
"""
CLEARLY_LONGER = 1.5

_TITLE_TAG = re.compile(r"<title[^>]{0,200}>([^<]{1,500})", re.IGNORECASE)
_SHARED_TITLE = re.compile(
    r"<meta\b[^>]{0,60}?property\s*=\s*[\"']og:title[\"'][^>]{0,60}?\bcontent\s*=\s*"
    r"(?:\"([^\">]{1,500})\"|'([^'>]{1,500})')",
    re.IGNORECASE,
)
_LANG = re.compile(r"<html[^>]{0,500}?\blang\s*=\s*[\"']?([a-zA-Z]{2,3})", re.IGNORECASE)
_TIME = re.compile(
    r"article:published_time[\"'][^>]{0,60}?content\s*=\s*[\"']([^\"']{10,40})"
    r"|content\s*=\s*[\"']([^\"']{10,40})[\"'][^>]{0,60}?article:published_time"
    r"|\"datePublished\"\s*:\s*\"([^\"]{10,40})\"",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])$")
_OUTLET_SUFFIX = re.compile(r"\s+[-–—|:]\s+[^-–—|:]{2,40}$")
_WORDS = re.compile(r"\w+")


class _NoArticleError(Exception):
    """The page holds no article; the text says why. `found` is the beginning of it, when it shows
    that much.
    """

    def __init__(self, reason: str, found: _Found | None = None) -> None:
        super().__init__(reason)
        self.found = found


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What a page holds, before the entry is asked."""

    title: str
    body: str
    published: datetime | None
    author: str | None
    language: str | None


def extract_article(page: Fetched, entry: Entry, *, outlet: str | None) -> Article:
    """The article of `entry` from its page, or from the feed's own text (then `note` says why);
    never raises.

    Its URL is the entry's, whatever the page redirected to, so that one entry is one article in
    every attempt.
    """
    if entry.url is None:
        note = "the entry has no page of its own, only a link to its site"
        return article_from_entry(entry, outlet=outlet, note=note)
    try:
        found = _read(page, entry)
    except _NoArticleError as error:
        return _best_beginning(error, entry, outlet)
    except Exception as error:  # noqa: BLE001 -- a library's surprise becomes a fallback here
        note = f"the page could not be read ({type(error).__name__})"
        return article_from_entry(entry, outlet=outlet, note=note)
    if len(entry.text) > CLEARLY_LONGER * len(found.body):
        note = "the page holds less of the article than the feed"
        return article_from_entry(entry, outlet=outlet, note=note)
    return _article(found, entry, outlet)


def article_from_entry(entry: Entry, *, outlet: str | None, note: str) -> Article:
    """The article that a feed's own text makes: partial, or only a headline. `note` says why it is
    not full.
    """
    body = _body(entry.text, entry.title) or ("" if _same(entry.text, entry.title) else entry.text)
    return Article(
        url=_url(entry),
        title=entry.title or _url(entry),
        body=body,
        published=entry.published,
        author=entry.author,
        outlet=outlet,
        language=language_of(f"{entry.title}\n{body}", entry.language),
        completeness=Completeness.PARTIAL if body else Completeness.HEADLINE,
        method=Method.FEED,
        note=note,
    )


def extract_html(html: bytes, url: str) -> Article:
    """The article of a page of which nothing else is known; never raises. Without one, a headline
    with a note.
    """
    page = Fetched(url=url, status=200, headers={}, body=html)
    name = canonical_url(url)
    entry = Entry(
        feed="", key=name, url=name, link=url, guid=None, title="", text="", published=None
    )
    article = extract_article(page, entry, outlet=None)
    if article.completeness is not Completeness.HEADLINE:
        return article
    titled = _TITLE_TAG.search(decoded(html[:MAX_TAGS]))
    return replace(article, title=one_line(unescape(titled[1])) if titled else article.title)


# ---- the page


def _read(page: Fetched, entry: Entry) -> _Found:
    """What the page holds. Raises _NoArticleError, and what the libraries may raise on hostile
    input.
    """
    markup = _markup(page)
    titled = _TITLE_TAG.search(markup)
    title = one_line(unescape(titled[1])) if titled else ""
    # trafilatura's metadata cost as much again as its text, and a feed's entry tells it mostly.
    told = bool(entry.title and entry.published and not _CUT_OFF.search(entry.title))
    read = _text_of if told else _text_and_metadata_of
    found = read(markup, page.url, entry.title)
    reached = Reached(
        markup=markup,
        title=f"{title}\n{found.title}" if found else title,
        body=found.body if found else "",
        url=page.url,
        wanted_url=entry.url or "",
        wanted_title=entry.title,
    )
    if (why := obstacle(reached)) is not None:
        raise _NoArticleError(why, found)
    if found is None or not found.body:
        msg = "no article was found on the page"
        raise _NoArticleError(msg)
    return replace(found, title=found.title or title)


def _markup(page: Fetched) -> str:
    """The page as text. It is decoded here, because trafilatura decompresses what looks compressed:
    a bomb's last chance.
    """
    kind = page.headers.get("content-type", "").partition(";")[0].strip().lower()
    if page.body.startswith(b"%PDF"):
        msg = "the page is a PDF document"
        raise _NoArticleError(msg)
    if kind.startswith(("image/", "audio/", "video/", "font/")):
        msg = f"the page is no text ({kind[:40]})"
        raise _NoArticleError(msg)
    # Four bytes a character at most: what is longer still is too long in any encoding.
    markup = decoded(page.body[: 4 * MAX_CHARACTERS + 4], page.headers.get("content-type", ""))
    tags = markup.count("<")
    if len(markup) > MAX_CHARACTERS or tags > MAX_TAGS:
        msg = f"the page is too large to be read ({len(page.body):,} bytes, {tags:,} tags)"
        raise _NoArticleError(msg)
    if tags < 2:
        msg = "the page holds no markup"
        raise _NoArticleError(msg)
    return markup


def _text_of(markup: str, url: str, wanted_title: str) -> _Found | None:
    """What trafilatura takes for the article's text, its title from the markup's own."""
    document = _bare_extraction()(
        clean(markup), url=url, favor_precision=True, include_comments=False
    )
    if document is None:
        return None
    title = _headline_of(markup)
    return _Found(
        title=title,
        body=_paragraphs_of(document.text, title, wanted_title),
        published=None,
        author=None,
        language=_language_told(markup),
    )


def _text_and_metadata_of(markup: str, url: str, wanted_title: str) -> _Found | None:
    """The text, and title, author and date as trafilatura reads them."""
    document = _bare_extraction()(
        clean(markup), url=url, favor_precision=True, include_comments=False, with_metadata=True
    )
    if document is None:
        return None
    title = one_line(document.title or "")
    return _Found(
        title=title,
        body=_paragraphs_of(document.text, title, wanted_title),
        published=_published(markup, document.date),
        author=one_line(document.author or "")[:200] or None,
        language=_language_told(markup),
    )


def _headline_of(markup: str) -> str:
    """The title that a page gives to whoever shares it, which seldom carries the outlet's name."""
    shared = _SHARED_TITLE.search(markup)
    return one_line(unescape(shared[1] or shared[2])) if shared else ""


def _paragraphs_of(text: str | None, *titles: str) -> str:
    return _body("\n\n".join((text or "").split("\n")), *titles)


def _language_told(markup: str) -> str | None:
    language = _LANG.search(markup[:5_000])
    return language[1].lower() if language else None


@cache
def _bare_extraction() -> Any:
    """trafilatura's function (0.3 s to import). Its loggers tell of each odd page; the note of the
    article does that.
    """
    from trafilatura import bare_extraction

    for name in ("trafilatura", "htmldate", "courlan", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return bare_extraction


def _published(markup: str, day: str | None) -> datetime | None:
    """The page's time of publication: trafilatura knows the day, the markup often the time of that
    day.
    """
    try:
        date = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    except ValueError:
        date = None
    for match in _TIME.finditer(markup):
        try:
            found = datetime.fromisoformat(next(filter(None, match.groups())).strip())
            found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        if date is not None and abs((found - date).days) <= 1:
            return found
    return date


# ---- the article


def _article(found: _Found, entry: Entry, outlet: str | None) -> Article:
    title = _better_title(found.title, entry)
    return Article(
        url=_url(entry),
        title=title or _url(entry),
        body=found.body,
        published=entry.published or found.published,
        author=entry.author or found.author,
        outlet=outlet,
        language=language_of(f"{title}\n{found.body}", entry.language or found.language),
    )


def _best_beginning(error: _NoArticleError, entry: Entry, outlet: str | None) -> Article:
    """The feed's text, or what a paywall shows, whichever is longer."""
    found = error.found
    if found is not None and (notice := paywall_notice(found.body)):
        shown = found.body[: notice.start()].rpartition("\n\n")[0]
        if len(shown) > len(entry.text):
            article = _article(replace(found, body=shown), entry, outlet)
            return replace(article, completeness=Completeness.PARTIAL, note=str(error))
    return article_from_entry(entry, outlet=outlet, note=str(error))


def _better_title(page_title: str, entry: Entry) -> str:
    """The page's title where it is a better form of the entry's: whole where that is cut off,
    without the outlet's name, or a title where the feed had none and showed its first words. Else
    the entry's.
    """
    title = entry.title
    if not page_title or not title:
        return page_title or title
    if _CUT_OFF.search(title):
        start = _CUT_OFF.sub("", title)
        is_made_up = entry.text.startswith(start)
        return page_title if is_made_up or _starts_with(page_title, start) else title
    if _same(_OUTLET_SUFFIX.sub("", title), page_title) or _same(title, entry.text):
        return page_title
    return title


def _body(text: str, *titles: str) -> str:
    """Paragraphs cleaned, without leading ones that repeat a title, cut to MAX_BODY."""
    parts = [p for p in (one_line(part) for part in text.split("\n\n")) if p]
    while parts and any(_same(parts[0], title) for title in titles):
        parts.pop(0)
    kept: list[str] = []
    size = 0
    for part in parts:
        size += len(part) + 2
        if size > MAX_BODY and kept:
            break
        kept.append(part[:MAX_BODY])
    return "\n\n".join(kept)


def _same(a: str, b: str) -> bool:
    return bool(a and b) and _WORDS.findall(a.casefold()) == _WORDS.findall(b.casefold())


def _starts_with(title: str, start: str) -> bool:
    """Whether a title begins with the words of `start`, whose last word may be cut."""
    return " ".join(_WORDS.findall(title.casefold())).startswith(
        " ".join(_WORDS.findall(start.casefold()))
    )


def _url(entry: Entry) -> str:
    """The article's identity: the entry's URL, or a place in its feed, which no other entry has."""
    return entry.url or f"{entry.feed}#{entry.key}"
