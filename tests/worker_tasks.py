"""Tasks that behave badly, for tests of the worker pool: importable, so that workers can be handed them."""

from __future__ import annotations

import os
import signal
import time


def double(number: int) -> int:
    """A good one."""
    return 2 * number


def never_end() -> None:
    """Hangs."""
    while True:
        time.sleep(1)


def crash() -> None:
    """Takes its process with it."""
    os.kill(os.getpid(), signal.SIGKILL)


def devour() -> int:
    """Asks for more memory than a worker may have."""
    return len(bytearray(64 << 30))


def process_id() -> int:
    """Which process runs it."""
    return os.getpid()
