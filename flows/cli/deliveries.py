"""`armswire deliveries`: the ledger of who was told what, and trying again."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

app = typer.Typer(
    help="The ledger: who was told what, and what did not arrive.", no_args_is_help=True
)
DeliveryId = Annotated[
    str, typer.Argument(help="The delivery's id, or its first digits.", metavar="ID")
]


@app.command("list")
def list_deliveries(
    config: ConfigOption = DEFAULT_CONFIG,
    state: Annotated[
        str | None,
        typer.Option("--state", help="Only these: pending, sent, retry, unknown, dead, …"),
    ] = None,
    channel: Annotated[str | None, typer.Option("--channel", help="Only this channel's.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Only those touched in the last 12h, 7d, …")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    json_output: JsonOption = False,
) -> None:
    """Lists deliveries, the last touched first, and the channels that are disabled.

    Example: armswire deliveries list --state dead --since 7d
    """
    from domain.alerting import DeliveryState
    from flows.cli.console_deliveries import delivery_as_dict, print_deliveries
    from flows.cli.inputs import read_duration, require_known
    from flows.configuration import load_configuration
    from flows.run_context import utc_now
    from storage.published import open_published

    start = utc_now() - read_duration(since, "--since") if since else None
    configuration = load_configuration(config)
    if state:
        require_known(state, DeliveryState, "state")
    if channel:
        require_known(channel, configuration.settings.channels, "channel")
    with open_published(configuration.settings.database) as queries:
        rows = queries.deliveries(
            state=DeliveryState(state) if state else None,
            channel=channel,
            since=start,
            limit=limit,
        )
        disabled = queries.disabled_channels()
    if json_output:
        print(json.dumps([delivery_as_dict(row) for row in rows], indent=2))
    else:
        print_deliveries(rows, disabled)


@app.command()
def retry(
    delivery: Annotated[
        str | None, typer.Argument(help="The delivery's id, or its first digits.", metavar="ID")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All that are dead, unknown or wait to be tried again.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Puts back what did not arrive, for the next run to send: the same message, the same Message-ID.

    Example: armswire deliveries retry --all
    """
    from domain.errors import InputError
    from flows import ledger
    from flows.cli.console_deliveries import delivery_line
    from flows.configuration import load_configuration

    if (delivery is None) != everything:
        msg = "give one ID, or --all"
        raise InputError(msg)
    rows = ledger.retry(load_configuration(config), delivery)
    for row in rows:
        print(f"again: {delivery_line(row)}")
    print(f"{len(rows)} messages wait for the next `armswire run`")


@app.command()
def resend(delivery: DeliveryId, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Sends once more what was sent, as another message of the same thread.

    Example: armswire deliveries resend 3fa2c1
    """
    from flows import ledger
    from flows.cli.console_deliveries import delivery_line
    from flows.configuration import load_configuration

    row = ledger.resend(load_configuration(config), delivery)
    print(f"again: {delivery_line(row)}")
    print("it waits for the next `armswire run`")


@app.command()
def enable(
    channel: Annotated[str, typer.Argument(help="The channel's name in monitor.yaml.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Uses a channel again that was disabled because its receiver was gone.

    Example: armswire deliveries enable desk
    """
    from flows import ledger
    from flows.cli.inputs import require_known
    from flows.configuration import load_configuration

    configuration = load_configuration(config)
    require_known(channel, configuration.settings.channels, "channel")
    done = ledger.enable(configuration, channel)
    print(f"{channel}: {'used again from the next run on' if done else 'was not disabled'}")
