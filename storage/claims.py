"""Claiming what the outbox holds: which deliveries are due, what they follow up, and what they have
to tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.alerting import Change, Delivery, DeliveryState
from storage.connection import Connection, Row, execute, fetch
from storage.outbox import alert_from
from storage.records_json import changes_from_json


def claim_deliveries(connection: Connection, now: datetime, limit: int) -> list[Delivery]:
    """Marks up to `limit` deliveries that are due as `sending` and returns them, oldest alert
    first.

    Of several to one recipient about one watch and story only the earliest is returned, so that
    what follows it up can name it. Deliveries found `sending` are due: no other run can be alive.
    """
    due = [row["id"] for row in _due(connection, now, limit)]
    execute(
        connection,
        """
        UPDATE deliveries AS claimed
        SET
            state = 'sending',
            updated_at = $now,
            -- What a message follows up does not change when it is sent again.
            thread_id = coalesce(claimed.thread_id, (
                SELECT arg_min(arrived.message_id, (arrived.version, arrived.id))
                FROM deliveries AS arrived
                WHERE arrived.state IN ('sent', 'unknown')
                  AND arrived.id <> claimed.id
                  AND arrived.watch = claimed.watch
                  AND arrived.story_id = claimed.story_id
                  AND arrived.channel = claimed.channel
                  AND arrived.recipient = claimed.recipient
            ))
        WHERE claimed.id IN (SELECT unnest($ids::VARCHAR[]))
        """,
        ids=due,
        now=now,
    )
    rows = fetch(
        connection,
        """
        SELECT deliveries.*, alerts.changes, alerts.snapshot, alerts.created_at
        FROM deliveries
        JOIN alerts ON alerts.id = deliveries.alert_id
        WHERE deliveries.id IN (SELECT unnest($ids::VARCHAR[]))
        ORDER BY alerts.created_at, deliveries.version, deliveries.id
        """,
        ids=due,
    )
    untold = _untold_changes(connection, due)
    return [_delivery_from(row, untold[row["id"]]) for row in rows]


def _due(connection: Connection, now: datetime, limit: int) -> list[Row]:
    return fetch(
        connection,
        """
        SELECT deliveries.id
        FROM deliveries
        JOIN alerts ON alerts.id = deliveries.alert_id
        WHERE deliveries.state = 'sending'
           OR (
               deliveries.state IN ('pending', 'retry', 'unknown')
               AND coalesce(deliveries.next_attempt_at, $now) <= $now
           )
        QUALIFY row_number() OVER (
            PARTITION BY
                deliveries.watch, deliveries.story_id, deliveries.channel, deliveries.recipient
            ORDER BY deliveries.version, deliveries.id
        ) = 1
        ORDER BY alerts.created_at, deliveries.version, deliveries.id
        LIMIT $limit
        """,
        now=now,
        limit=limit,
    )


def _untold_changes(
    connection: Connection, claimed: Sequence[str]
) -> defaultdict[str, tuple[Change, ...]]:
    """What changed in the versions that were superseded since the recipient was last told: "new
    story" above all. By the id of the claimed delivery, which has to tell it."""
    rows = fetch(
        connection,
        """
        SELECT claimed.id, alerts.changes
        FROM deliveries AS claimed
        JOIN deliveries AS earlier
          ON earlier.watch = claimed.watch
         AND earlier.story_id = claimed.story_id
         AND earlier.channel = claimed.channel
         AND earlier.recipient = claimed.recipient
         AND earlier.version < claimed.version
         AND earlier.state = 'superseded'
        JOIN alerts ON alerts.id = earlier.alert_id
        WHERE claimed.id IN (SELECT unnest($ids::VARCHAR[]))
          AND NOT EXISTS (
              SELECT 1
              FROM deliveries AS told
              WHERE told.watch = claimed.watch
                AND told.story_id = claimed.story_id
                AND told.channel = claimed.channel
                AND told.recipient = claimed.recipient
                AND told.version BETWEEN earlier.version AND claimed.version - 1
                AND told.state IN ('sent', 'unknown')
          )
        ORDER BY claimed.id, earlier.version
        """,
        ids=claimed,
    )
    untold: defaultdict[str, tuple[Change, ...]] = defaultdict(tuple)
    for row in rows:
        untold[row["id"]] += changes_from_json(row["changes"])
    return untold


def _delivery_from(row: Row, untold: tuple[Change, ...]) -> Delivery:
    alert = alert_from(row | {"id": row["alert_id"]})
    return Delivery(
        id=row["id"],
        alert=replace(alert, changes=(*untold, *alert.changes)),
        channel=row["channel"],
        recipient=row["recipient"],
        message_id=row["message_id"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        next_attempt_at=row["next_attempt_at"],
        thread_id=row["thread_id"],
    )
