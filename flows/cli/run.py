"""`armswire run`: one monitoring run now."""

from __future__ import annotations

import atexit
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption


def run(
    config: ConfigOption = DEFAULT_CONFIG,
    feed: Annotated[
        list[str] | None,
        typer.Option("--feed", "-f", help="Poll this feed now, due or not (repeatable)."),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Runs the monitor once: polls the feeds that are due, reads what is new, sends the alerts.

    With PREFECT_API_URL set it runs as the Prefect flow `monitor`, otherwise without Prefect.

    Example: armswire run --feed "Northern Wire World"
    """
    from flows.cli.console import print_run, progress_bars
    from flows.cli.inputs import require_known
    from flows.configuration import load_configuration
    from flows.line import run_line

    configuration = load_configuration(config)
    only = feed or []
    for name in only:
        require_known(name, [f.name for f in configuration.feeds], "feed")
    if os.environ.get("PREFECT_API_URL"):
        # The terminal shows the result; Prefect's log of the run is in its own interface.
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "WARNING")
        from flows.checks import require_prefect

        require_prefect()
        from flows.monitor import monitor

        result = monitor(config=config.absolute(), only=only or None)
        _print_counts(result, json_output)
        _leave()
    with progress_bars() as progress:
        report = run_line(configuration, only=only, progress=progress)
    if json_output:
        from flows.cli.console import run_as_dict

        print(json.dumps(run_as_dict(report), indent=2))
    else:
        print_run(report)
        _print_waiting(configuration.settings.database)
    if report.nothing_could_be_done:
        print("armswire: every feed failed; see the notes above", file=sys.stderr)
        raise typer.Exit(1)


def _print_waiting(database: Path) -> None:
    """Says how many messages are still to be sent: a run after a failed one may find none of them due."""
    from storage.published import open_published

    with open_published(database) as queries:
        counted = queries.counts().deliveries
    waiting = sum(counted.get(state, 0) for state in ("pending", "retry", "unknown"))
    if waiting:
        print(f"  {waiting} messages wait to be sent again by a later run")


def _leave() -> NoReturn:
    """Ends the process after its exit handlers (Prefect sends its last logs there), without taking the interpreter apart.

    Contexts that Prefect's threads still hold keep DuckDB's types alive to the end, and DuckDB's bindings would print a page
    of "leaked instances" about it.
    """
    sys.stdout.flush()
    atexit._run_exitfuncs()
    os._exit(0)


def _print_counts(counts: dict[str, Any], json_output: bool) -> None:
    text = json.dumps(counts) if json_output else ", ".join(f"{v} {k}" for k, v in counts.items())
    print(text)
