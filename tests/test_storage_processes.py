"""Several processes on one database: killed, held, locked, and creating it at once."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from domain.errors import DatabaseBusy, RunInProgress
from storage.published import open_published, publish
from storage.run_lock import run_lock
from storage.store import open_store
from tests.storage_child import BATCHES, CLAIM, ENTRIES

ROOT = Path(__file__).parent.parent
KILLS, UNSEEN_KILLS = 12, 4


@contextmanager
def child(what: str, database: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of tests/storage_child.py, killed at the end of the block if it still lives."""
    command = [sys.executable, "-m", "tests.storage_child", what, str(database)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "monitor.duckdb"


@pytest.mark.slow
def test_nothing_is_lost_or_told_twice_however_often_the_line_is_killed(database: Path) -> None:
    """Killed a dozen times at random moments, the first ones while the database is being made, the
    line ends with every entry one whole article and every alert sent; what had been reported as
    stored was never lost; a message is sent more than once only under the same Message-ID, and no
    more often than the line was killed."""
    random.seed(12)
    sent: Counter[str] = Counter()
    reported = 0
    for kill in range(KILLS + 1):
        with child("work", database) as process:
            if kill < UNSEEN_KILLS:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(random.uniform(0.1, 0.6))
                process.kill()
            lines = read_until_killed(process, 0 if kill == KILLS else random.randrange(1, 25))
        sent.update(which for what, which in lines if what == "sent")
        reported = max(reported, *(int(n) + 1 for what, n in lines if what == "processed"), 0)
        check_whole(database, at_least=reported * ENTRIES)
    check_whole(database, at_least=BATCHES * ENTRIES)
    assert len(sent) == BATCHES * ENTRIES
    assert sent.total() <= BATCHES * ENTRIES + KILLS * CLAIM


def read_until_killed(process: subprocess.Popen[str], after: int) -> list[tuple[str, str]]:
    """What the child says until it ends, killed some milliseconds after its `after`-th line."""
    assert process.stdout is not None
    lines = []
    for number, line in enumerate(process.stdout, start=1):
        what, _, which = line.strip().partition(" ")
        lines.append((what, which))
        if number == after:
            time.sleep(random.uniform(0, 0.05))
            process.kill()
    return lines


def check_whole(database: Path, *, at_least: int) -> None:
    open_store(database).close()
    publish(database)
    with open_published(database) as queries:
        counts = queries.counts()
        assert counts.articles >= at_least
        assert counts.articles == counts.entries.get("done", 0)
        assert counts.articles % ENTRIES == 0
        assert counts.transfers == counts.reactions == counts.stories == counts.articles
        assert counts.alerts == sum(counts.deliveries.values()) == counts.articles
        if counts.articles == BATCHES * ENTRIES:
            assert set(counts.entries) == {"done"}
        polls = {row.state.etag for row in queries.feeds()}
        polled = sum(counts.entries.values())
        assert polls == ({f'"{polled // ENTRIES - 1}"'} if polled else set())


def test_a_database_in_use_is_waited_for(database: Path) -> None:
    """Until the deadline; then the error names the file and the process that holds it, in one
    line."""
    with child("hold", database) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "holding\n"
        with pytest.raises(DatabaseBusy) as caught:
            open_store(database, deadline=0.2)
        message = str(caught.value)
        assert re.search(rf"monitor\.duckdb is in use: process {holder.pid} has held it", message)
        assert "\n" not in message
        holder.stdin.close()
        open_store(database, deadline=30).close()


def test_several_processes_can_make_the_database_at_once(database: Path) -> None:
    """One makes it, the others find it, and none overwrites what another stored."""
    with ExitStack() as stack:
        children = [stack.enter_context(child("add", database)) for _ in range(5)]
        assert [process.wait() for process in children] == [0] * 5
    publish(database)
    with open_published(database) as queries:
        assert {run.id for run in queries.runs()} == {str(process.pid) for process in children}


def test_one_run_at_a_time(database: Path) -> None:
    """A second run is told who runs; the death of the holder, however violent, releases the
    lock."""
    with child("lock", database) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        with pytest.raises(RunInProgress, match=f"process {holder.pid};"), run_lock(database):
            pass
        holder.kill()
        holder.wait()
        with run_lock(database):
            assert (database.parent / "monitor.duckdb.lock").read_text() == f"{os.getpid()}\n"


def test_the_run_lock_excludes_its_own_process_too(database: Path) -> None:
    """And is free again once left, also by an error; different databases do not concern each
    other."""

    def fail() -> None:
        with run_lock(database), run_lock(database.with_name("other.duckdb")):
            with pytest.raises(RunInProgress, match=f"process {os.getpid()};"), run_lock(database):
                pass
            raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            fail()


def test_two_names_of_one_database_are_one_run(database: Path, tmp_path: Path) -> None:
    """A relative path and a symbolic link lead to the same lock."""
    open_store(database).close()
    link = tmp_path / "link.duckdb"
    link.symlink_to(database)
    with run_lock(database), pytest.raises(RunInProgress), run_lock(link):
        pass
