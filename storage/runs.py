"""The diary of monitoring runs."""

from __future__ import annotations

import json

from storage.connection import Connection, Row, fetch, upsert
from storage.records import Run
from storage.records_json import to_json


def put_run(connection: Connection, run: Run) -> None:
    """Stores a run as it stands now: once at its start, once more at its end."""
    row = {
        "id": run.id,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "outcome": None if run.outcome is None else to_json(run.outcome),
    }
    upsert(connection, "runs", [row])


def latest_runs(connection: Connection, limit: int | None) -> list[Run]:
    """The runs that began last, newest first."""
    rows = fetch(
        connection, "SELECT * FROM runs ORDER BY started_at DESC, id LIMIT $limit", limit=limit
    )
    return [_run_from(row) for row in rows]


def _run_from(row: Row) -> Run:
    return Run(
        id=row["id"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        outcome=None if row["outcome"] is None else json.loads(row["outcome"]),
    )
