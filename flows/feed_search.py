"""Finding the feed of a site: what an address holds, what its page names, and where feeds usually are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import InputError
from domain.news import Failed, Feed, Fetched
from domain.settings import FetchSettings
from extractors.feed_discovery import FeedLink, feed_links, usual_places
from extractors.feeds import ParsedFeed, parse_feed
from extractors.fetch.client import Fetcher
from extractors.urls import canonical_url, shown_url


@dataclass(frozen=True, kw_only=True)
class FoundFeed:
    """A feed that answers at `url`, under `title`; `final_url` is where redirects led."""

    url: str
    final_url: str
    title: str
    parsed: ParsedFeed


async def find_feeds(url: str, settings: FetchSettings) -> tuple[FoundFeed, ...]:
    """The feed at `url`, or those that the page there leads to, the page's own order first.

    Raises:
        InputError: the address cannot be had, or no feed is to be found from it.
    """
    async with Fetcher(settings) as fetcher:
        answer = await fetcher.fetch_feed(_nameless(url), None)
        if isinstance(answer, Failed):
            msg = f"{shown_url(url)}: {answer.reason}"
            raise InputError(msg)
        if not isinstance(answer, Fetched):
            return ()  # nothing was remembered of it, so that it cannot be unchanged
        parsed = parse_feed(answer, _nameless(url))
        if isinstance(parsed, ParsedFeed):
            return (_found(FeedLink(url=url), answer, parsed),)
        named = feed_links(answer.body, answer.headers.get("content-type", ""), answer.url)
        found = await _tried(fetcher, named) or await _tried(fetcher, usual_places(answer.url))
    if not found:
        msg = (
            f"{shown_url(url)}: {parsed.reason.partition(';')[0]}, it names {len(named) or 'no'} that can be read, "
            "and there is none where sites usually keep one; give the feed's own address"
        )
        raise InputError(msg)
    return found


async def _tried(fetcher: Fetcher, links: Iterable[FeedLink]) -> tuple[FoundFeed, ...]:
    """Those of `links` that are feeds, each feed once."""

    async def one(link: FeedLink) -> FoundFeed | None:
        answer = await fetcher.fetch_feed(_nameless(link.url), None)
        if not isinstance(answer, Fetched):
            return None
        parsed = parse_feed(answer, _nameless(link.url))
        return _found(link, answer, parsed) if isinstance(parsed, ParsedFeed) else None

    answers = await asyncio.gather(*map(one, links))
    unique: dict[str, FoundFeed] = {}
    for found in answers:
        if found is not None:
            unique.setdefault(canonical_url(found.final_url), found)
    return tuple(unique.values())


def _found(link: FeedLink, answer: Fetched, parsed: ParsedFeed) -> FoundFeed:
    title = parsed.title or link.title
    return FoundFeed(url=link.url, final_url=answer.url, title=title, parsed=parsed)


def _nameless(url: str) -> Feed:
    return Feed(key=canonical_url(url), url=url, name=url)
