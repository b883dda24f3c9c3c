"""An outlet's feed as its site would publish it, in its format and with its quirks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import jinja2
from markupsafe import Markup, escape

from flows.demo.outlets import FeedFormat, FeedText, Outlet, Quirk, SampleArticle
from flows.demo.rendering import clean, environment, iso, paragraphs, teaser

CONTENT_TYPES = {
    FeedFormat.RSS20: "application/rss+xml; charset=utf-8",
    FeedFormat.RSS20_CONTENT: "application/rss+xml; charset=UTF-8",
    FeedFormat.RSS091: "text/xml; charset=utf-8",
    FeedFormat.RSS10: "application/rdf+xml; charset=utf-8",
    FeedFormat.ATOM: "application/atom+xml; charset=utf-8",
    FeedFormat.JSONFEED: "application/feed+json",
}


@dataclass(frozen=True, kw_only=True)
class _Row:
    """One entry as its feed words it; `summary` and `body` are HTML, to be escaped or in CDATA."""

    url: str
    number: int
    title: str
    summary: str
    body: str
    author: str | None
    section: str
    published: datetime


def feed_document(
    outlet: Outlet, articles: Sequence[SampleArticle], base: str, built: datetime
) -> bytes:
    """The feed's bytes (UTF-8), entries in the order of `articles`, last written at `built`.

    `base` is the root of the site, without a trailing slash.
    """
    entries = [_row(outlet, article, base) for article in articles]
    if outlet.feed is FeedFormat.JSONFEED:
        return _json_feed(outlet, entries, base)
    page = _templates().get_template(f"{outlet.feed}.xml.j2")
    text = page.render(
        outlet=outlet,
        entries=entries,
        base=base,
        built=built,
        guids=Quirk.NO_GUID not in outlet.quirks,
        dates=Quirk.NO_DATES not in outlet.quirks,
        html_titles=Quirk.HTML_TITLES in outlet.quirks,
        element="content" if outlet.feed_text is FeedText.FULL else "summary",
    )
    return text.encode()


@cache
def _templates() -> jinja2.Environment:
    return environment("feed_templates")


def _row(outlet: Outlet, article: SampleArticle, base: str) -> _Row:
    url = article.url(base)
    summary = _summary(outlet, article, base)
    match outlet.feed_text:
        case FeedText.HEADLINE:
            summary = body = ""
        case FeedText.TEASER:
            body = "" if outlet.feed is FeedFormat.RSS20_CONTENT else summary
        case FeedText.FULL:
            body = str(paragraphs(article.paragraphs))
            if outlet.feed is FeedFormat.RSS20_CONTENT and body:
                body += _appeared_first(article, url, outlet, base)
    return _Row(
        url=url,
        number=article.number,
        title=_title(outlet, article),
        summary=summary,
        body=body,
        author=article.author,
        section=article.section,
        published=article.published,
    )


def _title(outlet: Outlet, article: SampleArticle) -> str:
    if article.feed_title is not None:
        return article.feed_title
    # Readers take an RSS title with a tag in it for HTML, so an angle bracket has to be written as
    # in HTML to arrive.
    bracket = "<" in article.title and outlet.feed not in (FeedFormat.ATOM, FeedFormat.JSONFEED)
    if bracket or Quirk.HTML_TITLES in outlet.quirks:
        return str(escape(article.title))
    return article.title


def _summary(outlet: Outlet, article: SampleArticle, base: str) -> str:
    """The teaser, escaped; outlets that write HTML put an image, a link and a pixel around it."""
    text = teaser(article.paragraphs)
    if not text or Quirk.HTML_TITLES not in outlet.quirks:
        return str(escape(text))
    return str(
        Markup(
            '<p><a href="{url}"><img src="{root}/img/{number}-640.jpg" width="640" height="360" '
            'alt="" style="float:left;margin:0 8px 8px 0" /></a>{text}</p>'
            '<p><a href="{url}?src=rss">Read more</a></p>'
            '<img src="{root}/pixel.gif?n={number}" width="1" height="1" border="0" alt="" />'
        ).format(
            url=article.url(base), root=f"{base}/{outlet.id}", number=article.number, text=text
        )
    )


def _appeared_first(article: SampleArticle, url: str, outlet: Outlet, base: str) -> str:
    """The line WordPress feeds end an entry with."""
    link = Markup('<a href="{}">{}</a>').format
    return str(
        Markup("\n<p>The post {} appeared first on {}.</p>").format(
            link(url, article.title), link(f"{base}/{outlet.id}/", outlet.name)
        )
    )


def _json_feed(outlet: Outlet, entries: Sequence[_Row], base: str) -> bytes:
    """https://www.jsonfeed.org/version/1.1/"""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{base}/{outlet.id}/",
        "feed_url": base + outlet.feed_path,
        "description": outlet.about,
        "language": outlet.language,
        "items": [_json_entry(outlet, entry) for entry in entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode(errors="ignore")


def _json_entry(outlet: Outlet, entry: _Row) -> dict[str, object]:
    item: dict[str, object] = {"url": entry.url, "tags": [entry.section]}
    if Quirk.NO_GUID not in outlet.quirks:
        item["id"] = entry.url
    if entry.title:
        item["title"] = clean(entry.title)
    if Quirk.NO_DATES not in outlet.quirks:
        item["date_published"] = iso(entry.published)
    if entry.author:
        item["authors"] = [{"name": entry.author}]
    if entry.body:
        item["content_html"] = clean(entry.body)
    return item
