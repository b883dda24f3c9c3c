"""A pool of processes for hostile input: a task that hangs, crashes or devours memory loses its process and fails alone.

Workers die with their parent, however that dies.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from domain.errors import ArmswireError

Result = TypeVar("Result")
MEMORY_BYTES = 4 << 30
"""Address space of one worker. A 5 MB page of pathological markup takes up to 0.7 GB to parse."""
_PR_SET_PDEATHSIG = 1


class TaskFailed(ArmswireError):
    """A task was killed at its deadline, ran out of memory or crashed its process."""


class KillablePool:
    """`count` processes, started when the first task comes or when `start` is called."""

    def __init__(
        self,
        count: int,
        task_seconds: float,
        context: Any,
        *,
        prepare: Callable[[], None],
        warm_up: Callable[[], None],
    ) -> None:
        """`context` is one of multiprocessing's. Every process begins with `prepare`, which must not fail; `warm_up` is
        its first task, may fail, and counts against no other task's deadline."""
        self._count = count
        self._warm_up = warm_up
        self._task_seconds = task_seconds
        self._pool = ProcessPool(
            max_workers=count,
            initializer=_start_worker,
            initargs=(os.getpid(), prepare),
            context=context,
        )
        # A thread, because the first start may wait for a server process to get ready.
        self._start = Thread(target=self._start_all, daemon=True)
        self._is_started = False

    def start(self) -> None:
        """Begins to start all processes, unless they are; does not wait for them."""
        if not self._is_started:
            self._is_started = True
            self._start.start()

    def _start_all(self) -> None:
        for _ in range(self._count):
            self._pool.schedule(self._warm_up)

    def kill(self) -> None:
        """Ends all processes, and what they still do."""
        if self._is_started:
            self._start.join()
            self._pool.stop()
            self._pool.join()

    async def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """Calls `function(*args)` (both picklable) in a worker.

        Raises:
            TaskFailed: the worker was killed at the deadline, crashed or ran out of memory.
        """
        self.start()
        if self._start.is_alive():
            await asyncio.to_thread(self._start.join)
        future = self._pool.schedule(function, args=args, timeout=self._task_seconds)
        try:
            result: Result = await asyncio.wrap_future(future)
        except (FutureTimeout, TimeoutError):
            msg = f"took longer than {self._task_seconds:g} s"
            raise TaskFailed(msg) from None
        except ProcessExpired as error:
            msg = f"crashed its process (exit code {error.exitcode})"
            raise TaskFailed(msg) from None
        except MemoryError:
            msg = "needs too much memory"
            raise TaskFailed(msg) from None
        return result


def _start_worker(parent: int, prepare: Callable[[], None]) -> None:
    """Ties the worker's life to its parent's, bounds its memory and quietens libraries."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import resource

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        if not Path(f"/proc/{parent}").exists():
            os._exit(0)
    # What a library would say about a page is in the article's note; workers print nothing.
    logging.getLogger().addHandler(logging.NullHandler())
    prepare()
