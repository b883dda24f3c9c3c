"""Which process holds a lease on deliveries, and whether it is still there."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def own_name() -> str:
    """The name of this process."""
    return name_of(os.getpid())


def name_of(pid: int) -> str:
    """A process of this machine, told apart from all others by host, process namespace (containers may share a host's
    name), process id and start."""
    return f"{_machine()}/{pid}/{_start_of(pid) or 0}"


def is_gone(name: str) -> bool:
    """Whether the process called `name` is certain not to run any more. One on another machine is never certain."""
    machine, _, rest = name.partition("/")
    pid, _, start = rest.partition("/")
    if machine != _machine() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        pass
    now_running = _start_of(int(pid))
    return now_running is not None and start != now_running


def _machine() -> str:
    try:
        namespace = Path("/proc/self/ns/pid").readlink().name
    except OSError:
        namespace = ""
    return f"{socket.gethostname().replace('/', '-')}{namespace}"


def _start_of(pid: int) -> str | None:
    """When a process began, in clock ticks since the machine's start; "" when it has ended and only its parent has not
    asked for it yet; None where the system does not tell (no /proc)."""
    try:
        # The fields of proc(5) from the third on, counted after the name in parentheses, which may hold spaces.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except (OSError, IndexError):
        return None
