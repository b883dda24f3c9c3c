"""Delivering from the outbox to real sinks that fail: nothing is lost, nobody waits for another, nothing is told twice."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event, Lock, Timer
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.deliver import deliveries_for
from alerts.notices import notice
from alerts.views import SHOWN_DIGITS
from domain.alerting import Delivery, DeliveryState
from flows import ledger
from flows.delivering_process import is_gone, name_of, own_name
from flows.demo.sinks import SmtpSink
from storage.store import open_store
from tests.delivery_desk import (
    NOW,
    Deliverers,
    Desk,
    Doubts,
    check_told_once,
    deliverers,
    left_in_doubt,
)
from tests.slack_double import CHANNEL, TOKEN, Scripted, SlackDouble

MINUTE = timedelta(minutes=1)
KILLS = 50


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[SmtpSink]:
    with SmtpSink(tmp_path / "mails") as sink:
        yield sink


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with SlackDouble() as double:
        yield double


def to_slack(slack: SlackDouble, **settings: Any) -> dict[str, Any]:
    return {"type": "slack", "webhook": slack.webhook, "spacing": "0s", "burst": 1000} | settings


def to_mail(mail: SmtpSink, *recipients: str, **settings: Any) -> dict[str, Any]:
    to = list(recipients) or ["analyst@example.org"]
    return {"type": "email", "smtp": mail.url, "sender": "alerts@example.org", "to": to} | settings


def test_a_slow_channel_holds_up_no_other(
    tmp_path: Path, slack: SlackDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relay that does not answer until Slack has everything: with one after the other both would wait for ever."""
    all_told = Event()

    class Slow(SmtpSink):
        def _accept(self, content: bytes, recipients: list[str]) -> None:
            assert all_told.wait(60)
            super()._accept(content, recipients)

    slack.script = [
        Scripted(takes=True, body="ok"),
        Scripted(takes=True, body="ok", before=all_told.set),
    ]
    with Slow(tmp_path / "mails") as mail:
        desk = Desk(tmp_path, {"a-mail": to_mail(mail), "desk": to_slack(slack)})
        desk.put(2)
        report = desk.deliver()
    assert report.count(DeliveryState.SENT) == 4
    assert (mail.count, len(slack.posts)) == (2, 2)


def test_a_recipient_who_is_refused_holds_up_no_other(
    tmp_path: Path, mail: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who can be reached is told at once and once; the other when their mailbox has room again."""
    full = {"full@example.org"}

    async def handle_rcpt(
        self: Any,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if address in full:
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    monkeypatch.setattr(type(mail._controller.handler), "handle_RCPT", handle_rcpt, raising=False)
    desk = Desk(tmp_path, {"mail": to_mail(mail, "full@example.org", "b@example.org")})
    desk.put(2)
    assert Counter(d.state.value for d in desk.deliver().deliveries) == {"retry": 2, "sent": 2}
    full.clear()
    assert desk.deliver().deliveries == ()
    assert desk.deliver(2 * MINUTE).count(DeliveryState.SENT) == 2
    assert Counter(d.recipient for d in mail.deliveries) == {
        "full@example.org": 2,
        "b@example.org": 2,
    }


def test_a_channel_that_is_gone_is_disabled_and_ops_are_told(
    tmp_path: Path, mail: SmtpSink, slack: SlackDouble
) -> None:
    """What waits for it is kept and goes out once it is enabled again; mail goes on meanwhile."""
    channels = {"desk": to_slack(slack), "mail": to_mail(mail)}
    desk = Desk(tmp_path, channels, health={"send": ["mail", "desk"]})
    desk.put(3)
    slack.script = [Scripted(404, "no_service")]
    report = desk.deliver()
    assert [(d.channel, d.waiting) for d in report.disabled] == [("desk", 3)]
    assert len(slack.requests) == 1
    assert mail.count == 4
    told = mail.deliveries[-1].path.read_text()
    assert "Subject: armswire: The channel desk is gone" in told
    desk.put(1, first=3)
    assert [d.channel for d in desk.deliver(MINUTE).deliveries] == ["mail"]
    assert ledger.enable(desk.configuration, "desk")
    assert desk.deliver(2 * MINUTE).count(DeliveryState.SENT) == 4
    assert len(slack.posts) == 4
    assert desk.states() == {"sent": 9}
    assert desk.disabled() == []


def test_a_channel_that_asks_to_wait_is_left_alone(tmp_path: Path, slack: SlackDouble) -> None:
    """429: the rest waits as long, untried; nothing is lost and nothing told twice."""
    desk = Desk(tmp_path, {"desk": to_slack(slack)})
    desk.put(4)
    busy = Scripted(429, "", {"Retry-After": "3600"})
    slack.script = [Scripted(takes=True, body="ok"), busy]
    desk.deliver()
    assert (desk.states(), len(slack.requests)) == ({"sent": 1, "retry": 1, "pending": 2}, 2)
    assert desk.deliver(30 * MINUTE).deliveries == ()
    desk.deliver(61 * MINUTE)
    assert desk.states() == {"sent": 4}
    assert len(slack.posts) == 4


def test_a_channel_that_never_answers_is_left_alone(tmp_path: Path, slack: SlackDouble) -> None:
    """After three messages without an answer; those may have arrived, the rest has not."""
    desk = Desk(tmp_path, {"desk": to_slack(slack)})
    desk.put(5)
    slack.script = [Scripted(drop=True, takes=True)] * 3
    desk.deliver()
    assert desk.states() == {"unknown": 3, "pending": 2}
    desk.deliver(5 * MINUTE)
    assert desk.states() == {"sent": 5}
    assert len(slack.posts) == 8


def test_what_may_have_arrived_is_held_for_a_person(tmp_path: Path, slack: SlackDouble) -> None:
    """With `unknown: hold` nothing is told twice; a person lets it be sent again."""
    desk = Desk(tmp_path, {"desk": to_slack(slack)}, delivery={"unknown": "hold"})
    desk.put(1)
    slack.script = [Scripted(drop=True, takes=True)]
    desk.deliver()
    assert desk.deliver(600 * MINUTE).deliveries == ()
    [row] = desk.ledger()
    assert ledger.retry(desk.configuration, row.id[:6])[0].id == row.id
    assert desk.deliver(600 * MINUTE).count(DeliveryState.SENT) == 1


def test_a_thousand_alerts_at_once(tmp_path: Path, slack: SlackDouble) -> None:
    """Told in fifty messages, each alert once; an update of one goes into the thread of the message that told it."""
    bot = {"type": "slack", "token": TOKEN, "channel": CHANNEL, "api": slack.api, "spacing": "0s"}
    desk = Desk(tmp_path, {"desk": bot})
    desk.put(1000)
    assert desk.deliver().count(DeliveryState.SENT) == 1000
    assert len(slack.posts) == 50
    sections = [b for post in slack.posts for b in post["blocks"] if b["type"] == "section"]
    assert len(sections) == 1000
    desk.put(1, first=7, version=2, now=NOW + MINUTE)
    desk.deliver(MINUTE)
    [handle] = {
        row.handle for row in desk.ledger() if row.story_id == "story-7" and row.version == 1
    }
    assert slack.posts[-1]["thread_ts"] == handle


def test_a_channel_that_is_no_longer_configured(tmp_path: Path, slack: SlackDouble) -> None:
    """What waited for it is dead, and says why."""
    Desk(tmp_path, {"old": to_slack(slack)}).put(2)
    desk = Desk(tmp_path, {"desk": to_slack(slack)})
    assert {d.note for d in desk.deliver().deliveries} == {"the channel is no longer configured"}
    assert desk.states() == {"dead": 2}


def test_sent_once_more_by_hand(tmp_path: Path, mail: SmtpSink) -> None:
    """As another message of the same thread; what was not sent cannot be."""
    desk = Desk(tmp_path, {"mail": to_mail(mail)})
    desk.put(1)
    desk.deliver()
    [row] = desk.ledger()
    ledger.resend(desk.configuration, row.id)
    desk.deliver(MINUTE)
    first, second = mail.deliveries
    assert first.message_id != second.message_id
    assert f"In-Reply-To: {first.message_id}" in second.path.read_text()


def test_notices_reach_every_kind_of_channel(
    tmp_path: Path, mail: SmtpSink, slack: SlackDouble
) -> None:
    """By mail, Slack and feed."""
    feed = {"type": "atom", "path": "alerts.atom"}
    desk = Desk(tmp_path, {"mail": to_mail(mail), "desk": to_slack(slack), "feed": feed})
    told = notice("health", "feed-1", 1, "Harbour Wire is silent", ["Since Monday."], NOW)
    settings = desk.configuration.settings
    with open_store(desk.database) as store:
        store.ledger.add(deliveries_for(told, [*settings.channels], settings.channels), NOW)
    assert desk.deliver().count(DeliveryState.SENT) == 3
    assert mail.count == len(slack.posts) == 1
    assert "Harbour Wire is silent" in (tmp_path / "alerts.atom").read_text(encoding="utf-8")


def test_processes_are_told_apart() -> None:
    """This one is here; one with another start, and one whose id is free, are gone; another machine's may not be."""
    assert not is_gone(own_name())
    machine, pid, start = own_name().split("/")
    assert is_gone(f"{machine}/{pid}/{int(start) + 1}")
    assert is_gone(f"{machine}/{2**22 + 1}/{start}")
    assert not is_gone(f"elsewhere/{pid}/{int(start) + 1}")
    assert not is_gone("nonsense")
    assert machine.startswith(socket.gethostname().replace("/", "-"))


def test_a_process_that_ended_unasked_for_is_gone() -> None:
    """Its parent may never ask for it, as in a container without an init."""
    with subprocess.Popen(["sleep", "60"]) as process:
        name = name_of(process.pid)
        assert not is_gone(name)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone(name)


@pytest.fixture(scope="module")
def children() -> Iterator[Deliverers]:
    with deliverers() as started:
        yield started


@pytest.mark.slow
def test_two_processes_deliver_one_outbox(
    tmp_path: Path, mail: SmtpSink, slack: SlackDouble, children: Deliverers
) -> None:
    """At once, without the run lock: each message leaves once, whoever sends it."""
    desk = Desk(tmp_path, {"mail": to_mail(mail), "desk": to_slack(slack)})
    told = desk.put(12)
    for _ in range(2):
        children.start(desk.config)
    assert [children.ended() for _ in range(2)] == [0, 0]
    desk.deliver()
    assert Counter(d.message_id for d in mail.deliveries) == {
        d.message_id: 1 for d in told if d.channel == "mail"
    }
    assert len(slack.posts) == 12
    assert desk.states() == {"sent": 24}


class Killer:
    """Kills a process some moments after the n-th message reached a sink."""

    def __init__(self, moments: random.Random) -> None:
        self._moments = moments
        self._lock = Lock()
        self._left = -1
        self._timer: Timer | None = None
        self.pid = 0

    def arm(self, pid: int) -> None:
        """The next process; none, one or several messages may reach the sinks before its end."""
        with self._lock:
            self.pid = pid
            self._left = self._moments.choice((0, 1, 2, 2, 3))
            if not self._left:
                self._strike(self._moments.uniform(0, 0.3))

    def reached(self, *_: object) -> None:
        """A message is in a sink, which has not answered yet."""
        with self._lock:
            self._left -= 1
            if not self._left:
                self._strike(self._moments.choice((0, self._moments.uniform(0, 0.1))))

    def disarm(self) -> None:
        """The process has ended, one way or the other."""
        with self._lock:
            self._left = -1
            if self._timer is not None:
                self._timer.cancel()
                self._timer.join()
                self._timer = None

    def _strike(self, seconds: float) -> None:
        self._timer = Timer(seconds, self._kill, (self.pid,))
        self._timer.start()

    def _kill(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.slow
def test_killed_at_fifty_points(tmp_path: Path, children: Deliverers) -> None:
    """SIGKILL before, while and after messages are handed over: nothing is lost, and only what was being sent when a
    process died comes again, with the same Message-ID, once for each such death."""
    killer = Killer(random.Random(20261122))
    kills = rounds = 0
    while kills < KILLS:
        folder = tmp_path / str(rounds)
        rounds += 1
        with SmtpSink(folder / "mails", killer.reached) as mail, SlackDouble() as slack:
            slack.on_request = killer.reached
            burst = (1000, 1)[
                rounds % 2
            ]  # every other round several alerts are told in one message
            channels = {"mail": to_mail(mail), "desk": to_slack(slack, burst=burst)}
            desk = Desk(folder, channels)
            told = desk.put(4)
            doubts: Doubts = set()
            while kill_one(children, killer, desk):
                doubts |= left_in_doubt(desk.database)
                kills += 1
            check_complete(desk, mail, slack, told, doubts)


def kill_one(children: Deliverers, killer: Killer, desk: Desk) -> bool:
    """Whether a delivering process was killed before it was done."""
    pid = children.start(desk.config)
    killer.arm(pid)
    status = children.ended()
    killer.disarm()
    assert status in (0, -signal.SIGKILL)
    return status != 0


def check_complete(
    desk: Desk, mail: SmtpSink, slack: SlackDouble, told: list[Delivery], doubts: Doubts
) -> None:
    by_mail = {d.message_id: d.id for d in told if d.channel == "mail"}
    by_alert = {d.alert.id[:SHOWN_DIGITS]: d.id for d in told if d.channel == "desk"}
    alerts = [a for post in slack.posts for a in re.findall(r"alert ([0-9a-f]{8})", str(post))]
    arrived = Counter(by_mail[m.message_id] for m in mail.deliveries)
    check_told_once(desk.ledger(), arrived + Counter(by_alert[alert] for alert in alerts), doubts)
