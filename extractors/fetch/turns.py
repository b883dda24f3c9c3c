"""Turns at hosts: so many requests at once in all, so many at a host, and time between two starts at a host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol
from urllib.parse import urlsplit

from extractors.fetch.hosts import Hosts, Reason


class Clock(Protocol):
    """The clock that spaces requests: a parameter, so that tests do not wait."""

    def now(self) -> float:
        """Seconds, monotonic."""

    async def sleep(self, seconds: float) -> None:
        """Waits."""


class LoopClock:
    """The event loop's time, which goes on from one loop to the next."""

    def now(self) -> float:
        """Seconds, monotonic."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)


class Turns:
    """Who may ask which host when.

    The total is held here and not by httpcore's pool, which in 1.0.9 loses a slot for ever when a
    request is cancelled while queued. A turn at the host is taken first, so that a slow host's
    queue uses up no turn of the others.
    """

    def __init__(self, hosts: Hosts, concurrent: int, clock: Clock) -> None:
        self._hosts = hosts
        self._clock = clock
        self._total = asyncio.Semaphore(concurrent)
        self._gates: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def at(self, url: str) -> AsyncIterator[Reason | None]:
        """Waits for a turn at the host of `url`, and yields why none may be taken, or None."""
        host = urlsplit(url).hostname or ""
        at_once = self._hosts.per_host.concurrent
        async with self._gates.setdefault(host, asyncio.Semaphore(at_once)):
            if self._hosts.refusal(url) is None:
                await self._wait_for_start(host)
            async with self._total:
                yield self._hosts.refusal(url)

    async def _wait_for_start(self, host: str) -> None:
        spacing = self._hosts.spacing(host)
        if spacing <= 0:
            return
        now = self._clock.now()
        start = max(now, self._hosts.next_start.get(host, now))
        self._hosts.next_start[host] = start + spacing
        if start > now:
            await self._clock.sleep(start - now)
