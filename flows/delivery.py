"""DELIVER: what the outbox holds is handed to its channels; each answer is recorded in a transaction of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from itertools import groupby

from alerts.channels import Channel, open_channel
from alerts.deliver import next_attempt
from domain.alerting import Delivery, DeliveryState, Receipt
from flows.reports import DeliveryOutcome, DeliveryReport
from flows.run_context import RunContext
from storage.store import open_store

CLAIM = 25
"""Deliveries marked "sending" at a time: what a killed run leaves for the next to send again."""
PATIENCE = 10.0
"""Seconds a channel may ask to wait (Retry-After) before the rest of its deliveries are left to the next run."""


def deliver_pending(run: RunContext) -> DeliveryReport:
    """Sends every delivery that is due.

    A delivery whose answer was lost is sent again with the same Message-ID; one that keeps failing is dead after the
    settings' number of attempts, and stays in the ledger.

    Raises:
        SecretMissing: a channel names a secret that is set nowhere.
    """
    outcomes: list[DeliveryOutcome] = []
    with ExitStack() as stack:
        channels: dict[str, Channel] = {}
        while claimed := _claim(run):
            for name, batch in groupby(sorted(claimed, key=_channel), key=_channel):
                if name not in channels and name in run.settings.channels:
                    channels[name] = stack.enter_context(_open(run, name))
                outcomes += _send_all(run, channels.get(name), list(batch))
                run.progress("deliver", len(outcomes), len(outcomes))
    return DeliveryReport(deliveries=tuple(outcomes))


def _claim(run: RunContext) -> Sequence[Delivery]:
    with open_store(run.settings.database) as store:
        return store.claim_deliveries(run.clock(), CLAIM)


def _channel(delivery: Delivery) -> str:
    return delivery.channel


def _open(run: RunContext, name: str) -> Channel:
    return open_channel(
        name,
        run.settings.channels[name],
        secret=run.secrets,
        allowed=run.settings.fetch.allowed_networks,
    )


def _send_all(
    run: RunContext, channel: Channel | None, deliveries: Sequence[Delivery]
) -> list[DeliveryOutcome]:
    """Sends one channel's deliveries in order, until it says to stop."""
    outcomes: list[DeliveryOutcome] = []
    verdict = None if channel else _NOT_CONFIGURED
    for delivery in deliveries:
        if channel is None or verdict is not None:
            outcomes.append(_record(run, delivery, verdict or _NOT_CONFIGURED))
            continue
        receipt = channel.send(delivery)
        outcomes.append(_record(run, delivery, receipt))
        if receipt.channel_gone:
            verdict = receipt
        elif receipt.retry_after and receipt.retry_after > PATIENCE:
            verdict = _left_alone(receipt)
        elif receipt.retry_after:
            time.sleep(receipt.retry_after)
    return outcomes


_NOT_CONFIGURED = Receipt(state=DeliveryState.DEAD, reason="the channel is no longer configured")


def _left_alone(receipt: Receipt) -> Receipt:
    """What becomes of deliveries not tried because their channel asked to be left alone: they wait as long."""
    return Receipt(
        state=DeliveryState.PENDING, reason=receipt.reason, retry_after=receipt.retry_after
    )


def _record(run: RunContext, delivery: Delivery, receipt: Receipt) -> DeliveryOutcome:
    now = run.clock()
    if receipt.state is DeliveryState.PENDING:
        state, due = receipt.state, now + timedelta(seconds=receipt.retry_after or 0)
    else:
        state, due = next_attempt(receipt, delivery, now, run.settings.delivery)
    with open_store(run.settings.database) as store:
        store.record_receipt(delivery, receipt, state, now, due)
    return DeliveryOutcome(
        watch=delivery.alert.watch,
        headline=delivery.alert.story.headline,
        channel=delivery.channel,
        recipient=delivery.recipient,
        state=state,
        note=receipt.reason or "",
    )
