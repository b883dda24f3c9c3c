"""Apprise's services against a real server: each URL on its own."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Thread

import pytest

from alerts.channels import open_channel
from alerts.channels.apprise_service import AppriseServices, Service
from domain.addresses import Network, parse_networks
from domain.alerting import DeliveryState, Receipt
from domain.errors import ConfigError
from domain.secret_texts import SecretText
from domain.settings_channels import AppriseChannel
from flows.demo.loopback_server import LoopbackServer, QuietHandler, QuietServer
from tests.story_samples import alert_on, delivery_of, full_story

LOOPBACK = parse_networks(["127.0.0.0/8"])


class Sink:
    """A service of Apprise's json:// kind; `broken` answers 500."""

    def __init__(self, port: int) -> None:
        self.url = f"json://127.0.0.1:{port}/s3cr3t"
        self.posts: list[dict[str, str]] = []
        self.broken = False


@pytest.fixture
def sink() -> Iterator[Sink]:
    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            kept.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.answer(500 if kept.broken else 200, {})

    with LoopbackServer(Handler) as server:
        kept = Sink(int(server.base.rpartition(":")[2]))
        yield kept


def send(*urls: str, recipient: str = "pager", allowed: tuple[Network, ...] = LOOPBACK) -> Receipt:
    names = tuple(SecretText(f"${{URL{n}}}") for n in range(len(urls)))
    settings = AppriseChannel(type="apprise", url=names)
    secret = {f"URL{n}": url for n, url in enumerate(urls)}.get
    with open_channel("pager", settings, secret=secret, allowed=allowed) as channel:
        return channel.send(delivery_of(alert_on(full_story()), recipient=recipient))


def test_a_service_gets_title_and_text(sink: Sink) -> None:
    """The subject of the mail and its text part."""
    assert send(sink.url).state is DeliveryState.SENT
    [post] = sink.posts
    assert (
        post["title"] == "Japan → United States: Patriot, approved; Russia objects; Japan supports"
    )
    assert "OFFICIAL REACTIONS" in post["message"]


def test_a_service_that_fails_is_tried_again_alone(sink: Sink) -> None:
    """Of two URLs each is a recipient; the one that works is not told twice for the other's sake."""
    down = "json://127.0.0.1:9/s3cr3t"
    assert send(down, sink.url, recipient="pager 2").state is DeliveryState.SENT
    receipt = send(down, sink.url, recipient="pager 1")
    assert receipt.state is DeliveryState.RETRY
    assert len(sink.posts) == 1
    settings = AppriseChannel.model_validate({"type": "apprise", "url": ["${A}", "${B}"]})
    assert settings.recipients("pager") == ("pager 1", "pager 2")


def test_a_refusal_is_tried_again_and_tells_no_secret(
    sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """Apprise gives no reason, and would log the URL."""
    sink.broken = True
    with caplog.at_level(logging.DEBUG):
        receipt = send(sink.url)
    assert receipt.state is DeliveryState.RETRY
    assert "s3cr3t" not in repr(receipt) + caplog.text


def test_private_addresses_are_not_dialled(sink: Sink) -> None:
    """Unless the settings allow them."""
    receipt = send(sink.url, allowed=())
    assert receipt.state is DeliveryState.RETRY
    assert "does not allow" in (receipt.reason or "")
    assert sink.posts == []


@pytest.mark.parametrize(("allowed", "reached"), [("127.0.0.1/32", 0), ("127.0.0.0/8", 1)])
def test_a_redirect_leads_nowhere_else(allowed: str, reached: int) -> None:
    """Each connection is checked where it is made: a service cannot lead on to an address that is not allowed."""
    posts: list[bytes] = []

    class Inner(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            posts.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(200, {})

    inner = QuietServer(("127.0.0.2", 0), Inner)
    where = f"http://127.0.0.2:{inner.server_port}/"

    class Outer(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(307, {"Location": where})

    Thread(target=inner.serve_forever, args=(0.02,), daemon=True).start()
    try:
        with LoopbackServer(Outer) as outer:
            url = outer.base.replace("http:", "json:")
            receipt = send(url, allowed=parse_networks([allowed]))
    finally:
        inner.shutdown()
        inner.server_close()
    assert len(posts) == reached
    assert (receipt.state is DeliveryState.SENT) is bool(reached)
    assert ("127.0.0.2" in (receipt.reason or "")) is not bool(reached)


def test_a_service_that_never_ends_its_answer_is_left() -> None:
    """The message may have arrived; the next has a process of its own."""
    left = Event()

    class Endless(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            self.rfile.read(int(self.headers["Content-Length"]))
            with suppress(OSError):
                while not left.wait(0.1):
                    self.wfile.write(b"X")

    with LoopbackServer(Endless) as server:
        service = Service(name="JSON", url=server.base.replace("http:", "json:"))
        services = AppriseServices({"pager": service}, allowed=LOOPBACK, timeout=0.5)
        with services as channel:
            for _ in range(2):
                receipt = channel.send(delivery_of(alert_on(full_story()), recipient="pager"))
                assert receipt.state is DeliveryState.UNKNOWN
                assert receipt.no_answer
        left.set()


DIAL_EVERY_WAY = """
import contextlib, socket
from alerts.channels.apprise_process import refuse_to_dial
from domain.addresses import parse_networks

refused = refuse_to_dial(parse_networks(["127.0.0.2/32"]))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
file = socket.socket(socket.AF_UNIX)
for dial in (
    lambda: socket.create_connection(("localhost", 9)),
    lambda: socket.socket().connect(("127.0.0.1", 9)),
    lambda: socket.socket().connect_ex(("localhost", 9)),
    lambda: udp.sendto(b"x", ("127.0.0.1", 9)),
    lambda: udp.sendmsg([b"x"], [], 0, ("127.0.0.1", 9)),
    lambda: file.connect("/run/none"),
    lambda: udp.sendto(b"x", ("127.0.0.2", 9)),
):
    before = len(refused)
    with contextlib.suppress(OSError):
        dial()
    print(len(refused) > before)
"""


def test_no_way_of_dialling_is_left_out() -> None:
    """By address, by name, without a connection, through a file; what is allowed goes through."""
    done = subprocess.run(
        [sys.executable, "-c", DIAL_EVERY_WAY], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True"] * 6 + ["False"]


@pytest.mark.parametrize("url", ["nonsense s3cr3t", "s3cr3t://x"])
def test_an_unknown_url_is_not_repeated(url: str) -> None:
    """The error names the channel."""
    with pytest.raises(ConfigError, match="channel pager: its url is none") as caught:
        send(url)
    assert "s3cr3t" not in str(caught.value)


def test_a_url_that_was_taken_out_of_the_settings() -> None:
    """What waited for it is dead, and says why."""
    receipt = send("json://127.0.0.1:9/", recipient="pager 7")
    assert receipt.state is DeliveryState.DEAD
    assert "no longer has so many" in (receipt.reason or "")
