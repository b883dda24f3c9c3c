"""A Slack on loopback that refuses what Slack refuses: incoming webhooks and chat.postMessage, with Slack's limits.

Limits and errors as Slack documents them: 50 blocks, 3,000 characters a section's text, 150 a header's, 2,000 a field's and
10 of them, 10 elements a context block; `invalid_payload`, `no_service`, `invalid_blocks`, `invalid_auth`,
`channel_not_found`, `ratelimited` with Retry-After.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from flows.demo.loopback_server import LoopbackServer, QuietHandler

TOKEN = "xoxb-double-0-s3cr3t"
CHANNEL = "#arms"
PATH = "/services/T000/B000/s3cr3tt0ken"


@dataclass
class Scripted:
    """One answer in place of Slack's own; `drop` closes the connection after the message was taken."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    takes: bool = False
    before: Callable[[], object] | None = None


class SlackDouble:
    """Keeps the messages it takes, in `posts`; `script` holds the answers to give first."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.requests: list[dict[str, str]] = []
        self.script: list[Scripted] = []
        self.on_request: Callable[[], object] | None = None
        self.lock = Lock()
        self._server = LoopbackServer(_handler_for(self))

    @property
    def webhook(self) -> str:
        return f"{self._server.base}{PATH}"

    @property
    def api(self) -> str:
        return f"{self._server.base}/api/"

    def __enter__(self) -> SlackDouble:
        self._server.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._server.close()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Scripted:
        """What Slack would answer."""
        with self.lock:
            self.requests.append({**headers, "path": path})
            if self.on_request:
                self.on_request()
            scripted = self.script.pop(0) if self.script else None
            if scripted and scripted.before:
                scripted.before()
            if scripted and not scripted.takes:
                return scripted
            answer = (
                self._api(headers, body) if path.startswith("/api/") else self._hook(path, body)
            )
            return scripted or answer

    def _hook(self, path: str, body: bytes) -> Scripted:
        if path != PATH:
            return Scripted(404, "no_service")
        message = _read(body)
        if message is None or not message.get("text") or list(complaints(message)):
            return Scripted(400, "invalid_payload")
        self.posts.append(message)
        return Scripted(200, "ok")

    def _api(self, headers: dict[str, str], body: bytes) -> Scripted:
        message = _read(body)
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return _said(error="invalid_auth")
        if message is None or message.get("channel") != CHANNEL:
            return _said(error="channel_not_found")
        if found := list(complaints(message)):
            return _said(error="invalid_blocks", response_metadata={"messages": found})
        thread = message.get("thread_ts")
        if thread is not None and not any(post["ts"] == thread for post in self.posts):
            return _said(error="thread_not_found")
        self.posts.append(message | {"ts": f"1763820000.{len(self.posts) + 1:06d}"})
        return _said(ok=True, channel="C0ARMS", ts=self.posts[-1]["ts"])


def complaints(message: dict[str, Any]) -> Iterator[str]:
    """What Slack would refuse of a message."""
    blocks = message.get("blocks", [])
    if len(blocks) > 50:
        yield "too many blocks"
    for block in blocks:
        texts = [block["text"]] if "text" in block else []
        limit = {"header": 150, "section": 3000}.get(block["type"])
        if block["type"] not in ("header", "section", "context", "divider"):
            yield f"unsupported type: {block['type']}"
        if block["type"] == "header" and block["text"]["type"] != "plain_text":
            yield "a header is plain text"
        if len(block.get("fields", [])) > 10 or len(block.get("elements", [])) > 10:
            yield "too many of them"
        for text in texts:
            if not 0 < len(text["text"]) <= (limit or 3000):
                yield f"{block['type']}: text of {len(text['text'])} characters"
        for text in (*block.get("fields", []), *block.get("elements", [])):
            if not 0 < len(text["text"]) <= 2000:
                yield f"{block['type']}: element of {len(text['text'])} characters"


def commands(message: dict[str, Any]) -> list[str]:
    """What Slack would carry out or show as a mention: <!channel>, <@U…>, <#C…>."""
    return re.findall(r"<[!@#][^>]*>", json.dumps(message, ensure_ascii=False))


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(body)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def _said(*, ok: bool = False, **more: Any) -> Scripted:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return Scripted(200, json.dumps({"ok": ok, **more}), headers)


def _handler_for(double: SlackDouble) -> type[QuietHandler]:
    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = double.take(self.path, headers, body)
            if answer.drop:
                self.close_connection = True
                return
            self.answer(
                answer.status, {"Content-Type": "text/html"} | answer.headers, answer.body.encode()
            )

    return Handler
