"""Stories, watches, alerts, messages and deliveries: what analysts are told, and the ledger of telling them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.mentions import Reaction, Transfer


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """The sentence that an alert shows as evidence. `marks` are (start, end) offsets in `text` of the words to
    highlight."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    url: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A value or a quantity as articles word it, and the outlets that tell it."""

    text: str
    outlets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ToldTransfer:
    """A transfer of a story with the sentence it rests on. `values` and `quantities` are all the figures told of it, those
    that mean the same number once, the first told first."""

    transfer: Transfer
    quotation: Quotation | None = None
    values: tuple[Figure, ...] = ()
    quantities: tuple[Figure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ToldReaction:
    """A reaction of a story, with its sentence and the outlet that reported it."""

    reaction: Reaction
    quotation: Quotation | None = None
    outlet: str | None = None


TEST_WATCH = "armswire-test"
"""The watch of the canary (`armswire check --canary`): whatever it alerts to is marked as a test."""


@dataclass(frozen=True, kw_only=True)
class StoryArticle:
    """One article of a story, as an alert shows it, with what it says itself: the story's transfers and reactions are
    those of its articles taken together. `unsure` are transfers too unsure to be told, kept where none is sure to find what
    belongs together. `sketch` is its near-duplicate sketch (see extractors/near_duplicates.py);
    `copy_of` is the URL of the article whose text it repeats."""

    url: str
    title: str
    outlet: str
    published: datetime | None
    seen_at: datetime
    country: str | None = None
    tier: str | None = None
    language: str | None = None
    sketch: tuple[int, ...] = ()
    copy_of: str | None = None
    transfers: tuple[ToldTransfer, ...] = ()
    reactions: tuple[ToldReaction, ...] = ()
    unsure: tuple[Transfer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Story:
    """Articles telling the same development, in the order they were seen. `version` grows with every material change,
    from 1."""

    id: str
    headline: str
    version: int
    created_at: datetime
    updated_at: datetime
    transfers: tuple[ToldTransfer, ...] = ()
    reactions: tuple[ToldReaction, ...] = ()
    articles: tuple[StoryArticle, ...] = ()


class ChangeKind(StrEnum):
    """What makes a change of a story material."""

    NEW_STORY = "new_story"
    STAGE = "stage"
    NEW_OFFICIAL = "new_official"
    NEW_COUNTRY = "new_country"
    STANCE = "stance"
    NEW_PARTY = "new_party"
    NEW_SYSTEM = "new_system"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One material change; `text` says it in a line ("stage: announced -> delivered")."""

    kind: ChangeKind
    text: str


@dataclass(frozen=True, kw_only=True)
class PastDeals:
    """What a trade register lists between two states: how many deals, the first and the last year of order, and the latest
    weapons with theirs. Without deals the years are None."""

    supplier: str
    recipient: str
    deals: int
    first: int | None = None
    last: int | None = None
    latest: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One watch x one story x one version, with the story as it stood then; `background` is what a trade register of the
    user's lists between its parties."""

    id: str
    watch: str
    story: Story
    changes: tuple[Change, ...]
    created_at: datetime
    background: tuple[PastDeals, ...] = ()

    @property
    def version(self) -> int:
        """The story's version this alert tells."""
        return self.story.version


class MuteKind(StrEnum):
    """What a mute silences."""

    STORY = "story"
    PARTY = "party"
    PUBLISHER = "publisher"


@dataclass(frozen=True, kw_only=True)
class Mute:
    """A wish not to hear of something before `until`: of a story (by id), of transfers to or from a party (code or
    name), or of what a publisher tells. `note` says why, for colleagues."""

    id: str
    kind: MuteKind
    value: str
    created_at: datetime
    until: datetime
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a notice: a heading, lines of plain text, and where to read on."""

    heading: str
    lines: tuple[str, ...] = ()
    link: str | None = None


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A PNG in base64, with what it shows in words for whoever sees no pictures."""

    png: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What armswire itself has to tell, in words that are ready: to ops (a feed is silent), or of a period (a digest).

    `sender` names the part of armswire that tells ("health"); notices of one `topic` follow each other up, `number`
    counts them from 1. `lines` are paragraphs of plain text before the picture and the sections.
    """

    id: str
    sender: str
    topic: str
    number: int
    title: str
    lines: tuple[str, ...]
    created_at: datetime
    sections: tuple[Section, ...] = ()
    picture: Picture | None = None
    footer: str | None = None


class DeliveryState(StrEnum):
    """Where a delivery stands in the ledger."""

    PENDING = "pending"
    SENDING = "sending"
    """Being handed over. Found so when its process is gone, it is UNKNOWN."""
    SENT = "sent"
    RETRY = "retry"
    """It did not arrive, and is tried again."""
    UNKNOWN = "unknown"
    """The answer was lost after the message was handed over: it may have arrived. Sent again with the same Message-ID,
    or held for a person to decide (settings: delivery.unknown)."""
    DEAD = "dead"
    """Refused for good, or given up on."""
    SUPERSEDED = "superseded"
    """Never arrived: a later version of the same alert was ready first and tells everything."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One alert (or notice) to one recipient by one channel; unique by (content, channel, recipient).

    `thread_id` is the Message-ID of the first message that reached this recipient about this watch and story (or this
    topic), None when this is the first; `thread_handle` what the channel calls that message, where it calls it anything.
    `recipient` is an address, or the channel's own name where the channel is the recipient (Slack). `queued_at` is when
    it was put into the outbox, or put back by hand.
    """

    id: str
    content: Alert | Notice
    channel: str
    recipient: str
    message_id: str
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    next_attempt_at: datetime | None = None
    thread_id: str | None = None
    thread_handle: str | None = None
    queued_at: datetime | None = None

    @property
    def alert(self) -> Alert:
        """The alert it tells.

        Raises:
            TypeError: it tells a notice.
        """
        if not isinstance(self.content, Alert):
            msg = f"delivery {self.id} tells a notice"
            raise TypeError(msg)
        return self.content

    @property
    def headline(self) -> str:
        """What it tells, in a line."""
        return (
            self.content.title if isinstance(self.content, Notice) else self.content.story.headline
        )

    @property
    def sender(self) -> str:
        """The watch that alerts, or the notice's sender."""
        return self.content.sender if isinstance(self.content, Notice) else self.content.watch

    @property
    def topic(self) -> str:
        """What the messages of one thread share: the story, or the notice's topic."""
        return self.content.topic if isinstance(self.content, Notice) else self.content.story.id

    @property
    def number(self) -> int:
        """Its place in the thread, from 1: the story's version, or the notice's number."""
        return self.content.number if isinstance(self.content, Notice) else self.content.version


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A channel's answer. `retry_after` in seconds where the receiver named one; `reason` holds no secret.
    `channel_gone`: the receiver says that the channel itself does not exist any more. `handle`: what the receiver calls
    the message, for those who follow it up (Slack's ts). `no_answer`: nothing came back in time, so that the next message
    may fare no better."""

    state: DeliveryState
    reason: str | None = None
    retry_after: float | None = None
    channel_gone: bool = False
    handle: str | None = None
    no_answer: bool = False
