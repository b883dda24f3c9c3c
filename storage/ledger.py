"""The ledger of deliveries as an open store offers it: every change one transaction, or part of the store's.

with open_store(settings.database) as store, store.transaction():
    store.ledger.record(delivery, receipt, state, now, None, owner=me)
    begun = store.ledger.begin(others, now, owner=me, until=now + LEASE)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from domain.alerting import Delivery, DeliveryState, Receipt
from storage import claims, holds, leases, outbox, replays
from storage.connection import Connection
from storage.rows import DisabledChannel


class Ledger:
    """Of an open store, and no longer."""

    def __init__(
        self, connection: Connection, transaction: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._transaction = transaction

    def owners(self) -> list[str]:
        """Who holds leases on deliveries."""
        return leases.lease_owners(self._connection)

    def release(self, owners: Collection[str], now: datetime, resend_at: datetime | None) -> None:
        """Ends the leases of `owners`, who are gone, and those that have run out. What they were
        sending is `unknown` from then on, to be sent again at `resend_at` (None: held)."""
        with self._transaction():
            leases.release_leases(self._connection, owners, now, resend_at)

    def waiting_channels(self, now: datetime) -> list[str]:
        """The channels for which deliveries are due; disabled ones are left out."""
        return claims.waiting_channels(self._connection, now)

    def claim(
        self,
        now: datetime,
        limit: int,
        *,
        owner: str,
        until: datetime,
        channel: str | None = None,
    ) -> list[Delivery]:
        """Leases up to `limit` deliveries that are due (to `channel`, or to any) to `owner`, who may
        begin to send them before `until`; oldest first. `thread_id` names the first message that
        reached the recipient about the same watch and story.

        Of several to one recipient about one watch and story the earliest alone is returned: claim
        again until nothing comes.
        """
        with self._transaction():
            return claims.claim_deliveries(
                self._connection, now, limit, owner=owner, until=until, channel=channel
            )

    def begin(
        self, deliveries: Sequence[Delivery], now: datetime, *, owner: str, until: datetime
    ) -> list[Delivery]:
        """Marks those of `deliveries` that `owner` still holds as being sent, leased until `until`,
        and returns them: these alone may be handed over."""
        with self._transaction():
            return leases.begin_sending(self._connection, deliveries, now, owner=owner, until=until)

    def record(
        self,
        delivery: Delivery,
        receipt: Receipt,
        state: DeliveryState,
        now: datetime,
        next_attempt_at: datetime | None,
        *,
        owner: str,
    ) -> None:
        """Notes a channel's answer and the state it leaves the delivery in; counts an attempt.

        `state` may differ from the receipt's (DEAD when the caller gives up); PENDING puts a
        delivery back that was not tried and counts none. Without `next_attempt_at`, a delivery to
        be tried again is due at once, an unknown one is held.

        Raises:
            ValueError: `state` is SENDING or SUPERSEDED.
        """
        with self._transaction():
            leases.record_receipt(
                self._connection, delivery, receipt, state, now, next_attempt_at, owner=owner
            )

    def add(self, deliveries: Sequence[Delivery], now: datetime) -> int:
        """Puts deliveries of notices, or of alerts that are stored, into the outbox; those that are
        there already are left alone. Returns how many were new."""
        with self._transaction():
            return outbox.add_deliveries(self._connection, deliveries, now)

    def hold(
        self, delivery: Delivery, until: datetime, why: str, now: datetime, *, owner: str
    ) -> None:
        """Gives back what `owner` claimed: it waits until `until`, without an attempt counted."""
        with self._transaction():
            holds.hold_delivery(self._connection, delivery.id, until, why, now, owner=owner)

    def tell_together(
        self, waiting: Sequence[Delivery], told_by: Delivery, now: datetime, *, owner: str
    ) -> None:
        """Puts one delivery into the outbox in place of several that `owner` claimed."""
        with self._transaction():
            ids = [delivery.id for delivery in waiting]
            why = f"told together with others by {told_by.id}"
            holds.supersede_deliveries(self._connection, ids, why, now, owner=owner)
            outbox.add_deliveries(self._connection, [told_by], now)

    def sent_times(
        self, channel: str, since: datetime
    ) -> dict[tuple[str, str, str], list[datetime]]:
        """When messages were sent to a channel after `since`, those included that may have arrived, by
        watch, channel and recipient."""
        return holds.sent_times(self._connection, channel, since)

    def retry(self, ids: Sequence[str], now: datetime) -> int:
        """Puts the dead, unknown and waiting ones among `ids` back as if never tried; returns how
        many those were."""
        with self._transaction():
            return replays.retry_deliveries(self._connection, ids, now)

    def resend(self, delivery: str, message_id: str, now: datetime) -> bool:
        """Puts a delivery (by id) that was sent back, to be sent as the message `message_id`; False
        when it was not sent."""
        with self._transaction():
            return replays.resend_delivery(self._connection, delivery, message_id, now)

    def disable(self, channel: str, reason: str, now: datetime) -> None:
        """Keeps what waits for a channel until it is enabled again."""
        with self._transaction():
            replays.disable_channel(self._connection, channel, reason, now)

    def enable(self, channel: str) -> bool:
        """Lets a channel be used again; False when it was not disabled."""
        with self._transaction():
            return replays.enable_channel(self._connection, channel)

    def disabled(self) -> list[DisabledChannel]:
        """The channels that are gone."""
        return replays.disabled_channels(self._connection)
