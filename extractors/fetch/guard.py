"""The guard: every connection is resolved once, all addresses are checked, and the checked address
itself is dialled.

So no feed, page or redirect leads into a private network, and a name whose answer changes between
check and connect leads nowhere: there is no second look-up. The Host header, SNI and the
certificate check keep the name.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpcore
import httpx

from domain.addresses import Network, is_literal, may_dial

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host, port) to literal addresses. Raises OSError or UnicodeError when the name has none."""

CONNECT_SECONDS = 10.0
"""Longest time for one address, so that a dead IPv6 address leaves time for the living IPv4 one."""


_RESOLVERS = ThreadPoolExecutor(max_workers=64, thread_name_prefix="resolve")
"""Threads of our own: a name whose servers keep silent blocks one for half a minute, and asyncio has but a handful for
everything. They are started when needed."""


class Refused(httpcore.ConnectError):
    """The address may not be dialled."""


class NameNotFound(httpcore.ConnectError):
    """The host name has no address."""


async def resolve_by_system(host: str, port: int) -> tuple[str, ...]:
    """The addresses the system's resolver gives, in its order of preference."""
    if is_literal(host):
        return (host,)
    loop = asyncio.get_running_loop()
    ask = partial(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found = await loop.run_in_executor(_RESOLVERS, ask)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Dials only addresses that `domain.addresses.may_dial` accepts. One bad address among several
    refuses the name."""

    def __init__(
        self, allowed: Sequence[Network] = (), resolve: Resolver = resolve_by_system
    ) -> None:
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._dialler = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises Refused, NameNotFound, or what httpcore raises when no address answers."""
        addresses = await self._checked(host, port)
        seconds = CONNECT_SECONDS if timeout is None else min(timeout, CONNECT_SECONDS)
        for address in addresses[:-1]:
            try:
                return await self._dialler.connect_tcp(
                    address, port, seconds, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._dialler.connect_tcp(
            addresses[-1], port, seconds, local_address, socket_options
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refused, always."""
        msg = "local sockets are not dialled"
        raise Refused(msg)

    async def sleep(self, seconds: float) -> None:
        """Waits (httpcore's contract; between connection attempts, of which we ask for none)."""
        await self._dialler.sleep(seconds)

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NameNotFound(host) from error
        if not addresses:
            raise NameNotFound(host)
        for address in addresses:
            if not may_dial(address, self._allowed):
                msg = f"{host} is at {address}, which is no public address"
                raise Refused(msg)
        return addresses


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport on the guarded backend. httpx has no parameter for it, hence the one
    private attribute; tests/test_fetch_guard.py proves that requests go through the guard."""

    def __init__(
        self, backend: GuardedBackend, *, max_connections: int, tls: ssl.SSLContext
    ) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=max_connections,
            # httpcore looks at every idle connection on each request: 600 of them cost 15 ms a
            # request.
            max_keepalive_connections=5,
            keepalive_expiry=2.0,
            network_backend=backend,
        )
