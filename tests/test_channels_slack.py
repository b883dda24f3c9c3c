"""Slack's webhook against a real HTTP server that misbehaves on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from alerts.channels import Channel, open_channel
from alerts.channels.dialling import Refused, checked_addresses
from alerts.channels.http_post import parse_address, retry_after
from alerts.channels.slack_webhook import SlackWebhook
from domain.addresses import parse_networks
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.errors import ConfigError
from domain.secret_texts import SecretText
from domain.settings_channels import SlackChannel as SlackSettings
from tests.story_samples import alert_on, delivery_of, full_story

LOOPBACK = parse_networks(["127.0.0.0/8"])
PATH = "/services/T000/B000/s3cr3tt0ken"


class Hook(ThreadingHTTPServer):
    """Keeps the posted bodies and answers with `status`, `headers`, `body`; "drop" and "hang" as
    the body leave the client without an answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posts: list[dict[str, object]] = []
        self.paths: list[str] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b"ok"
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{PATH}"


class _Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        posted = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append(json.loads(posted))
        self.server.paths.append(self.path)
        if self.server.body == b"drop":
            self.close_connection = True
            return
        if self.server.body == b"hang":
            self.server.closing.wait(20)
            return
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


def channel(hook: Hook, timeout: float = 10.0) -> SlackWebhook:
    url = parse_address(hook.url, "desk", "webhook")
    return SlackWebhook(url, allowed=LOOPBACK, timeout=timeout, spacing=0)


def message() -> Delivery:
    return delivery_of(alert_on(full_story()), channel="desk", recipient="desk")


def send_one(hook: Hook, timeout: float = 10.0) -> Receipt:
    with channel(hook, timeout) as opened:
        return opened.send(message())


def test_message_arrives(hook: Hook) -> None:
    """The whole Block Kit message is posted once, to the webhook's path."""
    assert send_one(hook) == Receipt(state=DeliveryState.SENT)
    assert hook.paths == [PATH]
    assert hook.posts[0]["blocks"]


@pytest.mark.parametrize(
    ("status", "body", "state", "gone"),
    [
        (204, b"", DeliveryState.SENT, False),
        (400, b"invalid_payload", DeliveryState.DEAD, False),
        (403, b"action_prohibited", DeliveryState.DEAD, False),
        (404, b"no_service", DeliveryState.DEAD, True),
        (404, b"channel_not_found", DeliveryState.DEAD, True),
        (410, b"channel_is_archived", DeliveryState.DEAD, True),
        (403, b"no_service", DeliveryState.DEAD, True),
        (408, b"", DeliveryState.RETRY, False),
        (500, b"rollup_error", DeliveryState.RETRY, False),
        (503, b"", DeliveryState.RETRY, False),
    ],
)
def test_answers(hook: Hook, status: int, body: bytes, state: DeliveryState, gone: bool) -> None:
    """5xx is tried again, 4xx never; a webhook that does not exist any more is told as such."""
    hook.status, hook.body = status, body
    receipt = send_one(hook)
    assert (receipt.state, receipt.channel_gone) == (state, gone)
    assert len(hook.posts) == 1
    assert (receipt.reason is None) == (state is DeliveryState.SENT)


@pytest.mark.parametrize(("value", "seconds"), [("30", 30.0), ("nonsense", None)])
def test_too_many(hook: Hook, value: str, seconds: float | None) -> None:
    """429 is tried again after the time it names."""
    hook.status, hook.headers = 429, {"Retry-After": value}
    receipt = send_one(hook)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.RETRY, seconds)


def test_retry_after_dates() -> None:
    """A date counts from now; one in the past means at once."""
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert retry_after(format_datetime(now + timedelta(minutes=2), usegmt=True), now) == 120.0
    assert retry_after(format_datetime(now - timedelta(minutes=2), usegmt=True), now) == 0.0
    assert retry_after(None, now) is None


@pytest.mark.parametrize("body", [b"drop", b"hang"])
def test_lost_answer(hook: Hook, body: bytes) -> None:
    """No answer after the message was sent: it may have arrived, and is not posted twice here."""
    hook.body = body
    assert send_one(hook, timeout=0.5).state is DeliveryState.UNKNOWN
    assert len(hook.posts) == 1


def test_redirects_are_not_followed(hook: Hook) -> None:
    """A redirect could lead anywhere: it is refused, and said so."""
    hook.status, hook.headers = 302, {"Location": hook.url + "/elsewhere"}
    receipt = send_one(hook)
    assert receipt.state is DeliveryState.DEAD
    assert "redirects are not followed" in (receipt.reason or "")
    assert hook.paths == [PATH]


def test_nobody_listens() -> None:
    """A refused connection is tried again: nothing was handed over."""
    server = Hook()
    url = parse_address(server.url, "desk", "webhook")
    server.server_close()
    with SlackWebhook(url, allowed=LOOPBACK, spacing=0) as opened:
        receipt = opened.send(message())
    assert receipt.state is DeliveryState.RETRY
    assert "cannot be reached" in (receipt.reason or "")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433"])
def test_private_webhook_is_not_dialled(hook: Hook, host: str) -> None:
    """Unless the settings allow its network, a webhook on a private address is not even connected
    to, however the address is written; the check stands where the connection is made."""
    url = parse_address(hook.url.replace("127.0.0.1", host), "desk", "webhook")
    with SlackWebhook(url, allowed=(), spacing=0) as opened:
        receipt = opened.send(message())
    assert receipt.state is DeliveryState.RETRY
    assert "fetch.allow_private does not allow" in (receipt.reason or "")
    assert hook.posts == []


@pytest.mark.parametrize("host", ["169.254.169.254", "10.0.0.1", "100.64.0.1", "::ffff:10.0.0.1"])
def test_addresses_are_checked(host: str) -> None:
    """Literal private addresses are refused before anything is dialled."""
    with pytest.raises(Refused):
        checked_addresses(host, 443, LOOPBACK)


def test_environment_proxy_is_ignored(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment would see the webhook's secret and go round the check."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert send_one(hook).state is DeliveryState.SENT


def test_secret_is_never_told(hook: Hook) -> None:
    """Not even when the server repeats it: neither URL nor path in a receipt."""
    hook.status, hook.body = 400, f"invalid {hook.url} {PATH}".encode()
    assert "s3cr3tt0ken" not in repr(send_one(hook))


@pytest.mark.parametrize(
    "url",
    ["", "hooks.example/x", "ftp://h/s3cr3tt0ken", "https://", "http://in:80\\@out/", "http://[x"],
)
def test_wrong_webhook_is_not_repeated(url: str) -> None:
    """A malformed webhook is named by its channel, not by its secret."""
    settings = SlackSettings(type="slack", webhook=SecretText("${HOOK}"))
    with pytest.raises(ConfigError, match="channel desk: its webhook is no web address") as caught:
        open_channel("desk", settings, secret={"HOOK": url or " "}.get, allowed=())
    assert "s3cr3tt0ken" not in str(caught.value)


def test_spacing(hook: Hook) -> None:
    """Messages of a burst start a second apart, as Slack asks."""
    pauses: list[float] = []
    url = parse_address(hook.url, "desk", "webhook")
    with SlackWebhook(url, allowed=LOOPBACK, spacing=60.0, sleep=pauses.append) as opened:
        for _ in range(3):
            opened.send(message())
    assert len(pauses) == 2
    assert all(0 < pause <= 60 for pause in pauses)


def test_opened_from_settings(hook: Hook) -> None:
    """The settings' webhook is resolved when the channel is opened."""
    settings = SlackSettings(type="slack", webhook=SecretText("${HOOK}"))
    ready: Channel = open_channel("desk", settings, secret={"HOOK": hook.url}.get, allowed=LOOPBACK)
    with ready:
        assert ready.send(message()).state is DeliveryState.SENT
