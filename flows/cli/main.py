"""`armswire`: the commands, and the one place where an error becomes an exit status.

Exit status: 0 done · 1 nothing could be done, or not now · 2 wrong input or configuration · 130 interrupted.
Nothing heavy is imported here or at the top of a command's module: `armswire --help` answers at once.
"""

from __future__ import annotations

import sys

import typer

from domain.errors import ArmswireError, DatabaseBusy, PrefectUnreachable, RunInProgress
from flows.cli import (
    alerts,
    backfill,
    deliveries,
    demo,
    digest,
    evaluate,
    feedback,
    feeds,
    lexicon,
    mutes,
    reading,
    review,
    run,
    setup,
    watches,
)

NOT_NOW = (RunInProgress, DatabaseBusy, PrefectUnreachable)
"""What is right and cannot be done at the moment."""

app = typer.Typer(
    name="armswire",
    help="Watches news feeds for arms exports and the official reactions to them, and alerts analysts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo.demo)
app.command()(setup.init)
app.command()(setup.check)
app.command()(run.run)
app.command()(reading.detect)
app.command()(reading.extract)
app.command()(evaluate.evaluate)
app.add_typer(lexicon.app, name="lexicon")
app.add_typer(feeds.app, name="feeds")
app.command()(alerts.alerts)
app.add_typer(deliveries.app, name="deliveries")
app.command()(digest.digest)
app.add_typer(watches.app, name="watches")
app.add_typer(mutes.app, name="mute")
app.add_typer(review.app, name="review")
app.add_typer(feedback.app, name="feedback")
app.command()(backfill.backfill)


def main() -> None:
    """The entry point of the `armswire` script."""
    try:
        app(standalone_mode=True)
    except ArmswireError as error:
        print(f"armswire: {error}", file=sys.stderr)
        sys.exit(1 if isinstance(error, NOT_NOW) else 2)
    except BrokenPipeError:
        # The reader of our output went away (`armswire alerts | head`): nobody is left to tell.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # A file or folder that cannot be read or written, wherever that came out.
        where = f"{error.filename}: " if error.filename else ""
        print(f"armswire: {where}{error.strerror or error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("armswire: interrupted; what was stored stays, run again to go on", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
