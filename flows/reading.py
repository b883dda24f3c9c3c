"""What one worker does with one entry: page to article, article to mentions. Everything here runs in a worker process."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.mentions import Mentions
from domain.news import Article, Completeness, Entry, Failed, Fetched, Method
from domain.pages import KeptPage
from extractors.articles import article_from_entry, extract_article
from extractors.kept_pages import pack_page, unpack_page
from extractors.near_duplicates import sketch
from flows.workers import detector


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An article with what was found in it. `sketch` is empty for an article that is not relevant: only stories
    compare sketches. `page` is what it was read from, if that is to be kept."""

    article: Article
    mentions: Mentions
    sketch: tuple[int, ...]
    page: KeptPage | None = None


def read_page(page: Fetched | Failed | None, entry: Entry, outlet: str | None) -> Reading:
    """The article of `entry` from its page, or from the feed's own text where there is no page to read."""
    if isinstance(page, Fetched):
        return read_article(extract_article(page, entry, outlet=outlet))
    note = page.reason if isinstance(page, Failed) else "the entry links to no page of its own"
    return read_article(article_from_entry(entry, outlet=outlet, note=note))


def read_and_pack(page: Fetched | Failed | None, entry: Entry, outlet: str | None) -> Reading:
    """As `read_page`, with the page packed to be kept; packed here, where a core is free for it."""
    reading = read_page(page, entry, outlet)
    return replace(reading, page=pack_page(page)) if isinstance(page, Fetched) else reading


def read_kept(kept: KeptPage, entry: Entry, outlet: str | None) -> Reading:
    """The article of `entry` from the page that was kept of it."""
    return read_page(unpack_page(kept), entry, outlet)


def read_entry(entry: Entry, outlet: str | None, note: str) -> Reading:
    """The article that the feed's own text makes; `note` says why the page was not read."""
    return read_article(article_from_entry(entry, outlet=outlet, note=note))


def read_article(article: Article) -> Reading:
    """What an article says."""
    mentions = detector().detect(article.title, article.body, article.language)
    return Reading(
        article=article,
        mentions=mentions,
        sketch=sketch(article.body) if mentions.relevant else (),
    )


def unread(entry: Entry, outlet: str | None, note: str) -> Reading:
    """The headline alone, unread: what is left when every attempt to read an entry was killed."""
    article = Article(
        url=entry.url or f"{entry.feed}#{entry.key}",
        title=entry.title,
        body="",
        published=entry.published,
        outlet=outlet,
        language=entry.language,
        completeness=Completeness.BLOCKED,
        method=Method.FEED,
        note=note,
    )
    nothing = Mentions(relevant=False, score=0.0, language=entry.language or "und")
    return Reading(article=article, mentions=nothing, sketch=())
