"""Channels: how a delivery reaches its recipient. One file a kind of channel; each send gives a
Receipt, never an error. Adding a kind: a file here, a row in FILES, and the record of its settings
(domain/settings_channels.py).

A channel is opened for a batch and closed after it:

    with open_channel("desk", settings, secret=from_environment, allowed=()) as channel:
        receipt = channel.send(delivery)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from domain.addresses import Network
from domain.alerting import Delivery, Receipt
from domain.secret_texts import SecretLookup
from domain.settings_channels import ChannelSettings, SlackChannel


class Channel(Protocol):
    """Sends deliveries one after another. A failure is a Receipt whose reason holds no secret."""

    def send(self, delivery: Delivery) -> Receipt:
        """Hands one delivery over: SENT, RETRY, UNKNOWN (it may have arrived) or DEAD."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


@runtime_checkable
class BurstChannel(Channel, Protocol):
    """A channel that floods its readers, or its service, when many alerts wait at once."""

    @property
    def burst(self) -> int:
        """More alerts than that, waiting at once, are told together."""
        ...

    @property
    def most(self) -> int:
        """How many alerts one message can tell."""
        ...

    def send_together(self, deliveries: Sequence[Delivery]) -> Receipt:
        """Hands over one message that tells all of `deliveries`, in brief."""
        ...


def open_channel(
    name: str,
    settings: ChannelSettings,
    *,
    secret: SecretLookup,
    allowed: Sequence[Network],
) -> Channel:
    """The channel `name`, ready to send; it connects at the first delivery.

    Private addresses: a webhook's may be dialled only within `allowed`, for its URL may come from
    anybody with a Slack-like service to offer; a mail relay's always, since relays are internal as
    a rule and their URL is the ops engineer's own.

    Raises:
        SecretMissing: a secret that the settings name is set nowhere.
        ConfigError: the SMTP or webhook URL is none; the message does not repeat it.
    """
    # Each file is read when it is used: the services' own libraries are slow to import.
    module = import_module(f"alerts.channels.{file_of(settings)}")
    channel: Channel = module.open_channel(name, settings, secret=secret, allowed=allowed)
    return channel


def file_of(settings: ChannelSettings) -> str:
    """The file of this folder that holds the channel."""
    return (
        "slack_bot"
        if isinstance(settings, SlackChannel) and settings.token
        else FILES[settings.type]
    )


FILES: Mapping[str, str] = {
    "apprise": "apprise_service",
    "atom": "atom_feed",
    "email": "email_smtp",
    "slack": "slack_webhook",
    "webhook": "webhook_json",
}
"""Which file holds the channels of a type: its `open_channel(name, settings, *, secret, allowed)` opens one."""
