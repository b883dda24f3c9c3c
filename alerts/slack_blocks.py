"""An alert as Slack's Block Kit shows it, within the limits Slack sets.

Limits (Slack's Block Kit reference): 50 blocks a message, 3,000 characters a section's text, 150 a
header's, 10 elements a context block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from alerts.untrusted import clean, mrkdwn, mrkdwn_link, shortened
from alerts.views import (
    AlertView,
    ArticleView,
    MilestoneView,
    QuotationView,
    ReactionView,
    TransferView,
    show_time,
)
from domain.alerting import Notice, Section
from domain.mentions import Stance

Block = dict[str, Any]

BLOCKS = 50
MOST_TOGETHER = 20
"""Alerts in one message: a section each, well within the blocks, and no longer than a screen or two."""
_SECTION = 3000
_HEADER = 150
_SHOWN = {"changes": 10, "transfers": 8, "reactions": 15, "articles": 8}
"""At most 8 + 15 sections of findings, and 10 blocks around them."""
_STANCE_MARKS = {
    Stance.OPPOSE: ":red_circle:",
    Stance.SUPPORT: ":large_green_circle:",
    Stance.NEUTRAL: ":white_circle:",
}


def slack_blocks(view: AlertView, title: str) -> list[Block]:
    """The blocks of a message headed `title`."""
    blocks = [
        {"type": "header", "text": _plain(shortened(clean(title), _HEADER))},
        _context([f"{view.kind} · watch *{mrkdwn(view.watch)}* · {view.time}"]),
    ]
    if view.headline not in title:
        blocks.append(_section([mrkdwn(view.headline)]))
    if view.changes:
        lines = [f"• {mrkdwn(change)}" for change in _first(view.changes, "changes")]
        blocks.append(_section(["*What is new*", *lines]))
    blocks += [_section(_transfer_lines(t)) for t in _first(view.transfers, "transfers")]
    if view.reactions:
        blocks.append({"type": "divider"})
    blocks += [_section(_reaction_lines(r)) for r in _first(view.reactions, "reactions")]
    blocks.append({"type": "divider"})
    if view.milestones:
        blocks.append(_section(["*The story so far*", *_milestone_lines(view.milestones)]))
    if view.background:
        lines = [f"• {mrkdwn(line)}" for line in view.background]
        blocks.append(_section(["*Your trade register*", *lines]))
    blocks.append(_section(_article_lines(view.articles)))
    blocks.append(_context([_left_out(view)]))
    return blocks[:BLOCKS]


def burst_blocks(views: Sequence[AlertView], titles: Sequence[str]) -> list[Block]:
    """The blocks of one message that tells several alerts in brief: title, watch, newest article."""
    blocks = [{"type": "header", "text": _plain(f"{len(views)} alerts")}]
    for view, title in zip(views, titles, strict=True):
        newest = view.articles[:1]
        lines = [
            f"*{mrkdwn(title)}*",
            *(f"• {mrkdwn(change)}" for change in view.changes[:3]),
            *_article_lines(newest),
        ]
        named = f"watch {mrkdwn(view.watch)} · {view.time} · alert {view.alert_id}"
        blocks.append(_section([*lines, named]))
    return blocks


def notice_blocks(notice: Notice) -> list[Block]:
    """The blocks of a notice, or of a digest; what a picture shows is told in words."""
    title = shortened(clean(f"armswire: {notice.title}"), _HEADER)
    lines = [*notice.lines, *([notice.picture.text] if notice.picture else [])]
    sections = [_section_lines(section) for section in notice.sections]
    sources = f"armswire · {mrkdwn(notice.sender)} · {show_time(notice.created_at)}"
    return [
        {"type": "header", "text": _plain(title)},
        *_sections([[mrkdwn(line)] for line in lines] + sections),
        _context([*([mrkdwn(notice.footer)] if notice.footer else []), sources]),
    ]


def _section_lines(section: Section) -> list[str]:
    heading = mrkdwn_link(section.link or "", section.heading)
    return [f"*{heading}*", *(f"• {mrkdwn(line)}" for line in section.lines)]


def _sections(groups: Sequence[Sequence[str]]) -> list[Block]:
    """As few sections as hold all groups of lines, none of which is divided; the message's limit of
    blocks leaves out the last, and says so."""
    blocks: list[list[str]] = [[]]
    for group in groups:
        long = sum(len(line) + 1 for line in (*blocks[-1], *group)) > _SECTION - 2
        if blocks[-1] and long:
            blocks.append([])
        blocks[-1] += ["", *group] if blocks[-1] else group
    shown = blocks[: BLOCKS - 3]
    if len(shown) < len(blocks):
        shown.append([f"… and {sum(map(len, blocks)) - sum(map(len, shown))} more lines"])
    return [_section(lines or ["…"]) for lines in shown]


def _transfer_lines(transfer: TransferView) -> Iterator[str]:
    systems = f": {mrkdwn(transfer.systems)}" if transfer.systems else ""
    yield f"*{mrkdwn(transfer.parties)}*{systems} — {transfer.stage}"
    yield " · ".join(mrkdwn(fact) for fact in transfer.facts)
    yield from _quotation_lines(transfer.quotation)


def _reaction_lines(reaction: ReactionView) -> Iterator[str]:
    role = f" ({mrkdwn(reaction.role)})" if reaction.role else ""
    mark = _STANCE_MARKS[reaction.stance]
    yield f"{mark} *{mrkdwn(reaction.speaker)}*{role} *{reaction.stance_words}*"
    yield from _quotation_lines(reaction.quotation)


def _quotation_lines(quotation: QuotationView | None) -> Iterator[str]:
    if quotation is None:
        return
    yield "> " + "".join(_segments(quotation.segments))
    if quotation.link or quotation.outlet:
        outlet = mrkdwn_link(quotation.link, quotation.outlet or "source")
        yield " · ".join(part for part in (outlet, quotation.time) if part)


def _milestone_lines(milestones: Iterable[MilestoneView]) -> Iterator[str]:
    for one in milestones:
        yield f"• {mrkdwn(one.text)} — {mrkdwn(one.outlet)} · {one.time}"


def _article_lines(articles: Iterable[ArticleView]) -> Iterator[str]:
    for article in _first(tuple(articles), "articles"):
        copies = ", ".join(mrkdwn_link(link, outlet) for outlet, link in article.copies)
        also = f" · also in {copies}" if copies else ""
        title = mrkdwn_link(article.link, article.title)
        yield f"• {title} — {mrkdwn(article.outlet)} · {article.time}{also}"


def _left_out(view: AlertView) -> str:
    counted = {
        "transfers": len(view.transfers),
        "reactions": len(view.reactions),
        "articles": len(view.articles),
    }
    more = [f"{n - _SHOWN[name]} more {name}" for name, n in counted.items() if n > _SHOWN[name]]
    story = f"story {view.story_id}, version {view.version}, alert {view.alert_id}"
    return ", ".join([f"armswire · {story}", *more])


def _first(items: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    return items[: _SHOWN[name]]


def _segments(segments: tuple[tuple[str, bool], ...]) -> Iterator[str]:
    """The parts of a quotation, the evidence bold.

    Slack reads *…* as bold only between non-letters: inside a word zero-width spaces make room.
    """
    whole = "".join(text for text, _ in segments)
    at = 0
    for text, marked in segments:
        before, after = whole[:at][-1:], whole[at + len(text) :][:1]
        at += len(text)
        inner = text.strip()
        if not marked or not inner:
            yield mrkdwn(text)
            continue
        left = "\u200b" if text[0] == inner[0] and before.isalnum() else ""
        right = "\u200b" if text[-1] == inner[-1] and after.isalnum() else ""
        yield f"{left}*{mrkdwn(inner)}*{right}".join(text.split(inner, 1))


def _section(lines: Iterable[str]) -> Block:
    """A section of whole lines; those beyond the limit are left out, for a cut could open an
    escape or a link."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) > _SECTION - 2:
            kept.append("…")
            break
        kept.append(line)
    return {"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(kept)}}


def _context(texts: Iterable[str]) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": t} for t in texts]}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
