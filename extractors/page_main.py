"""Where a page's article stands: its main group of paragraphs, and what a block's name, words and place
say for or against its being part of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from extractors.page_blocks import Block, Box
from extractors.page_evidence import Evidence
from extractors.page_groups import (
    PROSE,
    boxes_around,
    common_box,
    is_prose,
    main_group,
    next_article,
)
from extractors.page_lines import ENDS, ends_article, is_byline, is_furniture_line, is_top_line

LINKED = 0.6
_MUCH_FURNITURE = 0.2
_HEADLINE = 15
"""Characters of a link from which it may be another article's headline: buttons are shorter."""


class MainText:
    """A page's main group of paragraphs: `first` and `last` are the indices of its ends, `stop` the
    index at which the page's next article begins, `box` the smallest box around it.
    """

    def __init__(self, page: Evidence) -> None:
        self.page = page
        self.blocks = page.blocks
        group = main_group(page.groups.values(), page.taken, page.in_rows, page.headline)
        behind = [block for block in group if block.index > page.headline] or list(group)
        self.stop = next_article(page.blocks, page.headline, behind[0].index)
        self.main = [block for block in behind if block.index < self.stop]
        self.first, self.last = self.main[0].index, self.main[-1].index
        self.box = common_box(self.main)

    @cached_property
    def own_rows(self) -> set[int]:
        """The rows that are the article: entries of a live report, of a list of things to buy."""
        own = {block.box.pattern for block in self.main}
        rows = {i for i in self.page.in_rows if self.blocks[i].box.pattern in own}
        return self.page.row_blocks if rows else set()

    @cached_property
    def inside(self) -> set[int]:
        """The blocks in the smallest box around the main group."""
        known: dict[Box, bool] = {self.box: True}

        def is_inside(box: Box) -> bool:
            if box not in known:
                known[box] = box.parent is not None and is_inside(box.parent)
            return known[box]

        return {block.index for block in self.blocks[: self.stop] if is_inside(block.box)}

    def is_none(self, block: Block) -> bool:
        """Whether a block is none of the article wherever it stands."""
        if block.index in self.page.furniture or self._is_furniture_line(block):
            return True
        return block.box.tag in ("p", "li", "div") and _is_pointer(block)

    def _is_furniture_line(self, block: Block) -> bool:
        """Whether a block's words make it furniture, unless they would make that of much of the text:
        an article on newsletters, a list of photographs.
        """
        if self._furniture_lines > _MUCH_FURNITURE * self.size and is_prose(block):
            return False
        return is_furniture_line(block.text)

    @cached_property
    def size(self) -> int:
        """Characters of the main group."""
        return sum(len(block.text) for block in self.main)

    @cached_property
    def _furniture_lines(self) -> int:
        """Characters of the main group's blocks that their words would make furniture."""
        return sum(len(block.text) for block in self.main if is_furniture_line(block.text))

    def is_well_placed(self, index: int) -> bool:
        """Whether nothing in a block's place speaks against it."""
        block = self.blocks[index]
        if index in self.page.stated:
            return True
        if index >= self.stop:
            return False
        if index < self.first:
            if is_top_line(block.text) or index <= self.page.headline:
                return False
            return is_prose(block) or self._is_beside_text(block)
        if index <= self.first + 1 and is_byline(block.text):
            return False
        if index <= self.last:
            return index not in self.page.row_blocks or index in self.own_rows
        if index in self.inside and index < self.own_end:
            return True
        return (
            index < self.end
            and is_prose(block)
            and index not in self.page.in_rows
            and 2 * self._taken_size < self.page.taken_prose
        )

    @cached_property
    def _taken_size(self) -> int:
        return sum(len(block.text) for block in self.main if block.index in self.page.taken)

    @cached_property
    def beside(self) -> set[Box | None]:
        """The boxes that hold the paragraphs which trafilatura took."""
        taken = (self.blocks[i] for i in self.page.taken - self.page.furniture)
        return {b.box.parent for b in (*taken, *self.main) if is_prose(b)}

    def _is_beside_text(self, block: Block) -> bool:
        """Whether a short block stands where paragraphs do, or heads the first one."""
        if block.box in self.beside or block.box.parent in self.beside:
            return True
        if block.box.tag == "li" and not block.linked:
            around = {outer.parent for outer in self.beside if outer is not None} | self.beside
            return any(outer in around for outer in list(boxes_around(block.box))[2:3])
        heads = block.is_heading and block.index == self.first - 1
        return heads and block.index in self.inside

    @cached_property
    def end(self) -> int:
        """The index behind the main group at which something else has begun."""
        return self._end(self.blocks[self.last + 1 :])

    @cached_property
    def own_end(self) -> int:
        """The same within the box of the main group, where boxes with links may stand in the text."""
        behind = self.blocks[self.last + 1 :]
        return self._end([block for block in behind if block.index not in self.page.furniture])

    def _end(self, behind: Sequence[Block]) -> int:
        seen = Ends()
        for block in behind:
            seen.add(block)
            if seen.are_reached:
                return block.index
        return len(self.blocks)


class Ends:
    """Signs among the blocks seen that an article has ended: a line that heads what follows one, more
    than one headline of others.
    """

    def __init__(self) -> None:
        self._headlines = 0
        self._is_ended = False

    def add(self, block: Block) -> None:
        """Looks at one more block."""
        self._headlines += block.link_share > LINKED and len(block.text) >= _HEADLINE
        self._is_ended = self._is_ended or ends_article(block.text)

    @property
    def are_reached(self) -> bool:
        """Whether the signs suffice."""
        return self._is_ended or self._headlines > 1


def _is_pointer(block: Block) -> bool:
    """Whether a block is a link to another article, bare or behind a label ("Related: ..."). A
    sentence stays: some papers link whole paragraphs.
    """
    text = block.text
    if len(text) > 200 or block.link_share < 0.5:
        return False
    unlinked = len(text) - block.linked
    is_labelled = unlinked <= 30 and ":" in text[: unlinked + 1] and block.link_share < 0.95
    is_sentence = text[-1] in ENDS and len(text) >= PROSE and block.box.tag == "p"
    return is_labelled or (block.link_share > 0.9 and not is_sentence)
