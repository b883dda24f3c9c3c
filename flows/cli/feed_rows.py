"""`armswire feeds add / remove / import / export`: changing the list of feeds without an editor."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.feed_search import FoundFeed


def add(
    url: Annotated[str, typer.Argument(help="A feed's or a site's address.", metavar="URL")],
    config: ConfigOption = DEFAULT_CONFIG,
    name: Annotated[str | None, typer.Option(help="How alerts and reports call it.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    country: Annotated[
        str | None, typer.Option(help="The publisher's seat: an ISO code, EU, UN.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="What it is written in; else what the feed says.")
    ] = None,
    tier: Annotated[str | None, typer.Option(help="official, wire, national, trade, …")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag (repeatable).")] = None,
    every: Annotated[
        str | None, typer.Option(help="Poll at most so often, such as 30m.", metavar="DURATION")
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Adds a feed to feeds.yaml, found from its own address or from its site's.

    What the address holds is fetched and read first. A site that names several feeds is asked about in a terminal;
    elsewhere they are listed, and one of their addresses has to be given.

    Example: armswire feeds add https://news.example.org --tier trade
    """
    from extractors.urls import shown_url
    from flows.configuration import load_configuration
    from flows.feed_rows import add_row, feed_settings, require_new
    from flows.feed_search import find_feeds

    settings = load_configuration(config).settings
    require_new(settings.feeds, url)
    found = _chosen(url, asyncio.run(find_feeds(url, settings.fetch)))
    require_new(settings.feeds, found.url, found.final_url)
    values = {
        "url": found.url,
        "name": name or _asked_name(found),
        "publisher": publisher,
        "country": country,
        "language": language or found.parsed.language,
        "tier": tier,
        "tags": tuple(tag or ()),
        "every": every,
    }
    row = feed_settings({k: v for k, v in values.items() if v is not None}, "armswire feeds add")
    added = add_row(settings.feeds, row)
    if json_output:
        facts = {"name": row.name, "url": shown_url(row.url), "line": added.line}
        print(json.dumps(facts | {"entries": len(found.parsed.entries)}))
        return
    print(f"added {row.name} ({shown_url(row.url)}), {settings.feeds}:{added.line}")
    print(f"  {_contents(found)}")


def remove(
    feed: Annotated[str, typer.Argument(help="The feed's name or address.", metavar="FEED")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Takes a feed out of feeds.yaml; what the database remembers of it stays.

    Example: armswire feeds remove "Northern Wire World"
    """
    from flows.cli.inputs import require_known
    from flows.configuration import load_configuration
    from flows.feed_rows import remove_row, row_meant, rows_in

    path = load_configuration(config).settings.feeds
    row = row_meant(path, feed)
    if row is None:
        require_known(feed, [known.settings.name for known in rows_in(path)], "feed")
    else:
        remove_row(path, row)
        print(f"removed {row.settings.name} (line {row.line} of {path})")


def import_feeds(
    opml: Annotated[Path, typer.Argument(help="The OPML file.", metavar="FILE")],
    config: ConfigOption = DEFAULT_CONFIG,
    json_output: JsonOption = False,
) -> None:
    """Adds the feeds of an OPML file, as feed readers export it, to feeds.yaml.

    Feeds that are configured already, named twice or wrong are left out, a line each. Folders become tags. The addresses
    are not tried.

    Example: armswire feeds import subscriptions.opml
    """
    from flows.cli.inputs import read_bytes
    from flows.configuration import load_configuration
    from flows.feed_rows import import_opml

    path = load_configuration(config).settings.feeds
    done = import_opml(opml, read_bytes(opml), path)
    if json_output:
        added = [row.name for row in done.added]
        print(json.dumps({"added": added, "refused": done.refused}, indent=2))
        return
    for line in done.refused:
        print(f"left out: {line}", file=sys.stderr)
    print(f"added {len(done.added)} feeds to {path}, left out {len(done.refused)}")


def export_feeds(
    config: ConfigOption = DEFAULT_CONFIG,
    out: Annotated[
        Path | None, typer.Option(help="Write here instead of to standard output.", metavar="FILE")
    ] = None,
) -> None:
    """Writes the configured feeds as OPML 2.0, which feed readers take.

    Example: armswire feeds export --out feeds.opml
    """
    from flows.configuration import load_configuration
    from flows.feed_rows import export_opml
    from flows.run_context import utc_now

    document = export_opml(load_configuration(config).settings.feeds, utc_now())
    if out is None:
        sys.stdout.write(document.decode("utf-8"))
        return
    beside = out.with_name(f".{out.name}.part")
    beside.write_bytes(document)
    beside.replace(out)
    print(f"wrote {out}")


def _chosen(url: str, found: Sequence[FoundFeed]) -> FoundFeed:
    """The one feed meant: asked for in a terminal where there are several.

    Raises:
        InputError: there are several, and nobody to ask.
    """
    from domain.errors import InputError
    from extractors.urls import shown_url

    if len(found) == 1:
        return found[0]
    lines = [
        f"  {number}. {shown_url(feed.url)}\n     {_contents(feed)}"
        for number, feed in enumerate(found, 1)
    ]
    if not sys.stdin.isatty():
        addresses = ", ".join(shown_url(feed.url) for feed in found)
        msg = f"{shown_url(url)}: names {len(found)} feeds; give one of them: {addresses}"
        raise InputError(msg)
    print(f"{shown_url(url)} names {len(found)} feeds:", *lines, sep="\n", file=sys.stderr)
    number = 0
    while not 1 <= number <= len(found):
        number = int(typer.prompt(f"Which (1 to {len(found)})", default=1, type=int, err=True))
    return found[number - 1]


def _asked_name(found: FoundFeed) -> str:
    from extractors.urls import shown_url

    proposal = found.title or shown_url(found.url)
    if not sys.stdin.isatty():
        return proposal
    return str(typer.prompt("Name", default=proposal, err=True))


def _contents(feed: FoundFeed) -> str:
    """What a feed holds, in a line."""
    entries = feed.parsed.entries
    dates = [entry.published for entry in entries if entry.published]
    newest = f", the newest of {max(dates):%d %b %Y}" if dates else ", none of them dated"
    return f"{feed.title or 'no title'}: {len(entries)} entries{newest if entries else ''}"
