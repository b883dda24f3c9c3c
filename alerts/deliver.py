"""When a delivery is tried again, and under which names alerts and messages are known. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import blake2b

from domain.alerting import Alert, Change, Delivery, DeliveryState, Receipt, Story
from domain.settings import WatchSettings
from domain.settings_channels import ChannelSettings, DeliverySettings, EmailChannel

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
_TRIED_AGAIN = (DeliveryState.RETRY, DeliveryState.UNKNOWN)
_DOMAIN = "armswire.invalid"
"""Where a channel has no domain of its own. RFC 2606 keeps .invalid out of the world's names."""


def next_attempt(
    receipt: Receipt, delivery: Delivery, now: datetime, settings: DeliverySettings
) -> tuple[DeliveryState, datetime | None]:
    """The delivery's state after the answer `receipt`, and when to try again (None: not again).

    Waits double from a minute to an hour, with a jitter of up to a fifth that is the delivery's
    own, so that what failed together does not return together; a longer Retry-After is obeyed.
    Dead after `settings.attempts` tries, or when the next would come `settings.give_up_after`
    later than the alert. `delivery.attempts` are the tries before this one.
    """
    if receipt.state not in _TRIED_AGAIN:
        return receipt.state, None
    tries = delivery.attempts + 1
    doubled = FIRST_WAIT * 2 ** min(tries - 1, 10)
    wait = min(doubled, LONGEST_WAIT) * (1 + _jitter(delivery.id, tries) / 5)
    due = now + max(wait, timedelta(seconds=receipt.retry_after or 0))
    if tries >= settings.attempts or due > delivery.alert.created_at + settings.give_up_after:
        return DeliveryState.DEAD, None
    return receipt.state, due


def alert_of(watch: WatchSettings, story: Story, changes: Sequence[Change], now: datetime) -> Alert:
    """The alert of one watch about one version of a story; its id is the same however often it is
    made."""
    return Alert(
        id=_hash(watch.name, story.id, str(story.version)),
        watch=watch.name,
        story=story,
        changes=tuple(changes),
        created_at=now,
    )


def deliveries_for(
    alert: Alert, watch: WatchSettings, channels: Mapping[str, ChannelSettings]
) -> list[Delivery]:
    """One pending delivery for every recipient of every channel the watch sends to, in that
    order."""
    deliveries: dict[str, Delivery] = {}
    for name in watch.send:
        channel = channels[name]
        recipients = channel.to if isinstance(channel, EmailChannel) else (name,)
        for recipient in recipients:
            delivery = Delivery(
                id=_hash(alert.id, name, recipient),
                alert=alert,
                channel=name,
                recipient=recipient,
                message_id=message_id(
                    alert.watch, alert.story.id, alert.version, name, recipient, _domain(channel)
                ),
            )
            deliveries.setdefault(delivery.id, delivery)
    return list(deliveries.values())


def message_id(
    watch: str, story_id: str, version: int, channel: str, recipient: str, domain: str
) -> str:
    """The Message-ID of one alert to one recipient: always the same, so that a repeat is
    recognisable."""
    return f"<{_hash(watch, story_id, str(version), channel, recipient)}.v{version}@{domain}>"


def _domain(channel: ChannelSettings) -> str:
    if not isinstance(channel, EmailChannel):
        return _DOMAIN
    domain = parseaddr(channel.sender)[1].rpartition("@")[2]
    return domain if domain and domain.isascii() else _DOMAIN


def _hash(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def _jitter(delivery_id: str, tries: int) -> float:
    """A number in [0, 1) that depends on nothing else."""
    return int(_hash(delivery_id, str(tries))[:8], 16) / 2**32
