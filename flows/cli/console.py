"""How results look in a terminal: readable in 80 columns, plain where it is no terminal.

Results go to stdout; progress and complaints to stderr.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from alerts.wording import many
from domain.alerting import DeliveryState
from domain.health import HealthState
from domain.latency import Latency, shown
from domain.mentions import Stance
from domain.news import PollOutcome
from domain.units import show_duration
from flows.reports import DeliveryReport, PollReport, ProcessReport, RunReport

if TYPE_CHECKING:
    from flows.backfill import BackfillReport
    from flows.canary import Station
    from flows.checks import Finding
    from flows.rereading import RereadReport
    from flows.run_context import Progress as ReportProgress
    from storage.rows import DisabledChannel

STAGE_NAMES = {
    "poll": "Polling feeds",
    "process": "Reading articles",
    "deliver": "Sending alerts",
    "detect": "Detecting",
    "extract": "Extracting",
    "backfill": "Reading articles",
}

MOST_TROUBLES = 10

STANCE_STYLE = {Stance.OPPOSE: "bold red", Stance.SUPPORT: "bold green", Stance.NEUTRAL: "bold"}


def stdout() -> Console:
    """Where results go. Wide output that is piped is not folded at 80 columns."""
    console = Console(highlight=False)
    return (
        console if console.is_terminal else Console(highlight=False, width=max(console.width, 80))
    )


@contextmanager
def progress_bars() -> Iterator[ReportProgress]:
    """A bar a stage on stderr, gone when all is done; nothing where stderr is no terminal."""
    columns = (
        TextColumn("{task.description:<17}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    bars: dict[str, Any] = {}
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as p:

        def report(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = p.add_task(STAGE_NAMES.get(stage, stage), total=total)
            p.update(bars[stage], completed=done, total=total)

        yield report


def print_run(report: RunReport) -> None:
    """One run: a row for each feed that has something to say, then the counts."""
    console = stdout()
    if any(f.outcome is not PollOutcome.NOT_DUE or f.note for f in report.poll.feeds):
        console.print(feed_table(report.poll))
    for line in run_lines(report):
        console.print(line)


def feed_table(poll: PollReport) -> Table:
    """The outcomes of one poll; feeds that were not due and are well are left out."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("feed", max_width=34, overflow="ellipsis", no_wrap=True)
    table.add_column("outcome")
    table.add_column("entries", justify="right")
    table.add_column("new", justify="right")
    table.add_column("note", overflow="fold")
    styles = {PollOutcome.FAILED: "red", PollOutcome.NEW: "green"}
    for row in poll.feeds:
        if row.outcome is not PollOutcome.NOT_DUE or row.note:
            table.add_row(
                escape(row.feed),
                Text(row.outcome.value, style=styles.get(row.outcome, "dim")),
                str(row.entries or ""),
                str(row.new or ""),
                escape(row.note),
            )
    return table


def run_lines(report: RunReport) -> list[str]:
    """The counts of a run, a line a stage."""
    offline = "  [red]no server answered: this machine's own network seems to be down[/]"
    return [
        _poll_line(report.poll),
        *([offline] if report.poll.offline else []),
        *_quiet_lines(report.poll),
        _process_line(report.process),
        *(f"  {count} x {escape(note)}" for note, count in report.process.notes.most_common(5)),
        *(f"  [yellow]{escape(f'{o}: {change}')}[/]" for o, change in report.process.drift.items()),
        *_health_lines(report),
        _delivery_line(report.delivery),
        *([f"  {report.latency.words}"] if report.latency else []),
        *_delivery_troubles(report.delivery),
        *(f"  {disabled_line(channel)}" for channel in report.delivery.disabled),
    ]


def _poll_line(poll: PollReport) -> str:
    counted = {o: sum(f.outcome is o for f in poll.feeds) for o in PollOutcome}
    parts = [f"{n} {o.value}" for o, n in counted.items() if n]
    edited = sum(f.edited for f in poll.feeds)
    return (
        f"[bold]Polled[/]    {many(len(poll.feeds), 'feed', 'feeds')} ({', '.join(parts) or 'none'}), "
        f"{many(poll.new_entries, 'new entry', 'new entries')}"
        + (f", {edited} edited" if edited else "")
    )


def _health_lines(report: RunReport) -> list[str]:
    parts = [f"{n} {state.value}" for state in HealthState if (n := report.troubles[state])]
    return [f"[bold]Feeds[/]     [red]{', '.join(parts)}[/]: see `feeds health`"] if parts else []


def _quiet_lines(poll: PollReport) -> list[str]:
    if not poll.quiet:
        return []
    feeds, stored = len(poll.quiet), sum(f.new for f in poll.quiet)
    return [
        f"  first poll of {many(feeds, 'feed', 'feeds')}: "
        f"{many(stored, 'entry', 'entries')} stored, not alerted"
    ]


def _process_line(process: ProcessReport) -> str:
    speed = f", {process.articles / process.seconds:.0f} a second" if process.seconds > 1 else ""
    partial = f", {process.partial} not in full" if process.partial else ""
    waits = many(process.waiting, "entry waits for its page", "entries wait for their pages")
    waiting = f", {waits}" if process.waiting else ""
    return (
        f"[bold]Read[/]      {many(process.articles, 'article', 'articles')}, "
        f"{process.relevant} relevant{partial}{speed}; "
        f"{many(len(process.alerts), 'alert', 'alerts')}{waiting}"
    )


def _delivery_line(delivery: DeliveryReport) -> str:
    counted = {state: delivery.count(state) for state in DeliveryState}
    parts = [f"{n} {state.value}" for state, n in counted.items() if n]
    return f"[bold]Delivered[/] {', '.join(parts) or 'nothing to send'}"


def _delivery_troubles(delivery: DeliveryReport) -> list[str]:
    troubled = [d for d in delivery.deliveries if d.state is not DeliveryState.SENT or d.note]
    lines = [
        f"  [red]{d.state.value}[/]: {escape(d.channel)} to {escape(d.recipient)}: {escape(d.note)}"
        for d in troubled[:MOST_TROUBLES]
    ]
    more = len(troubled) - MOST_TROUBLES
    told = f"  and {more} more: `armswire deliveries list`"
    return [*lines, *([told] if more > 0 else [])]


def disabled_line(channel: DisabledChannel) -> str:
    """What to do about a channel that is gone, in rich markup."""
    name = escape(channel.channel)
    return (
        f"[red]disabled[/]: channel {name}: {escape(channel.reason)}; {channel.waiting} messages wait: "
        f"mend it, then `armswire deliveries enable {name}`"
    )


def run_as_dict(report: RunReport) -> dict[str, Any]:
    """The JSON form of `run --json`."""
    return {
        "started_at": report.started_at.isoformat(),
        "seconds": round(report.seconds, 3),
        "feeds": [
            {
                "name": f.feed,
                "outcome": f.outcome.value,
                "entries": f.entries,
                "new": f.new,
                "edited": f.edited,
                "first_poll": f.quiet,
                "seconds": round(f.seconds, 3),
                "note": f.note,
            }
            for f in report.poll.feeds
        ],
        "health": {state.value: n for state, n in report.troubles.items()},
        "articles": report.process.articles,
        "relevant": report.process.relevant,
        "partial": report.process.partial,
        "waiting": report.process.waiting,
        "drift": dict(report.process.drift),
        "alerts": [{"id": a.id, "watch": a.watch} for a in report.process.alerts],
        "deliveries": {s.value: n for s in DeliveryState if (n := report.delivery.count(s))},
        "latency": latency_as_dict(report.latency),
        "disabled_channels": {d.channel: d.reason for d in report.delivery.disabled},
    }


def latency_as_dict(latency: Latency | None) -> dict[str, Any] | None:
    """Seconds, of all the way and of its parts."""
    if latency is None:
        return None
    ways = {"total": latency.total, "reading": latency.reading, "sending": latency.sending}
    seconds = {
        name: {"p50": way.p50.total_seconds(), "p95": way.p95.total_seconds()}
        for name, way in ways.items()
    }
    return {"messages": latency.messages, **seconds}


def print_latency(latency: Latency | None) -> None:
    """How long messages took, and where the time went."""
    console = stdout()
    if latency is None:
        console.print("No message has been sent yet that matches.")
        return
    console.print(latency.words)
    console.print(f"  until the alert was made: {shown(latency.reading)}")
    console.print(f"  from then until it was sent: {shown(latency.sending)}")


def print_checks(findings: Sequence[Finding]) -> None:
    """What `check` found; what must be done is on its own line."""
    console = stdout()
    for finding in findings:
        mark = "[green]ok[/]  " if finding.ok else "[red]no[/]  "
        console.print(f"{mark}[bold]{escape(finding.what)}[/]: {escape(finding.text)}")


def print_station(station: Station) -> None:
    """A station of the canary, with the time it took."""
    mark = "[green]ok[/]" if station.ok else "[red]no[/]"
    took = "" if station.seconds is None else show_duration(station.seconds)
    stdout().print(f"{mark}  [bold]{station.name:<8}[/]{took:>8}  {escape(station.text)}")


def print_backfill(report: BackfillReport, *, alerting: bool) -> None:
    """What a backfill did."""
    console = stdout()
    console.print(
        f"[bold]Stored[/] {many(report.stored, 'article', 'articles')} ({report.relevant} relevant), "
        f"{report.known} were known, {len(report.failed)} failed"
    )
    for line in report.failed:
        console.print(f"  [red]failed[/] {escape(line)}")
    if alerting:
        console.print(
            f"{many(report.alerts, 'alert waits', 'alerts wait')} for the next `armswire run`"
        )


def print_reread(report: RereadReport) -> None:
    """What extracting the kept pages again did."""
    console = stdout()
    console.print(
        f"[bold]Read[/] {report.pages} kept pages: {report.changed} articles changed, {report.stayed} stayed"
        + (f", {len(report.failed)} could not be read" if report.failed else "")
    )
    for line in report.failed:
        console.print(f"  [red]failed[/] {escape(line)}")


def shown_time(when: datetime | None) -> str:
    """A time as analysts read it."""
    return when.strftime("%Y-%m-%d %H:%M UTC") if when else ""


def shown_seconds(seconds: float) -> str:
    """How long something took."""
    return show_duration(seconds)
