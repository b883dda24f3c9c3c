"""Mail against a real SMTP server that misbehaves on demand."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from alerts.channels import Channel, open_channel
from alerts.channels.email_smtp import SmtpChannel
from alerts.channels.smtp_relay import Relay, parse_relay
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.errors import ConfigError, SecretMissing
from domain.secret_texts import SecretText
from domain.settings_channels import EmailChannel
from tests.smtp_script import ScriptedSmtp
from tests.story_samples import alert_on, delivery_of, full_story

SENDER = "armswire <alerts@example.org>"


class Sink:
    """An SMTP server's hooks: keeps what it accepts, and answers by script."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.peers: list[object] = []
        self.mail_answers: list[str] = []
        self.rcpt_answers: list[str] = []
        self.data_answers: list[str] = []
        self.logins: list[bytes] = []
        self.encrypted: list[bool] = []

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.peers.append(session.peer)
        self.encrypted.append(session.ssl is not None)
        answer = self.mail_answers.pop(0) if self.mail_answers else "250 OK"
        if answer == "drop":
            server.transport.abort()
            return "250 OK"
        envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt_answers.pop(0) if self.rcpt_answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.data_answers.pop(0) if self.data_answers else "250 OK"
        if answer.startswith(("250", "drop", "hang")):
            assert envelope.mail_from is not None
            assert isinstance(envelope.content, bytes)
            self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        if answer == "drop":
            server.transport.abort()
        if answer == "hang":
            await asyncio.sleep(20)
        return answer

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        self.logins.append(data.password)  # type: ignore[attr-defined]
        right = data.password == b"open sesame"  # type: ignore[attr-defined]
        return AuthResult(success=right, handled=False)


def free_port() -> int:
    """A port nobody listens on: aiosmtpd's controller cannot take port 0."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Server:
    """A running server with its sink."""

    def __init__(self, **options: object) -> None:
        self.sink = Sink()
        self.port = free_port()
        if "auth_require_tls" in options:
            options["authenticator"] = self.sink.authenticate
        self._controller = Controller(self.sink, hostname="127.0.0.1", port=self.port, **options)

    def __enter__(self) -> Server:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop(no_assert=True)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def relay(port: int) -> Relay:
    return Relay(host="127.0.0.1", port=port, tls_from_start=False)


def channel(port: int, timeout: float = 10.0) -> SmtpChannel:
    return SmtpChannel(relay(port), sender=SENDER, timeout=timeout)


def mail(number: int = 1, recipient: str = "desk@example.org") -> Delivery:
    return delivery_of(
        alert_on(full_story()),
        id=f"d{number}",
        message_id=f"<m{number}@example.org>",
        recipient=recipient,
    )


def send_one(server: Server, delivery: Delivery | None = None) -> Receipt:
    with channel(server.port) as opened:
        return opened.send(delivery or mail())


def test_mail_arrives_whole(server: Server) -> None:
    """Sent: one recipient, our Message-ID, both parts; a batch shares one connection."""
    with channel(server.port) as opened:
        for number in (1, 2, 3):
            assert opened.send(mail(number)) == Receipt(state=DeliveryState.SENT)
    assert len(server.sink.mails) == 3
    assert len(set(server.sink.peers)) == 1
    sender, recipients, content = server.sink.mails[0]
    assert (sender, recipients) == ("alerts@example.org", ["desk@example.org"])
    message = message_from_bytes(content)
    assert message["Message-ID"] == "<m1@example.org>"
    assert [p.get_content_type() for p in message.get_payload()] == ["text/plain", "text/html"]


def test_leading_dots_survive(server: Server) -> None:
    """A line that begins with a dot does not end the mail."""
    story = replace(full_story(), headline="..starts with dots")
    delivery = replace(mail(), content=alert_on(story))
    assert send_one(server, delivery).state is DeliveryState.SENT
    content = server.sink.mails[0][2]
    assert b"\r\n..starts with dots\r\n" in content
    assert content.rstrip().endswith(b"--armswire-d1--")


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"mail_answers": ["451 later"]}, DeliveryState.RETRY),
        ({"mail_answers": ["550 not you"]}, DeliveryState.DEAD),
        ({"rcpt_answers": ["450 mailbox busy"]}, DeliveryState.RETRY),
        ({"rcpt_answers": ["452 full"]}, DeliveryState.RETRY),
        ({"rcpt_answers": ["421 closing"]}, DeliveryState.RETRY),
        ({"rcpt_answers": ["550 no such user"]}, DeliveryState.DEAD),
        ({"data_answers": ["451 later"]}, DeliveryState.RETRY),
        ({"data_answers": ["554 refused"]}, DeliveryState.DEAD),
        ({"mail_answers": ["drop"]}, DeliveryState.RETRY),
        ({"data_answers": ["drop"]}, DeliveryState.UNKNOWN),
    ],
)
def test_answers(server: Server, answers: dict[str, list[str]], state: DeliveryState) -> None:
    """4yz is tried again, 5yz never, a connection lost before DATA again, after it nobody knows;
    whatever became of one mail, the next one goes through."""
    for name, values in answers.items():
        setattr(server.sink, name, values)
    with channel(server.port) as opened:
        receipt = opened.send(mail())
        assert receipt.state is state
        assert receipt.reason
        assert opened.send(mail(2)).state is DeliveryState.SENT
    stored = 2 if state is DeliveryState.UNKNOWN else 1
    assert len(server.sink.mails) == stored


@pytest.mark.parametrize(
    ("command", "answer", "state", "kept"),
    [
        ("CONNECT", "421 too busy", DeliveryState.RETRY, 0),
        ("CONNECT", "554 not for you", DeliveryState.RETRY, 0),
        ("CONNECT", "drop", DeliveryState.RETRY, 0),
        ("EHLO", "502 only HELO here", DeliveryState.SENT, 1),
        ("EHLO", "drop", DeliveryState.RETRY, 0),
        ("MAIL", "451 later", DeliveryState.RETRY, 0),
        ("MAIL", "552 full", DeliveryState.DEAD, 0),
        ("MAIL", "drop", DeliveryState.RETRY, 0),
        ("RCPT", "450 busy", DeliveryState.RETRY, 0),
        ("RCPT", "550 nobody", DeliveryState.DEAD, 0),
        ("RCPT", "drop", DeliveryState.RETRY, 0),
        ("DATA", "451 later", DeliveryState.RETRY, 0),
        ("DATA", "554 never", DeliveryState.DEAD, 0),
        ("DATA", "drop", DeliveryState.RETRY, 0),
        ("CONTENT", "452 full", DeliveryState.RETRY, 1),
        ("CONTENT", "552 too big", DeliveryState.DEAD, 1),
        ("CONTENT", "drop", DeliveryState.UNKNOWN, 1),
    ],
)
def test_answers_at_each_command(
    command: str, answer: str, state: DeliveryState, kept: int
) -> None:
    """Refused or hung up on at any command: only a mail whose end was sent and not answered may have arrived, and the
    next connection works."""
    with ScriptedSmtp({command: answer}) as scripted:
        with channel(scripted.port) as opened:
            receipt = opened.send(mail())
        assert receipt.state is state
        assert len(scripted.contents) == kept
        with channel(scripted.port) as opened:
            assert opened.send(mail()).state is DeliveryState.SENT
        if kept:
            assert scripted.contents[0] == scripted.contents[1]


def test_one_mail_to_a_list(server: Server) -> None:
    """Addressed together: who is refused is named, and the others are not told twice for their sake."""
    together = mail(recipient="a@example.org, Bea <b@example.org>, c@example.org")
    server.sink.rcpt_answers = ["250 OK", "550 no such user", "250 OK"]
    with channel(server.port) as opened:
        receipt = opened.send(together)
    assert receipt.state is DeliveryState.SENT
    assert receipt.reason == "not taken for b@example.org (550 no such user)"
    [(_, recipients, content)] = server.sink.mails
    assert recipients == ["a@example.org", "c@example.org"]
    assert message_from_bytes(content)["To"] == "a@example.org, Bea <b@example.org>, c@example.org"
    server.sink.rcpt_answers = ["550 no", "450 later", "550 no"]
    assert send_one(server, together).state is DeliveryState.RETRY
    server.sink.rcpt_answers = ["550 no"] * 3
    assert send_one(server, together).state is DeliveryState.DEAD


def test_reason_tells_the_answer(server: Server) -> None:
    """An ops engineer reads the relay's own words."""
    server.sink.rcpt_answers = ["550 5.1.1 no such user"]
    assert send_one(server).reason == "127.0.0.1 answered 550 5.1.1 no such user"


def test_no_answer_after_data(server: Server) -> None:
    """A relay that takes the mail and then says nothing: unknown after the timeout."""
    server.sink.data_answers = ["hang"]
    with channel(server.port, timeout=0.5) as opened:
        receipt = opened.send(mail())
    assert receipt.state is DeliveryState.UNKNOWN
    assert len(server.sink.mails) == 1


def test_connection_closed_between_two_mails(server: Server) -> None:
    """A relay that hung up on the open connection costs no mail its try."""
    server.sink.mail_answers = ["250 OK", "421 idle too long", "250 OK"]
    with channel(server.port) as opened:
        assert opened.send(mail()).state is DeliveryState.SENT
        assert opened.send(mail(2)).state is DeliveryState.SENT
    assert len(set(server.sink.peers)) == 2


def test_relay_that_is_down() -> None:
    """A refused connection is tried again later, and the rest of the batch does not wait for it."""
    with channel(free_port()) as opened:
        first = opened.send(mail())
        assert first.state is DeliveryState.RETRY
        assert "cannot be used" in (first.reason or "")
        assert opened.send(mail(2)) is first


def test_name_without_address() -> None:
    """A relay whose name is unknown is a temporary failure, not a crash."""
    unknown = Relay(host="relay.invalid", port=25, tls_from_start=False)
    with SmtpChannel(unknown, sender=SENDER) as opened:
        assert opened.send(mail()).state is DeliveryState.RETRY


def test_link_local_relay_is_not_dialled() -> None:
    """Internal relays may be dialled, the clouds' credential address may not."""
    metadata = Relay(host="169.254.169.254", port=25, tls_from_start=False)
    with SmtpChannel(metadata, sender=SENDER, timeout=5) as opened:
        receipt = opened.send(mail())
    assert receipt.state is DeliveryState.RETRY
    assert "does not allow" in (receipt.reason or "")


@pytest.mark.parametrize("recipient", ["böb@example.org", "no address", "a@b@c"])
def test_address_that_cannot_be(server: Server, recipient: str) -> None:
    """A recipient no relay could take is dead at once, and harms no other."""
    with channel(server.port) as opened:
        assert opened.send(mail(recipient=recipient)).state is DeliveryState.DEAD
        assert opened.send(mail(2)).state is DeliveryState.SENT


def opened(url: str) -> Channel:
    settings = EmailChannel(
        type="email", smtp=SecretText("${SMTP_URL}"), sender=SENDER, to=("a@example.org",)
    )
    return open_channel("mail", settings, secret={"SMTP_URL": url}.get, allowed=())


def test_login() -> None:
    """User and password of the URL log in, % escapes resolved."""
    with (
        Server(auth_require_tls=False) as server,
        opened(f"smtp://ops:open%20sesame@127.0.0.1:{server.port}") as ready,
    ):
        assert ready.send(mail()).state is DeliveryState.SENT
        assert server.sink.logins == [b"open sesame"]


def test_wrong_password_is_never_told() -> None:
    """A refused login is tried again once ops mended it; neither password nor user shows."""
    with (
        Server(auth_require_tls=False) as server,
        opened(f"smtp://ops-user:sekrit@127.0.0.1:{server.port}") as ready,
    ):
        receipt = ready.send(mail())
        assert receipt.state is DeliveryState.RETRY
        assert "535" in (receipt.reason or "")
        assert "sekrit" not in repr(receipt) + repr(ready.__dict__)
        assert "ops-user" not in repr(receipt)


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """What an internal relay has: a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay.example")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "relay.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_starttls_is_used_when_offered(self_signed: ssl.SSLContext) -> None:
    """Mail goes encrypted where the relay can, even to a certificate nobody vouches for."""
    with Server(tls_context=self_signed) as server:
        assert send_one(server).state is DeliveryState.SENT
        assert server.sink.encrypted == [True]


def test_password_goes_only_to_a_proven_relay(self_signed: ssl.SSLContext) -> None:
    """With a password, a certificate that proves nothing stops everything before the login."""
    with (
        Server(tls_context=self_signed, auth_require_tls=True) as server,
        opened(f"smtp://ops:sekrit@127.0.0.1:{server.port}") as ready,
    ):
        receipt = ready.send(mail())
        assert receipt.state is DeliveryState.RETRY
        assert "certificate" in (receipt.reason or "").lower()
        assert server.sink.logins == server.sink.mails == []


def test_relay_url() -> None:
    """smtp and smtps with their ports; the password stays out of the record's repr."""
    parsed = parse_relay("smtps://u%40x:p%2Fw@mail.example", "mail")
    assert (parsed.host, parsed.port, parsed.tls_from_start) == ("mail.example", 465, True)
    assert (parsed.user, parsed.password) == ("u@x", "p/w")
    assert "p/w" not in repr(parsed)
    assert parse_relay("smtp://mail.example", "mail").port == 587


@pytest.mark.parametrize("url", ["", "mail.example:25", "http://sekrit@x", "smtp://u:sekrit@h:x"])
def test_wrong_url_is_not_repeated(url: str) -> None:
    """A malformed URL is named by its channel; it may hold the password."""
    with pytest.raises(
        ConfigError, match="channel mail: its SMTP address must look like"
    ) as caught:
        opened(url)
    assert "sekrit" not in str(caught.value)


def test_missing_secret() -> None:
    """A secret that is set nowhere is named, with who needs it."""
    settings = EmailChannel(
        type="email", smtp=SecretText("${SMTP_URL}"), sender=SENDER, to=("a@example.org",)
    )
    with pytest.raises(SecretMissing, match="channel mail needs the secret SMTP_URL"):
        open_channel("mail", settings, secret={}.get, allowed=())
