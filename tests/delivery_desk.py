"""A desk with an outbox full of alerts, and processes that deliver it: `python -m tests.delivery_desk CONFIG`.

Such a process forks a child for every line of its standard input, which delivers what is due; it prints the child's id at
once, and a line when the child is gone. Forking spares each delivery the seconds that starting Python costs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from alerts.deliver import alert_of, deliveries_for
from domain.alerting import Change, ChangeKind, Delivery, DeliveryState
from flows.configuration import load_configuration
from flows.delivery import deliver_pending
from flows.reports import DeliveryReport
from flows.run_context import RunContext
from storage.connection import connect_for_reading, fetch
from storage.published import open_published, publish
from storage.rows import DeliveryRow, DisabledChannel
from storage.store import ProcessedBatch, open_store
from tests.story_samples import full_story

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Desk:
    """A monitor's folder with `channels`; every alert goes to all of them."""

    def __init__(self, folder: Path, channels: dict[str, Any], **settings: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "monitor.yaml"
        monitor = {
            "database": "monitor.duckdb",
            "feeds": "feeds.yaml",
            "fetch": {"allow_private": ["127.0.0.0/8"]},
            "channels": channels,
            "watches": [{"name": "w", "when": {"supplier": "JP"}, "send": [*channels]}],
            **settings,
        }
        self.config.write_text(yaml.safe_dump(monitor), encoding="utf-8")
        (folder / "feeds.yaml").write_text("[]\n", encoding="utf-8")
        self.configuration = load_configuration(self.config)

    @property
    def database(self) -> Path:
        return self.configuration.settings.database

    def put(
        self, count: int, *, first: int = 0, version: int = 1, now: datetime = NOW
    ) -> list[Delivery]:
        """Alerts on `count` stories into the outbox."""
        told: list[Delivery] = []
        settings = self.configuration.settings
        for number in range(first, first + count):
            story = replace(
                full_story(), id=f"story-{number}", version=version, headline=f"Report {number}"
            )
            kind = ChangeKind.NEW_STORY if version == 1 else ChangeKind.STAGE
            changes = (Change(kind=kind, text=f"change {version}"),)
            alert = alert_of(settings.watches[0], story, changes, now)
            told += deliveries_for(alert, settings.watches[0].send, settings.channels)
        with open_store(self.database) as store:
            store.commit_batch(ProcessedBatch(deliveries=told), now)
        return told

    def deliver(self, later: timedelta = timedelta(0)) -> DeliveryReport:
        """What is due, `later` than NOW."""
        return deliver(self.config, later)

    def ledger(self) -> list[DeliveryRow]:
        publish(self.database)
        with open_published(self.database) as queries:
            return queries.deliveries()

    def states(self) -> dict[str, int]:
        rows = self.ledger()
        return {
            state: sum(r.state.value == state for r in rows)
            for state in {r.state.value for r in rows}
        }

    def disabled(self) -> list[DisabledChannel]:
        publish(self.database)
        with open_published(self.database) as queries:
            return queries.disabled_channels()


def deliver(config: Path, later: timedelta = timedelta(0)) -> DeliveryReport:
    run = RunContext(load_configuration(config), None, clock=lambda: NOW + later)  # type: ignore[arg-type]
    return deliver_pending(run)


Doubts = set[tuple[str, str]]
"""Ids of deliveries, each with the process that was handing it over when it was killed."""


def left_in_doubt(database: Path) -> Doubts:
    """What the processes that were killed had begun to hand over, and kept no answer to; until another takes it over."""
    if not database.exists():
        return set()
    with closing(connect_for_reading(database, deadline=30)) as connection:
        rows = fetch(connection, "SELECT id, lease_owner FROM deliveries WHERE state = 'sending'")
    return {(row["id"], row["lease_owner"]) for row in rows}


def check_told_once(told: Sequence[DeliveryRow], arrived: Counter[str], doubts: Doubts) -> None:
    """Everything `told` is sent and `arrived` (times, by id of the delivery) once. Only what a kill left in doubt may have
    come again, once more for each; it was `unknown` then, which counts an attempt."""
    assert set(arrived) == {row.id for row in told}
    doubted = Counter(delivery for delivery, _ in doubts)
    for row in told:
        assert row.state is DeliveryState.SENT
        assert row.attempts == 1 + doubted[row.id]
        assert 1 <= arrived[row.id] <= 1 + doubted[row.id]


class Deliverers:
    """The process that forks delivering children."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, config: Path, later: timedelta = timedelta(0)) -> int:
        """Starts a child and returns its id."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{later.total_seconds():.0f} {config}\n")
        self._process.stdin.flush()
        return int(self._said().split()[1])

    def ended(self) -> int:
        """Waits for a child to end; its exit status, negative for a signal."""
        return int(self._said().split()[2])

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def deliverers() -> Iterator[Deliverers]:
    command = [sys.executable, "-m", "tests.delivery_desk"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Deliverers(process)
        finally:
            process.kill()


def fork_children() -> None:
    """The process's own part. Two lines that arrive together are two children at once."""
    import threading

    for line in sys.stdin:
        seconds, _, config = line.strip().partition(" ")
        child = os.fork()
        if not child:
            os._exit(_deliver_here(Path(config), timedelta(seconds=int(seconds))))
        say(f"started {child}")
        threading.Thread(target=_report_end, args=(child,), daemon=True).start()


def _deliver_here(config: Path, later: timedelta) -> int:
    try:
        deliver(config, later)
    except BaseException:  # noqa: BLE001 - a fork must not go on as its parent would
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def _report_end(child: int) -> None:
    _, status = os.waitpid(child, 0)
    say(f"ended {child} {os.waitstatus_to_exitcode(status)}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    fork_children()
