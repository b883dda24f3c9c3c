"""DELIVER: what the outbox holds is handed to its channels, all channels at once, each message once.

A channel that is slow or down holds up no other. Every answer is recorded, and the next message begun, in one transaction:
a process that is killed leaves in doubt, for each channel, only the message that it was handing over.
The database stays open between messages that follow each other closely, as long as nobody else waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from alerts.channels import BurstChannel, Channel, open_channel
from alerts.deliver import FIRST_WAIT, bundles, deliveries_for, next_attempt
from alerts.holding import Sorted, longest_period, sort_out
from alerts.notices import channel_gone
from alerts.together import told_together
from domain.alerting import Delivery, DeliveryState, Receipt
from flows.delivering_process import is_gone, own_name
from flows.reports import DeliveryOutcome, DeliveryReport
from flows.run_context import RunContext
from storage.kept_store import KeptStore
from storage.store import Store

CLAIM = 60
"""Deliveries leased at a time: three messages of a burst."""
LEASE = timedelta(minutes=5)
"""Longer than any channel takes to hand one message over; another machine takes over after it."""
PATIENCE = 10.0
"""Seconds a channel may ask to wait (Retry-After) before the rest of its deliveries are left to the next run."""
SILENCES = 3
"""So many messages in a row without an answer, and the channel is left alone until the next run."""
_NOT_CONFIGURED = Receipt(state=DeliveryState.DEAD, reason="the channel is no longer configured")
_STOPPED = Receipt(state=DeliveryState.PENDING)

Bundle = tuple[Delivery, ...]
"""The deliveries that one message tells."""


def deliver_pending(run: RunContext) -> DeliveryReport:
    """Sends every delivery that is due.

    A delivery whose answer was lost is sent again with the same Message-ID (or held, if the settings say so); one that
    keeps failing is dead after the settings' number of attempts, and stays in the ledger. A channel that is gone is
    disabled, and what waits for it kept.

    Raises:
        SecretMissing: a channel names a secret that is set nowhere; the other channels were served.
        ConfigError: the same, for an address that is none.
    """
    with KeptStore(run.settings.database) as kept:
        outbox = _Outbox(run, kept)
        outcomes = _serve_all(outbox, outbox.take_over())
        if outbox.gone:
            # Ops hear of it in the same run, by the channels that are left.
            outcomes += _serve_all(outbox, run.settings.health.send)
        with kept.transaction() as store:
            disabled = tuple(store.ledger.disabled())
    return DeliveryReport(deliveries=tuple(outcomes), disabled=disabled)


def _serve_all(outbox: _Outbox, channels: Sequence[str]) -> list[DeliveryOutcome]:
    """Sends what is due to `channels`, each in a thread of its own."""
    with ThreadPoolExecutor(max_workers=max(1, len(channels))) as threads:
        served = [threads.submit(_serve, outbox, name) for name in channels]
        try:
            wait(served)
        except BaseException:
            outbox.stopping.set()
            raise
    return [outcome for each in served for outcome in each.result()]


@dataclass
class _Outbox:
    """The ledger as the channels' threads share it."""

    run: RunContext
    kept: KeptStore
    owner: str = field(default_factory=own_name)
    stopping: Event = field(default_factory=Event)
    answered: int = 0
    gone: list[str] = field(default_factory=list)

    def take_over(self) -> list[str]:
        """Frees what processes that are gone held, and names the channels that have something to send."""
        now = self.run.clock()
        again = now if self.run.settings.delivery.unknown == "resend" else None
        with self.kept.transaction() as store:
            owners = store.ledger.owners()
            gone = [owner for owner in owners if owner == self.owner or is_gone(owner)]
            store.ledger.release(gone, now, again)
            return store.ledger.waiting_channels(now)

    def claim(self, channel: str) -> list[Delivery]:
        """What may be sent to a channel now. Quiet hours and throttles put the rest of what is due back."""
        while True:
            now = self.run.clock()
            with self.kept.transaction() as store:
                claimed = store.ledger.claim(
                    now, CLAIM, owner=self.owner, until=now + LEASE, channel=channel
                )
                found = self._sorted_out(store, channel, claimed, now)
            if found.ready or not claimed:
                return found.ready

    def _sorted_out(
        self, store: Store, channel: str, claimed: Sequence[Delivery], now: datetime
    ) -> Sorted:
        settings = self.run.settings
        period = longest_period(settings.watches)
        sent = store.ledger.sent_times(channel, now - period) if period else {}
        found = sort_out(claimed, settings.watches, settings.channels, sent, now)
        for hold in found.held:
            store.ledger.hold(hold.delivery, hold.until, hold.why, now, owner=self.owner)
        for waiting in found.together:
            told_by = told_together(waiting, now)
            store.ledger.tell_together(waiting, told_by, now, owner=self.owner)
        return found

    def step(
        self, answered: Bundle, receipt: Receipt | None, following: Bundle
    ) -> tuple[list[DeliveryOutcome], Bundle]:
        """Records the `receipt` of the message that told `answered` and begins the `following` one, together. Returns
        what became of the one, and those of the other that may be sent."""
        with self.kept.transaction() as store:
            outcomes = [self._record(store, each, receipt) for each in answered if receipt]
            now = self.run.clock()
            begun = (
                store.ledger.begin(following, now, owner=self.owner, until=now + LEASE)
                if following
                else []
            )
        self.answered += len(outcomes)
        self.run.progress("deliver", self.answered, self.answered)
        return outcomes, tuple(begun)

    def disable(self, channel: str, reason: str) -> None:
        """Keeps what waits for `channel`, and tells ops."""
        settings, now = self.run.settings, self.run.clock()
        told = channel_gone(channel, reason, now)
        others = [name for name in settings.health.send if name != channel]
        with self.kept.transaction() as store:
            store.ledger.disable(channel, reason, now)
            store.ledger.add(deliveries_for(told, others, settings.channels), now)
        self.gone.append(channel)

    def _record(self, store: Store, delivery: Delivery, receipt: Receipt) -> DeliveryOutcome:
        now = self.run.clock()
        if receipt.state is DeliveryState.PENDING:
            wait_for = receipt.retry_after
            state, due = receipt.state, now + timedelta(seconds=wait_for) if wait_for else None
        else:
            state, due = next_attempt(receipt, delivery, now, self.run.settings.delivery)
        store.ledger.record(delivery, receipt, state, now, due, owner=self.owner)
        return DeliveryOutcome(
            watch=delivery.sender,
            headline=delivery.headline,
            channel=delivery.channel,
            recipient=delivery.recipient,
            state=state,
            note=receipt.reason or "",
        )


def _serve(outbox: _Outbox, name: str) -> list[DeliveryOutcome]:
    """Sends everything that is due to one channel, until it is done or asks to be left alone."""
    settings = outbox.run.settings
    if name not in settings.channels:
        return _refuse_all(outbox, name)
    channel = open_channel(
        name,
        settings.channels[name],
        secret=outbox.run.secrets,
        allowed=settings.fetch.allowed_networks,
    )
    outcomes: list[DeliveryOutcome] = []
    with channel:
        while not outbox.stopping.is_set() and (claimed := outbox.claim(name)):
            done, goes_on = _send_all(outbox, channel, name, _bundled(channel, claimed))
            outcomes += done
            if not goes_on:
                break
    return outcomes


def _refuse_all(outbox: _Outbox, name: str) -> list[DeliveryOutcome]:
    outcomes: list[DeliveryOutcome] = []
    while claimed := outbox.claim(name):
        outcomes += outbox.step(tuple(claimed), _NOT_CONFIGURED, ())[0]
    return outcomes


def _bundled(channel: Channel, claimed: Sequence[Delivery]) -> list[Bundle]:
    if isinstance(channel, BurstChannel):
        return bundles(claimed, channel.burst, channel.most)
    return [(delivery,) for delivery in claimed]


def _send_all(
    outbox: _Outbox, channel: Channel, name: str, waiting: Sequence[Bundle]
) -> tuple[list[DeliveryOutcome], bool]:
    """Sends bundle after bundle. Returns what became of them, and whether the channel may be given more."""
    outcomes: list[DeliveryOutcome] = []
    receipt: Receipt | None = None
    sent: Bundle = ()
    silences = 0
    for number, bundle in enumerate(waiting):
        recorded, begun = outbox.step(sent, receipt, bundle)
        outcomes += recorded
        sent, receipt = begun, None
        if not begun:
            continue
        receipt = _hand_over(channel, begun)
        silences = silences + 1 if receipt.no_answer else 0
        verdict = _STOPPED if outbox.stopping.is_set() else _verdict(receipt, silences)
        if receipt.channel_gone:
            outbox.disable(name, receipt.reason or "it does not exist any more")
            receipt = Receipt(state=DeliveryState.PENDING, reason=receipt.reason)
        if verdict:
            outcomes += outbox.step(sent, receipt, ())[0]
            rest = tuple(delivery for later in waiting[number + 1 :] for delivery in later)
            return outcomes + outbox.step(rest, verdict, ())[0], False
        if receipt.retry_after:
            time.sleep(receipt.retry_after)
    return outcomes + outbox.step(sent, receipt, ())[0], True


def _hand_over(channel: Channel, bundle: Bundle) -> Receipt:
    if len(bundle) > 1 and isinstance(channel, BurstChannel):
        return channel.send_together(bundle)
    return channel.send(bundle[0])


def _verdict(receipt: Receipt, silences: int) -> Receipt | None:
    """What becomes of the rest when a channel takes no more for now: it waits, untried."""
    if receipt.channel_gone:
        return Receipt(state=DeliveryState.PENDING, reason=receipt.reason)
    pause = receipt.retry_after or 0.0
    if pause > PATIENCE or silences >= SILENCES:
        pause = max(pause, FIRST_WAIT.total_seconds())
        return Receipt(state=DeliveryState.PENDING, reason=receipt.reason, retry_after=pause)
    return None
