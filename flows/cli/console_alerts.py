"""How alerts and articles look in a terminal: the evidence highlighted where it stands."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from alerts.views import AlertView, QuotationView, ReactionView, TransferView, view_of
from domain.alerting import Alert
from domain.news import Article
from flows.cli.console import STANCE_STYLE, shown_time, stdout

EVIDENCE_STYLE = "black on yellow"
MOST_ARTICLES = 5


def print_alerts(alerts: Sequence[Alert], first: Container[str]) -> None:
    """Every alert as a panel; `first` holds the ids of those that told their watch of a new story."""
    console = stdout()
    if not alerts:
        console.print("No alerts yet that match.")
    for alert in alerts:
        view = view_of(alert, told_before=alert.id not in first)
        console.print(alert_panel(view, note=f"alert {view.alert_id}"))


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
    facts = [view.systems, view.quantity, view.value, view.certainty]
    line = Text.assemble(
        "\n",
        (view.parties, "bold cyan"),
        "  ",
        (view.stage, "bold"),
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
