"""What a person does with the ledger: trying again, sending once more, using a channel again.

Nothing is sent here: the next run sends what is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from alerts.deliver import another_message_id
from domain.alerting import DeliveryState
from domain.errors import InputError, RunInProgress
from domain.settings_files import Configuration
from flows.run_context import Clock, utc_now
from storage.published import open_published, publish
from storage.rows import DeliveryRow
from storage.run_lock import run_lock
from storage.store import open_store

RETRIABLE = (DeliveryState.DEAD, DeliveryState.UNKNOWN, DeliveryState.RETRY)


def find_delivery(configuration: Configuration, start: str) -> DeliveryRow:
    """The one delivery whose id begins with `start`.

    Raises:
        InputError: none does, or several do.
        StorageError: no run has finished yet.
    """
    with open_published(configuration.settings.database) as queries:
        found = queries.deliveries(start=start.lower(), limit=2) if start else []
    if len(found) != 1:
        what = "no delivery's id begins" if not found else "several deliveries' ids begin"
        msg = f'{what} with "{start}"; `armswire deliveries list` lists them'
        raise InputError(msg)
    return found[0]


def retry(
    configuration: Configuration, start: str | None, *, clock: Clock = utc_now
) -> Sequence[DeliveryRow]:
    """Puts back the delivery whose id begins with `start`, or with None all that are dead, unknown or waiting to be
    tried again, each under its Message-ID. Returns which.

    Raises:
        InputError: there is no such delivery, or it needs no second try.
        StorageError: the database cannot be used.
    """
    if start is None:
        with open_published(configuration.settings.database) as queries:
            rows = [row for state in RETRIABLE for row in queries.deliveries(state=state)]
    else:
        rows = [find_delivery(configuration, start)]
        if rows[0].state not in RETRIABLE:
            again = "; `armswire deliveries resend` sends it once more"
            msg = f"{rows[0].id} is {rows[0].state}{again if rows[0].sent_at else ''}"
            raise InputError(msg)
    with open_store(configuration.settings.database) as store:
        store.ledger.retry([row.id for row in rows], clock())
    _publish(configuration)
    return rows


def resend(configuration: Configuration, start: str, *, clock: Clock = utc_now) -> DeliveryRow:
    """Puts back a delivery that was sent, to be sent once more as another message of its thread.

    Raises:
        InputError: there is no such delivery, or it was not sent.
        StorageError: the database cannot be used.
    """
    row = find_delivery(configuration, start)
    with open_store(configuration.settings.database) as store:
        done = store.ledger.resend(row.id, another_message_id(row.message_id), clock())
    if not done:
        msg = f"{row.id} is {row.state}, not sent; `armswire deliveries retry` tries again what did not arrive"
        raise InputError(msg)
    _publish(configuration)
    return row


def enable(configuration: Configuration, channel: str) -> bool:
    """Lets a channel that was gone be used again; False when it was not disabled.

    Raises:
        StorageError: the database cannot be used.
    """
    with open_store(configuration.settings.database) as store:
        done = store.ledger.enable(channel)
    _publish(configuration)
    return done


def _publish(configuration: Configuration) -> None:
    """Lets readers see the change; a run that goes on does so at its end."""
    database = configuration.settings.database
    with suppress(RunInProgress), run_lock(database):
        publish(database)
