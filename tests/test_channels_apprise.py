"""Apprise's services against a real server: each URL on its own."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from alerts.channels import open_channel
from domain.addresses import Network, parse_networks
from domain.alerting import DeliveryState, Receipt
from domain.errors import ConfigError
from domain.secret_texts import SecretText
from domain.settings_channels import AppriseChannel
from flows.demo.loopback_server import LoopbackServer, QuietHandler
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
