"""One run at a time on one database.

A lock of the operating system on a file beside the database: released by the death of its holder,
however it dies.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import RunInProgress
from storage.connection import make_folder_for, unusable


@contextmanager
def run_lock(database: Path) -> Iterator[None]:
    """Holds the run lock of `database` for the block. Its file, "<database>.lock", stays and holds
    the holder's PID.

    Child processes must be spawned, not forked, while it is held: a forked child would go on
    holding it.

    Raises:
        RunInProgress: another run holds it; the message names its PID.
        StorageError: the file cannot be made.
    """
    path = Path(f"{database.resolve()}.lock")
    make_folder_for(path)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise unusable(path, error) from error
    try:
        _lock(descriptor, database)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, database: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        pid = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        holder = f"process {pid}" if pid.isdigit() else "another process"
        msg = f"a run on {database} is going on: {holder}; wait for it to end, or stop it"
        raise RunInProgress(msg) from error
