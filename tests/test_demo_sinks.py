"""The sinks of the demo, sent to by real clients."""

from __future__ import annotations

import json
import smtplib
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from flows.demo.sinks import MailDelivery, SlackDelivery, SlackSink, SmtpSink


def mail(number: int, subject: str = "Japan to export Patriots") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "armswire <alerts@armswire.example>"
    message["To"] = "desk@example.org"
    message["Message-ID"] = f"<alert-{number}@armswire.example>"
    message.set_content("Żółć, and a line with a dot:\n.\nEnd.\n")
    message.add_alternative("<p>Żółć</p>", subtype="html")
    return message


def send(sink: SmtpSink, message: EmailMessage, *recipients: str) -> None:
    with smtplib.SMTP(sink.host, sink.port, timeout=10) as client:
        client.send_message(message, to_addrs=recipients or ("desk@example.org",))


def post(url: str, body: bytes) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read()


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[SmtpSink]:
    with SmtpSink(tmp_path / "email") as sink:
        yield sink


def test_a_message_becomes_a_file_named_by_number_and_subject(smtp: SmtpSink) -> None:
    """The file is the message as sent, ready to be opened by a mail reader."""
    send(smtp, mail(1, "Patriots: “yes”, says Tōkyō / ../etc"))
    (delivery,) = smtp.deliveries
    assert delivery.path.name == "0001-patriots-yes-says-tokyo-etc.eml"
    assert (delivery.message_id, delivery.recipient) == (
        "<alert-1@armswire.example>",
        "desk@example.org",
    )
    stored = message_from_bytes(delivery.path.read_bytes(), policy=policy.default)
    assert stored["Subject"] == "Patriots: “yes”, says Tōkyō / ../etc"
    plain = stored.get_body(("plain",))
    assert plain
    assert " ".join(plain.get_content().split()) == "Żółć, and a line with a dot: . End."


def test_a_message_to_two_is_two_deliveries_of_one_file(smtp: SmtpSink) -> None:
    """Deliveries are counted by recipient: that is what may not be lost or repeated."""
    send(smtp, mail(1), "a@example.org", "b@example.org")
    assert smtp.count == 2
    assert [d.recipient for d in smtp.deliveries] == ["a@example.org", "b@example.org"]
    assert len({d.path for d in smtp.deliveries}) == 1


def test_a_message_without_subject_or_id_is_kept_too(smtp: SmtpSink) -> None:
    """A sink refuses nothing, however little the message says of itself."""
    with smtplib.SMTP(smtp.host, smtp.port, timeout=10) as client:
        client.sendmail("a@example.org", ["b@example.org"], b"no headers at all")
    (delivery,) = smtp.deliveries
    assert delivery.path.name == "0001-message.eml"
    assert delivery.message_id == ""


def test_many_senders_at_once_lose_nothing(tmp_path: Path) -> None:
    """Forty messages over eight connections are forty files; the callback hears of each."""
    heard: list[MailDelivery] = []
    with SmtpSink(tmp_path, heard.append) as sink, ThreadPoolExecutor(8) as senders:
        list(senders.map(lambda number: send(sink, mail(number)), range(40)))
        assert sink.count == 40
        assert {d.message_id for d in heard} == {d.message_id for d in sink.deliveries}
    files = sorted(tmp_path.iterdir())
    assert [file.name[:4] for file in files] == [f"{n:04d}" for n in range(1, 41)]
    assert all(file.suffix == ".eml" for file in files)


def test_a_restarted_sink_overwrites_nothing(tmp_path: Path) -> None:
    """Numbering goes on after the files that are there; counting starts anew."""
    for number in range(2):
        with SmtpSink(tmp_path) as sink:
            send(sink, mail(number))
            assert sink.count == 1
    assert sorted(file.name[:4] for file in tmp_path.iterdir()) == ["0001", "0002"]


def test_a_sink_closes_under_a_client_that_is_still_there(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A connection left open neither holds the sink up nor leaves a word on stderr."""
    with SmtpSink(tmp_path) as sink:
        client = socket.create_connection((sink.host, sink.port))
        client.recv(100)
    client.close()
    assert capfd.readouterr() == ("", "")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((sink.host, sink.port)).close()


def test_a_webhook_keeps_every_payload(tmp_path: Path) -> None:
    """Each accepted payload is answered `ok`, is a file, is counted, and is told to the callback."""
    heard: list[SlackDelivery] = []
    with SlackSink(tmp_path, heard.append) as sink:
        payload = {"text": "Japan → US: Patriot", "blocks": [{"type": "divider"}]}
        assert post(sink.url, json.dumps(payload).encode()) == (200, b"ok")
        assert post(f"{sink.base}/services/T1/B1/other", b"{}") == (200, b"ok")
        assert [message.payload for message in sink.messages] == [payload, {}]
        assert [message.webhook for message in sink.messages] == [
            sink.url.removeprefix(sink.base),
            "/services/T1/B1/other",
        ]
        assert (sink.count, tuple(heard)) == (2, sink.messages)
    first = tmp_path / "0001-japan-us-patriot.json"
    assert json.loads(first.read_text(encoding="utf-8")) == payload
    assert sorted(f.name for f in tmp_path.iterdir()) == [first.name, "0002-message.json"]


def test_a_webhook_refuses_as_slack_does(tmp_path: Path) -> None:
    """What is no JSON object is `invalid_payload`, an unknown path `no_service`; neither counts."""
    with SlackSink(tmp_path) as sink:
        for body in (b"", b"{", b"[1]", b"\xff"):
            assert post(sink.url, body) == (400, b"invalid_payload")
        assert post(f"{sink.base}/elsewhere", b"{}") == (404, b"no_service")
        assert sink.count == 0
    assert list(tmp_path.iterdir()) == []
