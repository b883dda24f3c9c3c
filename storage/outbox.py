"""The outbox: alerts, and the ledger of telling each recipient of them.

A delivery is written in the transaction that stores what it tells. Claiming: storage/claims.py;
answers: storage/leases.py; what a person does with it: storage/replays.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.alerting import Alert, Delivery, Notice
from storage.connection import Connection, Row, append, execute, fetch, upsert
from storage.records_json import (
    background_from_json,
    background_to_json,
    changes_from_json,
    changes_to_json,
    notice_to_json,
    story_from_json,
    story_to_json,
)

ALERT, NOTICE = "alert", "notice"
"""What a delivery tells: the values of `deliveries.kind`."""


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
                "background": background_to_json(alert.background) if alert.background else None,
            }
            for alert in new.values()
        ],
    )
    return len(new)


def add_deliveries(connection: Connection, deliveries: Sequence[Delivery], now: datetime) -> int:
    """Puts the deliveries not in the ledger yet into it. Returns how many those were.

    The notices they tell are stored with them; their alerts must be there. A delivery of an earlier
    version of the story, to the same recipient for the same watch, that has certainly not arrived is
    superseded.
    """
    ids, recipients = _known_deliveries(connection, deliveries)
    new: list[Delivery] = []
    for delivery in deliveries:
        recipient = (delivery.content.id, delivery.channel, delivery.recipient)
        if delivery.id not in ids and recipient not in recipients:
            new.append(delivery)
            ids.add(delivery.id)
            recipients.add(recipient)
    _add_notices(connection, [d.content for d in new if isinstance(d.content, Notice)])
    append(connection, "deliveries", [_delivery_row(delivery, now) for delivery in new])
    _supersede(connection, new, now)
    return len(new)


def _add_notices(connection: Connection, notices: Sequence[Notice]) -> None:
    rows = {
        notice.id: {
            "id": notice.id,
            "title": notice.title,
            "document": notice_to_json(notice),
            "created_at": notice.created_at,
        }
        for notice in notices
    }
    upsert(connection, "notices", list(rows.values()))


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
        alert_ids=[delivery.content.id for delivery in deliveries],
    )
    return (
        {row["id"] for row in rows},
        {(row["alert_id"], row["channel"], row["recipient"]) for row in rows},
    )


def _delivery_row(delivery: Delivery, now: datetime) -> Row:
    return {
        "id": delivery.id,
        "kind": NOTICE if isinstance(delivery.content, Notice) else ALERT,
        "alert_id": delivery.content.id,
        "watch": delivery.sender,
        "story_id": delivery.topic,
        "version": delivery.number,
        "channel": delivery.channel,
        "recipient": delivery.recipient,
        "message_id": delivery.message_id,
        "thread_id": delivery.thread_id,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_attempt_at": delivery.next_attempt_at,
        "updated_at": now,
        "queued_at": now,
    }


def _supersede(connection: Connection, new: Sequence[Delivery], now: datetime) -> None:
    if not new:
        return
    execute(
        connection,
        """
        UPDATE deliveries AS earlier
        SET
            state = 'superseded',
            next_attempt_at = NULL,
            lease_owner = NULL,
            lease_expires_at = NULL,
            updated_at = $now
        WHERE earlier.state IN ('pending', 'retry')
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
        story_ids=[delivery.topic for delivery in new],
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
        background=background_from_json(row["background"]),
    )
