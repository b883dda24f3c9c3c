"""When a delivery is tried again, and under which names alerts and messages are known. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import blake2b

from domain.alerting import Alert, Change, Delivery, DeliveryState, Notice, Receipt, Story
from domain.settings_channels import ChannelSettings, DeliverySettings, EmailChannel
from domain.settings_watches import WatchSettings

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
    after it was put into the outbox. `delivery.attempts` are the tries before this one. What may
    have arrived is held for a person (unknown, not again) where the settings say so.
    """
    held = receipt.state is DeliveryState.UNKNOWN and settings.unknown == "hold"
    if receipt.state not in _TRIED_AGAIN or held:
        return receipt.state, None
    tries = delivery.attempts + 1
    queued_at = delivery.queued_at or delivery.content.created_at
    doubled = FIRST_WAIT * 2 ** min(tries - 1, 10)
    wait = min(doubled, LONGEST_WAIT) * (1 + _jitter(delivery.id, tries) / 5)
    due = now + max(wait, timedelta(seconds=receipt.retry_after or 0))
    if tries >= settings.attempts or due > queued_at + settings.give_up_after:
        return DeliveryState.DEAD, None
    return receipt.state, due


def bundles(deliveries: Sequence[Delivery], burst: int, most: int) -> list[tuple[Delivery, ...]]:
    """Which of the waiting deliveries of one channel are told in one message: each alone up to
    `burst`, otherwise up to `most` alerts at a time. Notices are always alone."""
    notices = [d for d in deliveries if isinstance(d.content, Notice)]
    alerts = [d for d in deliveries if not isinstance(d.content, Notice)]
    size = 1 if len(alerts) <= burst else most
    told = [tuple(alerts[i : i + size]) for i in range(0, len(alerts), size)]
    return [*((each,) for each in notices), *told]


def alert_of(watch: WatchSettings, story: Story, changes: Sequence[Change], now: datetime) -> Alert:
    """The alert of one watch about one version of a story; its id is the same however often it is
    made."""
    return Alert(
        id=stable_id(watch.name, story.id, str(story.version)),
        watch=watch.name,
        story=story,
        changes=tuple(changes),
        created_at=now,
    )


def deliveries_for(
    content: Alert | Notice, send: Sequence[str], channels: Mapping[str, ChannelSettings]
) -> list[Delivery]:
    """One pending delivery for every recipient of every channel in `send`, in that order."""
    deliveries: dict[str, Delivery] = {}
    for name in send:
        channel = channels[name]
        for recipient in channel.recipients(name):
            delivery = _delivery(content, name, recipient, _domain(channel))
            deliveries.setdefault(delivery.id, delivery)
    return list(deliveries.values())


def delivery_beside(other: Delivery, content: Alert | Notice) -> Delivery:
    """One pending delivery of `content` to the recipient of `other`, configured still or not."""
    domain = other.message_id.rpartition("@")[2].removesuffix(">")
    return _delivery(content, other.channel, other.recipient, domain)


def _delivery(content: Alert | Notice, channel: str, recipient: str, domain: str) -> Delivery:
    delivery = Delivery(
        id=stable_id(content.id, channel, recipient),
        content=content,
        channel=channel,
        recipient=recipient,
        message_id="",
    )
    return replace(delivery, message_id=_message_id(delivery, domain))


def _message_id(delivery: Delivery, domain: str) -> str:
    """Always the same for one alert to one recipient, so that a repeat is recognisable."""
    number = str(delivery.number)
    name = stable_id(delivery.sender, delivery.topic, number, delivery.channel, delivery.recipient)
    return f"<{name}.v{number}@{domain}>"


def another_message_id(message_id: str) -> str:
    """The Message-ID under which a message that arrived is sent once more: mail programs hide a
    second message of the same id."""
    name, _, domain = message_id.rpartition("@")
    base, _, times = name.partition(".again")
    return f"{base}.again{int(times or 0) + 1}@{domain}"


def _domain(channel: ChannelSettings) -> str:
    if not isinstance(channel, EmailChannel):
        return _DOMAIN
    domain = parseaddr(channel.sender)[1].rpartition("@")[2]
    return domain if domain and domain.isascii() else _DOMAIN


def stable_id(*parts: str) -> str:
    """A short name for `parts`, always the same."""
    return blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def _jitter(delivery_id: str, tries: int) -> float:
    """A number in [0, 1) that depends on nothing else."""
    return int(stable_id(delivery_id, str(tries))[:8], 16) / 2**32
