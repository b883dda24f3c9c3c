"""What a person does with the ledger: trying again, sending once more, channels that are gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.connection import Connection, execute, fetch, upsert
from storage.rows import DisabledChannel


def retry_deliveries(connection: Connection, ids: Sequence[str], now: datetime) -> int:
    """Puts the dead, unknown and waiting ones among `ids` back as if never tried, each under its
    Message-ID. Returns how many those were."""
    return _put_back(connection, ids, ("dead", "unknown", "retry"), now)


def resend_delivery(connection: Connection, id: str, message_id: str, now: datetime) -> bool:  # noqa: A002
    """Puts a delivery that was sent back to be sent as another message; False when it was not."""
    if not _put_back(connection, [id], ("sent",), now):
        return False
    execute(
        connection,
        """
        UPDATE deliveries
        SET thread_id = coalesce(thread_id, message_id), message_id = $message_id, sent_at = NULL
        WHERE id = $id
        """,
        id=id,
        message_id=message_id,
    )
    return True


def _put_back(
    connection: Connection, ids: Sequence[str], states: Sequence[str], now: datetime
) -> int:
    rows = fetch(
        connection,
        """
        UPDATE deliveries
        SET
            state = 'pending',
            attempts = 0,
            next_attempt_at = NULL,
            queued_at = $now,
            updated_at = $now
        WHERE id IN (SELECT unnest($ids::VARCHAR[]))
          AND state IN (SELECT unnest($states::VARCHAR[]))
          AND (lease_expires_at IS NULL OR lease_expires_at <= $now)
        RETURNING id
        """,
        ids=list(ids),
        states=list(states),
        now=now,
    )
    return len(rows)


def disable_channel(connection: Connection, channel: str, reason: str, now: datetime) -> None:
    """Keeps what waits for `channel` until it is enabled again."""
    upsert(
        connection,
        "disabled_channels",
        [{"channel": channel, "reason": reason, "disabled_at": now}],
    )


def enable_channel(connection: Connection, channel: str) -> bool:
    """Lets `channel` be used again; False when it was not disabled."""
    rows = fetch(
        connection,
        "DELETE FROM disabled_channels WHERE channel = $channel RETURNING channel",
        channel=channel,
    )
    return bool(rows)


def disabled_channels(connection: Connection) -> list[DisabledChannel]:
    """The channels that are gone, with how many deliveries wait for each."""
    rows = fetch(
        connection,
        """
        SELECT
            disabled_channels.*,
            (
                SELECT count(*)
                FROM deliveries
                WHERE deliveries.channel = disabled_channels.channel
                  AND state IN ('pending', 'retry', 'unknown')
            ) AS waiting
        FROM disabled_channels
        ORDER BY channel
        """,
    )
    return [DisabledChannel(**row) for row in rows]
