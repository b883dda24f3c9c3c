"""Mail by SMTP: one connection a batch.

What an answer means: 4yz, try again; 5yz, never; no answer before the message was handed over, try
again; no answer after it, unknown (measured: a relay that dropped the connection then had stored
the mail).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.message import EmailMessage

from alerts.channels.smtp_relay import PRIVATE, Relay, connected, parse_relay
from alerts.messages import render_email
from alerts.untrusted import one_line
from domain.addresses import Network
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.closing import Closing
from domain.secret_texts import SecretLookup
from domain.settings_channels import EmailChannel

_CLOSING = 421


def open_channel(
    name: str, settings: EmailChannel, *, secret: SecretLookup, allowed: Sequence[Network]
) -> SmtpChannel:
    """The channel of `settings`; see alerts/channels."""
    relay = parse_relay(settings.smtp.resolve(secret, used_by=f"channel {name}"), name)
    timeout = settings.timeout.total_seconds()
    return SmtpChannel(relay, sender=settings.sender, allowed=allowed, timeout=timeout)


class SmtpChannel(Closing):
    """Mails from one sender through one relay."""

    def __init__(
        self,
        relay: Relay,
        *,
        sender: str,
        allowed: Sequence[Network] = (),
        timeout: float = 30.0,
    ) -> None:
        self._relay = relay
        self._sender = sender
        self._allowed = (*PRIVATE, *allowed)
        self._timeout = timeout
        self._open: smtplib.SMTP | None = None
        self._down: Receipt | None = None

    def close(self) -> None:
        """Takes leave of the relay."""
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.quit()
        self._drop()

    def send(self, delivery: Delivery) -> Receipt:
        """Sends one mail. When the relay cannot be had, neither can it for the rest of the
        batch."""
        if self._down is not None:
            return self._down
        try:
            envelope = _enveloped(render_email(delivery, sender=self._sender))
        except (ValueError, MessageError) as error:
            reason = f"the mail cannot be written: {one_line(str(error), 160)}"
            return Receipt(state=DeliveryState.DEAD, reason=reason)
        reused = self._open is not None
        try:
            return self._deliver(envelope)
        except _NotHandedOver as refusal:
            failure = refusal
            if failure.lost:
                self._drop()
            # A relay may close a connection that idled: not this mail's fault, so a new one is
            # tried.
            if reused and failure.lost:
                try:
                    return self._deliver(envelope)
                except _NotHandedOver as again:
                    failure = again
            return self._receipt(failure)

    def _deliver(self, envelope: _Envelope) -> Receipt:
        try:
            smtp = self._open or self._connect()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            self._drop()
            reason = f"{self._relay.host} cannot be used: {self._reason(error)}"
            self._down = Receipt(state=DeliveryState.RETRY, reason=reason)
            return self._down
        self._open = smtp
        try:
            _command(smtp, f"MAIL FROM:<{envelope.sender}>")
            refused = _address_to(smtp, envelope.recipients)
            _command(smtp, "DATA", expected=354)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            lost = _NotHandedOver(reason=self._reason(error), lost=True)
            raise lost from None
        receipt = self._hand_over(smtp, envelope)
        if receipt.state is DeliveryState.SENT and refused:
            return replace(receipt, reason="not taken for " + ", ".join(refused))
        return receipt

    def _hand_over(self, smtp: smtplib.SMTP, envelope: _Envelope) -> Receipt:
        # CRLF throughout already (policy SMTP); RFC 5321, 4.5.2: a line's leading dot is doubled.
        content = re.sub(rb"(?m)^\.", b"..", envelope.content)
        try:
            smtp.send(content + (b"" if content.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, text = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            reason = f"no answer after the mail was handed over: {self._reason(error)}"
            return Receipt(state=DeliveryState.UNKNOWN, reason=reason, no_answer=True)
        if 200 <= code < 300:
            return Receipt(state=DeliveryState.SENT)
        return self._receipt(_NotHandedOver(code=code, reason=_words(text)))

    def _connect(self) -> smtplib.SMTP:
        smtp = connected(self._relay, self._timeout, self._allowed)
        try:
            smtp.ehlo_or_helo_if_needed()
            if not self._relay.tls_from_start and smtp.has_extn("starttls"):
                smtp.starttls(context=self._tls())
                smtp.ehlo_or_helo_if_needed()
            self._log_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _tls(self) -> ssl.SSLContext:
        """A password goes only to a relay that proves its name. Without one, TLS that proves
        nothing is still better than none (RFC 7435), and internal relays often sign for
        themselves."""
        context = ssl.create_default_context()
        if self._relay.user is None:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        if self._relay.user is None:
            return
        peer = str(smtp.sock.getpeername()[0]) if smtp.sock else ""
        in_clear = not isinstance(smtp.sock, ssl.SSLSocket)
        if in_clear and not (peer.startswith("127.") or peer == "::1"):
            msg = "it offers no STARTTLS, and the password is not sent in the clear; use smtps://"
            raise smtplib.SMTPException(msg)
        smtp.login(self._relay.user, self._relay.password or "")

    def _receipt(self, failure: _NotHandedOver) -> Receipt:
        """After a refusal the connection is reset for the next mail, or given up where that
        fails."""
        if self._open is not None:
            try:
                _command(self._open, "RSET")
            except (OSError, smtplib.SMTPException, _NotHandedOver):
                self._drop()
        never = failure.code is not None and 500 <= failure.code < 600
        state = DeliveryState.DEAD if never else DeliveryState.RETRY
        said = f"answered {failure.code} " if failure.code else ""
        reason = f"{self._relay.host} {said}{self._without_secrets(failure.reason)}".strip()
        return Receipt(state=state, reason=reason, no_answer=failure.lost and not failure.code)

    def _reason(self, error: Exception) -> str:
        if isinstance(error, smtplib.SMTPResponseException):
            said = self._without_secrets(_words(error.smtp_error))
            return f"it answered {error.smtp_code} {said}"
        if isinstance(error, TimeoutError):
            return f"no answer within {self._timeout:g} s"
        return one_line(self._without_secrets(str(error)) or type(error).__name__, 200)

    def _without_secrets(self, text: str) -> str:
        for secret in (self._relay.password, self._relay.user):
            if secret:
                text = text.replace(secret, "***")
        return text

    def _drop(self) -> None:
        """Closes without a word: a relay that failed may keep a QUIT waiting."""
        smtp, self._open = self._open, None
        if smtp is not None:
            smtp.close()


@dataclass(frozen=True, kw_only=True)
class _Envelope:
    sender: str
    recipients: tuple[str, ...]
    content: bytes


def _enveloped(message: EmailMessage) -> _Envelope:
    addresses = [a.addr_spec for name in ("From", "To") for a in message[name].addresses]
    if len(addresses) < 2 or not all(a.isascii() and "@" in a.strip("@") for a in addresses):
        msg = "sender and recipient must each be one ASCII address"
        raise ValueError(msg)
    sender, *recipients = addresses
    return _Envelope(sender=sender, recipients=tuple(recipients), content=bytes(message))


def _address_to(smtp: smtplib.SMTP, recipients: Sequence[str]) -> list[str]:
    """Names the recipients; returns those refused, when others were taken: repeating the mail for
    them would send it to the others twice.

    Raises:
        _NotHandedOver: nobody was taken; it is tried again if one of them may be taken later.
    """
    refusals: dict[str, _NotHandedOver] = {}
    for recipient in recipients:
        try:
            _command(smtp, f"RCPT TO:<{recipient}>")
        except _NotHandedOver as refusal:
            if refusal.lost:
                raise
            refusals[recipient] = refusal
    if len(refusals) == len(recipients):
        raise min(refusals.values(), key=lambda refusal: refusal.code or 0)
    return [f"{recipient} ({r.code} {r.reason})" for recipient, r in refusals.items()]


class _NotHandedOver(Exception):
    """The relay refused, or was lost (`lost`) before it had the mail. `code` is its answer, if
    any."""

    def __init__(self, *, reason: str, code: int | None = None, lost: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.lost = lost


def _command(smtp: smtplib.SMTP, line: str, expected: int | None = None) -> None:
    smtp.putcmd(line)
    code, text = smtp.getreply()
    if not (code == expected if expected else 200 <= code < 300):
        # 421 says that the relay closes the connection: the same as finding it closed.
        raise _NotHandedOver(code=code, reason=_words(text), lost=code == _CLOSING)


def _words(text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return one_line(said, 160)
