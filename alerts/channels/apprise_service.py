"""Any service that Apprise knows: each URL on its own, for of several together Apprise says only that one failed.

Apprise tells no reason and no Retry-After. It dials by itself: in a process that can dial only what may be dialled
(alerts/channels/apprise_process.py).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from apprise import Apprise, NotifyBase

from alerts.channels.apprise_process import AppriseProcess, NoAnswer
from alerts.messages import render_plain
from domain.addresses import Network
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.closing import Closing
from domain.errors import ConfigError
from domain.secret_texts import SecretLookup
from domain.settings_channels import AppriseChannel

TIMEOUT = 60.0
"""Seconds for a whole message: Apprise's own limits are for each piece of an answer."""
_TITLE_LENGTH = 200
# It would log the URLs that it is given, tokens included.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


def open_channel(
    name: str, settings: AppriseChannel, *, secret: SecretLookup, allowed: Sequence[Network]
) -> AppriseServices:
    """The channel of `settings`; see alerts/channels."""
    urls = [url.resolve(secret, used_by=f"channel {name}") for url in settings.url]
    services = {
        recipient: _service(url.strip(), name)
        for recipient, url in zip(settings.recipients(name), urls, strict=True)
    }
    return AppriseServices(services, allowed=allowed)


@dataclass(frozen=True, kw_only=True)
class Service:
    """What Apprise calls it, and its URL, which is a secret."""

    name: str
    url: str


class AppriseServices(Closing):
    """The services of one channel, by the recipient that each is in the ledger."""

    def __init__(
        self,
        services: dict[str, Service],
        *,
        allowed: Sequence[Network],
        timeout: float = TIMEOUT,
    ) -> None:
        self._services = services
        self._process = AppriseProcess(allowed, timeout)

    def close(self) -> None:
        """Ends Apprise's process."""
        self._process.close()

    def send(self, delivery: Delivery) -> Receipt:
        """Hands one message to one service."""
        service = self._services.get(delivery.recipient)
        if service is None:
            reason = "the channel no longer has so many URLs"
            return Receipt(state=DeliveryState.DEAD, reason=reason)
        title, body = render_plain(delivery)
        try:
            answer = self._process.send(service.url, title[:_TITLE_LENGTH], body)
        except NoAnswer as error:
            return _lost(service, error)
        if answer.taken:
            return Receipt(state=DeliveryState.SENT)
        if answer.refused:
            reason = f"{service.name} is not dialled: {answer.refused}"
        else:
            reason = f"{service.name} did not take the message; Apprise gives no reason"
        return Receipt(state=DeliveryState.RETRY, reason=reason)


def _lost(service: Service, error: NoAnswer) -> Receipt:
    if error.began:
        reason = f"{service.name} gave no answer after the message was handed over"
        return Receipt(state=DeliveryState.UNKNOWN, reason=reason, no_answer=True)
    reason = "Apprise could not be started"
    return Receipt(state=DeliveryState.RETRY, reason=reason, no_answer=True)


def _service(url: str, name: str) -> Service:
    """The service of one URL.

    Raises:
        ConfigError: Apprise knows no such URL; it is not repeated, for it is the secret.
    """
    known = Apprise.instantiate(url, suppress_exceptions=True)
    if not isinstance(known, NotifyBase):
        msg = f"channel {name}: its url is none that Apprise knows; see https://github.com/caronc/apprise/wiki"
        raise ConfigError(msg)
    return Service(name=str(known.service_name), url=url)
