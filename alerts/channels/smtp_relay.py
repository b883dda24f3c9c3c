"""Mail relays: how a URL names one, and the checked connection to it."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from urllib.parse import unquote, urlsplit

from alerts.channels.dialling import dial
from domain.addresses import Network
from domain.errors import ConfigError

PRIVATE: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
    )
)
"""Where internal relays live. Not link-local: that is where clouds keep their credentials."""
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, kw_only=True)
class Relay:
    """A mail relay, from smtp://user:password@host:587 or smtps://…"""

    host: str
    port: int
    tls_from_start: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_relay(url: str, name: str) -> Relay:
    """Reads an SMTP URL; % escapes in user and password are resolved.

    Raises:
        ConfigError: it is none; the message names the channel and not the URL, which is a secret.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in _PORTS or not host:
        msg = f"channel {name}: its SMTP address must look like smtp://user:password@host:587"
        raise ConfigError(msg)
    return Relay(
        host=host,
        port=port or _PORTS[parts.scheme],
        tls_from_start=parts.scheme == "smtps",
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def connected(relay: Relay, timeout: float, allowed: Sequence[Network]) -> smtplib.SMTP:
    """smtplib would resolve the name itself, so it is given a way to get its socket that checks."""

    class Checked(smtplib.SMTP):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            return dial(host, port, timeout, allowed)

    class CheckedTls(smtplib.SMTP_SSL):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            plain = dial(host, port, timeout, allowed)
            return self.context.wrap_socket(plain, server_hostname=host)

    # Else smtplib asks the DNS for this machine's full name, which can take many seconds.
    own_name = socket.gethostname()
    own_name = own_name if "." in own_name else "[127.0.0.1]"
    if relay.tls_from_start:
        context = ssl.create_default_context()
        return CheckedTls(relay.host, relay.port, own_name, timeout=timeout, context=context)
    return Checked(relay.host, relay.port, own_name, timeout=timeout)
