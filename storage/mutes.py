"""Mutes: what analysts do not want to hear of for a while."""

from __future__ import annotations

from datetime import datetime

from domain.alerting import Mute, MuteKind
from storage.connection import Connection, fetch, upsert


def add_mute(connection: Connection, mute: Mute) -> None:
    """Stores a mute; one of the same id is replaced."""
    upsert(
        connection,
        "mutes",
        [
            {
                "id": mute.id,
                "kind": mute.kind,
                "value": mute.value,
                "created_at": mute.created_at,
                "until": mute.until,
                "note": mute.note,
            }
        ],
    )


def remove_mute(connection: Connection, mute: str) -> bool:
    """Forgets a mute (by id); False when there is none."""
    rows = fetch(connection, "DELETE FROM mutes WHERE id = $id RETURNING id", id=mute)
    return bool(rows)


def mutes(connection: Connection, now: datetime | None = None) -> list[Mute]:
    """The mutes that hold at `now` (None: all there ever were), the one that ends first first."""
    rows = fetch(
        connection,
        """
        SELECT *
        FROM mutes
        WHERE $now IS NULL OR until > $now::TIMESTAMPTZ
        ORDER BY until, id
        """,
        now=now,
    )
    return [Mute(**row | {"kind": MuteKind(row["kind"])}) for row in rows]
