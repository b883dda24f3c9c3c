"""What one run did: the records that the command line prints and Prefect's artifacts show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.alerting import Alert, DeliveryState
from domain.health import TOLD_TO_OPS, FeedHealth, HealthState
from domain.latency import Latency
from domain.news import PollOutcome
from storage.rows import DisabledChannel


@dataclass(frozen=True, kw_only=True)
class FeedOutcome:
    """One feed's row: `entries` it holds, `new` and `edited` ones among them, `note` in words (why it failed).

    `quiet`: it was polled for the first time, and nobody is alerted to its entries.
    """

    feed: str
    url: str
    outcome: PollOutcome
    entries: int = 0
    new: int = 0
    edited: int = 0
    quiet: bool = False
    seconds: float = 0.0
    note: str = ""

    @property
    def was_polled(self) -> bool:
        """Whether it was asked at all."""
        return self.outcome in (PollOutcome.NEW, PollOutcome.UNCHANGED, PollOutcome.FAILED)


@dataclass(frozen=True, kw_only=True)
class PollReport:
    """All feeds of one poll, in the order configured. `offline`: not one server answered, so no feed was charged."""

    feeds: tuple[FeedOutcome, ...] = ()
    offline: bool = False

    @property
    def new_entries(self) -> int:
        """Entries not seen before, over all feeds."""
        return sum(f.new for f in self.feeds)

    @property
    def quiet(self) -> tuple[FeedOutcome, ...]:
        """The feeds polled for the first time, whose entries alert nobody."""
        return tuple(f for f in self.feeds if f.quiet)

    @property
    def failed(self) -> tuple[FeedOutcome, ...]:
        """The feeds that failed."""
        return tuple(f for f in self.feeds if f.outcome is PollOutcome.FAILED)


@dataclass(frozen=True, kw_only=True)
class ProcessReport:
    """Articles stored in one run. `partial` of them hold only the feed's own text; `notes` says why, with counts. `waiting`
    entries are left to the next runs: their pages' hosts did not answer, or wish to be left alone."""

    articles: int = 0
    relevant: int = 0
    partial: int = 0
    waiting: int = 0
    alerts: tuple[Alert, ...] = ()
    seconds: float = 0.0
    notes: Counter[str] = field(default_factory=Counter)
    drift: Mapping[str, str] = field(default_factory=dict)
    """By outlet, how its articles have suddenly become shorter."""


@dataclass(frozen=True, kw_only=True)
class DeliveryOutcome:
    """One delivery attempted."""

    watch: str
    headline: str
    channel: str
    recipient: str
    state: DeliveryState
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """Every delivery attempted in one run, and the channels that are gone."""

    deliveries: tuple[DeliveryOutcome, ...] = ()
    disabled: tuple[DisabledChannel, ...] = ()

    def count(self, state: DeliveryState) -> int:
        """How many ended in `state`."""
        return sum(d.state is state for d in self.deliveries)


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """One run of the whole line."""

    started_at: datetime
    finished_at: datetime
    poll: PollReport
    process: ProcessReport
    delivery: DeliveryReport
    health: tuple[FeedHealth, ...] = ()
    latency: Latency | None = None
    """Of the messages sent in this run."""

    @property
    def troubles(self) -> Counter[HealthState]:
        """How many feeds are in each of the states that ops are told of."""
        return Counter(one.state for one in self.health if one.state in TOLD_TO_OPS)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds()

    @property
    def nothing_could_be_done(self) -> bool:
        """Every feed that was due failed, and nothing was left over to process or deliver."""
        polled = [f for f in self.poll.feeds if f.was_polled]
        return (
            bool(polled)
            and len(self.poll.failed) == len(polled)
            and not self.process.articles
            and not self.delivery.deliveries
        )

    def counts(self) -> dict[str, int]:
        """The run in numbers."""
        return {
            "feeds": len(self.poll.feeds),
            "failed": len(self.poll.failed),
            "entries": self.poll.new_entries,
            "articles": self.process.articles,
            "relevant": self.process.relevant,
            "alerts": len(self.process.alerts),
            "sent": self.delivery.count(DeliveryState.SENT),
        }
