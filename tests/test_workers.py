"""The worker pool: a task that hangs, crashes or devours memory fails alone, and workers die with their parent."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from flows.workers import TaskFailed, Workers
from tests import worker_tasks

LONG = 60.0


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (worker_tasks.never_end, "took longer than 2 s"),
        (worker_tasks.crash, "crashed its process"),
        (worker_tasks.devour, "needs too much memory"),
    ],
)
@pytest.mark.parametrize("pool", [Workers.parse, Workers.run])
def test_a_bad_task_fails_alone(
    pool: Callable[..., Coroutine[object, object, int]], task: Callable[[], object], words: str
) -> None:
    """The bad task's failure is told; what runs beside it and after it succeeds. As for feeds, so for pages."""

    async def scene(workers: Workers) -> list[int]:
        bad = asyncio.create_task(pool(workers, task))
        good = [asyncio.create_task(pool(workers, worker_tasks.double, n)) for n in range(10)]
        with pytest.raises(TaskFailed, match=words):
            await bad
        return [*(await asyncio.gather(*good)), await pool(workers, worker_tasks.double, 10)]

    with Workers(count=2, task_seconds=2) as workers:
        assert asyncio.run(scene(workers)) == [2 * n for n in range(11)]


def test_a_worker_that_dies_idle_is_replaced() -> None:
    """Whatever killed it (the kernel, when memory runs out) costs no task."""

    async def scene(workers: Workers) -> list[int]:
        for _ in range(2):
            os.kill(await workers.parse(worker_tasks.process_id), signal.SIGKILL)
        many = (workers.parse(worker_tasks.double, n) for n in range(20))
        return list(await asyncio.gather(*many))

    with Workers(count=1) as workers:
        assert asyncio.run(scene(workers)) == [2 * n for n in range(20)]


def test_workers_that_nobody_needs_are_not_started() -> None:
    """A run that finds nothing new loads neither parser nor detector."""
    before = set(multiprocessing.active_children())
    with Workers(count=2):
        assert set(multiprocessing.active_children()) <= before


def test_workers_die_with_their_parent(tmp_path: Path) -> None:
    """A killed run leaves no process behind."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio, time\n"
        "from flows.workers import Workers\n"
        "from tests.worker_tasks import process_id\n"
        "if __name__ == '__main__':\n"
        "    with Workers(count=1) as workers:\n"
        "        print(asyncio.run(workers.run(process_id)), flush=True)\n"
        "        time.sleep(600)\n",
        encoding="utf-8",
    )
    root = str(Path(__file__).parent.parent)
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": root},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    assert alive(worker)
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    until = time.monotonic() + LONG
    while alive(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(worker)


def alive(process: int) -> bool:
    """Whether a process runs (one that is dead and not yet fetched does not)."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
