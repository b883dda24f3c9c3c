"""The settings of monitor.yaml and feeds.yaml, as records. Reading them from files: domain/settings_files.py."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from domain.addresses import Network, parse_networks
from domain.condition_values import read_code
from domain.settings_channels import ChannelSettings, DeliverySettings
from domain.settings_health import HealthSettings
from domain.settings_polling import PollingSettings
from domain.settings_types import Duration, Names, Settings, Size, one_or_many
from domain.settings_watches import DigestSettings, WatchSettings


class PerHostSettings(Settings):
    """How one host is spared: requests at once, and time between the starts of two. A crawl delay in its robots.txt is
    obeyed up to `longest_spacing`; a host that answers 429 without a time, or 403 again and again, is left alone for
    `pause`."""

    concurrent: int = Field(default=2, ge=1, le=32)
    spacing: Duration = timedelta(seconds=1)
    longest_spacing: Duration = timedelta(seconds=10)
    pause: Duration = timedelta(minutes=15)


class FetchSettings(Settings):
    """How feeds and pages are fetched. `max_bytes` caps the decompressed body of a page, `max_feed_bytes` of a feed;
    `allow_private` names networks (CIDR) that may be dialled although they are not public."""

    user_agent: str = "armswire (+https://armswire.example/about)"
    per_host: PerHostSettings = PerHostSettings()
    concurrent: int = Field(default=16, ge=1, le=256)
    timeout: Duration = timedelta(seconds=20)
    max_bytes: Size = Field(default=15_000_000, ge=1_000)
    max_feed_bytes: Size = Field(default=5_000_000, ge=1_000)
    allow_private: tuple[str, ...] = ()

    @field_validator("allow_private")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        parse_networks(value)
        return value

    @property
    def allowed_networks(self) -> tuple[Network, ...]:
        """`allow_private` as networks."""
        return parse_networks(self.allow_private)


class PageSettings(Settings):
    """The pages of articles are kept for `keep`, so that `armswire extract --again` can read them anew; 0d keeps none."""

    keep: Duration = timedelta(days=30)


class StorySettings(Settings):
    """Articles join a story that changed within `window`."""

    window: Duration = timedelta(days=14)


class DetectionSettings(Settings):
    """`threshold`: the confidence from which a mention counts for alerts; `alone`: the same where only one of the two routes
    found it; `lexicon`: further JSONL rows of the user's.

    The defaults were MEASURED on held-out articles (docs/detection.md): a higher `alone` makes the first transfer of an
    alert hardly more often right and loses one story in twenty on the way to 0.8."""

    threshold: float = Field(default=0.5, ge=0.0, le=1.0)
    alone: float = Field(default=0.7, ge=0.0, le=1.0)
    lexicon: Annotated[tuple[Path, ...], BeforeValidator(one_or_many)] = ()


class ContextSettings(Settings):
    """What alerts tell beside the news. `sipri`: a trade register as CSV, the user's own download from SIPRI."""

    sipri: Path | None = None


class MonitorSettings(Settings):
    """All of monitor.yaml. Paths are absolute once read from a file."""

    database: Path = Path("var/monitor.duckdb")
    feeds: Path = Path("feeds.yaml")
    workers: int | None = Field(default=None, ge=1, le=64)
    """Processes that extract and detect; None is one per core."""
    fetch: FetchSettings = FetchSettings()
    polling: PollingSettings = PollingSettings()
    pages: PageSettings = PageSettings()
    detection: DetectionSettings = DetectionSettings()
    stories: StorySettings = StorySettings()
    context: ContextSettings = ContextSettings()
    delivery: DeliverySettings = DeliverySettings()
    health: HealthSettings = HealthSettings()
    channels: dict[str, ChannelSettings] = Field(default_factory=dict)
    watches: tuple[WatchSettings, ...] = ()
    digests: tuple[DigestSettings, ...] = ()


class FeedSettings(Settings):
    """One row of feeds.yaml."""

    url: str
    name: str = Field(min_length=1)
    publisher: str | None = None
    country: str | None = None
    language: str | None = None
    tier: str | None = None
    tags: Names = ()
    every: Duration | None = None
    enabled: bool = True

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://\S+", value):
            msg = f'"{value}" is no web address; it must begin with http:// or https://'
            raise ValueError(msg)
        return value

    @field_validator("country")
    @classmethod
    def _is_country(cls, value: str | None) -> str | None:
        return value if value is None else read_code(value, "country")
