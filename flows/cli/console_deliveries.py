"""How the ledger looks in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from domain.alerting import DeliveryState
from flows.cli.console import disabled_line, shown_time, stdout
from storage.rows import DeliveryRow, DisabledChannel

SHORT_ID = 8
_STYLES = {
    DeliveryState.SENT: "green",
    DeliveryState.DEAD: "red",
    DeliveryState.UNKNOWN: "yellow",
    DeliveryState.RETRY: "yellow",
}


def print_deliveries(rows: Sequence[DeliveryRow], disabled: Sequence[DisabledChannel]) -> None:
    """A row a delivery, with why it has not arrived."""
    console = stdout()
    for channel in disabled:
        console.print(disabled_line(channel))
    if not rows:
        console.print("No deliveries yet that match.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("id", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("when", no_wrap=True)
    table.add_column("to and what", overflow="fold")
    for row in rows:
        what = Text.assemble((f"{row.channel} to {row.recipient}", "bold"), "\n", row.headline)
        if note := _note(row):
            what.append(f"\n{note}", style="dim")
        table.add_row(
            row.id[:SHORT_ID],
            Text(row.state.value, style=_STYLES.get(row.state, "")),
            shown_time(row.sent_at or row.updated_at),
            what,
        )
    console.print(table)


def delivery_line(row: DeliveryRow) -> str:
    """One delivery in a line."""
    return f"{row.id[:SHORT_ID]} {row.channel} to {row.recipient}: {row.headline}"


def delivery_as_dict(row: DeliveryRow) -> dict[str, Any]:
    """The JSON form of `deliveries list --json`."""
    times = ("queued_at", "next_attempt_at", "updated_at", "sent_at")
    texts = ("id", "kind", "alert_id", "watch", "story_id", "version", "headline", "channel")
    more = ("recipient", "message_id", "thread_id", "attempts", "last_error")
    return {
        **{name: getattr(row, name) for name in (*texts, *more)},
        "state": row.state.value,
        **{name: at.isoformat() if (at := getattr(row, name)) else None for name in times},
    }


def _note(row: DeliveryRow) -> str:
    tried = f"{row.attempts} tries: " if row.attempts > 1 else ""
    due = f"; next {shown_time(row.next_attempt_at)}" if row.next_attempt_at else ""
    return f"{tried}{row.last_error}{due}" if row.last_error else due.removeprefix("; ")
