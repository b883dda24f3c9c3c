"""The read-only copy of the database, which every reader uses: it is never locked by a run, and
never half a run.

It lacks the kept pages. The copy is renamed into place, so that a reader that is open keeps the state it opened, and the
next one gets the new. Within one process, all readers must be closed before a new copy can be seen:
DuckDB shares open files by path.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from domain.errors import StorageError
from storage.connection import Connection, connect, connect_for_reading, execute, fetch, unusable
from storage.queries import Queries
from storage.schema import latest_version, move_into_place, schema_version, wal


def published_path(database: Path) -> Path:
    """Where the copy of `database` is: "monitor.published.duckdb" beside "monitor.duckdb"."""
    return database.with_name(f"{database.stem}.published.duckdb")


def publish(database: Path, *, deadline: float = 30.0) -> Path:
    """Makes the copy anew and returns its path. No store may be open in this process, and one
    process at a time may publish: the holder of the run lock.

    Raises:
        DatabaseBusy: another process (or an open store of this one) held the database for
        `deadline` seconds. StorageError: there is no database, or the copy cannot be written.
    """
    if not database.exists():
        msg = f"{database} does not exist; run `armswire run` first"
        raise StorageError(msg)
    copy = published_path(database)
    new = copy.with_name(f".{copy.name}.new")
    # DuckDB's write-ahead log is part of the database, and a copy of the file alone would lack it.
    if wal(database).exists():
        _fold_wal(database, deadline)
    # Reading keeps writers of all processes out while the file is copied (and until then only:
    # closing the copied file drops the lock).
    guard = connect_for_reading(database, deadline=deadline)
    try:
        if wal(database).exists():
            msg = f"{wal(database)} is in use; publish again when no other process writes"
            raise StorageError(msg)
        schema_version(guard, database)
        # What a killed publish left may be write-protected already.
        new.unlink(missing_ok=True)
        shutil.copyfile(database, new)
        if _has_pages(guard):
            _leave_out_pages(new, deadline)
        # Nobody writes into a copy: DuckDB opens it for reading alone, with or without being told.
        new.chmod(database.stat().st_mode & 0o444)
        wal(copy).unlink(missing_ok=True)
        move_into_place(new, copy)
    except OSError as error:
        raise unusable(copy, error) from error
    finally:
        guard.close()
    return copy


def _has_pages(connection: Connection) -> bool:
    found = fetch(
        connection,
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'pages' AND estimated_size > 0",
    )
    return bool(found)


def _leave_out_pages(copy: Path, deadline: float) -> None:
    """Empties the table of kept pages, which would be most of the copy and which no reader asks for."""
    connection = connect(copy, deadline=deadline)
    try:
        # Quicker than deleting the rows, and what it lacks (its key) matters to writers alone.
        execute(connection, "CREATE OR REPLACE TABLE pages AS FROM pages LIMIT 0")
    finally:
        connection.close()


def _fold_wal(database: Path, deadline: float) -> None:
    connection = connect(database, deadline=deadline)
    try:
        execute(connection, "CHECKPOINT")
    finally:
        connection.close()


def open_published(database: Path, *, deadline: float = 5.0) -> Queries:
    """Opens the copy of `database` for reading; SQL run there can neither write nor reach other
    files.

    Raises:
        StorageError: no run has published yet, or the copy is another version's.
    """
    copy = published_path(database)
    if not copy.exists():
        msg = f"{copy} does not exist, because no run has finished yet; `armswire run` makes it"
        raise StorageError(msg)
    connection = connect_for_reading(copy, deadline=deadline)
    try:
        _refuse_other_versions(connection, copy)
    except BaseException:
        connection.close()
        raise
    return Queries(connection)


def _refuse_other_versions(connection: Connection, copy: Path) -> None:
    version = schema_version(connection, copy)
    if version < latest_version():
        msg = (
            f"{copy} has schema version {version} of an older armswire, this one reads version "
            f"{latest_version()}; `armswire run` makes it anew"
        )
        raise StorageError(msg)
