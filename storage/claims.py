"""Claiming what the outbox holds: which deliveries are due, what they follow up, and what they have
to tell. A claim is a lease: see storage/leases.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.alerting import Alert, Change, Delivery, DeliveryState, Notice
from storage.connection import Connection, Row, execute, fetch
from storage.outbox import NOTICE, alert_from
from storage.records_json import changes_from_json, notice_from_json


def waiting_channels(connection: Connection, now: datetime) -> list[str]:
    """The channels for which deliveries are due, without those that are disabled."""
    return [row["channel"] for row in fetch(connection, _DUE + _CHANNELS, now=now)]


def claim_deliveries(
    connection: Connection,
    now: datetime,
    limit: int,
    *,
    owner: str,
    until: datetime,
    channel: str | None = None,
) -> list[Delivery]:
    """Leases up to `limit` deliveries that are due to `owner`, and returns them, oldest first.

    Of several to one recipient about one watch and story only the earliest is returned, so that
    what follows it up can name it.
    """
    due = [
        row["id"] for row in fetch(connection, _DUE + _FIRST, now=now, channel=channel, limit=limit)
    ]
    execute(
        connection,
        """
        UPDATE deliveries AS claimed
        SET
            lease_owner = $owner,
            lease_expires_at = $until,
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
        owner=owner,
        until=until,
        now=now,
    )
    rows = fetch(connection, _CLAIMED, ids=due)
    untold = _untold_changes(connection, due)
    return [_delivery_from(row, untold[row["id"]]) for row in rows]


# What may be sent now. A delivery that another process is sending keeps its place, so that what
# follows it up does not overtake it.
_DUE = """
WITH open_deliveries AS (
    SELECT
        deliveries.*,
        coalesce(alerts.created_at, notices.created_at) AS created_at,
        lease_expires_at > $now AS is_held
    FROM deliveries
    LEFT JOIN alerts ON alerts.id = deliveries.alert_id
    LEFT JOIN notices ON notices.id = deliveries.alert_id
    WHERE coalesce(lease_expires_at > $now, false)
       OR (state IN ('pending', 'retry') AND coalesce(next_attempt_at, $now) <= $now)
       OR (state = 'unknown' AND next_attempt_at <= $now)
),
due AS (
    SELECT *
    FROM open_deliveries
    WHERE channel NOT IN (SELECT channel FROM disabled_channels)
    QUALIFY row_number() OVER (
        PARTITION BY watch, story_id, channel, recipient
        ORDER BY version, id
    ) = 1
)
"""
_CHANNELS = """
SELECT DISTINCT channel
FROM due
WHERE is_held IS NOT TRUE
ORDER BY channel
"""
_FIRST = """
SELECT id
FROM due
WHERE is_held IS NOT TRUE
  AND ($channel IS NULL OR channel = $channel)
ORDER BY created_at, version, id
LIMIT $limit
"""
_CLAIMED = """
SELECT
    deliveries.*,
    alerts.changes,
    alerts.snapshot,
    alerts.background,
    alerts.created_at,
    notices.document,
    (
        SELECT arg_min(arrived.handle, (arrived.version, arrived.id))
        FROM deliveries AS arrived
        WHERE arrived.handle IS NOT NULL
          AND arrived.id <> deliveries.id
          AND arrived.watch = deliveries.watch
          AND arrived.story_id = deliveries.story_id
          AND arrived.channel = deliveries.channel
          AND arrived.recipient = deliveries.recipient
    ) AS thread_handle
FROM deliveries
LEFT JOIN alerts ON alerts.id = deliveries.alert_id
LEFT JOIN notices ON notices.id = deliveries.alert_id
WHERE deliveries.id IN (SELECT unnest($ids::VARCHAR[]))
ORDER BY coalesce(alerts.created_at, notices.created_at), deliveries.version, deliveries.id
"""


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
    return Delivery(
        id=row["id"],
        content=_content(row, untold),
        channel=row["channel"],
        recipient=row["recipient"],
        message_id=row["message_id"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        next_attempt_at=row["next_attempt_at"],
        thread_id=row["thread_id"],
        thread_handle=row["thread_handle"],
        queued_at=row["queued_at"],
    )


def _content(row: Row, untold: tuple[Change, ...]) -> Alert | Notice:
    if row["kind"] == NOTICE:
        return notice_from_json(row["document"])
    alert = alert_from(row | {"id": row["alert_id"]})
    return replace(alert, changes=(*untold, *alert.changes))
