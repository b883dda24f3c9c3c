"""The lexicons: JSONL files beside this module, read strictly, one record type per file.

A lexicon row is data that an analyst may extend, so every mistake in one is a ConfigError with file and line: bad JSON,
a missing or unknown key, a wrong type, an unknown category or stage, an id used twice. Which file a row of an extra
lexicon belongs to is told by its "lexicon" key ("states", "systems", ...).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from domain.errors import ConfigError
from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.lexicon_rows import READERS, Row

FOLDER = Path(__file__).parent / "lexicons"


def load_lexicons(extra: Sequence[Path] = (), folder: Path = FOLDER) -> Lexicons:
    """Reads `folder`/NAME.jsonl for every lexicon, then the rows of `extra`, which name theirs by a "lexicon" key.

    Raises ConfigError with path and line for the first row that is wrong, or with the path for a file not found.
    """
    tables: dict[str, dict[str, Any]] = {name: {} for name in READERS}
    for name in READERS:
        for row in _rows(folder / f"{name}.jsonl"):
            _add(tables[name], row, READERS[name](row))
    for path in extra:
        for row in _rows(path):
            name = row.one_of("lexicon", frozenset(READERS))
            _add(tables[name], row, READERS[name](row))
    return Lexicons(**tables)


def _add(table: dict[str, Any], row: Row, entry: Any) -> None:
    if entry.id in table:
        raise row.wrong(f'the id "{entry.id}" is used twice')
    table[entry.id] = entry


def _rows(path: Path) -> Iterator[Row]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError("no such lexicon file", path=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"this lexicon cannot be read: {error}", path=path) from None
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except json.JSONDecodeError as error:
            raise ConfigError(f"not JSON: {error.msg}", path=path, line=number) from None
        if not isinstance(data, dict):
            raise ConfigError("a row must be a JSON object", path=path, line=number)
        yield Row(data=data, path=path, line=number)
