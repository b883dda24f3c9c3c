"""How alerts, mentions and articles look in a terminal: the evidence highlighted where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from alerts.views import AlertView, QuotationView, ReactionView, TransferView, view_of
from domain.alerting import Alert
from domain.mentions import (
    Evidence,
    Mentions,
    Reaction,
    Stance,
    Transfer,
    full_text,
    reaction_to_dict,
    transfer_to_dict,
)
from domain.news import Article
from flows.cli.console import shown_time, stdout

STANCE_STYLE = {Stance.OPPOSE: "bold red", Stance.SUPPORT: "bold green", Stance.NEUTRAL: "bold"}
EVIDENCE_STYLE = "black on yellow"
MOST_ARTICLES = 5


def print_alerts(alerts: Sequence[Alert]) -> None:
    """Every alert as a panel."""
    console = stdout()
    if not alerts:
        console.print("No alerts yet that match.")
    for alert in alerts:
        console.print(alert_panel(view_of(alert)))


def alert_panel(view: AlertView, note: str = "") -> Panel:
    """One alert as an analyst reads it: what goes where, who says what, on which words it rests."""
    parts: list[RenderableType] = [Text(view.title, style="bold")]
    parts += [Text(f"+ {change}", style="yellow") for change in view.changes]
    for transfer in view.transfers:
        parts += _transfer(transfer)
    for reaction in view.reactions:
        parts += _reaction(reaction)
    parts += [Text(), *_articles(view)]
    title = f"[bold]{escape(view.kind)}[/] · watch {escape(view.watch)} · {view.time}"
    return Panel(
        Group(*parts), title=title, title_align="left", subtitle=note, subtitle_align="right"
    )


def _transfer(view: TransferView) -> list[RenderableType]:
    facts = [view.systems, view.quantity, view.value]
    line = Text.assemble(
        "\n",
        (view.parties, "bold cyan"),
        "  ",
        (view.stage, "bold"),
        " (alleged)" if view.alleged else "",
    )
    details = " · ".join(fact for fact in facts if fact)
    return [line, *([Text(details)] if details else []), *_quotation(view.quotation)]


def _reaction(view: ReactionView) -> list[RenderableType]:
    line = Text.assemble(
        "\n", (view.speaker, "bold"), " ", (view.stance_words, STANCE_STYLE[view.stance])
    )
    if view.role:
        line.append(f"  ({view.role})")
    return [line, *_quotation(view.quotation)]


def _quotation(view: QuotationView | None) -> list[RenderableType]:
    if view is None:
        return []
    text = Text()
    for words, marked in view.segments:
        text.append(words, style=EVIDENCE_STYLE if marked else "italic")
    return [Padding(text, (0, 0, 0, 2))]


def _articles(view: AlertView) -> Iterable[RenderableType]:
    for article in view.articles[:MOST_ARTICLES]:
        yield Text.assemble((article.outlet, "bold"), f", {article.time}: {article.title}")
        if article.copies:
            outlets = ", ".join(outlet for outlet, _ in article.copies)
            yield Text(f"  the same text in {outlets}", style="dim")
        # Never folded: a link that breaks over two lines cannot be followed.
        yield Text(f"  {article.link}", style="dim", no_wrap=True, overflow="ellipsis")
    if len(view.articles) > MOST_ARTICLES:
        yield Text(f"and {len(view.articles) - MOST_ARTICLES} more articles", style="dim")


def alert_as_dict(alert: Alert) -> dict[str, Any]:
    """The JSON form of `alerts --json`."""
    story = alert.story
    return {
        "id": alert.id,
        "watch": alert.watch,
        "story": story.id,
        "version": alert.version,
        "created_at": alert.created_at.isoformat(),
        "headline": story.headline,
        "changes": [{"kind": c.kind.value, "text": c.text} for c in alert.changes],
        "transfers": [transfer_to_dict(t.transfer) for t in story.transfers],
        "reactions": [reaction_to_dict(r.reaction) for r in story.reactions],
        "articles": [
            {
                "url": a.url,
                "title": a.title,
                "outlet": a.outlet,
                "published": a.published.isoformat() if a.published else None,
                "copy_of": a.copy_of,
            }
            for a in story.articles
        ],
    }


def print_mentions(title: str, body: str, mentions: Mentions) -> None:
    """What `detect` found: each mention with its fields, evidence and rules, then the text with the evidence marked."""
    console = stdout()
    verdict = "[bold green]relevant[/]" if mentions.relevant else "[bold]not relevant[/]"
    console.print(f"{verdict}  score {mentions.score:.2f}, language {mentions.language}")
    for transfer in mentions.transfers:
        console.print(_transfer_line(transfer))
        console.print(_evidence(transfer.evidence))
    for reaction in mentions.reactions:
        console.print(_reaction_line(reaction))
        console.print(_evidence(reaction.evidence))
    console.print(Rule(style="dim"))
    console.print(_marked(full_text(title, body), mentions))


def _transfer_line(transfer: Transfer) -> Text:
    systems = ", ".join(system.name for system in transfer.systems) or "arms"
    stated = [part for part in (transfer.quantity, transfer.value) if part]
    return Text.assemble(
        "\ntransfer ",
        (f"{transfer.supplier or '?'} → {transfer.recipient or '?'}", "bold cyan"),
        f": {systems}, ",
        (transfer.stage.value, "bold"),
        f" ({'; '.join(stated)})" if stated else "",
        " (alleged)" if transfer.alleged else "",
        f"  confidence {transfer.confidence:.2f}",
    )


def _reaction_line(reaction: Reaction) -> Text:
    affiliation = reaction.affiliation
    role = [p for p in (affiliation, reaction.country) if p and p != reaction.speaker]
    return Text.assemble(
        "\nreaction ",
        (reaction.speaker, "bold"),
        f" ({', '.join(role)})" if role else "",
        ": ",
        (reaction.stance.value, STANCE_STYLE[reaction.stance]),
        ", quoted" if reaction.quote else "",
        f"  confidence {reaction.confidence:.2f}",
    )


def _evidence(spans: Sequence[Evidence]) -> Text:
    text = Text()
    for span in spans:
        words = " ".join(span.text.split())
        shown = words if len(words) <= 60 else words[:59] + "…"
        text.append(f"    {span.field:<11} ", style="dim")
        text.append(shown, style=EVIDENCE_STYLE)
        text.append(f"  {span.rule}\n", style="dim")
    text.rstrip()
    return text


def _marked(text: str, mentions: Mentions) -> Text:
    shown = Text(text.strip("\n"))
    shift = len(text) - len(text.lstrip("\n"))
    for mention in (*mentions.transfers, *mentions.reactions):
        for span in mention.evidence:
            shown.stylize(EVIDENCE_STYLE, max(span.start - shift, 0), max(span.end - shift, 0))
    return shown


def print_article(article: Article) -> None:
    """What `extract` read."""
    console = stdout()
    console.print(Text(article.title or "(no title)", style="bold"))
    facts = [
        shown_time(article.published),
        article.language or "",
        article.completeness.value,
        f"by {article.method.value}",
        article.note or "",
    ]
    console.print(Text(" · ".join(fact for fact in facts if fact), style="dim"))
    console.print()
    console.print(Text(article.body))
