"""`armswire feeds`: what is configured, and what a feed's address gives. Changing the list: feed_rows.py."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli import feed_health, feed_rows
from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

app = typer.Typer(
    help="The configured feeds: how they are, trying one, changing the list.", no_args_is_help=True
)
app.command("health")(feed_health.health)
app.command("add")(feed_rows.add)
app.command("remove")(feed_rows.remove)
app.command("import")(feed_rows.import_feeds)
app.command("export")(feed_rows.export_feeds)


@app.command("list")
def list_feeds(config: ConfigOption = DEFAULT_CONFIG, json_output: JsonOption = False) -> None:
    """Lists the configured feeds with what the last poll of each said.

    Example: armswire feeds list --json
    """
    from extractors.urls import shown_url
    from flows.cli.console_feeds import print_feeds
    from flows.configuration import load_configuration
    from storage.published import open_published, published_path

    configuration = load_configuration(config)
    states: dict[str, Any] = {}
    if published_path(configuration.settings.database).exists():
        with open_published(configuration.settings.database) as queries:
            states = {row.state.key: row.state for row in queries.feeds()}
    if not json_output:
        print_feeds(configuration.feeds, states)
        return
    rows = [
        {
            "name": feed.name,
            "url": shown_url(feed.url),
            "publisher": feed.publisher,
            "country": feed.country,
            "tier": feed.tier,
            "tags": list(feed.tags),
            "last_success": _iso(state.last_success_at) if state else None,
            "last_new_entry": _iso(state.last_new_entry_at) if state else None,
            "failures": state.failures if state else 0,
            "last_error": state.last_error if state else None,
        }
        for feed in configuration.feeds
        for state in (states.get(feed.key),)
    ]
    print(json.dumps(rows, indent=2))


@app.command("test")
def test_feed(
    feed: Annotated[
        str,
        typer.Argument(help="A feed's address, or the name of one of yours.", metavar="FEED"),
    ],
    config: Annotated[
        str | None,
        typer.Option("--config", "-c", help="Take fetch settings from this file.", metavar="FILE"),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Fetches one feed and shows the entries armswire reads in it. Stores nothing.

    Example: armswire feeds test https://news.example.org/world.rss
    """
    from domain.errors import InputError
    from extractors.feeds import ParsedFeed
    from extractors.urls import shown_url
    from flows.cli.console_feeds import print_parsed_feed
    from flows.trying import try_feed

    url, config = _address(feed, config)
    parsed = asyncio.run(try_feed(url, config))
    if not isinstance(parsed, ParsedFeed):
        msg = f"{shown_url(url)}: {parsed.reason}"
        raise InputError(msg)
    if not json_output:
        print_parsed_feed(shown_url(url), parsed)
        return
    rows = [
        {
            "title": entry.title,
            "url": entry.link,
            "published": _iso(entry.published),
            "guid": entry.guid,
            "text": entry.text,
        }
        for entry in parsed.entries
    ]
    print(json.dumps({"title": parsed.title, "entries": rows}, indent=2))


def _address(feed: str, config: str | None) -> tuple[str, str | None]:
    """The address meant, and the configuration it was found in: of a configured feed, its own.

    Raises:
        InputError: no feed has that name.
    """
    from flows.cli.inputs import is_address, require_known
    from flows.configuration import load_configuration
    from flows.feed_rows import row_meant, rows_in

    if is_address(feed):
        return feed, config
    config = config or str(DEFAULT_CONFIG)
    path = load_configuration(Path(config)).settings.feeds
    row = row_meant(path, feed)
    if row is None:
        require_known(feed, [known.settings.name for known in rows_in(path)], "feed")
    return (row.settings.url if row else feed), config


def _iso(when: Any) -> str | None:
    return when.isoformat() if when else None
