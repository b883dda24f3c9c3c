"""Slack, and what speaks its language, by incoming webhook.

Answers (Slack's documentation of incoming webhooks): 200 "ok"; 400 "invalid_payload"; 403
"action_prohibited"; 404 "no_service", "channel_not_found"; 410 "channel_is_archived"; 429 with
Retry-After.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpcore
import httpx

from alerts.channels.dialling import CheckedBackend
from alerts.messages import render_slack, render_slack_burst
from alerts.slack_blocks import MOST_TOGETHER
from alerts.untrusted import one_line
from domain.addresses import Network
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.errors import ConfigError

TIMEOUT = 15.0
_ANSWER_BYTES = 500
_GONE = frozenset({404, 410})
_GONE_WORDS = (
    "no_service",
    "no_team",
    "channel_not_found",
    "channel_is_archived",
    "no_active_hooks",
)


def parse_webhook(url: str, name: str) -> httpx.URL:
    """The webhook's address.

    Raises:
        ConfigError: it is none; the message names the channel and not the URL, which is the secret.
    """
    expected = f"channel {name}: its webhook is no web address; https://… is expected"
    try:
        urlsplit(url)  # refuses what httpx lets pass: half an IPv6 address
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError):
        raise ConfigError(expected) from None
    if parsed.scheme not in ("http", "https") or not parsed.host or "\\" in url:
        raise ConfigError(expected)
    return parsed


class SlackChannel:
    """One incoming webhook. Messages start `spacing` seconds apart."""

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
        self._spacing = spacing
        self.burst = burst
        self.most = MOST_TOGETHER
        self._sleep = sleep
        self._last_start: float | None = None
        self._client = httpx.Client(
            transport=_CheckedTransport(allowed),
            trust_env=False,
            follow_redirects=False,
            timeout=timeout,
            headers={"User-Agent": "armswire", "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def send(self, delivery: Delivery) -> Receipt:
        """Posts one message. Nothing is tried twice here: a repeat is the ledger's to decide."""
        return self._post(render_slack(delivery))

    def send_together(self, deliveries: Sequence[Delivery]) -> Receipt:
        """Posts one message that tells several alerts in brief."""
        return self._post(render_slack_burst(deliveries))

    def _post(self, message: dict[str, Any]) -> Receipt:
        self._wait_for_turn()
        try:
            with self._client.stream("POST", self._webhook, json=message) as response:
                return self._receipt(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            # Nothing was handed over yet.
            return _receipt(DeliveryState.RETRY, f"cannot be reached: {self._safe(error)}")
        except httpx.TransportError as error:
            reason = f"no answer after the message was sent ({type(error).__name__})"
            return replace(_receipt(DeliveryState.UNKNOWN, reason), no_answer=True)

    def _wait_for_turn(self) -> None:
        now = time.monotonic()
        if self._last_start is not None and now < self._last_start + self._spacing:
            self._sleep(self._last_start + self._spacing - now)
        self._last_start = time.monotonic()

    def _receipt(self, response: httpx.Response) -> Receipt:
        status = response.status_code
        if 200 <= status < 300:
            return Receipt(state=DeliveryState.SENT)
        words = self._words_of(response)
        answer = f"answered {status}{' ' + words if words else ''}"
        if status == 429:
            wait = retry_after(response.headers.get("retry-after"), datetime.now(UTC))
            return Receipt(
                state=DeliveryState.RETRY, reason=f"the webhook {answer}", retry_after=wait
            )
        if status in _GONE or any(word in words for word in _GONE_WORDS):
            reason = f"the webhook {answer}: it does not exist any more"
            return Receipt(state=DeliveryState.DEAD, reason=reason, channel_gone=True)
        if status >= 500 or status == 408:
            return _receipt(DeliveryState.RETRY, answer)
        if 300 <= status < 400:
            return _receipt(DeliveryState.DEAD, f"answered {status}; redirects are not followed")
        return _receipt(DeliveryState.DEAD, answer)

    def _words_of(self, response: httpx.Response) -> str:
        """The first words of an answer, which may come slowly or never end."""
        try:
            start = next(response.iter_raw(_ANSWER_BYTES), b"")
        except httpx.TransportError:
            return ""
        return one_line(self._without_secret(start.decode("utf-8", "replace")), 80)

    def _safe(self, error: Exception) -> str:
        return one_line(self._without_secret(str(error)) or type(error).__name__, 160)

    def _without_secret(self, text: str) -> str:
        """`text` without the webhook's address and path, which are the secret."""
        for secret in (str(self._webhook), self._webhook.raw_path.decode("ascii", "replace")):
            if len(secret) > 1:
                text = text.replace(secret, "***")
        return text


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, given as a number or as a date (RFC 9110)."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _receipt(state: DeliveryState, what: str) -> Receipt:
    return Receipt(state=state, reason=f"the webhook {what}")


class _CheckedTransport(httpx.HTTPTransport):
    """httpx has no parameter for the network backend, so the pool is replaced; a test holds that
    the check is hit. Every message has a connection of its own: a kept one may have been closed by
    the other side, which cannot be told from a lost answer."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        super().__init__(trust_env=False, retries=0)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_keepalive_connections=0,
            network_backend=CheckedBackend(allowed),
        )
