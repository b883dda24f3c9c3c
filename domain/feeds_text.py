"""Rows put into and taken out of the text of feeds.yaml: pure, and nobody's comment is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from domain.errors import ConfigError
from domain.settings import FeedSettings
from domain.units import write_duration

_PLAIN = re.compile(r"[A-Za-z][\w-]*")
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NOT_PLAIN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""What other readers of YAML 1.1 take for something else: NO, Norway, above all."""


def with_rows(text: str, rows: Iterable[FeedSettings], path: Path) -> str:
    """`text` with `rows` after its last row, as deep as that one stands; a row is a line or a block
    as the last one is.

    Raises:
        ConfigError: the rows of `text` (the content of `path`) stand in one pair of brackets.
    """
    root = _root(text, path)
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = root.start_mark.column if root else 0
    in_lines = root is not None and bool(root.value) and bool(root.value[-1].flow_style)
    added = [_line(row, indent) if in_lines else _block(row, indent) for row in rows]
    head = text if not text or text.endswith("\n") else text + newline
    gap = "" if in_lines or not head.strip() else "\n"
    return head + "".join(f"{gap}{row}\n" for row in added).replace("\n", newline)


def without_row(text: str, index: int, path: Path) -> str:
    """`text` without its row number `index` (from 0). Comments above and below the row stay.

    Raises:
        ConfigError: the rows of `text` (the content of `path`) stand in one pair of brackets.
    """
    root = _root(text, path)
    assert root is not None, "only a row that was read is taken out"  # noqa: S101
    row = root.value[index]
    lines = text.splitlines(keepends=True)
    first, last = row.start_mark.line, _last_line(row)
    while not lines[first].lstrip().startswith("-"):  # the dash may have a line of its own
        first -= 1
    before, after = lines[:first], lines[last + 1 :]
    # Of the blank lines around a row in a block one is enough.
    if (not before or not before[-1].strip()) and after and not after[0].strip():
        after = after[1:]
    return "".join(before + after)


def _root(text: str, path: Path) -> yaml.SequenceNode | None:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.SequenceNode):
        return None
    if node.flow_style:
        msg = "has its rows in one pair of brackets; write each on a line of its own, after a dash"
        raise ConfigError(msg, path=path, line=node.start_mark.line + 1)
    return node


def _last_line(node: yaml.Node) -> int:
    """Where a node's own text ends (from 0). A block's end mark is where the next thing begins."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        mark = node.end_mark
        return int(mark.line - (mark.column == 0 and mark.line > node.start_mark.line))
    children = (
        [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else node.value
    )
    return max((_last_line(child) for child in children), default=int(node.start_mark.line))


def _line(row: FeedSettings, indent: int) -> str:
    return f"{' ' * indent}- {{{', '.join(f'{k}: {v}' for k, v in _values(row))}}}"


def _block(row: FeedSettings, indent: int) -> str:
    lines = [f"{key}: {value}" for key, value in _values(row)]
    margin = "\n" + " " * (indent + 2)
    return f"{' ' * indent}- {margin.join(lines)}"


def _values(row: FeedSettings) -> Iterator[tuple[str, str]]:
    yield "url", _quoted(row.url)
    yield "name", _quoted(row.name)
    for key in ("publisher", "country", "language", "tier"):
        value = getattr(row, key)
        if value is not None:
            yield key, _quoted(value) if key == "publisher" else _scalar(value)
    if row.tags:
        yield "tags", f"[{', '.join(_scalar(tag) for tag in row.tags)}]"
    if row.every is not None:
        yield "every", write_duration(row.every)
    if not row.enabled:
        yield "enabled", "false"


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    """JSON's strings are YAML's too. What YAML 1.1 counts as a line end inside one is escaped."""
    whole = re.sub("[\ud800-\udfff]", "\ufffd", text)
    quoted = json.dumps(whole, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
