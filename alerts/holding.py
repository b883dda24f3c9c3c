"""What of the outbox may be sent now: quiet hours and throttles hold deliveries back, and drop none. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.alerting import Alert, Delivery, DeliveryState
from domain.settings_channels import ChannelSettings
from domain.settings_watches import ThrottleSettings, WatchSettings

Ear = tuple[str, str, str]
"""Who hears of what: watch, channel, recipient."""


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A delivery that waits until `until`, and why, for the ledger's reader."""

    delivery: Delivery
    until: datetime
    why: str


@dataclass(kw_only=True)
class Sorted:
    """What may be sent now, what waits, and what is told in one message each."""

    ready: list[Delivery] = field(default_factory=list)
    held: list[Hold] = field(default_factory=list)
    together: list[list[Delivery]] = field(default_factory=list)


def ear_of(delivery: Delivery) -> Ear:
    """Whose throttle counts a delivery."""
    return delivery.sender, delivery.channel, delivery.recipient


def longest_period(watches: Sequence[WatchSettings]) -> timedelta | None:
    """How far back messages count for some throttle; None: there is none."""
    return max((w.throttle.per for w in watches if w.throttle), default=None)


def sort_out(
    due: Sequence[Delivery],
    watches: Sequence[WatchSettings],
    channels: Mapping[str, ChannelSettings],
    sent: Mapping[Ear, Sequence[datetime]],
    now: datetime,
) -> Sorted:
    """Sorts what is due by what quiet hours and throttles allow. `sent` are the times of messages
    to each recipient of each watch, within the longest period of any throttle at least."""
    known = {watch.name: watch for watch in watches}
    found = Sorted()
    throttled: defaultdict[Ear, list[Delivery]] = defaultdict(list)
    for delivery in due:
        watch = known.get(delivery.sender)
        if hold := _quiet(delivery, watch, channels.get(delivery.channel), now):
            found.held.append(hold)
        elif watch and watch.throttle and _counts(delivery):
            throttled[ear_of(delivery)].append(delivery)
        else:
            found.ready.append(delivery)
    for ear, waiting in throttled.items():
        throttle = known[ear[0]].throttle
        if throttle:
            _let_through(waiting, throttle, sent.get(ear, ()), now, found)
    return found


def _quiet(
    delivery: Delivery, watch: WatchSettings | None, channel: ChannelSettings | None, now: datetime
) -> Hold | None:
    hours = [
        (f"quiet hours of watch {delivery.sender}", watch.quiet if watch else None),
        (f"quiet hours of channel {delivery.channel}", channel.quiet if channel else None),
    ]
    over = [(quiet.hours.over_at(now), why) for why, quiet in hours if quiet]
    until, why = max(((at, why) for at, why in over if at), default=(None, ""))
    return Hold(delivery=delivery, until=until, why=why) if until else None


def _counts(delivery: Delivery) -> bool:
    """Whether a throttle holds it: alerts that have certainly not arrived. The message that tells
    several together is what the throttle made, and is let through."""
    waits = delivery.state in (DeliveryState.PENDING, DeliveryState.RETRY)
    return waits and isinstance(delivery.content, Alert)


def _let_through(
    waiting: Sequence[Delivery],
    throttle: ThrottleSettings,
    sent: Sequence[datetime],
    now: datetime,
    found: Sorted,
) -> None:
    """As many as are free one by one; where there are more, the last message tells all the rest."""
    lately = sorted(at for at in sent if at > now - throttle.per)
    free = throttle.messages - len(lately)
    if free <= 0:
        until = lately[-throttle.messages] + throttle.per
        why = f"throttle: {throttle.messages} messages were sent within the period"
        found.held += [Hold(delivery=delivery, until=until, why=why) for delivery in waiting]
    elif len(waiting) <= free:
        found.ready += waiting
    else:
        found.ready += waiting[: free - 1]
        found.together.append(list(waiting[free - 1 :]))
