"""Apprise in a process of its own, which can dial only what may be dialled.

Apprise's services dial by themselves, follow redirects and look names up again. So every connection of the process is
checked where it is made, on the address it goes to, by an audit hook of the interpreter: that holds for all its threads and
libraries, and cannot be taken out. `python -m alerts.channels.apprise_process` reads a line of networks, says that it is
ready, and answers each line with a message by a line that says whether the service took it. URLs, which are secrets, come
by the pipe: a command line is shown to everybody.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Timer
from typing import Any

from alerts.channels.dialling import Refused
from domain.addresses import Network, may_dial, parse_networks

START_TIMEOUT = 60.0
"""Seconds; a cold process takes about one."""
_DIALS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
"""https://docs.python.org/3.11/library/audit_events.html; raised with the socket and the address."""


class NoAnswer(Exception):
    """The process ended, or took too long. `began`: it had the message."""

    def __init__(self, *, began: bool) -> None:
        super().__init__("no answer")
        self.began = began


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Whether the service took the message; `refused` is the connection that was not made, if any."""

    taken: bool
    refused: str | None


class AppriseProcess:
    """A process that hands messages to Apprise, one after another, started with the first."""

    def __init__(self, allowed: Sequence[Network], timeout: float) -> None:
        self._allowed = [str(network) for network in allowed]
        self._timeout = timeout
        self._process: subprocess.Popen[str] | None = None

    def send(self, url: str, title: str, body: str) -> Answer:
        """Hands one message to the service of `url`.

        Raises:
            NoAnswer: not within the timeout; the next message has a new process.
        """
        process = self._process or self._start()
        self._process = process
        try:
            answer = _ask(process, {"url": url, "title": title, "body": body}, self._timeout)
        except NoAnswer:
            self.close()
            raise
        return Answer(taken=answer["taken"], refused=answer["refused"])

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _start(self) -> subprocess.Popen[str]:
        # No proxy: the check would see its address alone.
        env = {name: value for name, value in os.environ.items() if not _is_proxy(name)}
        process = subprocess.Popen(
            [sys.executable, "-m", "alerts.channels.apprise_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=env,
            start_new_session=True,  # Ctrl-C ends the run after this message, not in its midst
        )
        try:
            _ask(process, self._allowed, START_TIMEOUT)
        except NoAnswer:
            process.kill()
            process.communicate()
            raise NoAnswer(began=False) from None
        return process


def _ask(process: subprocess.Popen[str], request: object, timeout: float) -> Any:
    """The process's answer to a line.

    Raises:
        NoAnswer: it ended before, or did not answer within `timeout` seconds and was ended.
    """
    assert process.stdin is not None  # noqa: S101 - they are pipes
    assert process.stdout is not None  # noqa: S101
    deadline = Timer(timeout, process.kill)
    deadline.daemon = True
    deadline.start()
    try:
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        line = ""
    finally:
        deadline.cancel()
    if not line.endswith("\n"):
        raise NoAnswer(began=True)
    return json.loads(line)


def _is_proxy(name: str) -> bool:
    return name.lower().endswith("_proxy")


def refuse_to_dial(allowed: Sequence[Network]) -> list[str]:
    """From now on this process dials only public addresses and those of `allowed`. Returns a list that will hold what was
    refused. A connection by name is refused, for it would be looked up after the check; so is one by a file."""
    refused: list[str] = []

    def check(event: str, details: tuple[Any, ...]) -> None:
        if event not in _DIALS or details[1] is None:  # None: on a connection that was checked
            return
        dialled, address = details
        internet = dialled.family in (socket.AF_INET, socket.AF_INET6)
        host = str(address[0]) if internet else "a socket that is no internet address"
        if not (internet and may_dial(host, allowed)):
            refused.append(f"it leads to {host}, which fetch.allow_private does not allow")
            raise Refused(refused[-1])

    sys.addaudithook(check)
    return refused


def _main() -> None:
    from apprise import Apprise, NotifyFormat

    # What the libraries print would be taken for answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    logging.disable()
    refused = refuse_to_dial(parse_networks(json.loads(sys.stdin.readline())))
    print(json.dumps("ready"), file=answers, flush=True)
    for line in sys.stdin:
        message = json.loads(line)
        refused.clear()
        target = Apprise()
        target.add(message["url"])
        taken = target.notify(
            title=message["title"], body=message["body"], body_format=NotifyFormat.TEXT
        )
        why = refused[0] if refused else None
        print(json.dumps({"taken": bool(taken), "refused": why}), file=answers, flush=True)


if __name__ == "__main__":
    _main()
