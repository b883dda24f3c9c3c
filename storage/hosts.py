"""Hosts that are left alone for a while, from one run to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.news import HostPause
from storage.connection import Connection, execute, fetch, upsert


def host_pauses(connection: Connection, now: datetime) -> list[HostPause]:
    """The pauses that last beyond `now`."""
    rows = fetch(
        connection,
        "SELECT * FROM host_pauses WHERE paused_until > $now ORDER BY host",
        now=now,
    )
    return [
        HostPause(host=row["host"], until=row["paused_until"], reason=row["reason"]) for row in rows
    ]


def put_pauses(connection: Connection, pauses: Sequence[HostPause], now: datetime) -> None:
    """Notes pauses, each host's latest, and forgets those that are over."""
    execute(connection, "DELETE FROM host_pauses WHERE paused_until <= $now", now=now)
    upsert(
        connection,
        "host_pauses",
        [{"host": p.host, "paused_until": p.until, "reason": p.reason} for p in pauses],
    )
