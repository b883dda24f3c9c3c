"""`armswire demo`: the whole line on a sample newsroom, so that all of it can be seen without any account."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from domain.alerting import Alert
    from flows.demo.stage import Stage
    from flows.reports import RunReport

WHOLE_ALERTS = 2
"""Alerts shown in full at each poll; the others are a line each, and whole in the report."""


def demo(
    articles: Annotated[
        Path | None,
        typer.Option(
            help='Build the newsroom from these articles instead: lines {"id", "title", "text"}.',
            metavar="FILE.jsonl",
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="The folder that keeps what the demo leaves.", metavar="FOLDER")
    ] = Path("var/demo"),
) -> None:
    """Runs the whole line on a sample newsroom served on this machine.

    Polls it, prints the alerts as an analyst would read them, lets more news appear, and polls again to show that nothing
    repeats. Leaves database, messages and report in var/demo.

    Example: armswire demo --articles archive.jsonl
    """
    from flows.cli.console import stdout
    from flows.demo.newsroom import load_newsroom, newsroom_from_jsonl
    from flows.demo.stage import ANY_MENTION_WATCHES, BUNDLED_WATCHES, demo_stage
    from flows.run_context import utc_now

    start = utc_now()
    newsroom = newsroom_from_jsonl(articles, start) if articles else load_newsroom(start)
    watches = ANY_MENTION_WATCHES if articles else BUNDLED_WATCHES
    console = stdout()
    with demo_stage(out, newsroom, watches) as stage:
        _introduce(console, stage, given=articles)
        _poll(console, stage, "First poll")
        if not articles:
            stage.site.advance()
            _poll(console, stage, "Second poll, some hours later: seven more articles")
        _poll(console, stage, "Last poll: nothing new has appeared")
        _leave(console, stage)


def _introduce(console: Console, stage: Stage, given: Path | None) -> None:
    newsroom = stage.site.newsroom
    origin = f"made of {given.name}" if given else "made up for this demo"
    console.print(
        f"[bold]armswire demo[/]: {len(newsroom.outlets)} outlets with "
        f"{len(newsroom.collection)} articles, {origin}, served on this machine only."
    )


def _poll(console: Console, stage: Stage, title: str) -> None:
    from rich.rule import Rule

    from alerts.wording import many
    from flows.cli.console import feed_table, progress_bars, run_lines
    from flows.line import run_line

    sent_before = stage.mail.count + stage.slack.count
    console.print()
    console.print(Rule(f"[bold]{title}[/]", align="left"))
    with progress_bars() as progress:
        report = run_line(stage.configuration, secrets=stage.secrets.get, progress=progress)
    if report.poll.new_entries:
        console.print(feed_table(report.poll))
    for line in run_lines(report):
        console.print(line)
    sent = stage.mail.count + stage.slack.count - sent_before
    console.print(
        f"[dim]{many(sent, 'message', 'messages')} arrived in the sinks, after {report.seconds:.1f} s[/]"
    )
    _show_alerts(console, _newest_by_watch_order(stage, report))


def _newest_by_watch_order(stage: Stage, report: RunReport) -> Sequence[Alert]:
    """The alerts of a run, those of the watch configured first at the top."""
    order = [watch.name for watch in stage.configuration.settings.watches]
    return sorted(report.process.alerts, key=lambda alert: order.index(alert.watch))


def _show_alerts(console: Console, alerts: Sequence[Alert]) -> None:
    from rich.text import Text

    from alerts.views import view_of
    from alerts.wording import many
    from flows.cli.console_alerts import alert_panel

    for alert in alerts[:WHOLE_ALERTS]:
        console.print()
        console.print(alert_panel(view_of(alert)))
    if len(alerts) > WHOLE_ALERTS:
        console.print(f"\n[bold]{many(len(alerts) - WHOLE_ALERTS, 'more alert', 'more alerts')}[/]")
    for alert in alerts[WHOLE_ALERTS:]:
        view = view_of(alert)
        line = Text.assemble(f"  {view.title} ", (f"[{view.watch}]", "dim"))
        console.print(line, no_wrap=True, overflow="ellipsis")


def _leave(console: Console, stage: Stage) -> None:
    from flows.report_page import write_report
    from flows.run_context import utc_now
    from storage.published import open_published

    with open_published(stage.configuration.settings.database) as queries:
        counts = queries.counts()
    report = write_report(stage.configuration, stage.folder / "report.html", utc_now())
    console.print()
    console.print(
        f"[bold]Stored[/]    {counts.articles} articles, {counts.relevant} relevant, "
        f"{counts.transfers} transfers, {counts.reactions} reactions, {counts.stories} stories"
    )
    for path, what in (
        (stage.folder / "monitor.duckdb", "everything remembered (DuckDB)"),
        (stage.folder / "outbox" / "email", f"{stage.mail.count} mails (*.eml)"),
        (stage.folder / "outbox" / "slack", f"{stage.slack.count} Slack messages (*.json)"),
        (report, "the report, for a browser"),
    ):
        console.print(f"  {path}  [dim]{what}[/]", soft_wrap=True)
    console.print(f"Next: armswire alerts --config {stage.folder / 'monitor.yaml'}", soft_wrap=True)
