"""The starter configuration that `armswire init` writes."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from domain.errors import InputError

NAMES = ("monitor.yaml", "feeds.yaml")


def write_starter(folder: Path, *, overwrite: bool) -> list[Path]:
    """Writes the starter files into `folder` (created when missing) and returns their paths.

    Raises:
        InputError: a file is there already and may not be overwritten; nothing is written then.
    """
    targets = [folder / name for name in NAMES]
    for target in targets:
        if target.exists() and not overwrite:
            msg = f"{target}: is there already; --force overwrites it"
            raise InputError(msg)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for target in targets:
            template = files("flows") / "starter_files" / target.name
            target.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        msg = f"{folder}: cannot be written: {error.strerror}"
        raise InputError(msg) from None
    return targets
