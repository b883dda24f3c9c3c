"""Paragraphs, list entries, headings and first lines of an article that trafilatura did not take."""

from __future__ import annotations

from extractors.page_blocks import Block, Box
from extractors.page_groups import boxes_around, is_prose
from extractors.page_lines import ENDS, ends_article, is_top_line
from extractors.page_main import LINKED, Ends, MainText

_FEW_LINKS = 0.2
_MUCH_MORE = 0.4
"""Share of the main group's characters from which a continuation is more than a note on the author."""
_NEAREST = 4
_LONGEST_LIST = 20


def missed(text: MainText, keep: set[int]) -> set[int]:
    """Paragraphs and list entries of the article's patterns."""
    known = [block for block in text.main if block.index in keep]
    is_partial = sum(len(b.text) for b in known) * 2 < text.size
    begin = min((b.index for b in known), default=text.first)
    end = max((b.index for b in known), default=text.last)
    parents = {b.box.parent for b in (known or text.main)}
    patterns = {text.blocks[i].box.pattern for i in keep if is_prose(text.blocks[i])}
    patterns.add(text.main[0].box.pattern)
    own = {block.index for block in text.main}
    found: set[int] = set()
    since = Ends()
    for block in text.blocks[max(text.page.headline + 1, 0) : text.stop]:
        index = block.index
        if index in keep:
            since = Ends()
        elif index not in text.page.furniture:
            since.add(block)
        if index in text.page.taken or index not in text.inside or text.is_none(block):
            continue
        is_amid = begin < index < end
        is_joined = index in own and not since.are_reached
        if not (is_partial or is_amid or is_joined or block.box.parent in parents):
            continue
        if block.link_share > LINKED:  # no pointer, so a paragraph that is a link
            is_wanted = is_amid and block.box.pattern in patterns
        else:
            is_sentence = is_prose(block) or (len(block.text) > 25 and block.text[-1] in ENDS)
            is_wanted = (
                (block.box.pattern in patterns and is_sentence)
                or _is_entry(block, parents)
                or (is_amid and _is_in_list_of_sentences(text, block))
            )
        if is_wanted:
            found.add(index)
            since = Ends()
    return found


def continuation(text: MainText, keep: set[int]) -> set[int]:
    """Paragraphs in boxes beside the text's own that follow on it without a break and are much: what a
    site hides until a reader has paid, or unfolds.
    """
    found: list[Block] = []
    for block in text.blocks[max(keep, default=text.last) + 1 : text.stop]:
        is_sibling = block.box.parent is not None and block.box.parent.parent is text.box.parent
        is_sentence = block.box.tag == "p" and block.text[-1] in ENDS
        if not (is_sibling and is_sentence) or block.link_share > _FEW_LINKS:
            break
        if text.is_none(block) or block.index in text.page.in_rows:
            break
        found.append(block)
    size = sum(len(block.text) for block in found)
    return {block.index for block in found} if size >= _MUCH_MORE * text.size else set()


def lead(text: MainText) -> set[int]:
    """A first paragraph that stands by itself between headline and text."""
    if text.page.headline < 0:
        return set()
    return {
        block.index
        for block in text.blocks[text.page.headline + 1 : text.first]
        if _may_lead(text, block)
        and is_prose(block)
        and block.link_share < _FEW_LINKS
        and block.text[-1] in ENDS
        and block.index not in text.page.in_rows
        and not text.is_none(block)
        and not is_top_line(block.text)
    }


def headings(text: MainText, keep: set[int]) -> set[int]:
    """Headings of what is kept."""
    found = set()
    for block in text.blocks[text.first + 1 : text.stop - 1]:
        index = block.index
        if (
            block.is_heading
            and index not in text.page.taken
            and index + 1 in keep
            and index in text.inside
            and not text.is_none(block)
            and block.link_share < LINKED
            and not ends_article(block.text)
        ):
            nearest = list(boxes_around(text.blocks[index + 1].box))[:_NEAREST]
            if any(box in nearest for box in list(boxes_around(block.box.parent))[:_NEAREST]):
                found.add(index)
    return found


def _is_entry(block: Block, parents: set[Box | None]) -> bool:
    """Whether a block is an entry of a list among the paragraphs."""
    box = block.box
    return (
        box.tag == "li"
        and box.parent is not None
        and box.parent.parent in parents
        and block.link_share < LINKED
        and len(block.text) > 15
    )


def _is_in_list_of_sentences(text: MainText, block: Block) -> bool:
    """Whether a block is an entry of a list without links, all of whose entries are sentences."""
    if block.box.tag != "li":
        return False
    near = text.blocks[max(block.index - _LONGEST_LIST, 0) : block.index + _LONGEST_LIST]
    entries = [b for b in near if b.box.parent is block.box.parent]
    return all(b.text[-1] in ENDS and not b.linked for b in entries)


def _may_lead(text: MainText, block: Block) -> bool:
    """Whether a block's element is one that holds an article's first lines."""
    if block.box.tag == "p" or block.index == text.page.headline + 1:
        return True
    return any(box.lead for box in list(boxes_around(block.box))[:2])
