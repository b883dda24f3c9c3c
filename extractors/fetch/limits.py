"""The limits of an exchange: bytes on the wire and after decompression, and turns at a host."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from domain.settings import PerHostSettings

_GZIP = 31  # zlib's window bits for a gzip header and trailer


class BodyTooLargeError(Exception):
    """The body exceeds its limit, on the wire or decompressed."""


class UndecodableBodyError(Exception):
    """The body's content encoding is unknown, stacked, broken or cut off."""


class BoundedBody:
    """Collects a body, never holding more than `max_bytes` of it, whatever it claims to be.

    httpx's own decoders expand each chunk whole (2 GB for a bomb of 1 MB), hence this one. Known
    encodings: none and gzip.
    """

    def __init__(self, *, encoding: str, max_bytes: int) -> None:
        """`encoding` is the Content-Encoding header's value. Raises UndecodableBodyError for one
        that was not asked for."""
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip"):
            msg = f'content encoding "{name[:40]}", which was not asked for'
            raise UndecodableBodyError(msg)
        self._gzip = name.endswith("gzip")
        self._decoder: zlib._Decompress | None = None
        self._max = max_bytes
        self._wire = 0
        self._size = 0
        self._head = b""
        self._parts: list[bytes] = []

    def add(self, chunk: bytes) -> None:
        """Takes the next bytes off the wire. Raises BodyTooLargeError or UndecodableBodyError."""
        self._wire += len(chunk)
        if self._wire > self._max:
            raise BodyTooLargeError
        if not self._gzip:
            self._keep(chunk)
            return
        if self._decoder is None:
            self._head += chunk
            if len(self._head) < 2:
                return
            chunk, self._head = self._head, b""
            if not chunk.startswith(
                b"\x1f\x8b"
            ):  # says gzip and is not: some proxies decompress and keep the header
                self._gzip = False
                self._keep(chunk)
                return
            self._decoder = zlib.decompressobj(_GZIP)
        self._decompress(chunk)

    def complete(self) -> bytes:
        """The whole body. Raises UndecodableBodyError when the compressed stream was cut off."""
        if self._decoder is not None and not self._decoder.eof:
            msg = "gzip stream cut off"
            raise UndecodableBodyError(msg)
        return b"".join([*self._parts, self._head])

    def _decompress(self, chunk: bytes) -> None:
        while chunk and self._decoder is not None:
            if self._decoder.eof:
                if not chunk.startswith(b"\x1f\x8b"):
                    return  # padding after the last member
                self._decoder = zlib.decompressobj(_GZIP)
            try:
                self._keep(self._decoder.decompress(chunk, self._max - self._size + 1))
            except zlib.error as error:
                msg = "broken gzip stream"
                raise UndecodableBodyError(msg) from error
            chunk = self._decoder.unconsumed_tail or self._decoder.unused_data

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._max:
            raise BodyTooLargeError
        self._parts.append(part)


class Clock(Protocol):
    """The clock that spaces requests: a parameter, so that tests do not wait."""

    def now(self) -> float:
        """Seconds, monotonic."""

    async def sleep(self, seconds: float) -> None:
        """Waits."""


class LoopClock:
    """The event loop's time."""

    def now(self) -> float:
        """Seconds, monotonic."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)


class Turns:
    """Who may ask which host when: so many at once in all, so many at a host, a pause between two
    starts at a host.

    The total is held here and not by httpcore's pool, which in 1.0.9 loses a slot for ever when a
    request is cancelled while queued. A turn at the host is taken first, so that a slow host's
    queue uses up no turn of the others.
    """

    def __init__(self, per_host: PerHostSettings, concurrent: int, clock: Clock) -> None:
        self._per_host = per_host
        self._spacing = per_host.spacing.total_seconds()
        self._clock = clock
        self._total = asyncio.Semaphore(concurrent)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._next_start: dict[str, float] = {}
        self._paused: dict[str, str] = {}

    def pause(self, host: str, reason: str) -> None:
        """No further turn at `host`: it asked to be left alone."""
        self._paused.setdefault(host, reason)

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[str | None]:
        """Waits for a turn at `host`, and yields why none may be taken, or None."""
        gate = self._hosts.setdefault(host, asyncio.Semaphore(self._per_host.concurrent))
        async with gate:
            if host not in self._paused:
                await self._wait_for_start(host)
            async with self._total:
                yield self._paused.get(host)

    async def _wait_for_start(self, host: str) -> None:
        if self._spacing <= 0:
            return
        now = self._clock.now()
        start = max(now, self._next_start.get(host, now))
        self._next_start[host] = start + self._spacing
        if start > now:
            await self._clock.sleep(start - now)
