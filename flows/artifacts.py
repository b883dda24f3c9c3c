"""A run's report as Prefect artifacts: a table of feeds, a page of alerts."""

from __future__ import annotations

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from alerts.markdown_page import render_markdown
from flows.reports import RunReport


def _alerts_page(report: RunReport) -> str:
    page = render_markdown(report.process.alerts)
    return f"{page}\n\n{report.latency.words}" if report.latency else page


def show_run(report: RunReport) -> dict[str, int]:
    """Creates the artifacts `feed-outcomes` and `alerts`, and returns the run's counts."""
    states = {one.feed.name: one.state.value for one in report.health}
    create_table_artifact(
        key="feed-outcomes",
        table=[
            {
                "feed": row.feed,
                "outcome": row.outcome.value,
                "entries": row.entries,
                "new": row.new,
                "seconds": round(row.seconds, 2),
                "note": row.note,
                "health": states.get(row.feed, ""),
            }
            for row in report.poll.feeds
        ],
        description="How polling each feed ended, and how the feed is",
    )
    create_markdown_artifact(
        key="alerts",
        markdown=_alerts_page(report),
        description="Alerts of this run",
    )
    return report.counts()
