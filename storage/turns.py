"""Who waits for the database: DuckDB tells its holder nothing of it.

A process that waits holds a shared lock on a file beside the database; whoever keeps the database open looks whether
anybody does. Locks of the operating system: they end with their process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def waiting_for(database: Path) -> Iterator[None]:
    """Shows, for the block, that this process waits for `database`. Nobody sees it where the file cannot be made."""
    try:
        descriptor = os.open(_file(database), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        yield
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def is_wanted(database: Path) -> bool:
    """Whether another process waits for `database`."""
    try:
        descriptor = os.open(_file(database), os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _file(database: Path) -> Path:
    return Path(f"{database.resolve()}.waiting")
