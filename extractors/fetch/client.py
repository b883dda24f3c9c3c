"""The only inbound network: a feed or a page by its URL, within limits of size, time and addresses.
Failures are values."""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

import httpx

from domain.news import Failed, FailureKind, Feed, FeedState, Fetched, Unchanged
from domain.settings import FetchSettings
from extractors.fetch.failures import asks_for_peace, failed, failure_of_answer, meaning_of_error
from extractors.fetch.guard import GuardedBackend, GuardedTransport, Resolver, resolve_by_system
from extractors.fetch.limits import (
    BodyTooLargeError,
    BoundedBody,
    Clock,
    LoopClock,
    Turns,
    UndecodableBodyError,
)
from extractors.fetch.politeness import body_hash, is_conditional
from extractors.fetch.robots import MAX_BYTES as ROBOTS_MAX_BYTES
from extractors.fetch.robots import Robots
from extractors.urls import absolute_url, is_web_url, shown_url, without_userinfo

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_FEED_TYPES = (
    b"application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml,"
    b" application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_PAGE_TYPES = b"text/html, application/xhtml+xml, */*;q=0.5"
_LONGEST_VALIDATOR = 1_000

Permits = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What is wanted of a URL. `login` is sent to the URL's own origin only."""

    url: str
    headers: Mapping[bytes, bytes]
    max_bytes: int
    permits: Permits | None = None
    login: tuple[str, str] | None = field(default=None, repr=False)


class Fetcher:
    """Fetches feeds and pages for one run; use it as an async context manager.

    `settings.timeout` is for the whole exchange: name look-up, connecting, redirects and the last
    byte, but not the wait for a turn. `clock` spaces the requests to one host, `resolve` looks
    names up; both are parameters for tests.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        clock: Clock | None = None,
        resolve: Resolver = resolve_by_system,
        obey_robots: bool = True,
    ) -> None:
        self._settings = settings
        self._seconds = settings.timeout.total_seconds()
        self._turns = Turns(settings.per_host, settings.concurrent, clock or LoopClock())
        robots = Robots(settings.user_agent, self._robots_body) if obey_robots else None
        self._permits = robots.allow if robots else None
        self._transport = GuardedTransport(
            GuardedBackend(settings.allowed_networks, resolve),
            max_connections=2 * settings.concurrent,
            tls=httpx.create_ssl_context(),
        )

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._transport.__aexit__(kind, error, traceback)

    async def fetch_feed(self, feed: Feed, state: FeedState | None) -> Fetched | Unchanged | Failed:
        """Polls a feed, asking only for changes when `state` holds validators (see
        politeness.is_conditional)."""
        validators = _validators(state) if state is not None and is_conditional(state) else {}
        wish = _Wish(
            url=without_userinfo(feed.url),
            headers={b"Accept": _FEED_TYPES, **validators},
            max_bytes=self._settings.max_feed_bytes,
            login=_login(feed.url),
        )
        answer = await self._exchange(wish)
        if isinstance(answer, Failed):
            return answer
        if answer.status == 304 and validators:
            return _unchanged(answer, "answered 304")
        if failure := failure_of_answer(answer):
            return failure
        if state is not None and state.body_hash == body_hash(answer.body):
            return _unchanged(answer, "same content as before")
        return answer

    async def fetch_page(self, url: str) -> Fetched | Failed:
        """Fetches an article's page, obeying robots.txt at every hop."""
        wish = _Wish(
            url=without_userinfo(url),
            headers={b"Accept": _PAGE_TYPES},
            max_bytes=self._settings.max_bytes,
            permits=self._permits,
        )
        answer = await self._exchange(wish)
        return answer if isinstance(answer, Failed) else failure_of_answer(answer) or answer

    async def _robots_body(self, url: str) -> bytes | None:
        answer = await self._exchange(_Wish(url=url, headers={}, max_bytes=ROBOTS_MAX_BYTES))
        return answer.body if isinstance(answer, Fetched) and answer.status == 200 else None

    async def _exchange(self, wish: _Wish) -> Fetched | Failed:
        """Asks, follows redirects, and returns the last answer, whatever its status."""
        url, spent = wish.url, 0.0
        moved_to, for_good = None, True
        for _ in range(MAX_REDIRECTS + 1):
            if not is_web_url(url):
                return failed(url, FailureKind.HARD, "is no http or https address", spent)
            if wish.permits is not None and not await wish.permits(url):
                return failed(
                    url, FailureKind.HARD, "is disallowed by the site's robots.txt", spent
                )
            async with self._turns.at(urlsplit(url).hostname or "") as no_turn:
                if no_turn is not None:
                    return failed(url, FailureKind.TEMPORARY, no_turn, spent)
                started = time.perf_counter()
                answer = await self._hop(wish, url, self._seconds - spent)
                spent += time.perf_counter() - started
            if isinstance(answer, Failed):
                return failed(url, answer.kind, answer.reason, spent)
            if answer.status not in _REDIRECTS:
                return Fetched(
                    url=url,
                    status=answer.status,
                    headers=answer.headers,
                    body=answer.body,
                    seconds=spent,
                    moved_to=moved_to,
                )
            location = _location(answer)
            target = absolute_url(location, url) if location else None
            if target is None:
                where = f'"{shown_url(location)}"' if location else "nowhere"
                return failed(url, FailureKind.HARD, f"redirects to {where}, no web address", spent)
            url = target
            for_good = for_good and answer.status in _PERMANENT
            moved_to = url if for_good else moved_to
        return failed(
            wish.url, FailureKind.SOFT, f"redirects more than {MAX_REDIRECTS} times", spent
        )

    async def _hop(self, wish: _Wish, url: str, seconds: float) -> Fetched | Failed:
        """One request and its answer; the body of a redirect is not read."""
        try:
            request = self._request(wish, url)
            async with (
                asyncio.timeout(seconds),
                aclosing(await self._transport.handle_async_request(request)) as response,
            ):
                response.headers.encoding = (
                    "latin-1"  # the one in which validators survive a round trip
                )
                self._note_pause(url, response)
                return Fetched(
                    url=url,
                    status=response.status_code,
                    headers={k: v for k, v in response.headers.items() if k != "set-cookie"},
                    body=await _bounded(response, wish.max_bytes) if response.is_success else b"",
                )
        except BodyTooLargeError:
            size = f"{wish.max_bytes:,} bytes"
            return failed(url, FailureKind.HARD, f"is larger than the limit of {size}")
        except UndecodableBodyError as error:
            return failed(url, FailureKind.TEMPORARY, f"cannot be decoded: {error}")
        except (TimeoutError, httpx.TimeoutException):
            return failed(
                url, FailureKind.TEMPORARY, f"did not answer fully within {self._seconds:g} s"
            )
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return failed(url, *meaning_of_error(error))

    def _request(self, wish: _Wish, url: str) -> httpx.Request:
        """A request for the bare transport: without httpx's client there are no cookies, no proxies
        of the environment, no redirects and no decoders but ours."""
        headers = {
            b"User-Agent": self._settings.user_agent.encode("utf-8"),
            b"Accept-Encoding": b"gzip",
            **wish.headers,
        }
        if wish.login is not None and _origin(url) == _origin(wish.url):
            headers[b"Authorization"] = b"Basic " + b64encode(":".join(wish.login).encode("utf-8"))
        timeouts = httpx.Timeout(self._seconds).as_dict()
        return httpx.Request("GET", url, headers=headers, extensions={"timeout": timeouts})

    def _note_pause(self, url: str, response: httpx.Response) -> None:
        """A host that answers 429, or names a time to come back, is left alone for the rest of the
        run."""
        status, after = response.status_code, response.headers.get("retry-after")
        if status == 429 or (status == 503 and after):
            host = urlsplit(url).hostname or ""
            self._turns.pause(host, f"was not asked: {host} {asks_for_peace(status, after)}")


def _unchanged(answer: Fetched, reason: str) -> Unchanged:
    return Unchanged(
        url=answer.url,
        reason=reason,
        status=answer.status,
        headers=answer.headers,
        seconds=answer.seconds,
        moved_to=answer.moved_to,
    )


def _location(answer: Fetched) -> str:
    """Where a redirect leads. Not a few servers write it in raw UTF-8."""
    raw = answer.headers.get("location", "").encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


async def _bounded(response: httpx.Response, max_bytes: int) -> bytes:
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > max_bytes:
        raise BodyTooLargeError
    body = BoundedBody(encoding=response.headers.get("content-encoding", ""), max_bytes=max_bytes)
    async for chunk in response.aiter_raw():
        body.add(chunk)
    return body.complete()


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
