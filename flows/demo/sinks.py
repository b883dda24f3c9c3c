"""Where the demo's alerts arrive: a mail server and a Slack webhook, each message kept as a file."""

from __future__ import annotations

import json
import re
import socket
from asyncio import AbstractServer
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from pathlib import Path
from threading import Lock
from typing import Any, Generic, Self, TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from domain.closing import Closing
from flows.demo.loopback_server import LoopbackServer, QuietHandler
from flows.demo.outlets import slug_of


@dataclass(frozen=True, kw_only=True)
class MailDelivery:
    """One message accepted for one recipient; a message to three is three of them with one file."""

    message_id: str
    recipient: str
    path: Path


@dataclass(frozen=True, kw_only=True)
class SlackDelivery:
    """One message accepted by the webhook at `webhook` (a path such as /services/T0/B0/desk)."""

    webhook: str
    payload: dict[str, Any]
    path: Path


_Delivery = TypeVar("_Delivery")


@dataclass
class _Files(Generic[_Delivery]):
    """Numbered files, each of them there whole or not at all, and the record of what they hold."""

    path: Path
    suffix: str
    taken: int = 0
    deliveries: list[_Delivery] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Numbering goes on where an earlier sink on this folder stopped."""
        self.path.mkdir(parents=True, exist_ok=True)
        numbers = [re.match(r"\d+", file.name) for file in self.path.glob(f"*{self.suffix}")]
        self.taken = max((int(number[0]) for number in numbers if number), default=0)

    def write(self, title: str, content: bytes) -> Path:
        """Writes the next file, beside its place first, so that no reader sees half of it."""
        with self.lock:
            self.taken += 1
            number = self.taken
        name = f"{number:04d}-{slug_of(title) or 'message'}{self.suffix}"
        beside = self.path / f".{name}.part"
        beside.write_bytes(content)
        return beside.replace(self.path / name)

    def record(self, deliveries: list[_Delivery]) -> None:
        with self.lock:
            self.deliveries += deliveries

    def recorded(self) -> tuple[_Delivery, ...]:
        with self.lock:
            return tuple(self.deliveries)


class SmtpSink(Closing):
    """A mail server that accepts everything, while it is entered.

    Each message is a file NNNN-<subject>.eml in `folder`.

    `on_message` is called for every delivery, from the server's thread, before the sender has its
    answer.
    """

    host = "127.0.0.1"

    def __init__(
        self, folder: Path, on_message: Callable[[MailDelivery], None] | None = None
    ) -> None:
        self._files: _Files[MailDelivery] = _Files(folder, ".eml")
        self._on_message = on_message
        self._listener = socket.create_server((self.host, 0))
        self._controller = _Controller(_MailHandler(self._accept), self._listener)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._controller.port)

    @property
    def url(self) -> str:
        """The address a channel is configured with."""
        return f"smtp://{self.host}:{self.port}"

    @property
    def deliveries(self) -> tuple[MailDelivery, ...]:
        """Everything accepted so far, oldest first."""
        return self._files.recorded()

    @property
    def count(self) -> int:
        """How many deliveries were accepted so far: one a recipient, so files may be fewer."""
        return len(self.deliveries)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def close(self) -> None:
        """Stops listening."""
        self._controller.stop()
        self._listener.close()

    def _accept(self, content: bytes, recipients: list[str]) -> None:
        headers = BytesParser(policy=policy.default).parsebytes(content, headersonly=True)
        path = self._files.write(str(headers["Subject"] or ""), content)
        message_id = str(headers["Message-ID"] or "").strip()
        accepted = [
            MailDelivery(message_id=message_id, recipient=recipient, path=path)
            for recipient in recipients
        ]
        self._files.record(accepted)
        if self._on_message:
            for delivery in accepted:
                self._on_message(delivery)


class _MailHandler:
    """What aiosmtpd calls, by this name, once a message is complete."""

    def __init__(self, accept: Callable[[bytes, list[str]], None]) -> None:
        self._accept = accept

    async def handle_DATA(  # noqa: N802 — the name is the protocol's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self._accept(envelope.original_content or b"", envelope.rcpt_tos)
        return "250 2.0.0 Accepted"


class _Controller(Controller):
    """Listens on a bound socket: `port=0` fails in aiosmtpd, a port found free may be taken."""

    def __init__(self, handler: _MailHandler, listener: socket.socket) -> None:
        host, port = listener.getsockname()
        # Without a name aiosmtpd asks the resolver for the machine's, which can take seconds.
        super().__init__(handler, host, port, server_hostname="sink.example", ready_timeout=30.0)
        self._listener = listener

    def _create_server(self) -> Awaitable[AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)


class SlackSink(Closing):
    """An incoming webhook that accepts every JSON object, while it is entered.

    Each message is a file NNNN-<text>.json in `folder`.
    Answers as Slack's does: 200 `ok`, 400 `invalid_payload`, 404 `no_service`. `on_message` is
    called for every message, from the server's thread, before the sender has its answer.
    """

    def __init__(
        self, folder: Path, on_message: Callable[[SlackDelivery], None] | None = None
    ) -> None:
        self._files: _Files[SlackDelivery] = _Files(folder, ".json")
        self._on_message = on_message
        self._server = LoopbackServer(_webhook_for(self))

    @property
    def base(self) -> str:
        """Root of the server, without a trailing slash; any path below /services/ is a webhook."""
        return self._server.base

    @property
    def url(self) -> str:
        """A webhook's address, as a channel is configured with one."""
        return f"{self.base}/services/T0DEMO/B0DEMO/sample"

    @property
    def messages(self) -> tuple[SlackDelivery, ...]:
        """Everything accepted so far, oldest first."""
        return self._files.recorded()

    @property
    def count(self) -> int:
        """How many messages were accepted so far."""
        return len(self.messages)

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def close(self) -> None:
        """Stops listening."""
        self._server.close()

    def accept(self, webhook: str, body: bytes) -> tuple[int, bytes]:
        """Status and answer for a body posted to the path `webhook`."""
        if not webhook.startswith("/services/"):
            return 404, b"no_service"
        try:
            payload = json.loads(body)
        except ValueError:
            return 400, b"invalid_payload"
        if not isinstance(payload, dict):
            return 400, b"invalid_payload"
        content = json.dumps(payload, ensure_ascii=False, indent=2).encode(
            errors="backslashreplace"
        )
        path = self._files.write(str(payload.get("text", "")), content + b"\n")
        delivery = SlackDelivery(webhook=webhook, payload=payload, path=path)
        self._files.record([delivery])
        if self._on_message:
            self._on_message(delivery)
        return 200, b"ok"


def _webhook_for(sink: SlackSink) -> type[QuietHandler]:
    class Webhook(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802 — the base class's name
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, text = sink.accept(self.path.partition("?")[0], body)
            self.answer(status, {"Content-Type": "text/html"}, text)

    return Webhook
