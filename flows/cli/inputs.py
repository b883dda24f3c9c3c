"""What commands are given: a file, an address, standard input, or lines of JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from domain.errors import InputError
from domain.units import parse_duration


def read_bytes(path: Path, what: str = "an article") -> bytes:
    """The content of a file that should hold `what`.

    Raises:
        InputError: it cannot be read or is empty.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        msg = f"{path}: no such file"
        raise InputError(msg) from None
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from None
    if not content.strip():
        msg = f"{path}: is empty; give a file that holds {what}"
        raise InputError(msg)
    return content


def read_text(source: str) -> str:
    """The text of a file, or of standard input for "-".

    Raises:
        InputError: it cannot be read, is empty, or is no text.
    """
    if source == "-":
        content = sys.stdin.buffer.read()
        if not content.strip():
            msg = "standard input is empty; give an article's text"
            raise InputError(msg)
    else:
        content = read_bytes(Path(source))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{source}: is not UTF-8 text (byte {error.start}); convert it first"
        raise InputError(msg) from None


def is_address(source: str) -> bool:
    """Whether a command's argument is a web address rather than a file."""
    return source.lower().startswith(("http://", "https://"))


def json_lines(path: Path, *required: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number from 1, object) of each line that is not blank; `required` keys must be there and be texts.

    Raises:
        InputError: naming file and line.
    """
    text = read_text(str(path))
    # Not splitlines(): an article may hold a U+2028 that is no end of a JSON line.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            msg = f"{where}: is not JSON: {error.msg} (column {error.colno})"
            raise InputError(msg) from None
        if not isinstance(row, dict):
            msg = f'{where}: must be an object such as {{"id": "1", "title": "…", "text": "…"}}'
            raise InputError(msg)
        for key in required:
            if not isinstance(row.get(key), str):
                what = "is missing" if key not in row else "must be a text"
                msg = f'{where}: "{key}" {what}'
                raise InputError(msg)
        yield number, row


def extra_lexicons(config: str | None) -> tuple[Path, ...]:
    """The lexicon rows of the user's that a configuration file names; none without a file.

    Raises:
        ConfigError: the file or a row is wrong.
    """
    if config is None:
        return ()
    from flows.configuration import load_configuration

    return load_configuration(Path(config)).settings.detection.lexicon


def read_duration(text: str, option: str) -> timedelta:
    """The length of time an option gives: "12h", "7d".

    Raises:
        InputError: naming the option.
    """
    try:
        return parse_duration(text)
    except ValueError as error:
        msg = f"{option}: {error}"
        raise InputError(msg) from None


def require_known(name: str, known: Iterable[str], what: str) -> None:
    """Makes sure that the user means one of `known`.

    Raises:
        InputError: naming the nearest that there is.
    """
    names = list(known)
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        msg = f'no {what} is named "{name}"{hint}'
        raise InputError(msg)
