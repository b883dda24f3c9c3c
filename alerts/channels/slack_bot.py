"""Slack by bot token, with Slack's own client: updates go into the thread of the first message.

The token needs the scope chat:write, and the bot must be a member of the channel.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request

import httpx
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import WebClient

from alerts.channels.http_post import TIMEOUT, Poster, lost, parse_address, retry_after, without
from alerts.messages import render_slack, render_slack_burst
from alerts.slack_blocks import MOST_TOGETHER
from alerts.untrusted import one_line
from domain.addresses import Network
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.closing import Closing
from domain.secret_texts import SecretLookup
from domain.settings_channels import SlackChannel

_WHAT = "Slack"
_ANSWER_BYTES = 200_000
# https://docs.slack.dev/reference/methods/chat.postMessage, "Errors".
_GONE = frozenset(
    """
    account_inactive channel_is_archived channel_not_found invalid_auth is_archived no_permission not_authed
    not_in_channel org_login_required team_access_not_granted token_expired token_revoked
    """.split()
)
"""Nothing goes through until a person mends it: the bot was removed, or its channel."""
_LATER = frozenset(
    "internal_error message_limit_exceeded rate_limited ratelimited request_timeout service_unavailable".split()
)
_CODE = re.compile("[a-z_]+")
"""Every other text is none of Slack's: something between answered."""
_PERHAPS = frozenset({"fatal_error"})
""" "It's possible some aspect of the operation succeeded before the error was raised." """


def open_channel(
    name: str, settings: SlackChannel, *, secret: SecretLookup, allowed: Sequence[Network]
) -> SlackBot:
    """The channel of `settings`; see alerts/channels."""
    assert settings.token is not None  # noqa: S101 - or it would be a webhook
    assert settings.channel is not None  # noqa: S101 - as the settings make sure
    return SlackBot(
        settings.token.resolve(secret, used_by=f"channel {name}"),
        settings.channel,
        api=str(parse_address(settings.api, name, "api")),
        allowed=allowed,
        spacing=settings.spacing.total_seconds(),
        burst=settings.burst,
    )


class SlackBot(Closing):
    """One channel of one workspace. Messages start `spacing` seconds apart."""

    most = MOST_TOGETHER

    def __init__(
        self,
        token: str,
        channel: str,
        *,
        api: str,
        allowed: Sequence[Network],
        timeout: float = TIMEOUT,
        spacing: float = 1.0,
        burst: int = 5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._token = token
        self._channel = channel
        self.burst = burst
        self._poster = Poster(allowed=allowed, timeout=timeout, spacing=spacing, sleep=sleep)
        self._client = _CheckedClient(token, api, self._poster)

    def close(self) -> None:
        """Lets go of its connections."""
        self._poster.close()

    def send(self, delivery: Delivery) -> Receipt:
        """Posts one message, into the thread of the first about the same story where there is one."""
        return self._post(render_slack(delivery), delivery.thread_handle)

    def send_together(self, deliveries: Sequence[Delivery]) -> Receipt:
        """Posts one message that tells several alerts in brief; what follows them up is in its thread."""
        return self._post(render_slack_burst(deliveries), None)

    def _post(self, message: dict[str, Any], thread: str | None) -> Receipt:
        try:
            answer = self._client.chat_postMessage(
                channel=self._channel,
                thread_ts=thread,
                reply_broadcast=bool(thread) or None,
                **message,
            )
        except SlackApiError as error:
            return self._receipt(error.response)
        except (httpx.TransportError, SlackClientError) as error:
            if isinstance(error, httpx.TransportError):
                return lost(error, _WHAT, [self._token])
            reason = f"{_WHAT} was not understood: {self._safe(str(error))}"
            return Receipt(state=DeliveryState.UNKNOWN, reason=reason)
        return Receipt(state=DeliveryState.SENT, handle=str(answer.get("ts") or "") or None)

    def _receipt(self, response: Any) -> Receipt:
        """What a refusal means."""
        status = getattr(response, "status_code", 0)
        headers: Mapping[str, str] = getattr(response, "headers", None) or {}
        data = getattr(response, "data", None)
        code = str(data.get("error") or "") if isinstance(data, dict) else ""
        reason = f"{_WHAT} answered {self._safe(' '.join(filter(None, [str(status), code])))}"
        if status == 429 or code in ("ratelimited", "rate_limited"):
            seconds = retry_after(headers.get("retry-after"), datetime.now(UTC))
            return Receipt(state=DeliveryState.RETRY, reason=reason, retry_after=seconds)
        if code in _GONE:
            reason += ": invite the bot to the channel, or mend its token"
            return Receipt(state=DeliveryState.DEAD, reason=reason, channel_gone=True)
        if code in _PERHAPS or (status == 200 and not _CODE.fullmatch(code)):
            return Receipt(state=DeliveryState.UNKNOWN, reason=reason)
        if status >= 500 or code in _LATER:
            return Receipt(state=DeliveryState.RETRY, reason=reason)
        return Receipt(state=DeliveryState.DEAD, reason=reason)

    def _safe(self, text: str) -> str:
        return one_line(without(text, [self._token]), 120)


class _CheckedClient(WebClient):
    """Slack's client with our way to the network in place of its own, which would follow redirects with the token, use a
    proxy of the environment and dial unchecked addresses. It has no parameter for that, so the one method that dials is
    replaced; a test holds that it is hit."""

    def __init__(self, token: str, api: str, poster: Poster) -> None:
        silent = logging.Logger("armswire.slack", logging.CRITICAL + 1)
        super().__init__(token=token, base_url=api, retry_handlers=[], logger=silent)
        self._poster = poster

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        content = req.data if isinstance(req.data, bytes) else b""
        headers = {**req.headers, **req.unredirected_hdrs}
        answer = self._poster.post(url, content, headers, limit=_ANSWER_BYTES)
        return {
            "status": answer.status,
            "headers": answer.headers,
            "body": answer.body.decode("utf-8", "replace"),
        }
