"""A store that stays open between transactions leaves room for other processes, and loses nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from storage.kept_store import KeptStore
from storage.store import Run, open_store
from storage.turns import is_wanted, waiting_for
from tests.storage_cases import NOW
from tests.test_storage_processes import child


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "monitor.duckdb"
    open_store(path).close()
    return path


def test_what_waits_is_seen(database: Path) -> None:
    """As long as it waits."""
    assert not is_wanted(database)
    with waiting_for(database):
        assert is_wanted(database)
    assert not is_wanted(database)


def test_another_process_gets_its_turn(database: Path) -> None:
    """Though the store is used again and again without a pause, by several threads."""
    done = Event()

    def go_on(kept: KeptStore) -> None:
        while not done.is_set():
            with kept.transaction() as store:
                store.record_run(Run(id="kept", started_at=NOW))

    with KeptStore(database) as kept:
        threads = [Thread(target=go_on, args=(kept,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            with child("add", database) as other:
                assert other.wait() == 0
        finally:
            done.set()
            for thread in threads:
                thread.join()


def test_it_is_closed_when_it_is_not_used(database: Path) -> None:
    """While a message is being sent, other processes can open the database."""
    with KeptStore(database) as kept:
        with kept.transaction() as store:
            store.record_run(Run(id="kept", started_at=NOW))
        with child("add", database) as other:
            assert other.wait() == 0


def test_a_failure_undoes_its_transaction_alone(database: Path) -> None:
    """What was committed before stays, and the next transaction goes through."""
    with KeptStore(database) as kept:
        with kept.transaction() as store:
            store.add_digest("first", NOW, NOW)
        with suppress(ZeroDivisionError), kept.transaction() as store:
            store.add_digest("second", NOW, NOW)
            raise ZeroDivisionError
        with kept.transaction() as store:
            store.add_digest("third", NOW, NOW)
            told = [store.last_digest(name) for name in ("first", "second", "third")]
    assert told == [NOW, None, NOW]
