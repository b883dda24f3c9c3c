"""The settings of channels and of delivering. Adding a channel: a record here, and a row and a file in alerts/channels."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, field_validator

from domain.secret_texts import SecretText
from domain.settings_types import Duration, Names, Settings


class SlackChannel(Settings):
    """A Slack incoming webhook. `spacing` is the least time between two messages: Slack takes about one a second, and
    disables webhooks that flood. When more than `burst` alerts wait at once they are told in few messages, in brief."""

    type: Literal["slack"]
    webhook: SecretText
    spacing: Duration = timedelta(seconds=1)
    burst: int = Field(default=5, ge=1)

    def recipients(self, name: str) -> tuple[str, ...]:
        """The channel itself."""
        return (name,)


class EmailChannel(Settings):
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


ChannelSettings = Annotated[SlackChannel | EmailChannel, Field(discriminator="type")]


class DeliverySettings(Settings):
    """After `attempts` tries, or `give_up_after`, a delivery is dead (and can be retried by hand). `unknown` says what
    becomes of a message that may have arrived: "resend" sends it again with the same Message-ID, "hold" keeps it for
    a person to decide."""

    attempts: int = Field(default=8, ge=1)
    give_up_after: Duration = timedelta(days=2)
    unknown: Literal["resend", "hold"] = "resend"
