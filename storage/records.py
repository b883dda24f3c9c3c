"""What the flows hand to the store and get from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.alerting import Alert, Delivery, Story
from domain.mentions import Mentions
from domain.news import Article, Entry, Feed, FeedState, PollRecord
from domain.pages import KeptPage


@dataclass(frozen=True, kw_only=True)
class FeedPoll:
    """What polling one feed yielded: its next state, and the entries that state covers.

    `state.last_new_entry_at` is set by the store, which alone knows which entries are new. `quiet`: nobody is to be
    alerted to these entries, but to those published after `loud_after`. `record` is the line of the feed's history.
    """

    feed: Feed
    state: FeedState
    entries: Sequence[Entry] = ()
    quiet: bool = False
    loud_after: datetime | None = None
    record: PollRecord | None = None

    def is_quiet(self, entry: Entry) -> bool:
        """Whether nobody is to be alerted to `entry`, one of `entries`."""
        since, at = self.loud_after, entry.published
        return self.quiet and not (since is not None and at is not None and at > since)


class EntryState(StrEnum):
    """Where an entry stands in the queue."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Decision(StrEnum):
    """What a person made of a proposal."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class PendingEntry:
    """An entry that waits to become an article, with what feeds.yaml says of its feed.

    `outlet` is the feed's publisher, or its name where none is given; `attempts` is how often
    processing it has failed. `version` is above 1 for an entry that waits again after it had become an
    article: its words were changed, or its page could not be had, `late` times before. Nobody is to
    be alerted to a `quiet` one.
    """

    entry: Entry
    outlet: str
    country: str | None = None
    tier: str | None = None
    attempts: int = 0
    version: int = 1
    quiet: bool = False
    late: int = 0


@dataclass(frozen=True, kw_only=True)
class StoredArticle:
    """An article with what was found in it and the story it tells.

    `pending` is the entry it was made of, None for an article handed in by a user. The article's
    own outlet and language count before the feed's and the detector's. `page` is to be kept with it.
    """

    article: Article
    mentions: Mentions
    pending: PendingEntry | None = None
    sketch: tuple[int, ...] = ()
    story_id: str | None = None
    page: KeptPage | None = None


@dataclass(frozen=True, kw_only=True)
class FailedEntry:
    """An entry that could not be processed. `attempts` counts this failure; `state` is PENDING to
    try again, FAILED to give up; `reason` is fit to be shown."""

    entry: Entry
    attempts: int
    state: EntryState
    reason: str


@dataclass(frozen=True, kw_only=True)
class LatePage:
    """An entry whose article is the feed's own text, because its page could not be had: it is to wait
    again at `due_at`."""

    entry: Entry
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ProcessedBatch:
    """What one transaction of PROCESS stores. An alert that only a delivery names is stored too."""

    articles: Sequence[StoredArticle] = ()
    stories: Sequence[Story] = ()
    alerts: Sequence[Alert] = ()
    deliveries: Sequence[Delivery] = ()
    failed: Sequence[FailedEntry] = ()
    late: Sequence[LatePage] = ()


@dataclass(frozen=True, kw_only=True)
class Committed:
    """How much of a batch was new to the database; `revised` articles were replaced by a new version."""

    articles: int
    alerts: int
    deliveries: int
    revised: int = 0


@dataclass(frozen=True, kw_only=True)
class Run:
    """One monitoring run; `outcome` is what it wants remembered of itself, as JSON."""

    id: str
    started_at: datetime
    finished_at: datetime | None = None
    outcome: Mapping[str, Any] | None = None
