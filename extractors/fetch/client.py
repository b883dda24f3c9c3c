"""The only inbound network: a feed or a page by its URL, within limits of size, time and addresses.
Failures are values."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import replace
from types import TracebackType
from typing import Self

import httpx

from domain.news import (
    UNANSWERED,
    Failed,
    FailureCode,
    FailureKind,
    Feed,
    FeedState,
    Fetched,
    Unchanged,
)
from domain.settings import FetchSettings
from extractors.fetch.bodies import BodyTooLargeError, BoundedBody, UndecodableBodyError
from extractors.fetch.failures import failed, failure_of_answer, meaning_of_error
from extractors.fetch.guard import GuardedBackend, GuardedTransport, Resolver, resolve_by_system
from extractors.fetch.hosts import Hosts
from extractors.fetch.politeness import body_hash
from extractors.fetch.robots import MAX_BYTES as ROBOTS_MAX_BYTES
from extractors.fetch.robots import Robots
from extractors.fetch.turns import Clock, LoopClock, Turns
from extractors.fetch.wishes import (
    Wish,
    is_conditional_wish,
    request_for,
    wish_for_feed,
    wish_for_page,
)
from extractors.urls import absolute_url, is_web_url, shown_url

MAX_REDIRECTS = 5
MAX_HEADERS = 200
MAX_HEADER_BYTES = 64_000
"""Names and values together; real answers hold some 60 headers and 10,000 bytes at most."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})


class _TooManyHeadersError(Exception):
    """An answer's headers are too many, or too long."""


class Fetcher:
    """Fetches feeds and pages for one run; use it as an async context manager.

    `settings.timeout` is for the whole exchange: name look-up, connecting, redirects and the last
    byte, but not the wait for a turn. `hosts` is what the run knows of the hosts it asks: hand the
    same to the next Fetcher of the run. `clock` spaces the requests to one host, `resolve` looks
    names up; both are parameters for tests.
    """

    def __init__(
        self,
        settings: FetchSettings,
        hosts: Hosts | None = None,
        *,
        clock: Clock | None = None,
        resolve: Resolver = resolve_by_system,
        obey_robots: bool = True,
    ) -> None:
        self._settings = settings
        self._seconds = settings.timeout.total_seconds()
        self._hosts = hosts or Hosts(settings.per_host)
        self._turns = Turns(self._hosts, settings.concurrent, clock or LoopClock())
        robots = Robots(settings.user_agent, self._hosts, self._robots_txt)
        self._permits = robots.refusal if obey_robots else None
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
        wish = wish_for_feed(feed, state, self._settings)
        answer = await self._exchange(wish)
        if isinstance(answer, Failed):
            return answer
        if answer.status == 304 and is_conditional_wish(wish):
            return _unchanged(answer, "answered 304")
        if failure := failure_of_answer(answer):
            return failure
        if state is not None and state.body_hash == body_hash(answer.body):
            return _unchanged(answer, "same content as before")
        return answer

    async def fetch_page(self, url: str) -> Fetched | Failed:
        """Fetches an article's page, obeying robots.txt at every hop."""
        answer = await self._exchange(wish_for_page(url, self._settings, self._permits))
        return answer if isinstance(answer, Failed) else failure_of_answer(answer) or answer

    async def _robots_txt(self, url: str) -> Fetched | Failed:
        return await self._exchange(
            Wish(url=url, max_bytes=ROBOTS_MAX_BYTES, is_prefix_enough=True)
        )

    async def _exchange(self, wish: Wish) -> Fetched | Failed:
        """Asks, follows redirects, and returns the last answer, whatever its status."""
        url, spent = wish.url, 0.0
        moved_to, for_good = None, True
        for _ in range(MAX_REDIRECTS + 1):
            if not is_web_url(url):
                reason = "is no http or https address"
                return failed(url, FailureKind.HARD, FailureCode.BAD_URL, reason, spent)
            if wish.permits is not None and (refused := await wish.permits(url)) is not None:
                return replace(refused, seconds=spent)
            async with self._turns.at(url) as no_turn:
                if no_turn is not None:
                    return failed(url, FailureKind.TEMPORARY, *no_turn, spent)
                started = time.perf_counter()
                answer = await self._hop(wish, url, self._seconds - spent)
                spent += time.perf_counter() - started
            if isinstance(answer, Failed):
                return replace(answer, seconds=spent)
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
                reason = f"redirects to {where}, no web address"
                return failed(url, FailureKind.HARD, FailureCode.BAD_REDIRECT, reason, spent)
            url = target
            for_good = for_good and answer.status in _PERMANENT
            moved_to = url if for_good else moved_to
        reason = f"redirects more than {MAX_REDIRECTS} times"
        return failed(wish.url, FailureKind.SOFT, FailureCode.TOO_MANY_REDIRECTS, reason, spent)

    async def _hop(self, wish: Wish, url: str, seconds: float) -> Fetched | Failed:
        """One request and its answer; the body of a redirect is not read."""
        has_begun = False
        try:
            request = request_for(wish, url, self._settings)
            async with (
                asyncio.timeout(seconds),
                aclosing(await self._transport.handle_async_request(request)) as response,
            ):
                has_begun = True
                headers = _headers(response)
                self._hosts.answered(url, response.status_code, headers)
                body = await _bounded(response, wish) if response.is_success else b""
                self._hosts.finished(url)
                return Fetched(url=url, status=response.status_code, headers=headers, body=body)
        except (TimeoutError, httpx.TimeoutException):
            kind = FailureKind.TEMPORARY
            code = FailureCode.TOO_SLOW if has_begun else FailureCode.NO_ANSWER
            reason = f"did not answer fully within {self._seconds:g} s"
        except _TooManyHeadersError:
            kind, code = FailureKind.TEMPORARY, FailureCode.TOO_MANY_HEADERS
            reason = "answered too many headers"
        except BodyTooLargeError:
            kind, code = FailureKind.HARD, FailureCode.TOO_LARGE
            reason = f"is larger than the limit of {wish.max_bytes:,} bytes"
        except UndecodableBodyError as error:
            kind, code = FailureKind.TEMPORARY, FailureCode.UNDECODABLE
            reason = f"cannot be decoded: {error}"
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            kind, code, reason = meaning_of_error(error)
        if code in UNANSWERED or code is FailureCode.TOO_SLOW:
            self._hosts.lost(url, code)
        return failed(url, kind, code, reason)


def _headers(response: httpx.Response) -> dict[str, str]:
    """The headers by lower-case name, without cookies.

    Raises:
        _TooManyHeadersError: there are more than any real answer has.
    """
    raw = response.headers.raw
    if len(raw) > MAX_HEADERS or sum(len(n) + len(v) for n, v in raw) > MAX_HEADER_BYTES:
        raise _TooManyHeadersError
    response.headers.encoding = "latin-1"  # the one in which validators survive a round trip
    return {name: value for name, value in response.headers.items() if name != "set-cookie"}


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


async def _bounded(response: httpx.Response, wish: Wish) -> bytes:
    """The body. Raises BodyTooLargeError and UndecodableBodyError."""
    limit = wish.max_bytes
    declared = response.headers.get("content-length", "")
    is_long = declared.isdecimal() and len(declared) < 20 and int(declared) > limit
    if is_long and not wish.is_prefix_enough:
        raise BodyTooLargeError
    body = BoundedBody(encoding=response.headers.get("content-encoding", ""), max_bytes=limit)
    try:
        async for chunk in response.aiter_raw():
            body.add(chunk)
    except BodyTooLargeError:
        if wish.is_prefix_enough:
            return body.so_far()
        raise
    return body.complete()
