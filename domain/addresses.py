"""Which network addresses may be dialled: pure, used by fetching and by outgoing channels alike.

Rules measured against Python 3.11's `ipaddress`, whose `is_global` lets multicast, 6to4, NAT64 and several special ranges
of the IANA registries through.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA IPv4/IPv6 special-purpose registries: ranges that `is_global` accepts and nobody should be fetched from.
_REFUSED_V4 = tuple(
    IPv4Network(n)
    for n in (
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
    )
)
_REFUSED_V6 = tuple(
    IPv6Network(n)
    for n in ("2002::/16", "3fff::/20", "3ffe::/16", "2620:4f:8000::/48", "2001::/23")
)
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")


def is_public(address: Address) -> bool:
    """Whether `address` is an ordinary address of the public internet."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        return (
            address in _GLOBAL_UNICAST_V6
            and address.is_global
            and not any(address in n for n in _REFUSED_V6)
        )
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in n for n in _REFUSED_V4)
    )


def may_dial(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether a literal IP address may be dialled: public, or within a network the settings allow.

    A text that is no IP address may not.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return is_public(parsed) or any(parsed in n for n in allowed if n.version == parsed.version)


def is_literal(host: str) -> bool:
    """Whether a host is written as an IP address in its usual form: there is no name to look up."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def parse_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """CIDR texts ("127.0.0.0/8") to networks.

    Raises:
        ValueError: a text is not a network.
    """
    return tuple(ip_network(t) for t in texts)
