"""The records of a made-up newsroom: outlets, their articles, and what is out at a given moment.

Outlet (a site and its feed) ── SampleArticle (a page and a feed entry) ── Newsroom (all of them)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class OutletKind(StrEnum):
    """What sort of site it is: decides the markup of its pages."""

    AGENCY = "agency"
    MINISTRY = "ministry"
    NEWSPAPER = "newspaper"
    TRADE = "trade"
    BLOG = "blog"
    BROADCASTER = "broadcaster"
    STATEMEDIA = "statemedia"


class FeedFormat(StrEnum):
    """The format of an outlet's feed."""

    RSS20 = "rss20"
    RSS20_CONTENT = "rss20_content"
    """RSS 2.0 as WordPress writes it, with `content:encoded`."""
    RSS091 = "rss091"
    RSS10 = "rss10"
    ATOM = "atom"
    JSONFEED = "jsonfeed"


class FeedText(StrEnum):
    """How much of an article its feed entry carries."""

    FULL = "full"
    TEASER = "teaser"
    HEADLINE = "headline"


class Quirk(StrEnum):
    """Something feeds in the wild get wrong."""

    NO_GUID = "no_guid"
    """Entries have no identity but their link."""
    NO_DATES = "no_dates"
    """Neither entries nor the channel bear a date."""
    SOME_TITLES_MISSING = "some_titles_missing"
    """Entries whose `feed_title` is empty come without a title."""
    HTML_TITLES = "html_titles"
    """Titles and summaries are HTML."""


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """A site: its id is the first part of its pages' paths."""

    id: str
    name: str
    kind: OutletKind
    feed: FeedFormat
    feed_text: FeedText
    about: str
    host_note: str = ""
    country: str | None = None
    language: str = "en"
    tier: str | None = None
    quirks: frozenset[Quirk] = frozenset()

    @property
    def feed_path(self) -> str:
        """Path of the feed's document on the site, with a leading slash."""
        suffix = "json" if self.feed is FeedFormat.JSONFEED else "xml"
        return f"/{self.id}/feed.{suffix}"

    def feed_url(self, base: str) -> str:
        """Address of the feed on a site whose root is `base` (without a trailing slash)."""
        return base + self.feed_path


# Where a site of each kind puts its pages. No date in any of them: an address must not change when
# the demo starts later.
_PATHS = {
    OutletKind.AGENCY: "/{outlet}/article/{slug}-{number:06d}",
    OutletKind.MINISTRY: "/{outlet}/press/release/pr{number:04d}.html",
    OutletKind.NEWSPAPER: "/{outlet}/{section}/{slug}/{number}",
    OutletKind.TRADE: "/{outlet}/{slug}-{number}",
    OutletKind.BLOG: "/{outlet}/notes/{slug}-{number}.html",
    OutletKind.BROADCASTER: "/{outlet}/news/{number}-{slug}",
    OutletKind.STATEMEDIA: "/{outlet}/n3/c90000-{long_number}.html",
}


@dataclass(frozen=True, kw_only=True)
class SampleArticle:
    """One article of an outlet. `number` is unique within the outlet.

    `paragraphs` is empty where there is only a headline. `wave` (from 1) says when it appears;
    `relevant` and `note` are its writer's, None and empty where nobody said.
    """

    outlet: Outlet
    number: int
    slug: str
    title: str
    paragraphs: tuple[str, ...] = field(repr=False)
    published: datetime
    wave: int = 1
    author: str | None = None
    section: str = "news"
    feed_title: str | None = None
    """The title of its feed entry where that is not `title`: HTML as it stands, empty for none."""
    relevant: bool | None = None
    note: str = ""
    source_id: str | None = None
    """The id of the line it came from, when the newsroom was built from a file of articles."""

    @property
    def path(self) -> str:
        """Path of the page on the site, with a leading slash; ASCII, unique in the newsroom."""
        return _PATHS[self.outlet.kind].format(
            outlet=self.outlet.id,
            section=slug_of(self.section) or "news",
            slug=self.slug,
            number=self.number,
            long_number=10_000_000 + self.number,
        )

    def url(self, base: str) -> str:
        """Address of the page on a site whose root is `base` (without a trailing slash)."""
        return base + self.path

    @property
    def text(self) -> str:
        """The body, paragraphs separated by blank lines."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, kw_only=True)
class Newsroom:
    """Outlets and everything they will publish. `start` is the moment the first wave is out."""

    start: datetime
    outlets: tuple[Outlet, ...]
    collection: tuple[SampleArticle, ...] = field(repr=False)

    @property
    def waves(self) -> int:
        """How many waves there are."""
        return max((article.wave for article in self.collection), default=1)

    def articles(self, wave: int) -> tuple[SampleArticle, ...]:
        """What is out once `wave` (from 1) is published: it and the earlier ones, newest first."""
        return newest_first(article for article in self.collection if article.wave <= wave)


def newest_first(articles: Iterable[SampleArticle]) -> tuple[SampleArticle, ...]:
    """Articles as a feed lists them; of two with one date the higher number first."""
    return tuple(sorted(articles, key=lambda a: (a.published, a.number), reverse=True))


# Feeds of real sites list tens of entries; the longest one known to us lists 500.
_ENTRIES_PER_FEED = 100


def outlets_for(articles: int, models: Sequence[Outlet]) -> tuple[Outlet, ...]:
    """As many outlets as `articles` articles need, but no more than there are articles.

    First come the models themselves; when those do not suffice, they repeat as numbered editions.
    """
    wanted = min(articles, max(len(models), -(-articles // _ENTRIES_PER_FEED)))
    rounds = (divmod(index, len(models)) for index in range(wanted))
    return tuple(_edition(models[place], number + 1) for number, place in rounds)


def _edition(outlet: Outlet, number: int) -> Outlet:
    if number == 1:
        return outlet
    return replace(outlet, id=f"{outlet.id}-{number}", name=f"{outlet.name} {number}")


def slug_of(text: str, longest: int = 60) -> str:
    """Lower-case ASCII letters and digits joined by hyphens; empty when `text` has none."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words: list[str] = []
    length = 0
    for word in re.findall(r"[a-z0-9]+", plain.lower()):
        if length + len(word) > longest:
            break
        words.append(word)
        length += len(word) + 1
    return "-".join(words)


def paragraphs_of(text: str) -> tuple[str, ...]:
    """A text's paragraphs: what blank lines separate, else line ends, else runs of spaces.

    The last is how some collections keep wire copy; there they count after a sentence only. White
    space within a paragraph becomes single spaces.
    """
    parts: tuple[str, ...] = ()
    for separator in (r"\n\s*\n", r"\n", r"(?<=[.?!”\"’)]) {2,}(?=\S)"):
        parts = tuple(p for piece in re.split(separator, text) if (p := " ".join(piece.split())))
        if len(parts) > 1:
            break
    return parts
