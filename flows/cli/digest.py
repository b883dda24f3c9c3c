"""`armswire digest`: what a digest has to tell so far."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption


def digest(
    name: Annotated[str, typer.Argument(help="The digest's name in monitor.yaml.", metavar="NAME")],
    config: ConfigOption = DEFAULT_CONFIG,
    send: Annotated[
        bool, typer.Option("--send", help="Send it now, with the next run; the next begins after.")
    ] = False,
) -> None:
    """Shows what a digest has to tell since the last one. Runs send digests when they are due.

    Example: armswire digest morning --send
    """
    from alerts.messages import notice_text
    from flows.configuration import load_configuration
    from flows.digest import digest_so_far, find_digest

    configuration = load_configuration(config)
    made = digest_so_far(configuration, find_digest(configuration, name), send=send)
    print(notice_text(made.notice).strip())
    if send and made.alerts:
        print("\nIt waits in the outbox; the next `armswire run` sends it.")
    elif send:
        print("\nNothing to send.")
