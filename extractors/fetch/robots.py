"""robots.txt: asked once per site and run, obeyed for pages (a feed is published to be polled)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from protego import Protego

MAX_BYTES = 512_000
"""RFC 9309, section 2.5: at least 500 kibibytes must be parsed."""

Get = Callable[[str], Awaitable[bytes | None]]


def agent_token(user_agent: str) -> str:
    """The product name by which robots.txt addresses us: "armswire/1.0 (+contact)" to
    "armswire"."""
    return user_agent.partition("/")[0].partition(" ")[0] or "*"


class Robots:
    """The rules of the sites met in this run. A site whose robots.txt cannot be had allows
    everything."""

    def __init__(self, user_agent: str, get: Get) -> None:
        """`get` fetches a URL's body, None when it cannot be had."""
        self._agent = agent_token(user_agent)
        self._get = get
        self._rules: dict[str, Protego | None] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def allow(self, url: str) -> bool:
        """Whether a page may be fetched. At most one request per scheme, host and port."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        async with self._locks.setdefault(site, asyncio.Lock()):
            if site not in self._rules:
                body = await self._get(f"{site}/robots.txt")
                self._rules[site] = None if body is None else _parsed(body)
        rules = self._rules[site]
        return rules is None or bool(rules.can_fetch(url, self._agent))


def _parsed(body: bytes) -> Protego | None:
    text = body.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] == "<":  # an error page that answered 200
        return None
    return Protego.parse(text)
