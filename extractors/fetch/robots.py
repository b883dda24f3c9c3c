"""robots.txt (RFC 9309): asked once per site and run, obeyed for pages (a feed is published to be polled)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from protego import Protego

from domain.news import UNANSWERED, Failed, FailureCode, FailureKind, Fetched
from extractors.fetch.failures import failed
from extractors.fetch.hosts import Hosts, Reason

MAX_BYTES = 512_000
"""RFC 9309, section 2.5: at least 500 kibibytes must be parsed. What follows is not."""

Get = Callable[[str], Awaitable[Fetched | Failed]]


def agent_token(user_agent: str) -> str:
    """The product name by which robots.txt addresses us: "armswire/1.0 (+contact)" to
    "armswire"."""
    return user_agent.partition("/")[0].partition(" ")[0] or "*"


class Robots:
    """The rules of the sites met in this run, kept in `hosts`, with the crawl delays they ask for."""

    def __init__(self, user_agent: str, hosts: Hosts, get: Get) -> None:
        """`get` fetches a URL and returns the answer, whatever its status."""
        self._agent = agent_token(user_agent)
        self._hosts = hosts
        self._get = get
        self._locks: dict[str, asyncio.Lock] = {}

    async def refusal(self, url: str) -> Failed | None:
        """Why a page may not be fetched, or None. At most one request per scheme, host and port."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        async with self._locks.setdefault(site, asyncio.Lock()):
            if site not in self._hosts.robots:
                self._hosts.robots[site] = self._rules(url, await self._get(f"{site}/robots.txt"))
        rules = self._hosts.robots[site]
        if isinstance(rules, tuple):
            return failed(url, FailureKind.TEMPORARY, *rules)
        if rules is None or rules.can_fetch(url, self._agent):
            return None
        reason = "is disallowed by the site's robots.txt"
        return failed(url, FailureKind.HARD, FailureCode.ROBOTS, reason)

    def _rules(self, url: str, answer: Fetched | Failed) -> Protego | Reason | None:
        """What an answer means: rules, everything allowed (None), or nothing to be fetched now.

        RFC 9309, section 2.3.1: a client's error and a chain of redirects that leads nowhere allow
        everything; while the server or the network fails, nothing is allowed.
        """
        if isinstance(answer, Failed):
            if answer.code in UNANSWERED or answer.code is FailureCode.PAUSED:
                return answer.code, answer.reason
            if answer.code in (FailureCode.TOO_SLOW, FailureCode.BAD_HTTP):
                return _unavailable(answer.reason)
            return None
        if answer.status >= 500:
            return _unavailable(f"answered {answer.status}")
        if not 200 <= answer.status < 300:
            return None
        rules = _parsed(answer.body)
        delay = rules.crawl_delay(self._agent) if rules else None
        if delay:
            self._hosts.slow_down(url, delay)
        return rules


def _unavailable(why: str) -> Reason:
    return FailureCode.ROBOTS_UNAVAILABLE, f"is not fetched now: its site's robots.txt {why}"


def _parsed(body: bytes) -> Protego | None:
    text = body.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] == "<":  # an error page that answered 200
        return None
    return Protego.parse(text)
