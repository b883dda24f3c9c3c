"""Digests: which periods were told, and the alerts that fall into one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.alerting import Alert
from storage.connection import Connection, append, fetch
from storage.outbox import alert_from


def last_digest(connection: Connection, name: str) -> datetime | None:
    """Up to when the digest `name` has told; None: it never has."""
    rows = fetch(
        connection, "SELECT max(until) AS until FROM digests WHERE name = $name", name=name
    )
    until: datetime | None = rows[0]["until"]
    return until


def digest_alerts(
    connection: Connection, watches: Sequence[str], start: datetime, until: datetime
) -> list[Alert]:
    """The alerts of `watches` made after `start` and not after `until`, the first first."""
    rows = fetch(
        connection,
        """
        SELECT *
        FROM alerts
        WHERE watch IN (SELECT unnest($watches::VARCHAR[]))
          AND created_at > $start
          AND created_at <= $until
        ORDER BY created_at, version, id
        """,
        watches=list(watches),
        start=start,
        until=until,
    )
    return [alert_from(row) for row in rows]


def add_digest(connection: Connection, name: str, until: datetime, now: datetime) -> bool:
    """Notes that the digest `name` has told up to `until`; False, and nothing done, when it had told
    that far."""
    last = last_digest(connection, name)
    if last is not None and last >= until:
        return False
    append(connection, "digests", [{"name": name, "until": until, "made_at": now}])
    return True
