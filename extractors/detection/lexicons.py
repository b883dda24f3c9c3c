"""The lexicons: JSONL files beside this module, read strictly, one record type per file.

A lexicon row is data that an analyst may extend, so every mistake in one is a ConfigError with file and line: bad JSON,
a missing or unknown key, a wrong type, an unknown category or stage, an id used twice. Which file a row of an extra
lexicon belongs to is told by its "lexicon" key ("states", "systems", ...).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from domain.errors import ConfigError
from extractors.detection.json_lines import json_lines
from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.lexicon_rows import READERS, Row

FOLDER = Path(__file__).parent / "lexicons"


def load_lexicons(extra: Sequence[Path] = (), folder: Path = FOLDER) -> Lexicons:
    """Reads `folder`/NAME.jsonl for every lexicon, then the rows of `extra`, which name theirs by a "lexicon" key.

    Raises ConfigError with path and line for the first row that is wrong, or with the path for a file not found.
    """
    tables: dict[str, dict[str, Any]] = {name: {} for name in READERS}
    keys: dict[str, set[str]] = {name: {"lexicon"} for name in READERS}
    for name in READERS:
        for row in _rows(folder / f"{name}.jsonl"):
            keys[name].update(row.data)
            _add(tables[name], row, READERS[name](row))
    for path in extra:
        for row in _rows(path):
            name = row.one_of("lexicon", frozenset(READERS))
            _check_users_row(row, keys[name], tables["states"].keys() | _BODIES)
            _add(tables[name], row, READERS[name](row))
    return Lexicons(**tables)


_BODIES = frozenset(["EU", "UN", "NATO"])


def _check_users_row(row: Row, known: Collection[str], codes: Collection[str]) -> None:
    """What our own rows have right: every key is one of ours, there is a name, a country is a code."""
    for key in row.data:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise row.wrong(f'unknown key "{key}"{hint}')
    if row.data.get("names") == []:
        raise row.wrong('"names" is empty; give at least one')
    country = row.text_or_none("country")
    if country is not None and country not in codes:
        raise row.wrong(
            f'"country" must be an ISO code such as PL, or EU, UN, NATO; not "{country}"'
        )


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
    for number, data in json_lines(text, path):
        yield Row(data=data, path=path, line=number)
