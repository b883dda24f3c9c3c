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


def check(config: ConfigOption = DEFAULT_CONFIG, json_output: JsonOption = False) -> None:
    """Checks configuration, database, channels and Prefect, and says what to do.

    Nothing is sent and nothing is stored. Exit status 2 when something must be done first.

    Example: armswire check --config newsdesk/monitor.yaml
    """
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
