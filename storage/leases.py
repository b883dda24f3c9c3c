"""From claim to answer: who holds a delivery, what is being sent, and how the channel answered.

Whoever holds the lease may send until it ends. A claimed delivery keeps its state until it is begun
(`sending`), so that a process that dies leaves in doubt only what it was handing over.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from domain.alerting import Delivery, DeliveryState, Receipt
from storage.connection import Connection, execute, fetch

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
_INTERRUPTED = "interrupted while it was being sent: it may have arrived"


def lease_owners(connection: Connection) -> list[str]:
    """Who holds leases."""
    rows = fetch(
        connection,
        "SELECT DISTINCT lease_owner FROM deliveries WHERE lease_owner IS NOT NULL ORDER BY 1",
    )
    return [row["lease_owner"] for row in rows]


def release_leases(
    connection: Connection, owners: Collection[str], now: datetime, resend_at: datetime | None
) -> None:
    """Ends the leases of `owners`, and all that have run out.

    What was being sent is `unknown` from then on, to be sent again at `resend_at` (None: held).
    """
    execute(
        connection,
        """
        UPDATE deliveries
        SET
            attempts = attempts + CASE WHEN state = 'sending' THEN 1 ELSE 0 END,
            last_error = CASE WHEN state = 'sending' THEN $interrupted ELSE last_error END,
            next_attempt_at = CASE WHEN state = 'sending' THEN $resend_at::TIMESTAMPTZ
                                   ELSE next_attempt_at END,
            state = CASE WHEN state = 'sending' THEN 'unknown' ELSE state END,
            lease_owner = NULL,
            lease_expires_at = NULL,
            updated_at = $now
        WHERE lease_owner IN (SELECT unnest($owners::VARCHAR[]))
           OR lease_expires_at <= $now
           OR (state = 'sending' AND lease_owner IS NULL)
        """,
        owners=list(owners),
        interrupted=_INTERRUPTED,
        resend_at=resend_at,
        now=now,
    )


def begin_sending(
    connection: Connection,
    deliveries: Sequence[Delivery],
    now: datetime,
    *,
    owner: str,
    until: datetime,
) -> list[Delivery]:
    """Marks those of `deliveries` as being sent that `owner` still holds, and returns them.

    The others were superseded meanwhile, or their lease ran out and another process may have them.
    """
    rows = fetch(
        connection,
        """
        UPDATE deliveries
        SET state = 'sending', lease_expires_at = $until, updated_at = $now
        WHERE id IN (SELECT unnest($ids::VARCHAR[]))
          AND lease_owner = $owner
          AND lease_expires_at > $now
          AND state IN ('pending', 'retry', 'unknown')
        RETURNING id
        """,
        ids=[delivery.id for delivery in deliveries],
        owner=owner,
        until=until,
        now=now,
    )
    begun = {row["id"] for row in rows}
    return [
        replace(delivery, state=DeliveryState.SENDING)
        for delivery in deliveries
        if delivery.id in begun
    ]


def record_receipt(
    connection: Connection,
    delivery: Delivery,
    receipt: Receipt,
    state: DeliveryState,
    now: datetime,
    next_attempt_at: datetime | None,
    *,
    owner: str,
) -> None:
    """Notes a channel's answer, and where that leaves the delivery. One that has been sent stays
    sent; an answer that comes after the lease passed to another says only whether it was sent.

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
            lease_owner = NULL,
            lease_expires_at = NULL,
            last_error = $reason,
            updated_at = $now,
            handle = coalesce($handle, handle),
            sent_at = CASE WHEN $state = 'sent' THEN $now::TIMESTAMPTZ END
        WHERE id = $id AND state <> 'sent' AND (lease_owner = $owner OR $state = 'sent')
        """,
        id=delivery.id,
        state=state,
        reason=receipt.reason,
        handle=receipt.handle,
        next_attempt_at=next_attempt_at,
        owner=owner,
        now=now,
    )
