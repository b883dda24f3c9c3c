"""From the blocks chosen for an article to its lines: trafilatura's own wherever it has them whole.

trafilatura breaks lines better than the blocks do (at single breaks, in tables and lists), but cuts
some paragraphs at a link or an emphasis and loses what follows it; then the block's own text is taken.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.page_blocks import Block, squeezed
from extractors.page_lines import ENDS, is_furniture_line

_REPEATED = 60
_PIECE = 40
"""Letters of a line that are looked for by themselves where the line is not to be found."""
_WHOLE = 0.97
_PART = 0.5
"""Share of a block that trafilatura's lines must hold for the rest to be theirs too."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of trafilatura's text, and the blocks that it was made of (`last` inclusive)."""

    text: str
    first: int
    last: int
    found: bool


def located(text: str, blocks: Sequence[Block]) -> list[Line]:
    """Each line of `text` with the blocks it was made of; a line of unknown origin keeps its place."""
    starts: list[int] = []
    size = 0
    for block in blocks:
        starts.append(size)
        size += len(block.squeezed)
    page = "".join(block.squeezed for block in blocks)
    lines: list[Line] = []
    cursor = place = 0
    for raw in text.split("\n"):
        line = " ".join(raw.split())
        key = squeezed(line)
        if not key:
            continue
        start = page.find(key, cursor)
        if start < 0:
            start = page.find(key)
        if start < 0:
            pieces = _pieces(key, page, starts)
            lines += [Line(blocks[i].text, i, i, found=True) for i in pieces]
            if not pieces:
                lines.append(Line(line, place, place, found=False))
            continue
        cursor = start + len(key)
        first, place = bisect_right(starts, start) - 1, bisect_right(starts, cursor - 1) - 1
        lines.append(Line(line, first, place, found=True))
    return lines


def _pieces(key: str, page: str, starts: Sequence[int]) -> list[int]:
    """The blocks that a line was made of with something between them; none if most is of elsewhere."""
    pieces = [key[i : i + _PIECE] for i in range(0, len(key) - _PIECE + 1, _PIECE)]
    places = [place for place in map(page.find, pieces) if place >= 0]
    if len(places) <= _PART * len(pieces):
        return []
    return sorted({bisect_right(starts, place) - 1 for place in places})


def rendered(order: Sequence[int], lines: Sequence[Line], blocks: Sequence[Block]) -> list[str]:
    """The lines of the blocks whose indices are in `order`."""
    kept = set(order)
    within: dict[int, list[Line]] = {}
    placed: list[tuple[int, str]] = []
    done: set[int] = set()
    for line in lines:
        if not line.found:
            if line.first in kept and not is_furniture_line(line.text):
                placed.append((line.first, line.text))
        elif line.first == line.last:
            within.setdefault(line.first, []).append(line)
        elif all(i in kept for i in range(line.first, line.last + 1)):
            span = range(line.first, line.last + 1)
            if not done.issuperset(span):
                placed.append((line.first, line.text))
            done.update(span)
    for index in order:
        if index not in done:
            placed += [(index, text) for text in _of_block(blocks[index], within.get(index, []))]
    placed.sort(key=lambda pair: pair[0])
    return _unrepeated(text for _, text in placed)


def _of_block(block: Block, lines: Sequence[Line]) -> list[str]:
    """A block's text as trafilatura breaks it, unless that breaks or loses sentences."""
    share = sum(len(squeezed(line.text)) for line in lines) / len(block.squeezed)
    is_whole = share >= _WHOLE and all(line.text[-1] in ENDS for line in lines[:-1])
    is_small_part = bool(lines) and share < _PART
    return [line.text for line in lines] if is_whole or is_small_part else [block.text]


def _unrepeated(lines: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    kept = []
    for line in lines:
        key = squeezed(line)
        if len(key) < _REPEATED or key not in seen:
            kept.append(line)
        seen.add(key)
    return kept
