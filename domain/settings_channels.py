"""The settings of channels and of delivering. Adding a channel: a record here, and a row and a file in alerts/channels."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from domain.secret_texts import SecretText
from domain.settings_types import Duration, Names, Settings, one_or_many
from domain.settings_watches import QuietSettings


class QuietChannel(Settings):
    """What all channels share: hours in which nothing is sent, whoever sends."""

    quiet: QuietSettings | None = None


class SlackChannel(QuietChannel):
    """Slack, by an incoming webhook, or by a bot's `token` and `channel` ("#arms" or its id), which threads updates.

    `spacing` is the least time between two messages: Slack takes about one a second, and disables webhooks that flood.
    When more than `burst` alerts wait at once they are told in few messages, in brief. `api` is where a workspace of
    another Slack (GovSlack) answers.
    """

    type: Literal["slack"]
    webhook: SecretText | None = None
    token: SecretText | None = None
    channel: str | None = Field(default=None, min_length=1)
    api: str = "https://slack.com/api/"
    spacing: Duration = timedelta(seconds=1)
    burst: int = Field(default=5, ge=1)

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.webhook is None) == (self.token is None):
            msg = "needs either webhook, or token and channel"
            raise ValueError(msg)
        if (self.token is None) != (self.channel is None):
            msg = "token and channel go together"
            raise ValueError(msg)
        return self

    def recipients(self, name: str) -> tuple[str, ...]:
        """The channel itself."""
        return (name,)


class EmailChannel(QuietChannel):
    """Mail by SMTP. `smtp` is a URL: smtp://user:password@host:587 (STARTTLS when offered), smtps://… for TLS. `address`
    is "each" for a mail of their own to everybody in `to`, "together" for one mail to all of them."""

    type: Literal["email"]
    smtp: SecretText
    sender: str
    to: Names = Field(min_length=1)
    address: Literal["each", "together"] = "each"
    timeout: Duration = timedelta(seconds=30)

    @field_validator("sender", "to")
    @classmethod
    def _are_addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for address in (value,) if isinstance(value, str) else value:
            if "@" not in address or any(c in address for c in "\r\n\0"):
                msg = f'"{address}" is no mail address'
                raise ValueError(msg)
        return value

    def recipients(self, name: str) -> tuple[str, ...]:
        """The addresses; in one text, with commas, when they are addressed together."""
        return self.to if self.address == "each" else (", ".join(self.to),)


class WebhookChannel(QuietChannel):
    """Any program that takes JSON by POST: docs/webhook.md. With a `secret` each message is signed (HMAC-SHA256)."""

    type: Literal["webhook"]
    url: SecretText
    secret: SecretText | None = None
    spacing: Duration = timedelta(0)

    def recipients(self, name: str) -> tuple[str, ...]:
        """The channel itself."""
        return (name,)


class AppriseChannel(QuietChannel):
    """Any service that Apprise knows, by its URLs: each is a recipient of its own, so that one that fails is tried again
    alone."""

    type: Literal["apprise"]
    url: Annotated[tuple[SecretText, ...], BeforeValidator(one_or_many)] = Field(min_length=1)

    def recipients(self, name: str) -> tuple[str, ...]:
        """The channel itself, or its URLs by number, for they are secrets."""
        many = len(self.url) > 1
        return tuple(f"{name} {n}" for n in range(1, len(self.url) + 1)) if many else (name,)


class AtomChannel(QuietChannel):
    """A feed of the alerts, for feed readers: the file `path`, which holds the newest. A relative path counts from the
    folder of monitor.yaml."""

    type: Literal["atom"]
    path: Path
    title: str = Field(default="armswire alerts", min_length=1)

    def recipients(self, name: str) -> tuple[str, ...]:
        """The channel itself."""
        return (name,)


ChannelSettings = Annotated[
    SlackChannel | EmailChannel | WebhookChannel | AppriseChannel | AtomChannel,
    Field(discriminator="type"),
]


def secrets_of(channel: ChannelSettings) -> list[tuple[str, SecretText]]:
    """The secrets that a channel names, with the setting each stands in."""
    found: list[tuple[str, SecretText]] = []
    for field in type(channel).model_fields:
        value = getattr(channel, field)
        texts = value if isinstance(value, tuple) else (value,)
        found += [(field, text) for text in texts if isinstance(text, SecretText)]
    return found


class DeliverySettings(Settings):
    """After `attempts` tries, or `give_up_after`, a delivery is dead (and can be retried by hand). `unknown` says what
    becomes of a message that may have arrived: "resend" sends it again with the same Message-ID, "hold" keeps it for
    a person to decide."""

    attempts: int = Field(default=8, ge=1)
    give_up_after: Duration = timedelta(days=2)
    unknown: Literal["resend", "hold"] = "resend"
