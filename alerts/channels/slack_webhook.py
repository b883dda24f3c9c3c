"""Slack, and what speaks its language, by incoming webhook.

Answers (Slack's documentation of incoming webhooks): 200 "ok"; 400 "invalid_payload"; 403
"action_prohibited"; 404 "no_service", "channel_not_found"; 410 "channel_is_archived"; 429 with
Retry-After. An answer holds no name for the message, so that updates cannot be threaded: a bot can
(alerts/channels/slack_bot.py).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from alerts.channels.http_post import TIMEOUT, Poster, lost, parse_address, receipt_of, secrets_of
from alerts.messages import render_slack, render_slack_burst
from alerts.slack_blocks import MOST_TOGETHER
from domain.addresses import Network
from domain.alerting import Delivery, Receipt
from domain.closing import Closing
from domain.secret_texts import SecretLookup
from domain.settings_channels import SlackChannel

_GONE_WORDS = (
    "no_service",
    "no_team",
    "channel_not_found",
    "channel_is_archived",
    "no_active_hooks",
)
_WHAT = "the webhook"


def open_channel(
    name: str, settings: SlackChannel, *, secret: SecretLookup, allowed: Sequence[Network]
) -> SlackWebhook:
    """The channel of `settings`; see alerts/channels."""
    assert settings.webhook is not None  # noqa: S101 - or it would be a bot's
    url = settings.webhook.resolve(secret, used_by=f"channel {name}")
    return SlackWebhook(
        parse_address(url, name, "webhook"),
        allowed=allowed,
        spacing=settings.spacing.total_seconds(),
        burst=settings.burst,
    )


class SlackWebhook(Closing):
    """One incoming webhook. Messages start `spacing` seconds apart."""

    most = MOST_TOGETHER

    def __init__(
        self,
        webhook: httpx.URL,
        *,
        allowed: Sequence[Network],
        timeout: float = TIMEOUT,
        spacing: float = 1.0,
        burst: int = 5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._webhook = webhook
        self.burst = burst
        self._poster = Poster(allowed=allowed, timeout=timeout, spacing=spacing, sleep=sleep)

    def close(self) -> None:
        """Lets go of its connections."""
        self._poster.close()

    def send(self, delivery: Delivery) -> Receipt:
        """Posts one message."""
        return self._post(render_slack(delivery))

    def send_together(self, deliveries: Sequence[Delivery]) -> Receipt:
        """Posts one message that tells several alerts in brief."""
        return self._post(render_slack_burst(deliveries))

    def _post(self, message: dict[str, Any]) -> Receipt:
        secrets = secrets_of(self._webhook)
        content = json.dumps(message).encode()
        try:
            answer = self._poster.post(self._webhook, content, {"Content-Type": "application/json"})
        except httpx.TransportError as error:
            return lost(error, _WHAT, secrets)
        return receipt_of(answer, _WHAT, secrets, _GONE_WORDS)
