"""An SMTP server that answers by script, at every command: what a library's server cannot be made to say."""

from __future__ import annotations

import socketserver
from threading import Thread
from typing import Any

USUAL = {
    "CONNECT": "220 sink.example",
    "EHLO": "250 sink.example",
    "HELO": "250 sink.example",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    "CONTENT": "250 OK",
    "RSET": "250 OK",
    "QUIT": "221 bye",
}


class ScriptedSmtp:
    """`script` gives an answer for a command once, "drop" closes the connection; later ones are as usual."""

    def __init__(self, script: dict[str, str]) -> None:
        self.script = dict(script)
        self.contents: list[bytes] = []
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with_rest = True
                owner.say(self, "CONNECT")
                while with_rest and (line := self.rfile.readline()):
                    with_rest = owner.react(self, line.split(b" ")[0].strip().decode().upper())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> ScriptedSmtp:
        self._thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def react(self, handler: Any, verb: str) -> bool:
        """Answers one command; False when the connection is to be closed."""
        answer = self.say(handler, verb)
        if verb == "DATA" and answer.startswith("354"):
            content = b""
            while (line := handler.rfile.readline()) not in (b".\r\n", b""):
                content += line
            self.contents.append(content)
            answer = self.say(handler, "CONTENT")
        return answer != "drop" and verb != "QUIT"

    def say(self, handler: Any, verb: str) -> str:
        answer = self.script.pop(verb, USUAL.get(verb, "500 what?"))
        if answer != "drop":
            handler.wfile.write(answer.encode() + b"\r\n")
        return answer
