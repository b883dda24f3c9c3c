"""Trying one address: fetch a feed or a page with the settings of a run, store nothing."""

from __future__ import annotations

from pathlib import Path

from domain.errors import InputError
from domain.news import Article, Failed, Feed, Fetched, Unchanged
from domain.settings import FetchSettings
from extractors.articles import extract_html
from extractors.feeds import ParsedFeed, parse_feed
from extractors.fetch.client import Fetcher
from extractors.urls import canonical_url
from flows.configuration import load_configuration


def fetch_settings(config: str | None) -> FetchSettings:
    """The fetch settings of a configuration file, or the defaults."""
    return load_configuration(Path(config)).settings.fetch if config else FetchSettings()


async def try_feed(url: str, config: str | None) -> ParsedFeed | Unchanged | Failed:
    """What the feed at `url` holds, or why it cannot be had. Never Unchanged, as nothing is remembered of it."""
    feed = Feed(key=canonical_url(url), url=url, name=url)
    async with Fetcher(fetch_settings(config)) as fetcher:
        answer = await fetcher.fetch_feed(feed, None)
    return parse_feed(answer, feed) if isinstance(answer, Fetched) else answer


async def try_page(url: str, config: str | None) -> Article:
    """The article at `url`.

    Raises:
        InputError: the page cannot be had.
    """
    async with Fetcher(fetch_settings(config)) as fetcher:
        answer = await fetcher.fetch_page(url)
    if isinstance(answer, Failed):
        msg = f"{url}: {answer.reason}"
        raise InputError(msg)
    return extract_html(answer.body, answer.url)
