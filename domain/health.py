"""How feeds are: what `armswire feeds health` shows and what ops are told of. The judgement: extractors/fetch/health.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.news import Feed


class HealthState(StrEnum):
    """How a feed is, the worst first."""

    FAILING = "failing"
    """Its polls fail, as many in a row as the settings say, or it has long not been asked."""
    SILENT = "silent"
    """It answers, and has listed nothing new for longer than it ever does."""
    RETIRED = "retired"
    """It answered 410: it is gone, and is not polled any more."""
    MOVED = "moved"
    """It works at another address, which feeds.yaml should name."""
    DUPLICATE = "duplicate"
    """It is the same feed as another one, and is not polled."""
    NEW = "new"
    """Too little is known of it yet."""
    HEALTHY = "healthy"


TOLD_TO_OPS = frozenset({HealthState.FAILING, HealthState.SILENT, HealthState.RETIRED})
"""The states that begin an episode: ops are told when it begins and when it ends."""


@dataclass(frozen=True, kw_only=True)
class FeedHealth:
    """How one feed is. `why` says so in words fit for an ops engineer.

    `usual_gap` and `long_gap` are the median and a high quantile of the time between two polls that found something
    new, as observed (None: not enough seen); `silent_for` is how long it has been answering without anything new,
    `silent_after` from when that counts.
    """

    feed: Feed
    state: HealthState
    why: str
    last_success_at: datetime | None = None
    last_new_entry_at: datetime | None = None
    known_since: datetime | None = None
    """When it was first polled, as far as its history goes back."""
    usual_gap: timedelta | None = None
    long_gap: timedelta | None = None
    silent_for: timedelta = timedelta(0)
    silent_after: timedelta | None = None
    failing_since: datetime | None = None
    failures: int = 0
    last_error: str | None = None
    next_poll_at: datetime | None = None
    next_poll_reason: str | None = None
    moved_to: str | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Episode:
    """A time in which a feed was in a state that ops are told of. One feed has one open episode at most."""

    feed: str
    """The feed's key."""
    name: str
    state: HealthState
    began_at: datetime
    """When the trouble began, which is before it was noticed."""
    told_at: datetime
    why: str
    ended_at: datetime | None = None
