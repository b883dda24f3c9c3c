"""Running the asynchronous part of a stage from its synchronous outside."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from domain.errors import ArmswireError

Result = TypeVar("Result")


def run_to_end(main: Coroutine[Any, Any, Result]) -> Result:
    """Runs `main` in an event loop of its own.

    Raises:
        ArmswireError: one that a task of a task group raised comes out as itself, for it is worded for the user; any other
            failure comes out as the group it is.
    """
    try:
        return asyncio.run(main)
    except BaseExceptionGroup as group:
        told = _first_told(group)
        if told is None:
            raise
        raise told from None


def _first_told(group: BaseExceptionGroup[BaseException]) -> ArmswireError | None:
    for error in group.exceptions:
        if isinstance(error, ArmswireError):
            return error
        if isinstance(error, BaseExceptionGroup):
            deeper = _first_told(error)
            if deeper is not None:
                return deeper
    return None
