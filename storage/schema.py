"""Migrations: numbered SQL files, applied in order, never changed once released.

A new database is made beside its place and renamed into it, because DuckDB killed while it creates
a file leaves one that nothing can open.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from domain.errors import DatabaseTooNew, StorageError
from storage.connection import (
    Connection,
    connect,
    execute,
    fetch,
    make_folder_for,
    transaction,
    unusable,
)


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One step of the schema: `0001_first.sql` leads to version 1."""

    version: int
    name: str
    sql: str


@cache
def migrations() -> tuple[Migration, ...]:
    """All migrations this armswire knows, in order."""
    scripts = [f for f in (files("storage") / "migrations").iterdir() if f.name.endswith(".sql")]
    return tuple(
        Migration(
            version=int(script.name[:4]),
            name=script.name.removesuffix(".sql"),
            sql=script.read_text(encoding="utf-8"),
        )
        for script in sorted(scripts, key=lambda f: f.name)
    )


def latest_version() -> int:
    """The schema version this armswire writes and reads."""
    return migrations()[-1].version


def schema_version(connection: Connection, path: Path) -> int:
    """The version of an open database; 0 for an empty one.

    Raises:
        DatabaseTooNew: a newer armswire wrote it.
        StorageError: it holds somebody else's tables.
    """
    tables = {
        row["table_name"] for row in fetch(connection, "SELECT table_name FROM duckdb_tables()")
    }
    if "schema_version" not in tables:
        if tables:
            msg = (
                f"{path} is a DuckDB database of something else; name another file as the database"
            )
            raise StorageError(msg)
        return 0
    rows = fetch(connection, "SELECT coalesce(max(version), 0) AS version FROM schema_version")
    version = int(rows[0]["version"])
    if version > latest_version():
        msg = (
            f"{path} has schema version {version}, written by a newer armswire; this one knows "
            f"versions up to {latest_version()}: update armswire, or name another database"
        )
        raise DatabaseTooNew(msg)
    return version


def migrate(connection: Connection, path: Path) -> None:
    """Brings an open database to the latest version, in one transaction.

    Raises: as `schema_version`.
    """
    version = schema_version(connection, path)
    missing = [m for m in migrations() if m.version > version]
    if not missing:
        return
    with transaction(connection, path):
        for migration in missing:
            connection.execute(migration.sql)
            execute(
                connection,
                "INSERT INTO schema_version VALUES ($version, $name, now())",
                version=migration.version,
                name=migration.name,
            )


def ensure_database(path: Path, *, deadline: float) -> None:
    """Makes the folder and an empty database of the latest version at `path`, unless there is one.

    Raises:
        StorageError: it cannot be made there.
    """
    if _exists(path):
        return
    make_folder_for(path)
    try:
        with _only_creator(path.parent):
            if not _exists(path):
                _create(path, deadline)
    except OSError as error:
        raise unusable(path, error) from error


def _create(path: Path, deadline: float) -> None:
    log = wal(path)
    if log.exists():
        msg = (
            f"{path} is gone, but {log.name} beside it holds its last changes: "
            f"put {path.name} back, or delete {log.name} to begin anew"
        )
        raise StorageError(msg)
    new = path.with_name(f".{path.name}.new")
    for leftover in (new, wal(new)):
        leftover.unlink(missing_ok=True)
    connection = connect(new, deadline=deadline)
    try:
        migrate(connection, new)
    finally:
        connection.close()
    move_into_place(new, path)


def move_into_place(new: Path, path: Path) -> None:
    """Renames `new` to `path` in the same folder, so that `path` is the old file or the whole new
    one, even after power is lost.

    Raises:
        OSError: it cannot.
    """
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def wal(path: Path) -> Path:
    """DuckDB's write-ahead log of `path`: there after a kill, and part of the database then."""
    return path.with_name(path.name + ".wal")


def _exists(path: Path) -> bool:
    # An empty file (touch, mktemp) holds nothing to lose and is no database yet.
    return path.exists() and (not path.is_file() or path.stat().st_size > 0)


@contextmanager
def _only_creator(folder: Path) -> Iterator[None]:
    """Lets one process at a time create databases in `folder`; creating takes some 0.1 s. The lock
    is the folder's own, so that nothing is left behind."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
