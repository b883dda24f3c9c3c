"""A real HTTP server on loopback that answers by script, misbehaving on demand.

    with Site() as site:
        site.answer("/feed", Answer(b"<rss/>", headers={"ETag": '"1"'}))
        ...  # ask site.url("/feed")
        assert site.requests[0].headers["user-agent"]

A route holds one behaviour, or several that follow each other (the last one stays). A behaviour is
an Answer or any function of (Request, Wire). Behaviours that never end stop when the client hangs
up or the site closes.
"""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Request:
    """What a client asked: path with query, header names in lower case."""

    path: str
    headers: Mapping[str, str]


class Wire:
    """The raw way to the client, for answers that are no proper HTTP."""

    def __init__(self, write: Callable[[bytes], object], closing: threading.Event) -> None:
        self._write = write
        self._closing = closing

    def send(self, data: bytes) -> bool:
        """Sends bytes; False when the client is gone or the site closes, and the behaviour should
        end."""
        if self._closing.is_set():
            return False
        try:
            self._write(data)
        except OSError:
            return False
        return True

    def pause(self, seconds: float) -> None:
        """Waits, at most until the site closes."""
        self._closing.wait(seconds)


@dataclass(frozen=True)
class Answer:
    """A proper answer. `headers` may replace Content-Type and Content-Length."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, request: Request, wire: Wire) -> None:
        headers = {
            "Content-Type": "text/html",
            "Content-Length": str(len(self.body)),
            **self.headers,
        }
        head = f"HTTP/1.1 {self.status} -\r\n" + "".join(
            f"{k}: {v}\r\n" for k, v in headers.items()
        )
        wire.send(head.encode("latin-1") + b"Connection: close\r\n\r\n" + self.body)


Behaviour = Callable[[Request, Wire], None]


def redirect(target: str, status: int = 302) -> Answer:
    """Sends the client elsewhere."""
    return Answer(status=status, headers={"Location": target})


def gzipped(body: bytes) -> Answer:
    """A compressed answer."""
    return Answer(gzip.compress(body), headers={"Content-Encoding": "gzip"})


def gzip_bomb(megabytes: int) -> Answer:
    """Megabytes of zeros in kilobytes of gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(bytes(1_000_000)) for _ in range(megabytes)]
    return Answer(b"".join([*parts, packer.flush()]), headers={"Content-Encoding": "gzip"})


def with_validators(body: bytes, etag: str, last_modified: str) -> Behaviour:
    """Answers 304 to a client that sends either validator."""

    def behave(request: Request, wire: Wire) -> None:
        known = {request.headers.get("if-none-match"), request.headers.get("if-modified-since")}
        headers = {"ETag": etag, "Last-Modified": last_modified}
        if known & {etag, last_modified}:
            Answer(status=304, headers=headers)(request, wire)
        else:
            Answer(body, headers=headers)(request, wire)

    return behave


def endless_body(request: Request, wire: Wire) -> None:
    """A body that never ends, as fast as the client reads."""
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while wire.send(b"x" * 65_536):
        pass


def body_drip(request: Request, wire: Wire) -> None:
    """A byte every now and then, for ever."""
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while wire.send(b"x"):
        wire.pause(0.02)


def header_drip(request: Request, wire: Wire) -> None:
    """Header lines every now and then, for ever."""
    wire.send(b"HTTP/1.1 200 OK\r\n")
    while wire.send(b"X-More: and more\r\n"):
        wire.pause(0.02)


def endless_headers(request: Request, wire: Wire) -> None:
    """Header lines for ever, as fast as the client reads."""
    wire.send(b"HTTP/1.1 200 OK\r\n")
    while wire.send(b"X-More: and more\r\n" * 1_000):
        pass


def many_headers(request: Request, wire: Wire) -> None:
    """A thousand small headers, then a body."""
    wire.send(b"HTTP/1.1 200 OK\r\n" + b"X-More: and more\r\n" * 1_000 + b"\r\nbody")


def long_header(request: Request, wire: Wire) -> None:
    """One header of 80 kB, then a body."""
    wire.send(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 80_000 + b"\r\n\r\nbody")


def crumbs(request: Request, wire: Wire) -> None:
    """A body of chunks of two bytes, for ever: much work for few bytes."""
    wire.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while wire.send(b"2\r\nxx\r\n" * 8_000):
        pass


def endless_redirects(request: Request, wire: Wire) -> None:
    """Every address leads to another one."""
    redirect(request.path + "1")(request, wire)


def no_http(request: Request, wire: Wire) -> None:
    """Some other protocol."""
    wire.send(b"SSH-2.0-OpenSSH_9.9\r\n")


def endless_early_hints(request: Request, wire: Wire) -> None:
    """Informational answers for ever, the real one never."""
    while wire.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"):
        wire.pause(0.02)


def silence(request: Request, wire: Wire) -> None:
    """Nothing, for ever."""
    wire.pause(3_600)


def hang_up(request: Request, wire: Wire) -> None:
    """Closes without a word."""


class Site:
    """The server; a context manager. Unknown paths answer 404."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._host = host
        self._routes: dict[str, list[Behaviour]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.requests: list[Request] = []

    def url(self, path: str = "/", host: str | None = None) -> str:
        """The address of a path, by another host name if wished."""
        return f"http://{host or self._host}:{self.port}{path}"

    @cached_property
    def port(self) -> int:
        """The port the system gave."""
        return self._server.server_address[1]

    def answer(self, path: str, *behaviours: Behaviour) -> None:
        """Sets what a path (with its query) answers, one behaviour after the other; the last one
        stays."""
        with self._lock:
            self._routes[path] = list(behaviours)

    def paths(self) -> list[str]:
        """What has been asked for, in order."""
        return [r.path for r in self.requests]

    def _behave(self, request: Request, wire: Wire) -> None:
        with self._lock:
            self.requests.append(request)
            script = self._routes.get(request.path, [Answer(b"not here", status=404)])
            behaviour = script.pop(0) if len(script) > 1 else script[0]
        behaviour(request, wire)

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {k.lower(): v for k, v in self.headers.items()}
                self.close_connection = True
                site._behave(Request(self.path, headers), Wire(self.wfile.write, site._closing))

            def log_message(self, *args: object) -> None:
                """Tests print nothing."""

        class Server(ThreadingHTTPServer):
            request_queue_size = 128

            def handle_error(self, request: object, client_address: object) -> None:
                """A client that hangs up is no error here."""

        self._server = Server((self._host, 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
