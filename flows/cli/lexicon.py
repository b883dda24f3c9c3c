"""`armswire lexicon`: what the lexicons know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption, SettingsOption

app = typer.Typer(help="What the lexicons know.", no_args_is_help=True)


@app.callback()
def lexicon() -> None:
    """What the lexicons know."""


@app.command()
def audit(
    register: Annotated[
        Path, typer.Argument(help="A SIPRI trade register as CSV.", metavar="REGISTER.csv")
    ],
    since: Annotated[
        int, typer.Option("--since", help="Count deals ordered in this year or later.")
    ] = 2000,
    limit: Annotated[int, typer.Option("--limit", min=1, help="List at most so many.")] = 30,
    config: SettingsOption = None,
    json_output: JsonOption = False,
) -> None:
    """Compares the lexicons with a SIPRI trade register of your own: which weapons and parties they lack.

    What is listed can be added by `detection: {lexicon: extra.jsonl}`; with --config those rows count.

    Example: armswire lexicon audit trade-register.csv --since 2010
    """
    from extractors.detection.lexicon_audit import audit as compare
    from extractors.detection.lexicons import load_lexicons
    from extractors.trade_register import parse_register
    from flows.cli.console_lexicon import audit_as_dict, print_audit
    from flows.cli.inputs import extra_lexicons, read_bytes

    deals = parse_register(read_bytes(register, "a trade register"), register)
    result = compare(deals, load_lexicons(extra_lexicons(config)), since)
    if json_output:
        print(json.dumps(audit_as_dict(result), indent=2, ensure_ascii=False))
    else:
        print_audit(result, limit)
