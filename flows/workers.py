"""The processes for everything that costs CPU: one pool for parsing feeds, one for extracting articles and finding mentions.

Pages and feeds are hostile input: each task has a deadline after which its process is killed and replaced, the others
going on. Two pools, because most runs find nothing new: those never load a detector. Its workers are forked from a server
process that has built it already (flows/warm.py), so that a second worker, or one that replaces a killed one, costs nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from domain.closing import Closing
from domain.errors import ArmswireError
from flows.killable_pool import KillablePool, TaskFailed

if TYPE_CHECKING:
    from extractors.detection import Detector

__all__ = ["TaskFailed", "Workers", "detector", "share_detector"]

Result = TypeVar("Result")
TASK_SECONDS = 20.0
"""The worst page measured in a sample of hundreds took 0.4 s; 20 s only ends what would never end."""


class Workers(Closing):
    """Two pools of `count` processes each (one per core unless told), started when first needed. Use as a context
    manager; leaving it kills what still runs."""

    def __init__(
        self,
        *,
        count: int | None = None,
        lexicons: Sequence[Path] = (),
        task_seconds: float = TASK_SECONDS,
    ) -> None:
        self.count = count or len(os.sched_getaffinity(0))
        spawning = multiprocessing.get_context("spawn")
        self._parsers = KillablePool(
            self.count, task_seconds, spawning, prepare=_nothing, warm_up=_load_parser
        )
        self._readers = KillablePool(
            self.count,
            task_seconds,
            _warm_context(),
            prepare=partial(_take_lexicons, tuple(lexicons)),
            warm_up=_build_detector,
        )

    def close(self) -> None:
        """Kills what still runs."""
        self._parsers.kill()
        self._readers.kill()

    async def parse(self, function: Callable[..., Result], *args: Any) -> Result:
        """Calls `function(*args)` (both picklable), which parses a feed, in a worker.

        Raises:
            TaskFailed: the worker was killed at the deadline, crashed or ran out of memory.
        """
        return await self._parsers.run(function, *args)

    def expect_feeds(self) -> None:
        """Begins to start the processes that parse: there are feeds to be parsed soon."""
        self._parsers.start()

    async def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """Calls `function(*args)` (both picklable), which may use the `detector`, in a worker.

        Raises:
            TaskFailed: the worker was killed at the deadline, crashed or ran out of memory.
        """
        return await self._readers.run(function, *args)

    def warm_up(self) -> None:
        """Begins to build the detectors, which takes seconds: there are entries to be read soon."""
        self._readers.start()


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


def _warm_context() -> Any:
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["flows.warm"])
    return context


def _nothing() -> None:
    """Parsing needs nothing to be prepared."""


def _load_parser() -> None:
    import lxml.html  # noqa: F401 -- both loaded before the first feed comes, whose deadline runs


def _take_lexicons(lexicons: tuple[Path, ...]) -> None:
    if lexicons:
        _lexicons.extend(lexicons)
        _detectors.clear()


def _build_detector() -> None:
    detector()
