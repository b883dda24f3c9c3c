"""Rows that readers get, and what they can ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.alerting import DeliveryState
from domain.mentions import Mention, Reaction, Stage, Stance, Transfer
from domain.news import Article, FeedState
from storage.records import Decision


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a listing is narrowed to; a field left None narrows nothing.

    `supplier`, `recipient`, `system` and `stage` must hold of one transfer, `country` (of the
    speaker) and `stance` of one reaction. Codes and names are compared without regard to case;
    `system` may be a part of a name or designation. `since` is compared with the time armswire
    stored the article (for a story: last changed it).
    """

    supplier: str | None = None
    recipient: str | None = None
    system: str | None = None
    stage: Stage | None = None
    country: str | None = None
    stance: Stance | None = None
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ArticleRow:
    """A stored article: what it says of itself, where it came from, and what became of it."""

    id: str
    article: Article
    feed: str | None
    country: str | None
    tier: str | None
    relevant: bool
    score: float
    sketch: tuple[int, ...] = field(repr=False)
    stored_at: datetime
    story_id: str | None


@dataclass(frozen=True, kw_only=True)
class ArticleHead:
    """The article a mention was found in, in brief."""

    id: str
    url: str
    title: str
    outlet: str | None
    published: datetime | None
    stored_at: datetime
    story_id: str | None


@dataclass(frozen=True, kw_only=True)
class TransferRow:
    """A transfer and the article it was found in."""

    article: ArticleHead
    transfer: Transfer


@dataclass(frozen=True, kw_only=True)
class ReactionRow:
    """A reaction and the article it was found in."""

    article: ArticleHead
    reaction: Reaction


class MentionKind(StrEnum):
    """The two kinds of mentions."""

    TRANSFER = "transfer"
    REACTION = "reaction"


@dataclass(frozen=True, kw_only=True)
class ProposalRow:
    """A mention that one route alone proposed, the article it was found in, and what a person made
    of it (`decision` and `decided_at` are None while it waits)."""

    id: str
    article: ArticleRow
    kind: MentionKind
    mention: Mention
    proposed_at: datetime
    decision: Decision | None
    decided_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ReviewedArticle:
    """An article with what it is held to say, accepted proposals among it, and all its proposals."""

    article: ArticleRow
    transfers: tuple[Transfer, ...]
    reactions: tuple[Reaction, ...]
    proposals: tuple[ProposalRow, ...]


@dataclass(frozen=True, kw_only=True)
class DisabledChannel:
    """A channel whose receiver does not exist any more, and how many deliveries wait for it."""

    channel: str
    reason: str
    disabled_at: datetime
    waiting: int


@dataclass(frozen=True, kw_only=True)
class DeliveryRow:
    """A line of the ledger, with the headline of the story that was told, or the notice's title.

    `kind` is "alert" or "notice" (then `watch`, `story_id` and `version` are its sender, topic and
    number).
    """

    id: str
    kind: str
    alert_id: str
    watch: str
    story_id: str
    version: int
    headline: str
    channel: str
    recipient: str
    message_id: str
    thread_id: str | None
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    last_error: str | None
    updated_at: datetime
    sent_at: datetime | None
    handle: str | None
    queued_at: datetime | None
    lease_owner: str | None
    lease_expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FeedRow:
    """A feed as last polled: how polling has gone, and how many entries and articles it has
    yielded."""

    url: str
    name: str
    publisher: str | None
    country: str | None
    language: str | None
    tier: str | None
    tags: tuple[str, ...]
    state: FeedState
    entries: int
    articles: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much the database holds; `entries` and `deliveries` by state, states without any left
    out."""

    feeds: int
    entries: dict[str, int]
    articles: int
    relevant: int
    transfers: int
    reactions: int
    stories: int
    alerts: int
    deliveries: dict[str, int]
    runs: int
