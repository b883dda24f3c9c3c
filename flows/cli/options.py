"""Options that several commands share, worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[
    Path,
    typer.Option("--config", "-c", help="The configuration file.", metavar="FILE"),
]
SettingsOption = Annotated[
    str | None,
    typer.Option("--config", "-c", help="Take settings from this file.", metavar="FILE"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
DEFAULT_CONFIG = Path("monitor.yaml")
