"""Holding deliveries back for quiet hours and throttles, and telling several in one message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from storage.connection import Connection, execute, fetch


def hold_delivery(
    connection: Connection, delivery: str, until: datetime, why: str, now: datetime, *, owner: str
) -> None:
    """Ends the lease of `owner` on a delivery (by id), which waits until `until` as if it were put
    into the outbox only then: time held is no time that the receiver failed."""
    execute(
        connection,
        """
        UPDATE deliveries
        SET
            next_attempt_at = $until,
            queued_at = $until,
            last_error = $why,
            lease_owner = NULL,
            lease_expires_at = NULL,
            updated_at = $now
        WHERE id = $id AND lease_owner = $owner
        """,
        id=delivery,
        until=until,
        why=why,
        owner=owner,
        now=now,
    )


def supersede_deliveries(
    connection: Connection, ids: Sequence[str], why: str, now: datetime, *, owner: str
) -> None:
    """Takes deliveries that `owner` holds, and that have certainly not arrived, out of the outbox:
    another message tells what they tell."""
    execute(
        connection,
        """
        UPDATE deliveries
        SET
            state = 'superseded',
            next_attempt_at = NULL,
            last_error = $why,
            lease_owner = NULL,
            lease_expires_at = NULL,
            updated_at = $now
        WHERE id IN (SELECT unnest($ids::VARCHAR[]))
          AND lease_owner = $owner
          AND state IN ('pending', 'retry')
        """,
        ids=list(ids),
        why=why,
        owner=owner,
        now=now,
    )


def sent_times(
    connection: Connection, channel: str, since: datetime
) -> dict[tuple[str, str, str], list[datetime]]:
    """When messages were sent to a channel after `since`, those included that may have arrived, by
    watch, channel and recipient."""
    rows = fetch(
        connection,
        """
        SELECT
            watch,
            channel,
            recipient,
            -- No answer said when an unknown one was sent: when it became unknown, at the latest.
            coalesce(sent_at, updated_at) AS told_at
        FROM deliveries
        WHERE state IN ('sent', 'unknown') AND channel = $channel AND told_at > $since
        ORDER BY told_at
        """,
        channel=channel,
        since=since,
    )
    times: defaultdict[tuple[str, str, str], list[datetime]] = defaultdict(list)
    for row in rows:
        times[row["watch"], row["channel"], row["recipient"]].append(row["told_at"])
    return dict(times)
