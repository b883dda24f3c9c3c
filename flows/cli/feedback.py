"""`armswire feedback`: what analysts say of alerts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import click
import typer
from typer.core import TyperGroup

from flows.cli.options import DEFAULT_CONFIG, ConfigOption


class _AlertFirst(TyperGroup):
    """`feedback 3fa2c1 wrong` is short for `feedback give 3fa2c1 wrong`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["give", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_AlertFirst,
    no_args_is_help=True,
    help="What analysts say of alerts: `feedback ALERT relevant`, `irrelevant` or `wrong`.",
)


@app.command()
def give(
    alert: Annotated[
        str, typer.Argument(help="The alert's id, or its first digits.", metavar="ALERT")
    ],
    verdict: Annotated[str, typer.Argument(help="relevant, irrelevant or wrong.")],
    field: Annotated[
        list[str] | None,
        typer.Option("--field", help="What is wrong: supplier, stage, stance, …; may be repeated."),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="In your own words.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Keeps a verdict on an alert. The last one given counts.

    relevant: it is right. irrelevant: it is not about arms transfers. wrong: it tells something wrong.

    Example: armswire feedback 3fa2c1 wrong --field stage --note "only announced"
    """
    from alerts.titles import title_of
    from domain.feedback import Field, Verdict
    from flows.cli.inputs import require_known
    from flows.configuration import load_configuration
    from flows.feedback import judge

    require_known(verdict, Verdict, "verdict")
    for name in field or ():
        require_known(name, Field, "field")
    fields = [Field(name) for name in field or ()]
    judged = judge(load_configuration(config), alert, Verdict(verdict), fields, note)
    print(f"{verdict}: {title_of(judged.story)}")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write the labels.", metavar="FILE")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Writes the articles of judged alerts as labels, one JSON object a line.

    `evaluate` takes them. Those of wrong alerts are marked marginal until a person corrects them.

    Example: armswire feedback export labels.jsonl
    """
    from flows.configuration import load_configuration
    from flows.feedback import labels
    from storage.published import open_published

    with open_published(load_configuration(config).settings.database) as queries:
        judged = queries.judged_alerts()
        urls = {article.url for alert, _ in judged for article in alert.story.articles}
        rows = labels(judged, queries.bodies(urls))
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_text(lines, encoding="utf-8")
    print(f"wrote {len(rows)} articles of {len(judged)} alerts to {file}")
