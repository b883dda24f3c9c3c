"""The report: one HTML file that needs no network and no script, of what was found and how the
feeds are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.templating import html_template
from alerts.titles import title_of
from alerts.untrusted import one_line, safe_link
from alerts.views import (
    article_views,
    reaction_views,
    show_time,
    transfer_views,
    view_of,
)
from domain.alerting import Alert, Story


@dataclass(frozen=True, kw_only=True)
class Count:
    """A number on the report's first line: "119 articles"."""

    value: int
    label: str


@dataclass(frozen=True, kw_only=True)
class FeedRow:
    """How a feed stands. `outcome` is a word such as "new", "unchanged" or "failed"; `failed` marks
    the row; `note` says why, for an ops engineer."""

    name: str
    url: str
    outcome: str
    failed: bool = False
    entries: int = 0
    new: int = 0
    last_success_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Overview:
    """All that a report shows, in the order shown."""

    made_at: datetime
    counts: Sequence[Count] = ()
    alerts: Sequence[Alert] = ()
    stories: Sequence[Story] = ()
    feeds: Sequence[FeedRow] = ()


def render_report(overview: Overview) -> str:
    """The report as one HTML document."""
    return html_template("report.html.j2").render(
        made_at=show_time(overview.made_at),
        counts=overview.counts,
        alerts=[view_of(alert) for alert in overview.alerts],
        stories=[_story(story) for story in overview.stories],
        feeds=[_feed(feed) for feed in overview.feeds],
        failed=sum(feed.failed for feed in overview.feeds),
    )


def _story(story: Story) -> dict[str, Any]:
    return {
        "title": title_of(story),
        "headline": one_line(story.headline),
        "version": story.version,
        "updated": show_time(story.updated_at),
        "transfers": transfer_views(story),
        "reactions": reaction_views(story),
        "articles": article_views(story.articles),
        "count": len(story.articles),
        "outlets": len({article.outlet for article in story.articles}),
    }


def _feed(feed: FeedRow) -> dict[str, Any]:
    return {
        "name": one_line(feed.name, 120),
        "link": safe_link(feed.url),
        "outcome": one_line(feed.outcome, 40),
        "failed": feed.failed,
        "entries": feed.entries,
        "new": feed.new,
        "success": show_time(feed.last_success_at) if feed.last_success_at else "never",
        "note": one_line(feed.note),
    }
