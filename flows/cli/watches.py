"""`armswire watches`: trying a watch on stored history."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

app = typer.Typer(help="Trying watches on what is stored.", no_args_is_help=True)


@app.callback()
def watches() -> None:
    """Trying watches on what is stored."""


@app.command("test")
def try_one(
    name: Annotated[str, typer.Argument(help="The watch's name in monitor.yaml.", metavar="NAME")],
    config: ConfigOption = DEFAULT_CONFIG,
    since: Annotated[
        str, typer.Option("--since", help="What it would have alerted in the last 12h, 30d, …")
    ] = "30d",
    article: Annotated[
        str | None,
        typer.Option("--article", help="Why it does or does not match this one.", metavar="URL"),
    ] = None,
    json_output: JsonOption = False,
) -> None:
    """Shows what a watch would have alerted on stored history; with --article why it matches or not.

    Nothing is stored or sent, so a condition can be tried before anybody is alerted.

    Example: armswire watches test japan-patriot --since 30d
    """
    from alerts.documents import alert_as_dict
    from flows.cli.console_watches import explained_as_dict, print_explained, print_trial
    from flows.cli.inputs import read_duration
    from flows.configuration import load_configuration
    from flows.run_context import utc_now
    from flows.watch_trial import explain, find_watch, try_watch

    configuration = load_configuration(config)
    watch = find_watch(configuration, name)
    if article is not None:
        explained = explain(configuration, watch, article)
        if json_output:
            print(json.dumps(explained_as_dict(explained), indent=2, ensure_ascii=False))
        else:
            print_explained(watch.name, explained)
        return
    alerts = try_watch(configuration, watch, utc_now() - read_duration(since, "--since"))
    if json_output:
        print(json.dumps([alert_as_dict(alert) for alert in alerts], indent=2))
    else:
        print_trial(watch.name, alerts)
