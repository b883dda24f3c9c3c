"""Connections to checked addresses only: a name is resolved once, every address it has is checked,
and the checked address itself is dialled, so that a second answer of the DNS changes nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Sequence

import httpcore

from domain.addresses import Network, may_dial


class Refused(OSError):
    """The name has an address that may not be dialled."""


Resolver = Callable[[str, int], Sequence[str]]
"""From host and port to IP addresses, in the order to try them; raises OSError where there is none."""


def resolve_by_system(host: str, port: int) -> list[str]:
    """The addresses the system's resolver gives."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def checked_addresses(
    host: str, port: int, allowed: Sequence[Network], resolve: Resolver = resolve_by_system
) -> Sequence[str]:
    """The IP addresses of `host`, in the order to try them.

    Raises:
        Refused: any of them may not be dialled; a name with one good and one bad address is a trap.
        OSError: the name has no address.
    """
    addresses = resolve(host, port)
    refused = [address for address in addresses if not may_dial(address, allowed)]
    if refused:
        msg = f"{host} has the address {refused[0]}, which fetch.allow_private does not allow"
        raise Refused(msg)
    return addresses


def dial(host: str, port: int, timeout: float, allowed: Sequence[Network]) -> socket.socket:
    """A connection to the first address of `host` that answers, each given `timeout` seconds.

    Raises:
        OSError: as `checked_addresses`, or none answers.
    """
    failure: OSError | None = None
    for address in checked_addresses(host, port, allowed):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
    raise failure or OSError(f"{host} has no address")


class CheckedBackend(httpcore.NetworkBackend):
    """httpcore's way to the network, through `checked_addresses`.

    TLS goes on checking the certificate against the name: httpcore takes that from the URL.
    """

    def __init__(self, allowed: Sequence[Network], resolve: Resolver = resolve_by_system) -> None:
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Dials the first checked address of `host` that answers."""
        try:
            addresses = checked_addresses(host, port, self._allowed, self._resolve)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from None
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Never: no webhook lives in a file."""
        raise httpcore.ConnectError("unix sockets are not dialled")
