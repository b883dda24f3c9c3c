"""`armswire init` and `armswire check`: a starter configuration, and whether one is ready to run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption


def init(
    folder: Annotated[Path, typer.Argument(help="Where to write it.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Writes a commented monitor.yaml and feeds.yaml to start from.

    Example: armswire init newsdesk
    """
    from flows.starter import write_starter

    for path in write_starter(folder, overwrite=force):
        print(f"wrote {path}")
    print(f"Next: edit both, then run `armswire check --config {folder / 'monitor.yaml'}`")


def check(
    config: ConfigOption = DEFAULT_CONFIG,
    canary: Annotated[
        bool, typer.Option("--canary", help="Send a test article down the whole line instead.")
    ] = False,
    send: Annotated[
        bool,
        typer.Option("--send", help="The canary goes to your channels, marked as a test."),
    ] = False,
    json_output: JsonOption = False,
) -> None:
    """Checks configuration, database, channels and Prefect, and says what to do.

    Nothing is sent and nothing is stored. Exit status 2 when something must be done first.

    With --canary an article of the sample newsroom travels the whole line: polled, read, detected, matched, delivered to
    sinks on this machine, or with --send to every channel of yours. It has a database of its own. Exit status 1 when it
    does not come through.

    Example: armswire check --canary --config newsdesk/monitor.yaml
    """
    if canary:
        _send_canary(config, send, json_output)
        return
    _refuse_alone(send)
    from flows.checks import check_everything
    from flows.cli.console import print_checks

    findings = check_everything(config)
    if json_output:
        rows = [{"what": f.what, "ok": f.ok, "text": f.text} for f in findings]
        print(json.dumps(rows, indent=2))
    else:
        print_checks(findings)
    if not all(f.ok for f in findings):
        raise typer.Exit(2)


def _refuse_alone(send: bool) -> None:
    from domain.errors import InputError

    if send:
        msg = "--send goes with --canary: `armswire check --canary --send`"
        raise InputError(msg)


def _send_canary(config: Path, send: bool, json_output: bool) -> None:
    from dataclasses import asdict

    from flows.canary import send_canary
    from flows.cli.console import print_station
    from flows.configuration import load_configuration

    reached = []
    for station in send_canary(load_configuration(config), for_real=send):
        reached.append(station)
        if not json_output:
            print_station(station)
    failed = next((station for station in reached if not station.ok), None)
    if json_output:
        stations = [asdict(station) for station in reached]
        print(json.dumps({"ok": failed is None, "stations": stations}, indent=2))
    elif failed is None:
        print("the canary came through")
    else:
        print(f"the canary got as far as: {failed.name}")
    if failed is not None:
        raise typer.Exit(1)
