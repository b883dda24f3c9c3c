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
    latency: Annotated[
        bool, typer.Option("--latency", help="How long messages took instead: p50 and p95.")
    ] = False,
    json_output: JsonOption = False,
) -> None:
    """Lists alerts, newest first, from the copy that each run publishes.

    With --latency: how long it took from first seen in a feed to sent, over all messages sent.

    Example: armswire alerts --watch japan-patriot --since 7d
    """
    from alerts.documents import alert_as_dict
    from domain.latency import latency_of
    from flows.cli.console import latency_as_dict, print_latency
    from flows.cli.console_alerts import print_alerts
    from flows.cli.inputs import read_duration, require_known
    from flows.configuration import load_configuration
    from flows.run_context import utc_now
    from storage.published import open_published

    start = utc_now() - read_duration(since, "--since") if since else None
    configuration = load_configuration(config)
    if watch:
        require_known(watch, [w.name for w in configuration.settings.watches], "watch")
    if latency:
        with open_published(configuration.settings.database) as queries:
            told = latency_of(queries.sent_messages(watch=watch, since=start))
        if json_output:
            print(json.dumps(latency_as_dict(told), indent=2))
        else:
            print_latency(told)
        return
    with open_published(configuration.settings.database) as queries:
        found = queries.alerts(watch=watch, since=start, limit=limit)
        first = queries.first_alerts(found)
    if json_output:
        print(json.dumps([alert_as_dict(a) for a in found], indent=2))
    else:
        print_alerts(found, first)
