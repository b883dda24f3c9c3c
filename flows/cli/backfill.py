"""`armswire backfill`: takes in articles that no feed brought."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

if TYPE_CHECKING:
    from domain.news import Article


def backfill(
    sources: Annotated[
        list[str],
        typer.Argument(help="Web addresses, or .jsonl files of articles.", metavar="SOURCE..."),
    ],
    config: ConfigOption = DEFAULT_CONFIG,
    alert: Annotated[
        bool, typer.Option("--alert", help="Let watches alert to what is found.")
    ] = False,
    json_output: JsonOption = False,
) -> None:
    """Stores articles from web addresses or from JSONL files, without alerting unless asked.

    A JSONL line is {"id", "title", "text"} with, if known, "url", "published" (ISO 8601), "outlet" and "author".

    Example: armswire backfill archive.jsonl https://news.example.org/story.html
    """
    import dataclasses

    from flows.backfill import backfill as take_in
    from flows.cli.console import print_backfill, progress_bars
    from flows.cli.inputs import is_address
    from flows.configuration import load_configuration

    configuration = load_configuration(config)
    if not alert:
        silent = configuration.settings.model_copy(update={"watches": ()})
        configuration = dataclasses.replace(configuration, settings=silent)
    wanted: list[Article | str] = []
    for source in sources:
        wanted += [source] if is_address(source) else _articles(Path(source))
    with progress_bars() as progress:
        report = take_in(configuration, wanted, progress=progress)
    if json_output:
        print(json.dumps(dataclasses.asdict(report), indent=2))
    else:
        print_backfill(report, alerting=alert)
    if report.failed and not report.stored:
        raise typer.Exit(1)


def _articles(path: Path) -> list[Article]:
    from datetime import UTC, datetime

    from domain.errors import InputError
    from domain.news import Article, Method
    from flows.backfill import article_url
    from flows.cli.inputs import json_lines

    articles = []
    for number, row in json_lines(path, "title", "text"):
        try:
            published = datetime.fromisoformat(row["published"]) if row.get("published") else None
            url = article_url(row.get("url"), f"{path.stem}:{row.get('id', number)}")
        except (TypeError, ValueError):
            msg = f'{path}:{number}: "published" must be a time such as 2026-11-22T08:00:00Z'
            raise InputError(msg) from None
        except InputError as error:
            msg = f"{path}:{number}: {error}"
            raise InputError(msg) from None
        if published is not None and published.tzinfo is None:
            published = published.replace(tzinfo=UTC)
        articles.append(
            Article(
                url=url,
                title=row["title"],
                body=row["text"],
                published=published,
                author=row.get("author"),
                outlet=row.get("outlet"),
                language=row.get("language"),
                method=Method.GIVEN,
            )
        )
    return articles
