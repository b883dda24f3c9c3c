"""What is asked of a server: the request's headers, who may see the login, and how much of the answer is taken."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import httpx

from domain.news import Failed, Feed, FeedState
from domain.settings import FetchSettings
from extractors.fetch.politeness import is_conditional
from extractors.urls import without_userinfo

_FEED_TYPES = (
    b"application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml,"
    b" application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_PAGE_TYPES = b"text/html, application/xhtml+xml, */*;q=0.5"
_LONGEST_VALIDATOR = 1_000

Permits = Callable[[str], Awaitable[Failed | None]]
"""Why robots.txt keeps us from a URL, or None."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is wanted of a URL. `login` is sent to the URL's own origin only; with `is_prefix_enough` a longer body is
    cut off at `max_bytes`, otherwise it is refused."""

    url: str
    max_bytes: int
    headers: Mapping[bytes, bytes] = field(default_factory=dict)
    permits: Permits | None = None
    login: tuple[str, str] | None = field(default=None, repr=False)
    is_prefix_enough: bool = False


def wish_for_feed(feed: Feed, state: FeedState | None, settings: FetchSettings) -> Wish:
    """A feed, with the validators of `state` where a conditional request is due."""
    conditional = state is not None and is_conditional(state)
    return Wish(
        url=without_userinfo(feed.url),
        headers={b"Accept": _FEED_TYPES, **(_validators(state) if state and conditional else {})},
        max_bytes=settings.max_feed_bytes,
        login=_login(feed.url),
    )


def wish_for_page(url: str, settings: FetchSettings, permits: Permits | None) -> Wish:
    """An article's page."""
    return Wish(
        url=without_userinfo(url),
        headers={b"Accept": _PAGE_TYPES},
        max_bytes=settings.max_bytes,
        permits=permits,
    )


def is_conditional_wish(wish: Wish) -> bool:
    """Whether a 304 would be an answer to it."""
    return any(name in wish.headers for name in (b"If-None-Match", b"If-Modified-Since"))


def request_for(wish: Wish, url: str, settings: FetchSettings) -> httpx.Request:
    """A request for the bare transport: without httpx's client there are no cookies, no proxies of
    the environment, no redirects and no decoders but ours. `url` is the wish's or one redirected to.

    Raises:
        httpx.InvalidURL: httpx reads the URL otherwise than we do.
    """
    headers = {
        b"User-Agent": settings.user_agent.encode("utf-8"),
        b"Accept-Encoding": b"gzip",
        **wish.headers,
    }
    if wish.login is not None and _origin(url) == _origin(wish.url):
        headers[b"Authorization"] = b"Basic " + b64encode(":".join(wish.login).encode("utf-8"))
    timeouts = httpx.Timeout(settings.timeout.total_seconds()).as_dict()
    return httpx.Request("GET", url, headers=headers, extensions={"timeout": timeouts})


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _login(url: str) -> tuple[str, str] | None:
    """The name and password the user wrote into a feed's URL."""
    parts = urlsplit(url)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")


def _validators(state: FeedState) -> dict[bytes, bytes]:
    """Validators as headers. They are a stranger's words: what is no header value is left out."""
    found = {b"If-None-Match": state.etag, b"If-Modified-Since": state.last_modified}
    return {
        name: value.strip().encode("latin-1", "ignore")
        for name, value in found.items()
        if value and len(value) <= _LONGEST_VALIDATOR and value.strip().isprintable()
    }
