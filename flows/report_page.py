"""Writes the report: from the published copy to one HTML file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from alerts.report import Count, FeedRow, Overview, render_report
from domain.settings_files import Configuration
from storage.published import open_published

MOST_ALERTS = 100
MOST_STORIES = 200


def write_report(configuration: Configuration, path: Path, now: datetime) -> Path:
    """Writes the overview of what is remembered to `path`, whole or not at all, and returns it.

    Raises:
        StorageError: there has been no run yet.
    """
    with open_published(configuration.settings.database) as queries:
        counts = queries.counts()
        feeds = queries.feeds()
        overview = Overview(
            made_at=now,
            counts=[
                Count(value=counts.articles, label="articles"),
                Count(value=counts.relevant, label="relevant"),
                Count(value=counts.stories, label="stories"),
                Count(value=counts.transfers, label="transfers"),
                Count(value=counts.reactions, label="reactions"),
                Count(value=counts.alerts, label="alerts"),
            ],
            alerts=queries.alerts(limit=MOST_ALERTS),
            stories=queries.stories(limit=MOST_STORIES),
            feeds=[
                FeedRow(
                    name=row.name,
                    url=row.url,
                    outcome="failing" if row.state.failures else "ok",
                    failed=bool(row.state.failures),
                    entries=row.entries,
                    last_success_at=row.state.last_success_at,
                    note=row.state.last_error or "",
                )
                for row in feeds
            ],
        )
    beside = path.with_suffix(".html.part")
    beside.write_text(render_report(overview), encoding="utf-8")
    return beside.replace(path)
