"""The process pool for everything that costs CPU: parsing feeds, extracting articles, finding mentions.

Pages and feeds are hostile input: each task has a deadline after which its process is killed and replaced, the others
going on. Workers are forked from a server process that has built the detector already (flows/warm.py), so that a second
worker, or one that replaces a killed one, costs nothing; they die with their parent, however that dies.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from domain.errors import ArmswireError

if TYPE_CHECKING:
    from extractors.detection import Detector

Result = TypeVar("Result")
TASK_SECONDS = 20.0
"""The worst page measured in a sample of hundreds took 0.4 s; 20 s only ends what would never end."""
MEMORY_BYTES = 4 << 30
"""Address space of one worker. A 5 MB page of pathological markup takes up to 0.7 GB to parse."""
_PR_SET_PDEATHSIG = 1


class TaskFailed(ArmswireError):
    """A task was killed at its deadline, ran out of memory or crashed its process."""


class Workers:
    """A pool of `count` processes (one per core unless told), started at once so that they warm up while feeds are
    fetched. Use as a context manager; leaving it kills what still runs."""

    def __init__(
        self,
        *,
        count: int | None = None,
        lexicons: Sequence[Path] = (),
        task_seconds: float = TASK_SECONDS,
    ) -> None:
        self.count = count or len(os.sched_getaffinity(0))
        self._task_seconds = task_seconds
        self._pool = ProcessPool(
            max_workers=self.count,
            initializer=_start_worker,
            initargs=(tuple(lexicons), os.getpid()),
            context=_context(),
        )
        # Starting waits for the server process to be warm; feeds can be fetched meanwhile.
        self._start = Thread(target=self._warm_up_all, daemon=True)

    def __enter__(self) -> Workers:
        self._start.start()
        return self

    def _warm_up_all(self) -> None:
        for _ in range(self.count):
            self._pool.schedule(_warm_up)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._start.join()
        self._pool.stop()
        self._pool.join()

    async def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """Calls `function(*args)` (both picklable) in a worker.

        Raises:
            TaskFailed: the worker was killed at the deadline, crashed or ran out of memory.
        """
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


def detector() -> Detector:
    """This worker's detector, built when first asked for.

    Raises:
        ConfigError: a lexicon row is wrong.
    """
    if not _detectors:
        from extractors.detection import build_detector

        _detectors.append(build_detector(_lexicons))
    return _detectors[0]


def share_detector() -> None:
    """Builds the detector of the lexicons we ship, for workers forked from this process."""
    try:
        detector()
    except ArmswireError:
        # The worker that needs it meets the same error, where it can be told.
        _detectors.clear()


_detectors: list[Detector] = []
_lexicons: list[Path] = []


def _context() -> Any:
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["flows.warm"])
    return context


def _start_worker(lexicons: tuple[Path, ...], parent: int) -> None:
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
    if lexicons:
        _lexicons.extend(lexicons)
        _detectors.clear()


def _warm_up() -> None:
    """Builds the detector. Scheduled once per worker when the pool starts, while the first feeds are being fetched."""
    detector()
