"""A webhook of the user's own: one JSON document a message (docs/webhook.md), signed where there is a secret.

The signature covers the time and the body: HMAC-SHA256 of "<timestamp>.<body>", so that a receiver can refuse what is old.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence

import httpx

from alerts.channels.http_post import TIMEOUT, Poster, lost, parse_address, receipt_of, secrets_of
from alerts.documents import message_document
from domain.addresses import Network
from domain.alerting import Delivery, Receipt
from domain.closing import Closing
from domain.secret_texts import SecretLookup
from domain.settings_channels import WebhookChannel

_WHAT = "the webhook"


def open_channel(
    name: str, settings: WebhookChannel, *, secret: SecretLookup, allowed: Sequence[Network]
) -> JsonWebhook:
    """The channel of `settings`; see alerts/channels."""
    used_by = f"channel {name}"
    key = settings.secret.resolve(secret, used_by=used_by) if settings.secret else None
    return JsonWebhook(
        parse_address(settings.url.resolve(secret, used_by=used_by), name, "url"),
        key=key.encode() if key else None,
        allowed=allowed,
        spacing=settings.spacing.total_seconds(),
    )


def signature(key: bytes, timestamp: str, body: bytes) -> str:
    """What the header X-Armswire-Signature holds: "sha256=" and 64 hexadecimal digits."""
    digest = hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


class JsonWebhook(Closing):
    """One webhook."""

    def __init__(
        self,
        url: httpx.URL,
        *,
        key: bytes | None,
        allowed: Sequence[Network],
        timeout: float = TIMEOUT,
        spacing: float = 0.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._url = url
        self._key = key
        self._now = now
        self._poster = Poster(allowed=allowed, timeout=timeout, spacing=spacing)

    def close(self) -> None:
        """Lets go of its connections."""
        self._poster.close()

    def send(self, delivery: Delivery) -> Receipt:
        """Posts one message. A repeat has the same Idempotency-Key, so that a receiver can tell."""
        body = json.dumps(message_document(delivery), ensure_ascii=False).encode("utf-8", "replace")
        timestamp = str(int(self._now()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": delivery.message_id.strip("<>"),
            "X-Armswire-Timestamp": timestamp,
        }
        if self._key:
            headers["X-Armswire-Signature"] = signature(self._key, timestamp, body)
        try:
            answer = self._poster.post(self._url, body, headers)
        except httpx.TransportError as error:
            return lost(error, _WHAT, secrets_of(self._url))
        return receipt_of(answer, _WHAT, secrets_of(self._url))
