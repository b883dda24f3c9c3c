"""Any service that Apprise knows: one Apprise object a URL, for of several together Apprise says only that one failed.

Apprise dials by itself. Before each message the hosts that a URL names are resolved and checked; not covered are a second
answer of the DNS between that and Apprise's own look-up, redirects that a service answers with, and a proxy of the
environment. So name only services that you trust. Apprise tells no reason and no Retry-After.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from apprise import Apprise, NotifyBase, NotifyFormat

from alerts.channels.dialling import Refused, checked_addresses
from alerts.messages import render_plain
from domain.addresses import Network
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.errors import ConfigError
from domain.secret_texts import SecretLookup
from domain.settings_channels import AppriseChannel

_TITLE_LENGTH = 200
_HTTPS = 443
# Both would log the URLs that they are given, tokens included.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
logging.getLogger("urllib3").setLevel(logging.WARNING)


def open_channel(
    name: str, settings: AppriseChannel, *, secret: SecretLookup, allowed: Sequence[Network]
) -> AppriseService:
    """The channel of `settings`; see alerts/channels."""
    urls = [url.resolve(secret, used_by=f"channel {name}") for url in settings.url]
    services = {
        recipient: _service(url, name)
        for recipient, url in zip(settings.recipients(name), urls, strict=True)
    }
    return AppriseService(services, allowed=allowed)


class AppriseService:
    """The services of one channel, by the recipient that each is in the ledger."""

    def __init__(self, services: dict[str, NotifyBase], *, allowed: Sequence[Network]) -> None:
        self._services = services
        self._allowed = tuple(allowed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing is kept open."""

    def send(self, delivery: Delivery) -> Receipt:
        """Hands one message to one service."""
        service = self._services.get(delivery.recipient)
        if service is None:
            reason = "the channel no longer has so many URLs"
            return Receipt(state=DeliveryState.DEAD, reason=reason)
        what = str(service.service_name)
        try:
            self._check(service)
        except Refused as error:
            return Receipt(state=DeliveryState.RETRY, reason=f"{what} is not dialled: {error}")
        title, body = render_plain(delivery)
        target = Apprise()
        target.add(service)
        if target.notify(title=title[:_TITLE_LENGTH], body=body, body_format=NotifyFormat.TEXT):
            return Receipt(state=DeliveryState.SENT)
        reason = f"{what} did not take the message; Apprise gives no reason"
        return Receipt(state=DeliveryState.RETRY, reason=reason)

    def _check(self, service: NotifyBase) -> None:
        """Checks the host of a service whose URL names one. In other URLs its place holds a part of the token, which is
        no business of the DNS.

        Raises:
            Refused: the host has an address that may not be dialled.
        """
        templates: Sequence[str] = service.templates
        if service.host and any("{host}" in template for template in templates):
            # What does not resolve is left to Apprise.
            with suppress(socket.gaierror, UnicodeError):
                checked_addresses(service.host, service.port or _HTTPS, self._allowed)


def _service(url: str, name: str) -> NotifyBase:
    """The service of one URL.

    Raises:
        ConfigError: Apprise knows no such URL; it is not repeated, for it is the secret.
    """
    service = Apprise.instantiate(url.strip(), suppress_exceptions=True)
    if not isinstance(service, NotifyBase):
        msg = f"channel {name}: its url is none that Apprise knows; see https://github.com/caronc/apprise/wiki"
        raise ConfigError(msg)
    return service
