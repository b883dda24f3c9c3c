"""A store for many short transactions in a row, by several threads: opening the database costs ten times as much as one.

It stays open from one transaction to the next that follows soon, and is closed when none does, or when another process
has waited for it. What is committed is safe whatever becomes of the process.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, RLock, Thread
from typing import Self

from domain.closing import Closing
from storage.store import Store, open_store
from storage.turns import is_wanted

_LINGER = 0.1
"""Seconds that it stays open without being used: about what a mail server takes for a message."""
_TURN = 0.5
"""Seconds that it stays open, in use, while another process waits."""
_PATIENCE = 0.5
"""Seconds that a process which waits is given to open the database: it looks four times a second or so."""


class KeptStore(Closing):
    """The database of `path`, opened when it is used. Entered once; used by any threads, one at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = RLock()
        self._store: Store | None = None
        self._opened_at = self._used_at = 0.0
        self._left = Event()
        self._keeper = Thread(target=self._close_in_time, name="kept-store", daemon=True)

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def close(self) -> None:
        """Closes the database, and goes on watching for nobody."""
        self._left.set()
        self._keeper.join()
        self._close()

    @contextmanager
    def transaction(self) -> Iterator[Store]:
        """All that is done in the block is done, or none of it.

        Raises: as `open_store` and `Store.transaction`.
        """
        with self._lock:
            store = self._store or self._open()
            try:
                with store.transaction():
                    yield store
            except BaseException:
                self._close()  # DuckDB may take no more after a failure
                raise
            self._used_at = time.monotonic()

    def _open(self) -> Store:
        give_up = time.monotonic() + _PATIENCE
        while is_wanted(self._path) and time.monotonic() < give_up:
            time.sleep(_LINGER / 10)
        self._store = open_store(self._path)
        self._opened_at = self._used_at = time.monotonic()
        return self._store

    def _close(self) -> None:
        with self._lock:
            store, self._store = self._store, None
            if store is not None:
                store.close()

    def _close_in_time(self) -> None:
        while not self._left.wait(_LINGER / 2):
            with self._lock:
                now = time.monotonic()
                idle = now - self._used_at >= _LINGER
                if self._store and (
                    idle or (now - self._opened_at >= _TURN and is_wanted(self._path))
                ):
                    self._close()
