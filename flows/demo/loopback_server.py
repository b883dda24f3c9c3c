"""A quiet HTTP/1.1 server on loopback: the sample sites and the Slack sink are built on it."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self

from domain.closing import Closing


class QuietHandler(BaseHTTPRequestHandler):
    """Keeps connections open, writes each answer in one piece, logs nothing."""

    protocol_version = "HTTP/1.1"
    # Without it an answer can wait 40 ms for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    # An idle connection is closed after this many seconds, so that no thread waits for ever.
    timeout = 60.0

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the base class's name
        """Nothing: what a sample site is asked belongs in nobody's log."""

    def answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        """Sends a whole answer; the body is left out where HTTP has none (HEAD, 304)."""
        lines = [f"HTTP/1.1 {status} {self.responses[status][0]}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines.append(f"Date: {self.date_time_string()}")
        if status != 304:
            lines.append(f"Content-Length: {len(body)}")
        if self.command == "HEAD" or status == 304:
            body = b""
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


class QuietServer(ThreadingHTTPServer):
    """A thread per connection; none of them keeps the process alive."""

    daemon_threads = True
    block_on_close = False
    # Connections that may wait to be accepted: a poller opens many at once.
    request_queue_size = 128

    def server_bind(self) -> None:
        """Binds without the base class's look-up of the host's name, which can take seconds."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error; anything else is shown."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class LoopbackServer(Closing):
    """Serves HTTP on a free port of 127.0.0.1 while it is entered."""

    def __init__(self, handler: type[QuietHandler]) -> None:
        self._server = QuietServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base(self) -> str:
        """Root of the site, without a trailing slash."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def close(self) -> None:
        """Stops serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
