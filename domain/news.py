"""Feeds, what fetching them yields, entries and articles: one record per place in the line.

Feed + FeedState -> Fetched | Unchanged | Failed -> Entry -> (page) -> Article
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from domain.fingerprints import words_fingerprint


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A configured feed. `key` is its canonical URL, by which its memory (FeedState) is kept."""

    key: str
    url: str
    name: str
    publisher: str | None = None
    country: str | None = None
    language: str | None = None
    tier: str | None = None
    tags: tuple[str, ...] = ()
    every: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class FeedState:
    """What armswire remembers of a feed. Validators advance only in the transaction that stores what they validate."""

    key: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    polls: int = 0
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_entry_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    """How many polls in a row have failed."""
    last_error: str | None = None
    next_poll_at: datetime | None = None
    next_poll_reason: str | None = None
    """Why then, in words fit for an ops engineer ("asked to come back in 30 min")."""
    pace: timedelta | None = None
    """The time between two polls that the feed's news calls for."""
    turnover: timedelta | None = None
    """The time in which all entries the feed lists are replaced by new ones in its busiest times, as far as seen."""
    asked_url: str | None = None
    """The address configured when last polled; what follows holds for that one alone."""
    moved_to: str | None = None
    """Where the feed is asked instead: a permanent redirect that has lasted."""
    moving_to: str | None = None
    """Where a permanent redirect leads that has not lasted yet, since `moving_since`."""
    moving_since: datetime | None = None
    moving_polls: int = 0
    """How many polls in a row were redirected there."""
    retired_at: datetime | None = None
    """When it answered 410: it is not polled any more."""
    stale_since: datetime | None = None
    """The newest date among the entries it listed when it first answered, if that was old even then."""


class PollOutcome(StrEnum):
    """How polling one feed ended."""

    NEW = "new"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    NOT_DUE = "not due"
    RETIRED = "retired"
    """It answered 410 once, and is left alone until its address is changed."""
    DUPLICATE = "duplicate"
    """It is the same feed as another one, and was not polled."""


@dataclass(frozen=True, kw_only=True)
class EntryTally:
    """What a poll found: of `entries`, `new` were not known and `edited` had changed words."""

    entries: int = 0
    new: int = 0
    edited: int = 0


@dataclass(frozen=True, kw_only=True)
class PollRecord:
    """One poll of one feed, as its history keeps it. `outcome` is NEW, UNCHANGED or FAILED; `size` counts decompressed
    bytes; `status` is None when nobody answered; of `entries`, `new` were not known and `edited` had changed words."""

    feed: str
    at: datetime
    outcome: PollOutcome
    status: int | None = None
    seconds: float = 0.0
    size: int = 0
    error: str | None = None
    entries: int = 0
    new: int = 0
    edited: int = 0
    next_poll_at: datetime | None = None
    next_poll_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class FeedHints:
    """What a feed says of its own cadence: advice to readers, often wrong. Hours (0 to 23) and days (Monday is 0) in
    which it asks to be left alone are UTC."""

    ttl: timedelta | None = None
    update_every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


class FailureKind(StrEnum):
    """What a failure means for the next attempt."""

    TEMPORARY = "temporary"
    """Timeout, 5xx, 429, connection refused: try again soon."""
    SOFT = "soft"
    """404, DNS: live sites do return them; try again, more slowly."""
    HARD = "hard"
    """410, not a feed, refused by the guard: a person should look."""


class FailureCode(StrEnum):
    """What went wrong, for programs; `Failed.reason` says it for people."""

    BAD_URL = "bad_url"
    """No http or https address."""
    REFUSED_ADDRESS = "refused_address"
    """The host, or a host redirected to, is at an address that may not be dialled."""
    UNKNOWN_HOST = "unknown_host"
    """The name has no address."""
    UNREACHABLE = "unreachable"
    """No connection could be made."""
    CERTIFICATE = "certificate"
    """The server's certificate cannot be verified."""
    NO_ANSWER = "no_answer"
    """Nothing, or only the beginning of the headers, came before the deadline."""
    TOO_SLOW = "too_slow"
    """The answer began in time and did not end in time."""
    BAD_HTTP = "bad_http"
    """What came is no proper HTTP, or the server hung up."""
    TOO_MANY_HEADERS = "too_many_headers"
    TOO_LARGE = "too_large"
    """The body exceeds its limit, on the wire or decompressed."""
    UNDECODABLE = "undecodable"
    """The body's compression is broken, or was not asked for."""
    BAD_REDIRECT = "bad_redirect"
    """A redirect leads to no web address."""
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_STATUS = "bad_status"
    """The answer's status is no success; `Failed.status` has it."""
    EMPTY = "empty"
    """A success without a body."""
    ROBOTS = "robots"
    """robots.txt disallows the page."""
    ROBOTS_UNAVAILABLE = "robots_unavailable"
    """robots.txt cannot be had just now, and without it nothing may be fetched."""
    PAUSED = "paused"
    """Not asked: the host asked to be left alone."""
    NOT_A_FEED = "not_a_feed"
    BROKEN_FEED = "broken_feed"
    WORKER = "worker"
    """The process that parsed it was killed at its deadline or died."""
    OTHER = "other"


UNANSWERED = frozenset({FailureCode.UNKNOWN_HOST, FailureCode.UNREACHABLE, FailureCode.NO_ANSWER})
"""Nobody answered: the host may be down, or our own network."""


@dataclass(frozen=True, kw_only=True)
class HostPause:
    """A host that is left alone `until` then; `reason` is fit to be shown ("answered 429 ...")."""

    host: str
    until: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A complete answer. `url` is the final one after redirects; header names are lower case; `body` is decompressed.

    `moved_to` is where the permanent redirects (301, 308) led that came before any other, None when there were none.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    seconds: float = 0.0
    moved_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class Unchanged:
    """Nothing new: a 304, or a body with the hash remembered. As in Fetched, except that the body is not kept."""

    url: str
    reason: str
    status: int = 304
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    seconds: float = 0.0
    moved_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class Failed:
    """The exchange failed; `reason` is fit to be shown to an ops engineer. `headers` are those of the answer, if any."""

    url: str
    kind: FailureKind
    reason: str
    code: FailureCode = FailureCode.OTHER
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One item of a feed as published.

    `key` is its identity within the feed: the canonical link, else the guid, else a hash of title and text; never a date.
    `url` is the canonical link of the page, None when the entry has none. `text` is the feed's own text without markup,
    paragraphs separated by blank lines.
    """

    feed: str
    key: str
    url: str | None
    link: str | None
    guid: str | None
    title: str
    text: str
    published: datetime | None
    author: str | None = None
    language: str | None = None

    @cached_property
    def fingerprint(self) -> str:
        """What two states of one entry share as long as no word of title or text is changed. Made once, and pickled
        with the entry."""
        return words_fingerprint(self.title, self.text)


class Completeness(StrEnum):
    """How much of an article armswire has."""

    FULL = "full"
    FEED_TEXT = "feed_text"
    """The feed's own text: the page could not be had, or held no article."""
    TEASER = "teaser"
    """The beginning, which is what the page shows to those who do not pay."""
    BLOCKED = "blocked"
    """Only a title: what stands at the page's address is no article, and the feed says no more."""


class Precision(StrEnum):
    """How precisely a time is known."""

    MINUTE = "minute"
    DAY = "day"


class Method(StrEnum):
    """Where an article's body came from."""

    TRAFILATURA = "trafilatura"
    """The page's text, with the corrections of page_body."""
    LINKED_DATA = "linked_data"
    """The text that a page gives to search engines, where the page itself shows nearly none."""
    FEED = "feed"
    GIVEN = "given"
    """Handed in by a user (`backfill`, `detect`)."""


@dataclass(frozen=True, kw_only=True)
class Article:
    """Title, body and date extracted from an entry's page. Body paragraphs are separated by blank lines.

    `note` says why an article is not full ("page answered 404"), for the ops engineer.
    """

    url: str
    title: str
    body: str
    published: datetime | None = None
    precision: Precision | None = None
    """Of `published`: to the minute, or the day alone (then it is that day's first moment in UTC)."""
    stated: str | None = None
    """The time of publication as the page or the feed states it, however unlikely."""
    author: str | None = None
    outlet: str | None = None
    language: str | None = None
    completeness: Completeness = Completeness.FULL
    method: Method = Method.TRAFILATURA
    note: str | None = None
