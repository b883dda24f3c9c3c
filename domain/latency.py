"""How long news took to reach analysts: from first seen in a feed to sent, and where the time went."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.units import show_duration


@dataclass(frozen=True, kw_only=True)
class SentMessage:
    """One message that reached its recipient: when its news was first seen in a feed (or its edit was), when the alert was
    made, when the message was sent."""

    seen_at: datetime
    alerted_at: datetime
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class Percentiles:
    """Half of the times are at most `p50`, 95 of 100 at most `p95` (nearest rank)."""

    p50: timedelta
    p95: timedelta


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Of `messages` sent: `total` from first seen to sent, of which `reading` until the alert was made, `sending` from then
    on."""

    messages: int
    total: Percentiles
    reading: Percentiles
    sending: Percentiles

    @property
    def words(self) -> str:
        """ "31 messages, first seen to sent: p50 2 min, p95 9 min"."""
        many = "message" if self.messages == 1 else "messages"
        return f"{self.messages} {many}, first seen to sent: {shown(self.total)}"


def latency_of(sent: Iterable[SentMessage]) -> Latency | None:
    """None where nothing was sent."""
    messages = list(sent)
    if not messages:
        return None
    return Latency(
        messages=len(messages),
        total=_percentiles([m.sent_at - m.seen_at for m in messages]),
        reading=_percentiles([m.alerted_at - m.seen_at for m in messages]),
        sending=_percentiles([m.sent_at - m.alerted_at for m in messages]),
    )


def shown(times: Percentiles) -> str:
    """ "p50 2 min, p95 9 min"."""
    p50, p95 = (show_duration(time.total_seconds()) for time in (times.p50, times.p95))
    return f"p50 {p50}, p95 {p95}"


def _percentiles(times: Sequence[timedelta]) -> Percentiles:
    # A clock that was set back must not make a message arrive before its news.
    ordered = sorted(max(time, timedelta(0)) for time in times)
    return Percentiles(p50=_nearest(ordered, 50), p95=_nearest(ordered, 95))


def _nearest(ordered: Sequence[timedelta], percent: int) -> timedelta:
    return ordered[math.ceil(len(ordered) * percent / 100) - 1]
