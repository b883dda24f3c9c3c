"""The article's paragraphs: trafilatura's choice, put right by what the page's structure tells.

trafilatura reads one container of a page; its errors are few and large. It misses the rest of a
text that is split over several boxes, takes teasers and comments for it when the right container
has an unusual name, and keeps the lines that sites put among paragraphs. Here the page's groups of
paragraphs (page_groups) say where the article begins and ends and which of its paragraphs are
missing, class names (page_blocks) and words (page_lines) which lines are none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.page_blocks import Block
from extractors.page_evidence import UNEXPLAINED, Evidence
from extractors.page_groups import is_prose
from extractors.page_lines import ends_article, is_furniture_line, is_heading_of_contacts
from extractors.page_main import MainText
from extractors.page_missed import continuation, headings, lead, missed
from extractors.page_rendering import located, rendered

_AGREED = 0.8
_MOST = 0.5
_ENOUGH = 500
"""Characters of trafilatura's text from which it cannot be wrong altogether."""
_BEFORE = 8
"""Blocks above a headline, and between it and the text, that are looked at: section, date, byline."""
_AFTER = 8
"""Blocks behind an article that are looked at: a heading, an offer, a few buttons."""


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


def page_body(
    blocks: Sequence[Block], text: str, titles: Sequence[str], stated: str = ""
) -> PageBody:
    """The article in the blocks of a page.

    `text` is trafilatura's, a line for each paragraph; `titles` are those the page gives itself,
    `stated` the text that it gives to search engines, if any.
    """
    lines = located(text, blocks)
    taken = {i for line in lines if line.found for i in range(line.first, line.last + 1)}
    page = Evidence(blocks, taken, titles, stated)
    headline = blocks[page.headline].text if page.headline >= 0 else ""
    main = MainText(page) if page.groups else None
    kept = _kept(main) if main else []
    if main is None or _is_elsewhere(page, kept):
        rest = [line.text for line in lines if not is_furniture_line(line.text)]
        return PageBody(rest, headline, "", "", is_agreed=False)
    end = kept[-1] + 1 if kept else 0
    start = max(min(page.headline, main.first), main.first - _BEFORE, _BEFORE) - _BEFORE
    return PageBody(
        rendered(kept, lines, blocks),
        headline,
        before="\n".join(block.text for block in blocks[start : main.first + 1]),
        after="\n".join(block.text for block in blocks[end : end + _AFTER]),
        is_agreed=_is_agreed(main),
    )


def _is_elsewhere(page: Evidence, kept: Sequence[int]) -> bool:
    """Whether all that is kept is of another place than trafilatura's text, and less: broken markup."""
    size = sum(len(page.blocks[i].text) for i in kept)
    return page.taken_size >= max(_ENOUGH, 2 * size) and page.taken.isdisjoint(kept)


def _kept(text: MainText) -> list[int]:
    """The indices of the article's blocks, in order."""
    keep = _taken(text)
    keep |= missed(text, keep)
    keep |= lead(text)
    keep |= headings(text, keep)
    keep |= continuation(text, keep)
    return _without_tail(text, sorted(keep))


def _is_agreed(text: MainText) -> bool:
    """Whether trafilatura took nearly all of the main group, and most of the prose around it."""
    taken = text.page.taken
    own = [block for block in text.main if block.index not in text.page.in_rows]
    return _share(own or text.main, taken) >= _AGREED and (
        _share(_prose_around(text), taken) >= _MOST
    )


def _prose_around(text: MainText) -> list[Block]:
    """The prose behind the headline that neither its name nor its place explains, to the first
    line that ends an article.
    """
    begin = text.page.headline + 1 if text.page.headline >= 0 else text.first
    found = []
    for block in text.blocks[begin : text.stop]:
        if block.index > text.first and ends_article(block.text):
            break
        is_explained = block.index in text.page.furniture or block.index in text.page.in_rows
        if is_prose(block) and not is_explained:
            found.append(block)
    return found


def _taken(text: MainText) -> set[int]:
    """What trafilatura took and nothing speaks against; all that its place alone speaks
    against, when that is much.
    """
    own = {i for i in text.page.taken if not text.is_none(text.blocks[i])}
    placed = {i for i in own if text.is_well_placed(i)}
    explained = text.page.in_rows | set(range(text.stop, len(text.blocks)))
    lost = sum(
        len(text.blocks[i].text)
        for i in own - placed - explained
        if is_prose(text.blocks[i]) and i < text.end
    )
    return own if lost > UNEXPLAINED * text.page.taken_prose else placed


def _without_tail(text: MainText, order: list[int]) -> list[int]:
    """Without what follows an end behind which no prose comes, and without headings of
    nothing.
    """
    last_prose = max((n for n, i in enumerate(order) if is_prose(text.blocks[i])), default=-1)
    for n in range(last_prose + 1, len(order)):
        line = text.blocks[order[n]].text
        if ends_article(line) or is_heading_of_contacts(line):
            order = order[:n]
            break
    while order and text.blocks[order[-1]].is_heading:
        order.pop()
    return order


def _share(blocks: Sequence[Block], taken: set[int]) -> float:
    """The share of the characters of some blocks that stands in those taken; 1 of none."""
    size = sum(len(block.text) for block in blocks)
    return sum(len(b.text) for b in blocks if b.index in taken) / size if size else 1.0
