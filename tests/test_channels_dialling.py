"""Outgoing connections go to checked addresses only, whatever the DNS says and when it says it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import httpcore
import pytest

from alerts.channels.dialling import CheckedBackend, Refused, checked_addresses
from domain.addresses import parse_networks

PUBLIC = "93.184.215.14"
LOOPBACK = parse_networks(["127.0.0.0/8"])


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=accept_all, args=(server,), daemon=True)
        thread.start()
        yield server


def accept_all(server: socket.socket) -> None:
    try:
        while True:
            server.accept()[0].close()
    except OSError:
        return


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "fe80::1",
        "fd00::1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "ff02::1",
        "100.64.0.1",
        "192.88.99.1",
        "3fff::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "64:ff9b::7f00:1",
        "no address",
    ],
)
@pytest.mark.parametrize("others", [[], [PUBLIC]])
def test_a_name_with_one_bad_address_is_refused(address: str, others: list[str]) -> None:
    """Also beside a good one, wherever it stands: such a name is a trap."""
    for addresses in ([address, *others], [*others, address]):
        with pytest.raises(Refused, match="does not allow"):
            checked_addresses("hook.example", 443, (), lambda host, port, a=addresses: a)
    assert checked_addresses("hook.example", 443, (), lambda host, port: [PUBLIC]) == [PUBLIC]


def test_a_second_answer_of_the_dns_changes_nothing(listener: socket.socket) -> None:
    """What was checked is dialled: the name is asked for once a connection."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    backend = CheckedBackend(LOOPBACK, lambda host, port: answers.pop(0))
    stream = backend.connect_tcp("hook.example", listener.getsockname()[1], timeout=5)
    assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
    stream.close()
    assert len(answers) == 1
    with pytest.raises(httpcore.ConnectError, match=r"169\.254\.169\.254"):
        backend.connect_tcp("hook.example", listener.getsockname()[1], timeout=5)


def test_the_next_address_is_tried(listener: socket.socket) -> None:
    """A name may have an address where nobody listens."""
    backend = CheckedBackend(LOOPBACK, lambda host, port: ["127.0.0.2", "127.0.0.1"])
    stream = backend.connect_tcp("hook.example", listener.getsockname()[1], timeout=5)
    assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
    stream.close()


def test_no_sockets_in_files() -> None:
    """However a URL may be written."""
    with pytest.raises(httpcore.ConnectError):
        CheckedBackend(LOOPBACK).connect_unix_socket("/run/docker.sock")
