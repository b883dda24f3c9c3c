"""Processes that tests of storage start, and kill: `python -m tests.storage_child WHAT DATABASE`.

Each prints a line for what it has done; `hold` and `lock` then wait until their standard input is
closed.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

from domain.alerting import DeliveryState, Receipt
from storage.run_lock import run_lock
from storage.store import ProcessedBatch, Run, open_store
from tests.storage_cases import FOUND, NOW, alert, article, delivery, entry, poll

BATCHES, ENTRIES, CLAIM = 12, 10, 4
"""The whole work of `work`: that many polls with that many new entries each, so many delivered at a
time."""


UNTIL = NOW + timedelta(minutes=5)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def work(database: Path) -> None:
    """The line in small: polls, processes and delivers batch by batch, going on where a killed
    predecessor stopped."""
    process(database)
    deliver(database)
    for number in range(BATCHES):
        entries = [entry(number * ENTRIES + n) for n in range(ENTRIES)]
        with open_store(database) as store:
            if store.known_urls([e.key for e in entries]):
                continue
            store.record_poll([poll(entries, etag=f'"{number}"')], NOW)
        say(f"polled {number}")
        process(database)
        say(f"processed {number}")
        deliver(database)


def process(database: Path) -> None:
    with open_store(database) as store:
        pending = store.pending_entries()
    if not pending:
        return
    told = [delivery(alert(of=p.entry.title)) for p in pending]
    batch = ProcessedBatch(
        articles=[article(p, FOUND) for p in pending],
        stories=[d.alert.story for d in told],
        alerts=[d.alert for d in told],
        deliveries=told,
    )
    with open_store(database) as store:
        store.commit_batch(batch, NOW)


def deliver(database: Path) -> None:
    me = str(os.getpid())
    with open_store(database) as store:
        store.ledger.release(store.ledger.owners(), NOW, NOW)
    while True:
        with open_store(database) as store, store.transaction():
            claimed = store.ledger.claim(NOW, CLAIM, owner=me, until=UNTIL)
            claimed = store.ledger.begin(claimed, NOW, owner=me, until=UNTIL)
        if not claimed:
            return
        for each in claimed:
            say(f"sent {each.message_id}")
        with open_store(database) as store, store.transaction():
            for each in claimed:
                receipt = Receipt(state=DeliveryState.SENT)
                store.ledger.record(each, receipt, receipt.state, NOW, None, owner=me)


def add(database: Path) -> None:
    """Opens the database, making it if it is first, and stores one row of its own."""
    with open_store(database) as store:
        store.record_run(Run(id=str(os.getpid()), started_at=NOW))


def hold(database: Path) -> None:
    with open_store(database):
        say("holding")
        sys.stdin.read()


def lock(database: Path) -> None:
    with run_lock(database):
        say("locked")
        sys.stdin.read()


if __name__ == "__main__":
    {"work": work, "add": add, "hold": hold, "lock": lock}[sys.argv[1]](Path(sys.argv[2]))
