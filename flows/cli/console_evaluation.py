"""How an evaluation looks in a terminal: a table a file, what is taken for what, the worst misses, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from alerts.quotations import quotation
from domain.mentions import STAGE_ORDER, Stage, Stance, full_text
from extractors.detection.evaluation import ACCURACIES, SCORES, Evaluation
from extractors.detection.intervals import Difference, Figure, Interval, intervals
from extractors.detection.misses import Miss
from extractors.detection.saved_evaluation import ArticleChange, Comparison
from flows.cli.console import stdout

IN_SUMMARY: tuple[Figure, ...] = (
    ("relevance", "f1"),
    ("pairs", "f1"),
    ("systems", "f1"),
    ("stage", "value"),
    ("reactions", "f1"),
    ("stance", "value"),
    ("stanced_reactions", "f1"),
)
MOST_CHANGED = 10
MARKED = "black on yellow"


def print_evaluation(result: Evaluation, name: str = "") -> None:
    """Precision, recall and F1 of each field with their intervals, the accuracies on matched mentions, and what is
    taken for what."""
    console = stdout()
    if name:
        console.print(Text(f"\n{name}", style="bold"))
    sure = intervals(result.articles)
    table = _table("", "precision", "recall", "F1", "right", "of")
    for field in SCORES:
        score = getattr(result, field)
        figures = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
        cells = [_with_interval(value, sure.get((field, k))) for k, value in figures.items()]
        table.add_row(_words(field), *cells, str(score.hits), str(score.gold))
    for field in ACCURACIES:
        accuracy = getattr(result, field)
        cell = _with_interval(accuracy.value, sure.get((field, "value")))
        counts = (str(accuracy.right), str(accuracy.total))
        table.add_row(f"{_words(field)}, on matched", cell, "", "", *counts)
    console.print(table)
    _print_confusion("stage", (*STAGE_ORDER, *_OUTSIDE), result.stage_confusion)
    _print_confusion("stance", tuple(Stance), result.stance_confusion)
    console.print(f"{result.n} articles; small figures are 95 % intervals")


_OUTSIDE = tuple(stage for stage in Stage if stage not in STAGE_ORDER)


def _print_confusion(
    name: str, order: Sequence[str], confusion: Mapping[tuple[str, str], int]
) -> None:
    """Rows are labels, columns what was found; only those that occur."""
    used = [value for value in order if any(value in pair for pair in confusion)]
    if not used:
        return
    table = _table(f"{name}: labelled", *(_column(value, used) for value in used))
    for label in used:
        cells = [
            Text(str(n or "·"), style="green" if label == found else "red" if n else "dim")
            for found in used
            for n in (confusion.get((label, found), 0),)
        ]
        table.add_row(str(label), *cells)
    stdout().print()
    stdout().print(table)


def _column(value: str, used: Sequence[str]) -> str:
    """A column's head: cut to four letters where a table of stages would not fit 80 columns."""
    return str(value) if len(used) <= 5 else str(value)[:4]


def print_summary(results: Mapping[str, Evaluation], result: Evaluation) -> None:
    """One row a file with its main figures, and one for all together."""
    table = _table("", *(_words(field).removesuffix(" reactions") for field, _ in IN_SUMMARY))
    for name, one in (*results.items(), ("all together", result)):
        table.add_row(
            name.removesuffix(".jsonl"), *(_bare(_figure(one, figure)) for figure in IN_SUMMARY)
        )
    stdout().print()
    stdout().print(table)


def print_misses(misses: Iterable[Miss]) -> None:
    """Each miss with what was found and labelled, the sentence around its evidence, and the rules that fired."""
    console = stdout()
    for number, miss in enumerate(misses):
        if number == 0:
            console.print("\n[bold]Worst misses[/]: of each kind, what detection was surest of")
        heading = Text.assemble("\n", (miss.kind.value, "bold red"), f"  {miss.article.id}: ")
        heading.append(" ".join(miss.article.title.split()) or "(no title)", style="italic")
        console.print(heading)
        for what, told in (("found", miss.found), ("labelled", miss.labelled)):
            console.print(Text.assemble((f"  {what:<9} ", "dim"), told or "nothing"))
        if shown := snippet_of(miss):
            console.print(Padding(shown, (0, 0, 0, 2)))
        if rules := _rules(miss):
            console.print(
                Text(f"  rules     {', '.join(rules)}; sure to {miss.sure:.2f}", style="dim")
            )


def snippet_of(miss: Miss) -> Text | None:
    """The sentence around the evidence of a miss, marked; None where there is none."""
    text = full_text(miss.article.title, miss.article.text)
    found = quotation(text, miss.evidence, "")
    if found is None:
        return None
    shown = Text(found.text)
    for start, end in found.marks:
        shown.stylize(MARKED, start, end)
    return shown


def _rules(miss: Miss) -> list[str]:
    return list(dict.fromkeys(e.rule for e in miss.evidence if e.rule != "label"))


def print_comparison(change: Comparison, name: str, path: Path | None) -> None:
    """What changed: every figure with the interval of its difference, then the articles read better and worse."""
    console = stdout()
    title = Text.assemble(("\nChanged", "bold"), f" since {path}: {name}, {change.common} articles")
    console.print(title)
    for count, what in (
        (change.only_before, "articles of the saved result are not in this one"),
        (change.only_after, "articles are new"),
        (change.relabelled, "articles have other labels than then"),
    ):
        if count:
            console.print(f"  [yellow]{count} {what}[/]")
    table = _table("", "precision", "recall", "before", "after", "change, 95 % interval")
    for field in (*SCORES, *ACCURACIES):
        main = change.figures[field, "f1" if field in SCORES else "value"]
        others = [
            _signed(change.figures[field, k].change) if field in SCORES else ""
            for k in ("precision", "recall")
        ]
        values = (_bare(main.before), _bare(main.after))
        table.add_row(_words(field), *others, *values, _change(main))
    console.print(table)
    _print_changed("better", change.better)
    _print_changed("worse", change.worse)


def _print_changed(what: str, articles: Sequence[ArticleChange]) -> None:
    console = stdout()
    console.print(f"{len(articles)} articles read {what}" + (":" if articles else ""))
    for article in articles[:MOST_CHANGED]:
        fields = ", ".join(f"{_words(f)} {n:+d}" for f, n in article.fields.items())
        console.print(Text(f"  {article.id}: mistakes in {fields}"))
    if len(articles) > MOST_CHANGED:
        console.print(f"  and {len(articles) - MOST_CHANGED} more")


def _figure(result: Evaluation, figure: Figure) -> float | None:
    field, kind = figure
    value: float | None = getattr(getattr(result, field), kind)
    return value


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(columns[0], overflow="fold")
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _words(field: str) -> str:
    return field.replace("_", " ")


def _bare(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.3f}"


def _with_interval(value: float | None, interval: Interval | None) -> Text:
    shown = Text(_bare(value))
    if value is not None and interval is not None:
        shown.append(f" {_short(interval.low)}–{_short(interval.high)}", style="dim")
    return shown


def _short(value: float) -> str:
    """Two digits: ".07", "1"."""
    return f"{value:.2f}".removeprefix("0") if value < 0.995 else "1"


def _change(difference: Difference) -> Text:
    """Coloured where the interval leaves no doubt about the direction."""
    shown = Text(_signed(difference.change))
    if difference.interval is not None and difference.change is not None:
        low, high = difference.interval.low, difference.interval.high
        shown.append(f" [{low:+.3f}, {high:+.3f}]", style="dim")
        shown.stylize("green" if low > 0 else "red" if high < 0 else "")
    return shown
