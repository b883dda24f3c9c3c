"""What can be told of a page's blocks before the article is chosen: what trafilatura took, where the
headline is, what stands in rows, in furniture, and what the page itself states to be its text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extractors.page_blocks import Block, Box, squeezed
from extractors.page_groups import boxes_around, headline_index, is_prose, rows

_MUCH, _MUCH_TAKEN = 0.4, 0.2
"""Share of a page's prose, and of what trafilatura took of it, from which the name of a box is no reason
to leave it out.
"""
_ALMOST_ALL = 0.8
"""The same for elements that are made for what is not the text."""
UNEXPLAINED = 0.35
"""Share of trafilatura's prose that may be left out because of its place alone."""
_MADE_FOR_FURNITURE = ("aside", "nav", "footer", "figcaption")
_POINTING = 0.2
"""Share of a box's text that must be links for its name to be believed: first paragraphs are called
teasers, too.
"""
_ENOUGH = 250
"""Characters from which a text may be an article."""
_STATED = 40
"""Letters from which a block that stands in the text given to search engines is known by it."""


class Evidence:
    """A page's blocks with what can be told of them: `taken` are those of trafilatura's text,
    `stated` those in the text that the page gives to search engines.
    """

    def __init__(
        self, blocks: Sequence[Block], taken: set[int], titles: Sequence[str], stated: str
    ) -> None:
        self.blocks = blocks
        self.stated = self._in_text(stated)
        self.taken = taken | self.stated
        in_rows, row_blocks = rows(blocks)
        self.taken_size = sum(len(blocks[i].text) for i in self.taken - in_rows)
        self.in_rows, self.row_blocks = in_rows - self.stated, row_blocks - self.stated
        self.headline = headline_index(blocks, titles)
        prose = [block for block in blocks if is_prose(block)]
        self.taken_prose = sum(
            len(b.text) for b in prose if b.index in self.taken and b.index not in self.in_rows
        )
        before = sum(
            len(b.text) for b in prose if b.index in self.taken and b.index < self.headline
        )
        if before > UNEXPLAINED * self.taken_prose:
            self.headline = -1  # a title below the text, or another one's
        self.furniture = self._furniture(prose) - self.stated
        self.groups: dict[int, list[Block]] = {}
        for block in prose:
            if block.index not in self.furniture:
                self.groups.setdefault(block.box.pattern, []).append(block)

    def _in_text(self, stated: str) -> set[int]:
        """The blocks whose first and last letters stand in a text."""
        key = squeezed(stated)
        runs = {key[i : i + _STATED] for i in range(len(key) - _STATED + 1)}
        return {
            block.index
            for block in self.blocks
            if len(block.squeezed) >= _STATED
            and block.squeezed[:_STATED] in runs
            and block.squeezed[-_STATED:] in runs
        }

    def _furniture(self, prose: Sequence[Block]) -> set[int]:
        """The blocks in boxes that by tag or name hold no article, unless much of the prose stands
        in boxes of that pattern. Readers' comments may be longer than what they comment on.
        """
        all_prose = self._by_pattern(prose)
        taken = self._by_pattern(
            [b for b in prose if b.index in self.taken and b.index not in self.in_rows]
        )
        pointing = self._pointing()
        total = max(sum(len(block.text) for block in prose), 1)
        judged: dict[Box, bool] = {}

        titled = set(boxes_around(self.blocks[self.headline].box)) if self.headline >= 0 else set()

        def is_apart(box: Box) -> bool:
            """Whether trafilatura took nothing of a box, or enough outside of it for an article."""
            inside = taken[box.pattern]
            outside = self.taken_prose - inside
            return outside >= _ENOUGH if titled else outside > 0 and not inside

        def is_furniture(box: Box | None) -> bool:
            if box is None:
                return False
            if box not in judged:
                is_made = box.tag in _MADE_FOR_FURNITURE
                most, most_taken = (_ALMOST_ALL, _ALMOST_ALL) if is_made else (_MUCH, _MUCH_TAKEN)
                judged[box] = (
                    is_furniture(box.parent)
                    or (box.comments and box not in titled and is_apart(box))
                    or (
                        (box.furniture or box in pointing or _is_inner_article(box))
                        and all_prose[box.pattern] <= most * total
                        and taken[box.pattern] <= most_taken * max(self.taken_prose, 1)
                    )
                )
            return judged[box]

        return {block.index for block in self.blocks if is_furniture(block.box)}

    def _pointing(self) -> set[Box]:
        """The boxes that by name point to other articles, and do so with links."""
        nearest: dict[Box, Box | None] = {}

        def pointer_around(box: Box) -> Box | None:
            if box not in nearest:
                outer = pointer_around(box.parent) if box.parent is not None else None
                nearest[box] = box if box.pointing else outer
            return nearest[box]

        sizes: Counter[Box] = Counter()
        linked: Counter[Box] = Counter()
        for block in self.blocks:
            if (box := pointer_around(block.box)) is not None:
                sizes[box] += len(block.text)
                linked[box] += block.linked
        return {box for box, size in sizes.items() if linked[box] >= _POINTING * size}

    @staticmethod
    def _by_pattern(prose: Sequence[Block]) -> Counter[int]:
        """Characters of prose in boxes of each pattern."""
        by_box: Counter[Box] = Counter()
        for block in prose:
            by_box[block.box] += len(block.text)
        sizes: Counter[int] = Counter()
        for box, size in by_box.items():
            for pattern in {outer.pattern for outer in boxes_around(box)}:
                sizes[pattern] += size
        return sizes


def _is_inner_article(box: Box) -> bool:
    """Whether a box is an article element within another one: a teaser, a comment."""
    return box.tag == "article" and any(o.tag == "article" for o in boxes_around(box.parent))
