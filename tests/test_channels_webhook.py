"""The JSON webhook against a real server: signed, recognisable when repeated, dialled only where it may."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from alerts.channels import open_channel
from domain.addresses import Network, parse_networks
from domain.alerting import DeliveryState, Receipt
from domain.errors import ConfigError
from domain.secret_texts import SecretText
from domain.settings_channels import WebhookChannel
from flows.demo.loopback_server import LoopbackServer, QuietHandler
from tests.story_samples import alert_on, delivery_of, full_story

LOOPBACK = parse_networks(["127.0.0.0/8"])
KEY = "a shared key"
TOLD = delivery_of(alert_on(full_story()))


@dataclass
class Receiver:
    """Keeps what is posted, and answers `status`."""

    base: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.posts.append(({n.lower(): v for n, v in self.headers.items()}, body))
            self.answer(kept.status, kept.headers)

    with LoopbackServer(Handler) as server:
        kept.base = server.base
        yield kept


def send(url: str, *, signed: bool = True, allowed: tuple[Network, ...] = LOOPBACK) -> Receipt:
    key = SecretText("${KEY}") if signed else None
    settings = WebhookChannel(type="webhook", url=SecretText("${URL}"), secret=key)
    secret = {"URL": url, "KEY": KEY}.get
    with open_channel("tickets", settings, secret=secret, allowed=allowed) as channel:
        return channel.send(TOLD)


def test_signed_as_documented(receiver: Receiver) -> None:
    """The receiver of docs/webhook.md accepts it, and refuses it changed or under another time."""
    assert send(f"{receiver.base}/hook").state is DeliveryState.SENT
    [(headers, body)] = receiver.posts
    document = json.loads(body)
    assert document["alert"]["id"] == TOLD.alert.id
    stamp = headers["x-armswire-timestamp"]

    def digest(text: bytes) -> str:
        return "sha256=" + hmac.new(KEY.encode(), text, hashlib.sha256).hexdigest()

    assert headers["x-armswire-signature"] == digest(stamp.encode() + b"." + body)
    assert headers["x-armswire-signature"] != digest(b"1." + body)
    assert headers["content-type"].startswith("application/json")


def test_a_repeat_is_recognisable(receiver: Receiver) -> None:
    """The same key and the same body each time."""
    for _ in range(2):
        send(f"{receiver.base}/hook", signed=False)
    (first, body), (second, again) = receiver.posts
    assert first["idempotency-key"] == second["idempotency-key"] == "m1.v1@example.org"
    assert body == again
    assert "x-armswire-signature" not in first


@pytest.mark.parametrize(
    ("status", "state", "gone"),
    [
        (200, DeliveryState.SENT, False),
        (429, DeliveryState.RETRY, False),
        (503, DeliveryState.RETRY, False),
        (400, DeliveryState.DEAD, False),
        (404, DeliveryState.DEAD, True),
        (410, DeliveryState.DEAD, True),
        (308, DeliveryState.DEAD, False),
    ],
)
def test_answers(receiver: Receiver, status: int, state: DeliveryState, gone: bool) -> None:
    """As docs/webhook.md tells."""
    receiver.status, receiver.headers = status, {"Retry-After": "90", "Location": "/elsewhere"}
    receipt = send(f"{receiver.base}/hook")
    assert (receipt.state, receipt.channel_gone) == (state, gone)
    assert receipt.retry_after == (90.0 if status == 429 else None)
    assert len(receiver.posts) == 1


def test_private_addresses_are_not_dialled(receiver: Receiver) -> None:
    """Unless the settings allow them."""
    receipt = send(f"{receiver.base}/hook", allowed=())
    assert receipt.state is DeliveryState.RETRY
    assert receiver.posts == []


def test_the_address_is_never_told(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    """It may hold a token: neither a receipt nor an error nor a log repeats it."""
    receiver.status = 500
    with caplog.at_level(logging.DEBUG):
        receipt = send(f"{receiver.base}/s3cr3t?key=s3cr3t")
    assert "s3cr3t" not in repr(receipt) + caplog.text
    with pytest.raises(ConfigError, match="channel tickets: its url is no web address") as caught:
        send("ftp://host/s3cr3t")
    assert "s3cr3t" not in str(caught.value)
