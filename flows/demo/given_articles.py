"""A newsroom built from a file of articles: the demo on a user's own input.

Each line is dealt to one of a few made-up outlets (guest_outlets.yaml), so that the articles arrive
as real ones do: by feeds of several formats, on pages of several kinds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from domain.errors import InputError
from flows.demo.outlet_rows import read_outlets
from flows.demo.outlets import Newsroom, SampleArticle, outlets_for, paragraphs_of, slug_of


@dataclass(frozen=True, kw_only=True)
class _Line:
    id: str
    title: str
    text: str


def newsroom_from_jsonl(path: Path, start: datetime) -> Newsroom:
    """A newsroom that publishes the articles of `path`, a line each: `{"id", "title", "text"}`.

    More keys are ignored. Every line becomes exactly one article with a page of its own, whatever
    its id; the first line is the newest one.

    Raises:
        InputError: the file cannot be read or holds no article; a line is no JSON object or lacks a
            text under `id`, `title` or `text`; two lines have one id.
    """
    lines = list(_read_lines(path))
    if not lines:
        raise InputError(
            f'{path}: holds no article; write one a line, as {{"id", "title", "text"}}'
        )
    outlets = outlets_for(len(lines), read_outlets(files("flows.demo") / "guest_outlets.yaml"))
    collection = tuple(
        SampleArticle(
            outlet=outlets[index % len(outlets)],
            number=index + 1,
            slug=slug_of(line.title) or "article",
            title=" ".join(line.title.split()),
            paragraphs=paragraphs_of(line.text),
            published=start - timedelta(minutes=2 * index + 1),
            source_id=line.id,
        )
        for index, line in enumerate(lines)
    )
    return Newsroom(start=start, outlets=outlets, collection=collection)


def _read_lines(path: Path) -> Iterator[_Line]:
    """The articles of `path`; blank lines are passed over."""
    first_at: dict[str, int] = {}
    try:
        # Split at line feeds only: U+2028 inside a text ends no line of JSONL, but does for
        # str.splitlines.
        rows = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    for number, row in enumerate(rows, start=1):
        if not row.strip():
            continue
        line = _line(row, f"{path}:{number}")
        if line.id in first_at:
            raise InputError(
                f"{path}:{number}: the id {line.id!r} is that of line {first_at[line.id]};"
                " ids must differ"
            )
        first_at[line.id] = number
        yield line


def _line(row: bytes, where: str) -> _Line:
    try:
        value: Any = json.loads(row.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise InputError(f"{where}: not an article: nested too deeply") from None
    if not isinstance(value, dict):
        raise InputError(f'{where}: must be an object {{"id", "title", "text"}}')
    for key in ("id", "title", "text"):
        if key not in value:
            raise InputError(f'{where}: lacks "{key}"; an article is {{"id", "title", "text"}}')
        if not isinstance(value[key], str):
            raise InputError(f'{where}: "{key}" must be a text, not {json.dumps(value[key])[:40]}')
    return _Line(id=value["id"], title=value["title"], text=value["text"])
