"""The outbox: alerts, and the ledger of telling each recipient of them.

A delivery is written in the transaction that stores what it tells, claimed before it is sent, and
closed by the channel's answer. Whatever a killed run leaves `sending` is claimed again, with the
same Message-ID.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.alerting import Alert, Delivery, DeliveryState, Receipt
from storage.connection import Connection, Row, append, execute, fetch
from storage.records_json import (
    changes_from_json,
    changes_to_json,
    story_from_json,
    story_to_json,
)

RECORDABLE = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.RETRY,
        DeliveryState.UNKNOWN,
        DeliveryState.DEAD,
        DeliveryState.PENDING,
    }
)
"""The states an answer can lead to; PENDING puts a delivery back that was claimed and not tried."""


def add_alerts(connection: Connection, alerts: Sequence[Alert]) -> int:
    """Stores the alerts not stored yet. Returns how many those were."""
    rows = fetch(
        connection,
        "SELECT id FROM alerts SEMI JOIN (SELECT unnest($ids::VARCHAR[]) AS id) USING (id)",
        ids=[alert.id for alert in alerts],
    )
    known = {row["id"] for row in rows}
    new = {alert.id: alert for alert in reversed(alerts) if alert.id not in known}
    append(
        connection,
        "alerts",
        [
            {
                "id": alert.id,
                "watch": alert.watch,
                "story_id": alert.story.id,
                "version": alert.version,
                "changes": changes_to_json(alert.changes),
                "snapshot": story_to_json(alert.story),
                "created_at": alert.created_at,
            }
            for alert in new.values()
        ],
    )
    return len(new)


def add_deliveries(connection: Connection, deliveries: Sequence[Delivery], now: datetime) -> int:
    """Puts the deliveries not in the ledger yet into it. Returns how many those were.

    A delivery of an earlier version of the story, to the same recipient for the same watch, that no
    one has tried to send yet is superseded.
    """
    ids, recipients = _known_deliveries(connection, deliveries)
    new: list[Delivery] = []
    for delivery in deliveries:
        recipient = (delivery.alert.id, delivery.channel, delivery.recipient)
        if delivery.id not in ids and recipient not in recipients:
            new.append(delivery)
            ids.add(delivery.id)
            recipients.add(recipient)
    append(connection, "deliveries", [_delivery_row(delivery, now) for delivery in new])
    _supersede(connection, new, now)
    return len(new)


def _known_deliveries(
    connection: Connection, deliveries: Sequence[Delivery]
) -> tuple[set[str], set[tuple[str, str, str]]]:
    rows = fetch(
        connection,
        """
        SELECT id, alert_id, channel, recipient
        FROM deliveries
        WHERE id IN (SELECT unnest($ids::VARCHAR[]))
           OR alert_id IN (SELECT unnest($alert_ids::VARCHAR[]))
        """,
        ids=[delivery.id for delivery in deliveries],
        alert_ids=[delivery.alert.id for delivery in deliveries],
    )
    return (
        {row["id"] for row in rows},
        {(row["alert_id"], row["channel"], row["recipient"]) for row in rows},
    )


def _delivery_row(delivery: Delivery, now: datetime) -> Row:
    return {
        "id": delivery.id,
        "alert_id": delivery.alert.id,
        "watch": delivery.alert.watch,
        "story_id": delivery.alert.story.id,
        "version": delivery.alert.version,
        "channel": delivery.channel,
        "recipient": delivery.recipient,
        "message_id": delivery.message_id,
        "thread_id": delivery.thread_id,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_attempt_at": delivery.next_attempt_at,
        "updated_at": now,
    }


def _supersede(connection: Connection, new: Sequence[Delivery], now: datetime) -> None:
    if not new:
        return
    execute(
        connection,
        """
        UPDATE deliveries AS earlier
        SET state = 'superseded', next_attempt_at = NULL, updated_at = $now
        WHERE earlier.state IN ('pending', 'retry')
          AND earlier.attempts = 0
          AND earlier.story_id IN (SELECT unnest($story_ids::VARCHAR[]))
          AND EXISTS (
              SELECT 1
              FROM deliveries AS later
              WHERE later.watch = earlier.watch
                AND later.story_id = earlier.story_id
                AND later.channel = earlier.channel
                AND later.recipient = earlier.recipient
                AND later.version > earlier.version
                AND later.state NOT IN ('dead', 'superseded')
          )
        """,
        story_ids=[delivery.alert.story.id for delivery in new],
        now=now,
    )


def alert_from(row: Row) -> Alert:
    """The alert in a row of `alerts`."""
    return Alert(
        id=row["id"],
        watch=row["watch"],
        story=story_from_json(row["snapshot"]),
        changes=changes_from_json(row["changes"]),
        created_at=row["created_at"],
    )


def record_receipt(
    connection: Connection,
    delivery: Delivery,
    receipt: Receipt,
    state: DeliveryState,
    now: datetime,
    next_attempt_at: datetime | None,
) -> None:
    """Notes a channel's answer, and where that leaves the delivery. One that has been sent stays
    sent.

    Raises:
        ValueError: `state` is not one of RECORDABLE.
    """
    if state not in RECORDABLE:
        msg = f"an answer cannot leave a delivery {state}"
        raise ValueError(msg)
    execute(
        connection,
        """
        UPDATE deliveries
        SET
            state = $state,
            attempts = attempts + CASE WHEN $state = 'pending' THEN 0 ELSE 1 END,
            next_attempt_at = $next_attempt_at,
            last_error = $reason,
            updated_at = $now,
            sent_at = CASE WHEN $state = 'sent' THEN $now::TIMESTAMPTZ END
        WHERE id = $id AND state <> 'sent'
        """,
        id=delivery.id,
        state=state,
        reason=receipt.reason,
        next_attempt_at=next_attempt_at,
        now=now,
    )
