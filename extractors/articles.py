"""From a page to an article: what the page holds, or the feed's own text with a note why."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TypedDict

from domain.news import Article, Completeness, Entry, Fetched, Method, Precision
from extractors.languages import language_of
from extractors.obstacles import Reached, obstacle, paywall_notice
from extractors.page_dates import PageDate, served_at
from extractors.page_reading import (
    FoundArticle,
    UnreadableError,
    body_of,
    markup_of,
    read_markup,
    same_words,
    title_of,
)
from extractors.urls import canonical_url

CLEARLY_LONGER = 1.5

_CUT_OFF = re.compile(r"\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])$")
_OUTLET_SUFFIX = re.compile(r"\s+[-–—|:]\s+[^-–—|:]{2,40}$")
_WORDS = re.compile(r"\w+")


class _NoArticleError(Exception):
    """The page holds no article; the text says why. `found` is the beginning of it, when it shows
    that much.
    """

    def __init__(self, reason: str, found: FoundArticle | None = None) -> None:
        super().__init__(reason)
        self.found = found


def extract_article(page: Fetched, entry: Entry, *, outlet: str | None) -> Article:
    """The article of `entry` from its page, or from the feed's own text (then `note` says why);
    never raises.

    Its URL is the entry's, whatever the page redirected to, so that one entry is one article in
    every attempt. It was published no later than the page was served: a later time, by the server's
    own clock, is a zone forgotten or a promise.
    """
    article = _extracted(page, entry, outlet)
    served = served_at(page.headers)
    if served is None or article.published is None or article.published <= served:
        return article
    return replace(article, published=served)


def _extracted(page: Fetched, entry: Entry, outlet: str | None) -> Article:
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
    body = body_of(entry.text, entry.title) or (
        "" if same_words(entry.text, entry.title) else entry.text
    )
    return Article(
        url=_url(entry),
        title=entry.title or _url(entry),
        body=body,
        **_when(entry, None),
        author=entry.author,
        outlet=outlet,
        language=language_of(f"{entry.title}\n{body}", entry.language),
        completeness=Completeness.FEED_TEXT if body else Completeness.BLOCKED,
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
    if article.completeness is not Completeness.BLOCKED:
        return article
    return replace(article, title=title_of(html) or article.title)


# ---- the article


def _read(page: Fetched, entry: Entry) -> FoundArticle:
    """What the page holds. Raises _NoArticleError, and what the libraries may raise on hostile
    input.
    """
    try:
        markup = markup_of(page)
    except UnreadableError as error:
        raise _NoArticleError(str(error)) from None
    dated = entry.published is not None
    found = read_markup(markup, page.url, entry.title, is_dated=dated)
    reached = Reached(
        markup=markup,
        title=f"{found.document_title}\n{found.title}",
        body=found.body,
        around=found.around,
        url=page.url,
        wanted_url=entry.url or "",
        wanted_title=entry.title,
    )
    if (why := obstacle(reached)) is not None:
        raise _NoArticleError(why, found)
    if not found.body:
        msg = "no article was found on the page"
        raise _NoArticleError(msg)
    return found


def _article(found: FoundArticle, entry: Entry, outlet: str | None) -> Article:
    title = _better_title(found.title, entry)
    return Article(
        url=_url(entry),
        title=title or _url(entry),
        body=found.body,
        **_when(entry, found.published),
        author=entry.author or found.byline,
        outlet=outlet,
        language=language_of(f"{title}\n{found.body}", entry.language or found.language),
        method=found.method,
    )


class _When(TypedDict):
    published: datetime | None
    precision: Precision | None
    stated: str | None


def _when(entry: Entry, date: PageDate | None) -> _When:
    """The time of publication: the feed's, else the page's."""
    if entry.published is not None:
        return _When(
            published=entry.published,
            precision=Precision.MINUTE,
            stated=entry.published.isoformat(),
        )
    if date is None:
        return _When(published=None, precision=None, stated=None)
    return _When(published=date.time, precision=date.precision, stated=date.raw)


def _best_beginning(error: _NoArticleError, entry: Entry, outlet: str | None) -> Article:
    """The feed's text, or what a paywall shows, whichever is longer."""
    found = error.found
    if found is not None and paywall_notice(found.around):
        notice = paywall_notice(found.body)
        shown = found.body[: notice.start()].rpartition("\n\n")[0] if notice else found.body
        if len(shown) > len(entry.text):
            article = _article(replace(found, body=shown), entry, outlet)
            return replace(article, completeness=Completeness.TEASER, note=str(error))
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
    if same_words(_OUTLET_SUFFIX.sub("", title), page_title) or same_words(title, entry.text):
        return page_title
    return title


def _starts_with(title: str, start: str) -> bool:
    """Whether a title begins with the words of `start`, whose last word may be cut."""
    return " ".join(_WORDS.findall(title.casefold())).startswith(
        " ".join(_WORDS.findall(start.casefold()))
    )


def _url(entry: Entry) -> str:
    """The article's identity: the entry's URL, or a place in its feed, which no other entry has."""
    return entry.url or f"{entry.feed}#{entry.key}"
