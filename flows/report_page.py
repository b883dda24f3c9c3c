"""Writes the report: from the published copy to one HTML file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from alerts.report import Count, FeedRow, Overview, render_report
from domain.health import TOLD_TO_OPS
from domain.settings_files import Configuration
from extractors.fetch.health import HISTORY
from extractors.urls import shown_url
from flows.health import health_of_all
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
        rows = {row.state.key: row for row in queries.feeds()}
        history = queries.telling_polls(now - HISTORY)
        states = {key: row.state for key, row in rows.items()}
        settings = configuration.settings.health
        health = health_of_all(configuration.feeds, states, history, now, settings)
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
                    name=one.feed.name,
                    url=shown_url(one.feed.url),
                    outcome=one.state.value,
                    failed=one.state in TOLD_TO_OPS,
                    entries=rows[one.feed.key].entries if one.feed.key in rows else 0,
                    last_success_at=one.last_success_at,
                    note=one.why,
                )
                for one in health
            ],
        )
    beside = path.with_suffix(".html.part")
    beside.write_text(render_report(overview), encoding="utf-8")
    return beside.replace(path)
