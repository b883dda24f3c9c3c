"""The article's paragraphs: trafilatura's choice, put right by what the page's structure tells.

trafilatura reads one container of a page; its errors are few and large. It misses the rest of a
text that is split over several boxes, takes teasers and comments for it when the right container
has an unusual name, and keeps the lines that sites put among paragraphs. Here the page's groups of
paragraphs (page_groups) say where the article begins and ends and which of its paragraphs are
missing, class names (page_blocks) and words (page_lines) which lines are none of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from extractors.page_blocks import Block, Box, squeezed
from extractors.page_groups import (
    boxes_around,
    common_box,
    headline_index,
    is_prose,
    main_group,
    next_article,
    rows,
)
from extractors.page_lines import (
    ENDS,
    ends_article,
    is_furniture_line,
    is_heading_of_contacts,
    is_top_line,
)

_MUCH = 0.4
"""Share of a page's prose from which the name of a box is no reason to leave it out."""
_ALMOST_ALL = 0.8
"""The same for elements that are made for what is not the text."""
_UNEXPLAINED = 0.35
"""Share of trafilatura's prose that may be left out because of its place alone."""
_LINKED = 0.6
_AGREED = 0.8
_BEFORE = 8
"""Blocks above a headline, and between it and the text, that are looked at: section, date, byline."""
_AFTER = 8
"""Blocks behind an article that are looked at: a heading, an offer, a few buttons."""
_REPEATED = 60
_MADE_FOR_FURNITURE = ("aside", "nav", "footer", "figcaption")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of trafilatura's text, and the blocks that it was made of (`last` inclusive)."""

    text: str
    first: int
    last: int
    found: bool


@dataclass(frozen=True, slots=True)
class PageBody:
    """The paragraphs of a page's article, each on one line."""

    lines: list[str]
    headline: str
    """Empty when none can be told."""
    before: str
    """What stands around the headline and above the text: there a site puts date and byline."""
    after: str
    """The beginning of what follows the article: there a site says that there is more to pay for."""
    is_agreed: bool
    """Whether `text` held nearly all of the article, as far as the page's structure tells."""


def page_body(blocks: Sequence[Block], text: str, titles: Sequence[str]) -> PageBody:
    """The article in the blocks of a page.

    `text` is trafilatura's, a line for each paragraph; `titles` are those the page gives itself.
    """
    lines = [line for line in (" ".join(raw.split()) for raw in text.split("\n")) if squeezed(line)]
    located = _located(lines, blocks)
    taken = {i for line in located if line.found for i in range(line.first, line.last + 1)}
    page = _Page(blocks, taken, titles)
    headline = blocks[page.headline].text if page.headline >= 0 else ""
    if not page.groups:
        rest = [line for line in lines if not is_furniture_line(line)]
        return PageBody(rest, headline, "", "", is_agreed=False)
    choice = _Choice(page)
    kept = choice.kept()
    end = kept[-1] + 1 if kept else 0
    start = max(min(page.headline, choice.first), choice.first - _BEFORE, _BEFORE) - _BEFORE
    return PageBody(
        _rendered(kept, located, blocks),
        headline,
        before="\n".join(block.text for block in blocks[start : choice.first + 1]),
        after="\n".join(block.text for block in blocks[end : end + _AFTER]),
        is_agreed=choice.is_agreed(),
    )


class _Page:
    """A page's blocks with what can be told of them: `taken` are those of trafilatura's text."""

    def __init__(self, blocks: Sequence[Block], taken: set[int], titles: Sequence[str]) -> None:
        self.blocks = blocks
        self.taken = taken
        self.in_rows = rows(blocks)
        self.headline = headline_index(blocks, titles)
        prose = [block for block in blocks if is_prose(block)]
        self.taken_prose = sum(
            len(b.text) for b in prose if b.index in taken and b.index not in self.in_rows
        )
        before = sum(len(b.text) for b in prose if b.index in taken and b.index < self.headline)
        if before > _UNEXPLAINED * self.taken_prose:
            self.headline = -1  # a title below the text, or another one's
        self.furniture = self._furniture(prose)
        self.groups: dict[int, list[Block]] = {}
        for block in prose:
            if block.index not in self.furniture:
                self.groups.setdefault(block.box.pattern, []).append(block)

    def _furniture(self, prose: Sequence[Block]) -> set[int]:
        """The blocks in boxes that by tag or name hold no article, unless much of the prose stands
        in boxes of that pattern.
        """
        all_prose = self._by_pattern(prose)
        taken = self._by_pattern(
            [b for b in prose if b.index in self.taken and b.index not in self.in_rows]
        )
        total = max(sum(len(block.text) for block in prose), 1)
        judged: dict[Box, bool] = {}

        def is_furniture(box: Box | None) -> bool:
            if box is None:
                return False
            if box not in judged:
                limit = _ALMOST_ALL if box.tag in _MADE_FOR_FURNITURE else _MUCH
                judged[box] = is_furniture(box.parent) or (
                    box.furniture
                    and all_prose[box.pattern] <= limit * total
                    and taken[box.pattern] <= limit * max(self.taken_prose, 1)
                )
            return judged[box]

        return {block.index for block in self.blocks if is_furniture(block.box)}

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


class _Choice:
    """The decision, block by block."""

    def __init__(self, page: _Page) -> None:
        self.page = page
        self.blocks = page.blocks
        group = main_group(page.groups.values(), page.taken, page.in_rows, page.headline)
        behind = [block for block in group if block.index > page.headline] or list(group)
        self.stop = next_article(page.blocks, page.headline, behind[0].index)
        self.main = [block for block in behind if block.index < self.stop]
        self.first, self.last = self.main[0].index, self.main[-1].index
        self.box = common_box(self.main)

    def kept(self) -> list[int]:
        """The indices of the article's blocks, in order."""
        keep = self._taken()
        keep |= self._missed(keep)
        keep |= self._lead()
        keep |= self._headings(keep)
        return self._without_tail(sorted(keep))

    def is_agreed(self) -> bool:
        """Whether trafilatura took nearly all of the main group."""
        own = sum(len(block.text) for block in self.main)
        taken = sum(len(block.text) for block in self.main if block.index in self.page.taken)
        return taken >= _AGREED * own

    @cached_property
    def inside(self) -> set[int]:
        """The blocks in the smallest box around the main group."""
        known: dict[Box, bool] = {self.box: True}

        def is_inside(box: Box) -> bool:
            if box not in known:
                known[box] = box.parent is not None and is_inside(box.parent)
            return known[box]

        return {block.index for block in self.blocks[: self.stop] if is_inside(block.box)}

    def _taken(self) -> set[int]:
        """What trafilatura took and nothing speaks against; all that its place alone speaks
        against, when that is much.
        """
        own = {i for i in self.page.taken if not self._is_none(self.blocks[i])}
        placed = {i for i in own if self._is_well_placed(i)}
        explained = self.page.in_rows | set(range(self.stop, len(self.blocks)))
        lost = sum(
            len(self.blocks[i].text)
            for i in own - placed - explained
            if is_prose(self.blocks[i]) and not self._is_behind_an_end(i)
        )
        return own if lost > _UNEXPLAINED * self.page.taken_prose else placed

    def _is_none(self, block: Block) -> bool:
        """Whether a block is none of the article wherever it stands."""
        return (
            block.index in self.page.furniture
            or is_furniture_line(block.text)
            or (block.box.tag == "p" and block.link_share > 0.9 and len(block.text) < 200)
        )

    def _is_well_placed(self, index: int) -> bool:
        block = self.blocks[index]
        if index >= self.stop:
            return False
        if index < self.first:
            known = self.page.headline >= 0 or index in self.inside or is_prose(block)
            return index > self.page.headline and known and not is_top_line(block.text)
        if index <= self.last:
            return True
        if self._is_behind_an_end(index):
            return False
        if index in self.inside:
            return True
        main = sum(len(b.text) for b in self.main if b.index in self.page.taken)
        return (
            is_prose(block) and index not in self.page.in_rows and 2 * main < self.page.taken_prose
        )

    def _is_behind_an_end(self, index: int) -> bool:
        """Whether a line between the main group and a block heads what follows an article, or more
        than one link stands there.
        """
        between = self.blocks[self.last + 1 : index + 1]
        linked = sum(block.link_share > _LINKED for block in between)
        return linked > 1 or any(ends_article(block.text) for block in between)

    def _missed(self, keep: set[int]) -> set[int]:
        """Paragraphs and list entries of the article's patterns that trafilatura did not take."""
        known = [block for block in self.main if block.index in keep]
        is_partial = sum(len(b.text) for b in known) * 2 < sum(len(b.text) for b in self.main)
        begin = min((b.index for b in known), default=self.first)
        end = max((b.index for b in known), default=self.last)
        parents = {b.box.parent for b in (known or self.main)}
        patterns = {self.blocks[i].box.pattern for i in keep if is_prose(self.blocks[i])}
        patterns.add(self.main[0].box.pattern)
        found = set()
        for block in self.blocks[max(self.page.headline + 1, 0) : self.stop]:
            index = block.index
            if index in self.page.taken or index not in self.inside or self._is_none(block):
                continue
            near = is_partial or begin < index < end or block.box.parent in parents
            if not near or block.link_share > _LINKED:
                continue
            is_sentence = is_prose(block) or (len(block.text) > 25 and block.text[-1] in ENDS)
            if (block.box.pattern in patterns and is_sentence) or self._is_entry(block, parents):
                found.add(index)
        return found

    @staticmethod
    def _is_entry(block: Block, parents: set[Box | None]) -> bool:
        """Whether a block is an entry of a list among the paragraphs."""
        box = block.box
        return (
            box.tag == "li"
            and box.parent is not None
            and box.parent.parent in parents
            and block.link_share < _LINKED
            and len(block.text) > 15
        )

    def _lead(self) -> set[int]:
        """A first paragraph that stands by itself between headline and text."""
        if self.page.headline < 0:
            return set()
        return {
            block.index
            for block in self.blocks[self.page.headline + 1 : self.first]
            if block.box.tag == "p"
            and is_prose(block)
            and not block.linked
            and block.text[-1] in ENDS
            and block.index not in self.page.in_rows
            and not self._is_none(block)
            and not is_top_line(block.text)
        }

    def _headings(self, keep: set[int]) -> set[int]:
        """Headings of what is kept that trafilatura did not take."""
        found = set()
        for block in self.blocks[self.first + 1 : self.stop - 1]:
            index = block.index
            if (
                block.is_heading
                and index not in self.page.taken
                and index + 1 in keep
                and index in self.inside
                and not self._is_none(block)
                and block.link_share < _LINKED
                and not ends_article(block.text)
            ):
                nearest = list(boxes_around(self.blocks[index + 1].box))[:4]
                if block.box.parent in nearest:
                    found.add(index)
        return found

    def _without_tail(self, order: list[int]) -> list[int]:
        """Without what follows an end behind which no prose comes, and without headings of
        nothing.
        """
        last_prose = max((n for n, i in enumerate(order) if is_prose(self.blocks[i])), default=-1)
        for n in range(last_prose + 1, len(order)):
            text = self.blocks[order[n]].text
            if ends_article(text) or is_heading_of_contacts(text):
                order = order[:n]
                break
        while order and self.blocks[order[-1]].is_heading:
            order.pop()
        return order


def _located(lines: Sequence[str], blocks: Sequence[Block]) -> list[_Line]:
    """Each line with the blocks it was made of; a line of unknown origin keeps its place."""
    starts: list[int] = []
    size = 0
    for block in blocks:
        starts.append(size)
        size += len(block.squeezed)
    page = "".join(block.squeezed for block in blocks)
    located: list[_Line] = []
    cursor = place = 0
    for text in lines:
        key = squeezed(text)
        if not key:
            continue
        start = page.find(key, cursor)
        if start < 0:
            start = page.find(key)
        if start < 0:
            located.append(_Line(text, place, place, found=False))
            continue
        cursor = start + len(key)
        first, place = bisect_right(starts, start) - 1, bisect_right(starts, cursor - 1) - 1
        located.append(_Line(text, first, place, found=True))
    return located


def _rendered(order: Sequence[int], located: Sequence[_Line], blocks: Sequence[Block]) -> list[str]:
    """The lines of the kept blocks: trafilatura's own where it has them whole."""
    kept = set(order)
    done: set[int] = set()
    placed: list[tuple[int, str]] = []
    for line in located:
        span = range(line.first, line.last + 1)
        if not line.found:
            if line.first in kept and not is_furniture_line(line.text):
                placed.append((line.first, line.text))
        elif all(i in kept for i in span):
            is_part = line.first == line.last and len(line.text) < 0.6 * len(
                blocks[line.first].text
            )
            if is_part or not done.issuperset(span):
                placed.append((line.first, line.text))
            done.update(span)
    placed += [(i, blocks[i].text) for i in order if i not in done]
    placed.sort(key=lambda pair: pair[0])
    return _unrepeated(text for _, text in placed)


def _unrepeated(lines: Any) -> list[str]:
    seen: set[str] = set()
    kept = []
    for line in lines:
        key = squeezed(line)
        if len(key) < _REPEATED or key not in seen:
            kept.append(line)
        seen.add(key)
    return kept
