"""What armswire itself has to tell: notices to ops. They go through the outbox as alerts do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts.deliver import stable_id
from alerts.untrusted import one_line, safe_link
from alerts.views import show_time
from domain.alerting import Notice, Picture, Section

TITLE_LENGTH = 140
_LINE_LENGTH = 1000


def notice(
    sender: str,
    topic: str,
    number: int,
    title: str,
    lines: Sequence[str],
    now: datetime,
    *,
    sections: Sequence[Section] = (),
    picture: Picture | None = None,
    footer: str | None = None,
) -> Notice:
    """A notice; its id is the same however often it is made, so that it is told once.

    `sender` names the part of armswire that tells, `topic` what it is about (an episode, a channel):
    notices of one topic are one thread, in which `number` (from 1) says which this is. Title and
    lines are made fit to be shown, whoever wrote what they quote.
    """
    return Notice(
        id=stable_id(sender, topic, str(number)),
        sender=sender,
        topic=topic,
        number=number,
        title=one_line(title, TITLE_LENGTH),
        lines=tuple(one_line(line, _LINE_LENGTH) for line in lines),
        created_at=now,
        sections=tuple(_fit(section) for section in sections),
        picture=picture,
        footer=footer,
    )


def _fit(section: Section) -> Section:
    return Section(
        heading=one_line(section.heading, TITLE_LENGTH),
        lines=tuple(one_line(line, _LINE_LENGTH) for line in section.lines),
        link=safe_link(section.link) if section.link else None,
    )


def channel_gone(channel: str, reason: str, now: datetime) -> Notice:
    """The notice that a channel was disabled, with what to do."""
    lines = [
        f"Since {show_time(now)} nothing is sent to it: {reason}.",
        "What waits for it is kept in the outbox, and nobody reads it meanwhile.",
        f"Mend the channel in monitor.yaml or its secret, then run: armswire deliveries enable {channel}",
    ]
    title = f"The channel {channel} is gone"
    return notice("channels", f"{channel} since {now.isoformat()}", 1, title, lines, now)
