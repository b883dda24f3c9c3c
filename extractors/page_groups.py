"""Where on a page its article is: the headline, and the group of paragraphs that belongs to it.

Paragraphs of one text stand in boxes of one pattern, however many boxes a site puts them into;
teasers and readers' comments stand in rows, alone among labels and links.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from extractors.page_blocks import Block, Box, squeezed

PROSE = 80
"""Characters from which a block counts as prose: labels, bylines and menus are shorter."""
_FEWEST = PROSE * 2 // 5
_LINKED = 0.4
_LABEL = 0.6
_FEWEST_ROWS = 3
_NO_HEADING = 250
"""Characters from which the text in a heading is none: a heading that was never closed."""
_LONG_TITLE = 25
"""Letters of a title that is known for one where the byline follows on the next line of its block."""
_NEAR, _NEARBY = 8, 15
"""Blocks between a headline and the text: byline, date, share buttons, a picture's caption."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_prose(block: Block) -> bool:
    """Whether a block is long enough for a paragraph, and no heading or list of links."""
    size = len(block.text)
    if size < PROSE and (size < _FEWEST or _size(block.text) < PROSE):
        return False
    return block.link_share < _LINKED and (not block.is_heading or size >= _NO_HEADING)


def boxes_around(box: Box | None) -> Iterator[Box]:
    """A box and those around it, outwards."""
    while box is not None:
        yield box
        box = box.parent


def common_box(blocks: Iterable[Block]) -> Box:
    """The smallest box around all of some blocks (at least one)."""
    first, *others = blocks
    path = list(boxes_around(first.box))
    for box in {block.box for block in others}:
        around = set(boxes_around(box))
        path = path[next(n for n, outer in enumerate(path) if outer in around) :]
    return path[0]


def headline_index(blocks: Sequence[Block], titles: Sequence[str]) -> int:
    """The index of the article's headline; -1 when none can be told.

    It repeats one of the page's titles, which may carry the outlet's name as well, and is a main
    heading rather than a lesser one or a label; failing that, it is the page's only main heading.
    """
    keys = [key for key in dict.fromkeys(map(squeezed, titles)) if key]
    longest = max(map(len, keys), default=0)
    best, best_rank = -1, 0
    for block in blocks:
        key = block.squeezed
        if not 8 <= len(key) <= 300 or not any(_repeats(key, title) for title in keys):
            continue
        rank = 3 if block.box.tag == "h1" else 2 if block.is_heading else 1
        rank -= len(key) < longest / 2
        if rank > best_rank:
            best, best_rank = block.index, rank
    if best >= 0:
        return best
    main_headings = [block.index for block in blocks if block.box.tag == "h1"]
    return main_headings[0] if len(main_headings) == 1 else -1


def next_article(blocks: Sequence[Block], headline: int, first: int) -> int:
    """The index at which a page that goes on without end begins its next article, behind the block
    `first`: at a main heading like the article's own. The number of blocks when there is none.
    """
    if headline < 0 or blocks[headline].box.tag != "h1":
        return len(blocks)
    own = blocks[headline]
    for block in blocks[first:]:
        if (
            block.box.tag == "h1"
            and block.box.pattern == own.box.pattern
            and block.box.parent is not own.box.parent
            and block.squeezed != own.squeezed
        ):
            return block.index
    return len(blocks)


def rows(blocks: Sequence[Block]) -> tuple[set[int], set[int]]:
    """The prose that stands alone in a row of many: a teaser's summary, a reader's comment; and all
    blocks of such rows.

    A row is a box with one block of prose and with labels or links beside it, of a pattern that
    recurs on the page.
    """
    holders = _holders(blocks)
    prose: Counter[Box] = Counter()
    alone: dict[Box, int] = {}
    labels: set[Box] = set()
    for block, holder in zip(blocks, holders, strict=True):
        if is_prose(block):
            prose[holder] += 1
            alone[holder] = block.index
        elif not block.is_heading or block.link_share > _LABEL:
            labels.add(holder)
    found: dict[int, list[Box]] = {}
    for holder in alone:
        if prose[holder] == 1 and holder in labels:
            found.setdefault(holder.pattern, []).append(holder)
    held = {holder for row in found.values() if len(row) >= _FEWEST_ROWS for holder in row}
    if not held:
        return set(), set()
    row_blocks = {b.index for b, holder in zip(blocks, holders, strict=True) if holder in held}
    return {alone[holder] for holder in held}, row_blocks


def main_group(
    groups: Iterable[Sequence[Block]], taken: set[int], in_rows: set[int], headline: int
) -> Sequence[Block]:
    """The group of prose that is most likely the article's: long, behind the headline and near to
    it, `taken` by the first reading of the page, and not in rows.
    """

    def weight(group: Sequence[Block]) -> float:
        size = sum(len(block.text) for block in group)
        behind = sum(len(block.text) for block in group if block.index > headline) / size
        known = sum(len(block.text) for block in group if block.index in taken) / size
        alone = sum(block.index in in_rows for block in group) / len(group)
        gap = min((b.index - headline for b in group if b.index > headline), default=len(groups_))
        near = 1.0 if headline < 0 or gap > _NEARBY else 1.2 if gap > _NEAR else 1.6
        words = sum(len(block.text) - block.linked for block in group)
        return words * (0.2 + 0.8 * behind) * (0.4 + known) * (1 - 0.8 * alone) * near

    groups_ = list(groups)
    return max(groups_, key=weight)


def _repeats(key: str, title: str) -> bool:
    if len(key) <= len(title):
        return key in title
    if len(title) > 0.7 * len(key):
        return title in key
    return len(title) >= _LONG_TITLE and len(key) < 2 * len(title) and key.startswith(title)


def _holders(blocks: Sequence[Block]) -> list[Box]:
    """The box around each block's own element; the element itself where it holds several blocks."""
    held = Counter(block.box for block in blocks)
    outer = {block.box.parent for block in blocks}
    return [
        block.box.parent
        if block.box.parent is not None and held[block.box] == 1 and block.box not in outer
        else block.box
        for block in blocks
    ]


def _size(text: str) -> int:
    """Characters, where one of Chinese, Japanese or Korean says as much as two and a half."""
    return len(text) if text.isascii() else len(text) + len(_UNSPACED.findall(text)) * 3 // 2
