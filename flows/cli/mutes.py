"""`armswire mute`: what analysts do not want to hear of for a while."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

app = typer.Typer(
    help="Not to hear of a story, a party or a publisher for a while.", no_args_is_help=True
)


@app.command()
def add(
    kind: Annotated[
        str, typer.Argument(help="What to mute: story, party or publisher.", metavar="KIND")
    ],
    value: Annotated[
        str, typer.Argument(help="A story's id, a party's code or name, an outlet's name.")
    ],
    length: Annotated[str, typer.Option("--for", help="For how long: 12h, 7d, …")] = "7d",
    note: Annotated[str | None, typer.Option("--note", help="Why, for colleagues.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Keeps alerts back until the mute ends; articles are read and stored all the same.

    Example: armswire mute add party IL --for 14d --note "covered by the other desk"
    """
    from domain.alerting import MuteKind
    from flows.cli.console import shown_time
    from flows.cli.inputs import read_duration, require_known
    from flows.configuration import load_configuration
    from flows.mutes import add_mute, touches_a_story

    require_known(kind, MuteKind, "kind of mute")
    lasts = read_duration(length, "--for")
    configuration = load_configuration(config)
    mute = add_mute(configuration, MuteKind(kind), value, lasts, note=note)
    print(f"muted until {shown_time(mute.until)}: {mute.kind.value} {mute.value} ({mute.id})")
    if not touches_a_story(configuration, mute):
        print(
            f'note: no story stored so far has the {mute.kind.value} "{mute.value}"; is it misspelt?'
        )


@app.command("list")
def list_mutes(config: ConfigOption = DEFAULT_CONFIG, json_output: JsonOption = False) -> None:
    """Lists what is muted now, the mute that ends first first.

    Example: armswire mute list
    """
    from flows.cli.console import shown_time
    from flows.configuration import load_configuration
    from flows.mutes import current_mutes
    from flows.run_context import utc_now

    found = current_mutes(load_configuration(config), utc_now())
    if json_output:
        rows = [
            {
                "id": mute.id,
                "kind": mute.kind.value,
                "value": mute.value,
                "created_at": mute.created_at.isoformat(),
                "until": mute.until.isoformat(),
                "note": mute.note,
            }
            for mute in found
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for mute in found:
        why = f"  {mute.note}" if mute.note else ""
        print(f"{mute.id}  until {shown_time(mute.until)}  {mute.kind.value} {mute.value}{why}")
    if not found:
        print("Nothing is muted.")


@app.command()
def remove(
    mute: Annotated[str, typer.Argument(help="The mute's id, or its first digits.", metavar="ID")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Ends a mute before its time.

    Example: armswire mute remove 3fa2c1
    """
    from flows.configuration import load_configuration
    from flows.mutes import remove_mute

    ended = remove_mute(load_configuration(config), mute)
    print(f"heard again: {ended.kind.value} {ended.value}")
