"""Files of JSON lines: a lexicon's rows, labelled articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.errors import ConfigError


def json_lines(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of `text`, each with the number of its line, from 1; empty lines are passed over. `path` is where the
    text was read, for errors.

    Raises ConfigError with path and line for a line that is no JSON object.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except json.JSONDecodeError as error:
            raise ConfigError(f"not JSON: {error.msg}", path=path, line=number) from None
        if not isinstance(data, dict):
            raise ConfigError("a line must be a JSON object", path=path, line=number)
        yield number, data
