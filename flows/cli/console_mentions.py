"""How mentions and proposals look in a terminal: each field with its words, its rule and the words' place in the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from rich.console import RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from domain.mentions import (
    Evidence,
    Mention,
    Mentions,
    Reaction,
    Route,
    Transfer,
    full_text,
    reaction_to_dict,
    transfer_to_dict,
)
from flows.cli.console import STANCE_STYLE, shown_time, stdout
from storage.rows import ProposalRow

ROUTE_WORDS = {
    Route.RULES: "by the rules",
    Route.ENCODER: "by the encoder",
    Route.BOTH: "by rules and encoder",
}
FIELD_STYLE = {
    "supplier": "black on cyan",
    "recipient": "black on green",
    "systems": "black on magenta",
    "stage": "black on yellow",
    "speaker": "black on bright_blue",
    "cue": "black on white",
    "stance": "black on bright_red",
}
"""One colour a field, in the list of evidence and in the text alike."""
OTHER_STYLE = "black on bright_yellow"
SHOWN_DIGITS = 8
"""Of a proposal's id, enough to tell it from all others; fewer may do."""


def print_mentions(title: str, body: str, mentions: Mentions) -> None:
    """What `detect` found: each mention with its fields, evidence and rules, then the text with the evidence marked."""
    console = stdout()
    verdict = "[bold green]relevant[/]" if mentions.relevant else "[bold]not relevant[/]"
    console.print(f"{verdict}  score {mentions.score:.2f}, language {mentions.language}")
    found: tuple[Mention, ...] = (*mentions.transfers, *mentions.reactions)
    for mention in found:
        _print_mention(mention)
    if mentions.proposed:
        console.print("\n[bold]For review[/]: proposed by one route alone, not told in alerts")
    for mention in mentions.proposed:
        _print_mention(mention)
    console.print(Rule(style="dim"))
    evidence = [span for mention in (*found, *mentions.proposed) for span in mention.evidence]
    console.print(_marked(full_text(title, body), evidence))


def _print_mention(mention: Mention) -> None:
    console = stdout()
    console.print(Text.assemble("\n", mention_line(mention)))
    console.print(f"  [dim]confidence {mention.confidence:.2f}, {ROUTE_WORDS[mention.route]}[/]")
    if mention.evidence:
        console.print(Padding(_evidence(mention.evidence), (0, 0, 0, 4)))


def mention_line(mention: Mention) -> Text:
    """A mention in a line, its kind first."""
    return _transfer_line(mention) if isinstance(mention, Transfer) else _reaction_line(mention)


def _transfer_line(transfer: Transfer) -> Text:
    systems = ", ".join(system.name for system in transfer.systems) or "arms"
    stated = [part for part in (transfer.quantity, transfer.value) if part]
    return Text.assemble(
        "transfer ",
        (f"{transfer.supplier or '?'} → {transfer.recipient or '?'}", "bold cyan"),
        f": {systems}, ",
        (transfer.stage.value, "bold"),
        f" ({'; '.join(stated)})" if stated else "",
        " (alleged)" if transfer.alleged else "",
    )


def _reaction_line(reaction: Reaction) -> Text:
    affiliation = reaction.affiliation
    role = [p for p in (affiliation, reaction.country) if p and p != reaction.speaker]
    return Text.assemble(
        "reaction ",
        (reaction.speaker, "bold"),
        f" ({', '.join(role)})" if role else "",
        ": ",
        (reaction.stance.value, STANCE_STYLE[reaction.stance]),
        ", quoted" if reaction.quote else "",
    )


def _evidence(spans: Iterable[Evidence]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(min_width=9, style="dim")
    table.add_column()
    table.add_column(style="dim", overflow="fold")
    for span in spans:
        words = " ".join(span.text.split())
        shown = words if len(words) <= 60 else words[:59] + "…"
        words_marked = Text.assemble((shown, _style(span)))
        table.add_row(span.field, words_marked, Text(span.rule))
    return table


def _style(span: Evidence) -> str:
    return FIELD_STYLE.get(span.field, OTHER_STYLE)


def _marked(text: str, evidence: Iterable[Evidence]) -> Text:
    shown = Text(text.strip("\n"))
    shift = len(text) - len(text.lstrip("\n"))
    for span in evidence:
        shown.stylize(_style(span), max(span.start - shift, 0), max(span.end - shift, 0))
    return shown


def print_proposals(proposals: Sequence[ProposalRow]) -> None:
    """The review list, a row a proposal."""
    console = stdout()
    if not proposals:
        console.print("Nothing on the review list that matches.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("id", no_wrap=True)
    table.add_column("proposal", ratio=3)
    table.add_column("sure", justify="right")
    table.add_column("article", ratio=2)
    for row in proposals:
        article = row.article.article
        outlet = f" ({article.outlet})" if article.outlet else ""
        decided = f"\n{row.decision.value}" if row.decision else ""
        table.add_row(
            row.id[:SHOWN_DIGITS],
            mention_line(row.mention),
            f"{row.mention.confidence:.2f}",
            Text(f"{article.title}{outlet}{decided}"),
        )
    console.print(table)
    console.print("`armswire review show ID` shows one with its evidence.")


def print_proposal(row: ProposalRow) -> None:
    """One proposal: what it says, on which words it rests, and what can be done."""
    console = stdout()
    article = row.article.article
    console.print(Text(article.title, style="bold"))
    facts = (article.outlet, shown_time(article.published), article.url)
    console.print(Text(" · ".join(fact for fact in facts if fact), style="dim"))
    _print_mention(row.mention)
    console.print(Rule(style="dim"))
    for part in _passages(full_text(article.title, article.body), row.mention.evidence):
        console.print(part)
    console.print()
    if row.decision:
        console.print(f"[bold]{row.decision.value}[/] on {shown_time(row.decided_at)}")
    else:
        name = escape(row.id[:SHOWN_DIGITS])
        console.print(f"`armswire review accept {name}` or `armswire review refuse {name}`")


def _passages(text: str, evidence: Sequence[Evidence]) -> Iterable[RenderableType]:
    """The paragraphs that hold evidence, the words marked; all of them where there is none."""
    marked = Text(text)
    for span in evidence:
        marked.stylize(_style(span), span.start, span.end)
    ends = [i for i, c in enumerate(text) if c == "\n"]
    for start, end in pairwise((-1, *ends, len(text))):
        held = any(s.start < end and s.end > start + 1 for s in evidence)
        if text[start + 1 : end].strip() and (held or not evidence):
            yield marked[start + 1 : end]


def proposal_as_dict(row: ProposalRow) -> dict[str, Any]:
    """The JSON form of `review --json`."""
    article, mention = row.article.article, row.mention
    told = transfer_to_dict(mention) if isinstance(mention, Transfer) else reaction_to_dict(mention)
    return {
        "id": row.id,
        "kind": row.kind.value,
        "proposed_at": row.proposed_at.isoformat(),
        "decision": row.decision.value if row.decision else None,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "mention": told,
        "article": {
            "id": row.article.id,
            "url": article.url,
            "title": article.title,
            "outlet": article.outlet,
            "published": article.published.isoformat() if article.published else None,
        },
    }
