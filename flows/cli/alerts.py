"""`armswire alerts`: what analysts were told."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption


def alerts(
    config: ConfigOption = DEFAULT_CONFIG,
    watch: Annotated[str | None, typer.Option("--watch", help="Only this watch's.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Only those of the last 12h, 7d, …")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 20,
    json_output: JsonOption = False,
) -> None:
    """Lists alerts, newest first, from the copy that each run publishes.

    Example: armswire alerts --watch japan-patriot --since 7d
    """
    from alerts.documents import alert_as_dict
    from flows.cli.console_alerts import print_alerts
    from flows.cli.inputs import read_duration, require_known
    from flows.configuration import load_configuration
    from flows.run_context import utc_now
    from storage.published import open_published

    start = utc_now() - read_duration(since, "--since") if since else None
    configuration = load_configuration(config)
    if watch:
        require_known(watch, [w.name for w in configuration.settings.watches], "watch")
    with open_published(configuration.settings.database) as queries:
        found = queries.alerts(watch=watch, since=start, limit=limit)
    if json_output:
        print(json.dumps([alert_as_dict(a) for a in found], indent=2))
    else:
        print_alerts(found)
