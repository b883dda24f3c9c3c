"""Opening the database file, and reading and writing rows through DuckDB.

DuckDB lets one process hold the file for writing and refuses every other meanwhile, so opening
waits for its turn.

Never open the database file itself (to copy or to stat its content) in a process that holds a
connection to it: closing any descriptor of the file drops the POSIX lock that keeps other processes
out.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from domain.errors import DatabaseBusy, StorageError
from storage.turns import waiting_for

Connection = duckdb.DuckDBPyConnection
Row = dict[str, Any]

_LOCKED = "Could not set lock on file"
_HOLDER = re.compile(r"lock is held in .*?\(PID (\d+)\)")
_FIRST_WAIT, _LONGEST_WAIT = 0.01, 0.25
_ERROR_CLASS = re.compile(r"^[\w ]+ Error: ")
_SURROGATE = re.compile("[\ud800-\udfff]")


def connect(path: Path, *, deadline: float) -> Connection:
    """Opens `path` for writing, waiting up to `deadline` seconds for another process to let go of
    it.

    Raises:
        DatabaseBusy: another process still holds it; the message names its PID.
        StorageError: the file cannot be opened, or is no DuckDB database.
    """
    connection = _connect(path, deadline, {})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def connect_for_reading(path: Path, *, deadline: float) -> Connection:
    """Opens `path` so that nothing reachable from SQL can write, read another file or lift these
    limits.

    Raises: as `connect`.
    """
    limits = {"enable_external_access": "false", "lock_configuration": "true"}
    return _connect(path, deadline, limits, read_only=True)


def _connect(
    path: Path, deadline: float, config: dict[str, str], *, read_only: bool = False
) -> Connection:
    give_up = time.monotonic() + deadline
    try:
        return _connect_at_once(path, config, read_only=read_only)
    except _Busy as error:
        busy = error
    wait = _FIRST_WAIT
    with waiting_for(path):
        while time.monotonic() < give_up:
            # Jitter, for DuckDB's lock is not fair: two that wait in step could starve a third.
            pause = min(wait * random.uniform(0.5, 1.5), give_up - time.monotonic() + 0.001)  # noqa: S311
            time.sleep(max(0.0, pause))
            wait = min(wait * 2, _LONGEST_WAIT)
            try:
                return _connect_at_once(path, config, read_only=read_only)
            except _Busy as error:
                busy = error
    msg = (
        f"{path} is in use: {busy.holder} has held it for {deadline:g} s; "
        "wait for it to end, or stop it, and try again"
    )
    raise DatabaseBusy(msg) from busy


class _Busy(Exception):
    """`holder` has the database open."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


def _connect_at_once(path: Path, config: dict[str, str], *, read_only: bool) -> Connection:
    try:
        return duckdb.connect(str(path), read_only=read_only, config=dict(config))
    except duckdb.ConnectionException as error:
        # Reading and writing one file exclude each other within a process too.
        raise _Busy(f"process {os.getpid()}") from error
    except duckdb.IOException as error:
        if _LOCKED not in str(error):
            raise unusable(path, error) from error
        found = _HOLDER.search(str(error))
        raise _Busy(f"process {found[1]}" if found else "another process") from error
    except (duckdb.Error, UnicodeError) as error:
        raise unusable(path, error) from error


def make_folder_for(path: Path) -> None:
    """Makes the folder of `path`, and those above it, unless they are there.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        msg = f"{path} cannot be made: {path.parent} is not a folder"
        raise StorageError(msg) from error
    except OSError as error:
        raise unusable(path, error) from error


def unusable(path: Path, error: Exception) -> StorageError:
    """DuckDB's or the system's complaint about `path`, in one line."""
    if isinstance(error, OSError):
        return StorageError(f"{path} cannot be used: {error.strerror or error}")
    text = (str(error).splitlines() or ["unknown error"])[0]
    if "not a valid DuckDB database" in text:
        return StorageError(
            f"{path} is not a DuckDB database; move it away, or name another file as the database"
        )
    return StorageError(f"{path} cannot be used: {_ERROR_CLASS.sub('', text)}")


@contextmanager
def transaction(connection: Connection, path: Path) -> Iterator[None]:
    """All or nothing: commits at the end of the block, rolls back when it raises.

    Raises:
        StorageError: `path` cannot be written (a full disk, for one).
    """
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException as error:
        with suppress(duckdb.Error):
            connection.rollback()
        if isinstance(error, duckdb.IOException):
            raise unusable(path, error) from error
        raise


def fetch(connection: Connection, sql: str, **parameters: object) -> list[Row]:
    """The rows `sql` yields, by column name; times are aware and UTC, whatever the session's
    zone."""
    cursor = connection.execute(sql, {name: _outward(v) for name, v in parameters.items()})
    names = [column[0] for column in cursor.description or ()]
    return [
        {name: _inward(value) for name, value in zip(names, row, strict=True)}
        for row in cursor.fetchall()
    ]


def execute(connection: Connection, sql: str, **parameters: object) -> None:
    """Runs a statement whose rows, if any, are not wanted."""
    connection.execute(sql, {name: _outward(v) for name, v in parameters.items()})


def append(connection: Connection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts `rows`, all with the same columns, within the open transaction.

    By DuckDB's appender, which is some ten times as fast as INSERT for long texts.
    """
    _append(connection, table, rows, "insert")


def upsert(connection: Connection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts `rows`, replacing those of the same primary key. No key may come twice in `rows`."""
    _append(connection, table, rows, "upsert")


def _append(
    connection: Connection,
    table: str,
    rows: Sequence[Mapping[str, object]],
    action: Literal["insert", "upsert"],
) -> None:
    if not rows:
        return
    with connection.appender(table, columns=list(rows[0]), action=action) as appender:
        appender.append_rows([[_outward(value) for value in row.values()] for row in rows])


def storable(text: str) -> str:
    """`text` with each lone surrogate replaced by U+FFFD: no database stores those, and offsets
    stay as they are.

    They come from JSON escapes cut in half, which feeds do hold.
    """
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _outward(value: object) -> object:
    if value is None or (type(value) is str and value.isascii()):  # nearly all values
        return value
    if isinstance(value, str):
        return storable(str(value))
    if isinstance(value, datetime):
        if value.tzinfo is None:
            msg = f"a time without a zone cannot be stored: {value.isoformat()}"
            raise ValueError(msg)
        return value
    if isinstance(value, list | tuple):
        return [_outward(item) for item in value]
    return value


def _inward(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
