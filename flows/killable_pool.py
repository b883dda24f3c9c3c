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
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from domain.errors import ArmswireError

Result = TypeVar("Result")
MEMORY_BYTES = 4 << 30
"""Address space of one worker. A 5 MB page of pathological markup takes up to 0.7 GB to parse."""
POOLS = 3
"""So often a task is begun anew because a process died that had not begun it."""
LOOK_SECONDS = 1.0
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
        self._task_seconds = task_seconds
        self._warm_up = warm_up
        self._make_pool = partial(
            ProcessPool,
            max_workers=count,
            initializer=_start_worker,
            initargs=(os.getpid(), prepare),
            context=context,
        )
        self._pool: ProcessPool | None = None
        self._warming: Thread | None = None
        self._threads: list[Thread] = []

    def start(self) -> ProcessPool:
        """Begins to start all processes, unless they are; does not wait for them."""
        if self._pool is None:
            self._pool = self._make_pool()
            # A thread, because the first start may wait for a server process to get ready.
            self._warming = self._in_a_thread(self._warm_up_all, self._pool)
        return self._pool

    def kill(self) -> None:
        """Ends all processes, and what they still do."""
        for thread in self._threads:
            thread.join()
        if self._pool is not None:
            _end(self._pool)
            self._pool = None

    async def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """Calls `function(*args)` (both picklable) in a worker.

        Raises:
            TaskFailed: the worker was killed at the deadline, crashed or ran out of memory.
        """
        for _ in range(POOLS):
            pool = await self._ready()
            try:
                future = pool.schedule(function, args=args, timeout=self._task_seconds)
            except RuntimeError:  # broken since
                self._replace(pool)
                continue
            try:
                result: Result = await _outcome(pool, future)
            except BrokenProcessPool:
                self._replace(pool)
            except (FutureTimeout, TimeoutError):
                msg = f"took longer than {self._task_seconds:g} s"
                raise TaskFailed(msg) from None
            except ProcessExpired as error:
                msg = f"crashed its process (exit code {error.exitcode})"
                raise TaskFailed(msg) from None
            except MemoryError:
                msg = "needs too much memory"
                raise TaskFailed(msg) from None
            else:
                return result
        msg = "found no process that lived long enough"
        raise TaskFailed(msg)

    async def _ready(self) -> ProcessPool:
        pool = self.start()
        if self._warming is not None and self._warming.is_alive():
            await asyncio.to_thread(self._warming.join)
        return pool

    def _warm_up_all(self, pool: ProcessPool) -> None:
        with suppress(RuntimeError):  # broken since: whoever needs it will see
            for _ in range(self._count):
                pool.schedule(self._warm_up)

    def _replace(self, broken: ProcessPool) -> None:
        """Begins anew with other processes. pebble gives up a whole pool when a process dies that had no task."""
        if self._pool is broken:
            self._pool = None
            self._in_a_thread(_end, broken)

    def _in_a_thread(self, target: Callable[[ProcessPool], None], pool: ProcessPool) -> Thread:
        thread = Thread(target=target, args=(pool,), daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread


async def _outcome(pool: ProcessPool, future: Future[Result]) -> Result:
    """The task's result or exception.

    Raises:
        BrokenProcessPool: the pool has broken, whether pebble told this task or not.
    """
    waiting = asyncio.wrap_future(future)
    try:
        while not waiting.done():
            await asyncio.wait({waiting}, timeout=LOOK_SECONDS)
            if not waiting.done() and not pool.active:
                raise BrokenProcessPool
        return waiting.result()
    finally:
        waiting.cancel()


def _end(pool: ProcessPool) -> None:
    pool.stop()
    pool.join()


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
