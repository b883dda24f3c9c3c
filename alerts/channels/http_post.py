"""Posting to a web address of the user's, and what an answer means: shared by every channel that speaks HTTP.

Only checked addresses are dialled, no proxy of the environment is used, no redirect followed, nothing tried twice: a repeat
is the ledger's to decide.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpcore
import httpx

from alerts.channels.dialling import CheckedBackend
from alerts.untrusted import one_line
from domain.addresses import Network
from domain.alerting import DeliveryState, Receipt
from domain.errors import ConfigError

TIMEOUT = 15.0
_ANSWER_BYTES = 500
_GONE = frozenset({404, 410})
# They would log the address of each request, which may be the secret, and its headers.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


def parse_address(url: str, name: str, what: str) -> httpx.URL:
    """A web address that is dialled.

    Raises:
        ConfigError: it is none; the message names the channel and `what`, not the URL, which may be a secret.
    """
    expected = f"channel {name}: its {what} is no web address; https://… is expected"
    try:
        urlsplit(url)  # refuses what httpx lets pass: half an IPv6 address
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError):
        raise ConfigError(expected) from None
    if parsed.scheme not in ("http", "https") or not parsed.host or "\\" in url:
        raise ConfigError(expected)
    return parsed


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: `body` up to the limit that was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Poster:
    """Posts one thing after another. Posts start `spacing` seconds apart."""

    def __init__(
        self,
        *,
        allowed: Sequence[Network],
        timeout: float = TIMEOUT,
        spacing: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._spacing = spacing
        self._sleep = sleep
        self._last_start: float | None = None
        self._client = httpx.Client(
            transport=_CheckedTransport(allowed),
            trust_env=False,
            follow_redirects=False,
            timeout=timeout,
            headers={"User-Agent": "armswire", "Accept-Encoding": "identity"},
        )

    def close(self) -> None:
        """Lets go of the connections."""
        self._client.close()

    def post(
        self,
        url: httpx.URL | str,
        content: bytes,
        headers: Mapping[str, str],
        limit: int = _ANSWER_BYTES,
    ) -> Answer:
        """Posts `content`, and reads `limit` bytes of the answer: it may come slowly or never end.

        Raises:
            httpx.TransportError: no answer; see `lost`.
        """
        self._wait_for_turn()
        with self._client.stream("POST", url, content=content, headers=dict(headers)) as response:
            body = b""
            try:
                for piece in response.iter_raw(limit):
                    body += piece
                    if len(body) >= limit:
                        break
            except httpx.TransportError:
                pass  # the status says what became of it
            return Answer(status=response.status_code, headers=response.headers, body=body[:limit])

    def _wait_for_turn(self) -> None:
        now = time.monotonic()
        if self._last_start is not None and now < self._last_start + self._spacing:
            self._sleep(self._last_start + self._spacing - now)
        self._last_start = time.monotonic()


def lost(error: httpx.TransportError, what: str, secrets: Sequence[str]) -> Receipt:
    """The receipt where no answer came from `what` ("the webhook")."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        # Nothing was handed over yet.
        said = one_line(without(str(error), secrets) or type(error).__name__, 160)
        return Receipt(state=DeliveryState.RETRY, reason=f"{what} cannot be reached: {said}")
    reason = f"{what} gave no answer after the message was sent ({type(error).__name__})"
    return Receipt(state=DeliveryState.UNKNOWN, reason=reason, no_answer=True)


def receipt_of(
    answer: Answer, what: str, secrets: Sequence[str], gone_words: Sequence[str] = ()
) -> Receipt:
    """What an answer means: 2xx sent; 429, 408 and 5xx again; 404 and 410 that it is gone; everything else never."""
    status = answer.status
    if 200 <= status < 300:
        return Receipt(state=DeliveryState.SENT)
    words = one_line(without(answer.body.decode("utf-8", "replace"), secrets), 80)
    reason = f"{what} answered {status}{' ' + words if words else ''}"
    if status == 429:
        wait = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
        return Receipt(state=DeliveryState.RETRY, reason=reason, retry_after=wait)
    if status in _GONE or any(word in words for word in gone_words):
        reason += ": it does not exist any more"
        return Receipt(state=DeliveryState.DEAD, reason=reason, channel_gone=True)
    if status >= 500 or status == 408:
        return Receipt(state=DeliveryState.RETRY, reason=reason)
    if 300 <= status < 400:
        reason = f"{what} answered {status}; redirects are not followed"
    return Receipt(state=DeliveryState.DEAD, reason=reason)


def secrets_of(url: httpx.URL) -> tuple[str, ...]:
    """The parts of an address that are the secret: all of it, and its path."""
    parts = (
        str(url),
        url.raw_path.decode("ascii", "replace"),
        url.userinfo.decode("ascii", "replace"),
    )
    return tuple(part for part in parts if len(part) > 1)


def without(text: str, secrets: Sequence[str]) -> str:
    """`text` with each of `secrets` replaced."""
    for secret in secrets:
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
