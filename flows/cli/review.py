"""`armswire review`: what one route alone proposed, for a person to decide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

if TYPE_CHECKING:
    from storage.records import Decision

app = typer.Typer(help="What one route alone proposed, for a person to decide.")
Proposal = Annotated[
    str, typer.Argument(help="The proposal's id, or its first digits.", metavar="ID")
]


@app.callback(invoke_without_command=True)
def review(
    context: typer.Context,
    config: ConfigOption = DEFAULT_CONFIG,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only these: transfer or reaction.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Only those of the last 12h, 7d, …")
    ] = None,
    decided: Annotated[
        str | None,
        typer.Option("--decided", help="Not what waits, but what was accepted or refused."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 20,
    json_output: JsonOption = False,
) -> None:
    """Lists what one route alone proposed and nobody has decided yet, newest first.

    Such mentions are in no alert. `review show`, `accept` and `refuse` take the id that is listed.

    Example: armswire review --kind transfer --since 7d
    """
    if context.invoked_subcommand:
        # `review --config FILE show ID` means what `review show ID --config FILE` means.
        context.default_map = {context.invoked_subcommand: {"config": str(config)}}
        return
    from flows.cli.console_mentions import print_proposals, proposal_as_dict
    from flows.cli.inputs import read_duration, require_known
    from flows.configuration import load_configuration
    from flows.run_context import utc_now
    from storage.published import open_published
    from storage.records import Decision
    from storage.rows import MentionKind

    start = utc_now() - read_duration(since, "--since") if since else None
    if kind:
        require_known(kind, MentionKind, "kind of mention")
    if decided:
        require_known(decided, Decision, "decision")
    with open_published(load_configuration(config).settings.database) as queries:
        found = queries.proposals(
            decision=Decision(decided) if decided else None,
            kind=MentionKind(kind) if kind else None,
            since=start,
            limit=limit,
        )
    if json_output:
        print(json.dumps([proposal_as_dict(row) for row in found], indent=2))
    else:
        print_proposals(found)


@app.command()
def show(
    proposal: Proposal, config: ConfigOption = DEFAULT_CONFIG, json_output: JsonOption = False
) -> None:
    """Shows one proposal with the words it rests on, in colour.

    Example: armswire review show 3fa2c1
    """
    from flows.cli.console_mentions import print_proposal, proposal_as_dict
    from flows.configuration import load_configuration
    from flows.review import find_proposal

    found = find_proposal(load_configuration(config), proposal)
    if json_output:
        print(json.dumps(proposal_as_dict(found), indent=2))
    else:
        print_proposal(found)


@app.command()
def accept(proposal: Proposal, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Makes a proposal a mention of its article; watches that wait for it alert at the next run.

    Example: armswire review accept 3fa2c1
    """
    from storage.records import Decision

    _decide(proposal, config, Decision.ACCEPTED)


@app.command()
def refuse(proposal: Proposal, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Takes a proposal off the list. It can still be accepted later.

    Example: armswire review refuse 3fa2c1
    """
    from storage.records import Decision

    _decide(proposal, config, Decision.REFUSED)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write the labels.", metavar="FILE")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Writes the articles whose proposals are all decided as labels, one JSON object a line.

    `evaluate` takes them. Labels are what armswire held an article to say, and what was accepted.

    Example: armswire review export labels.jsonl
    """
    from alerts.wording import many
    from flows.configuration import load_configuration
    from flows.review import labels
    from storage.published import open_published

    with open_published(load_configuration(config).settings.database) as queries:
        reviewed = queries.reviewed()
    rows = labels(reviewed)
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_text(lines, encoding="utf-8")
    print(f"wrote {many(len(rows), 'article', 'articles')} to {file}")
    if len(rows) < len(reviewed):
        print(f"left out {len(reviewed) - len(rows)} with proposals that are not decided yet")


def _decide(proposal: str, config: Path, decision: Decision) -> None:
    from alerts.wording import many
    from flows.cli.console_mentions import mention_line
    from flows.configuration import load_configuration
    from flows.review import decide

    done = decide(load_configuration(config), proposal, decision)
    print(f"{done.decision.value}: {mention_line(done.proposal.mention).plain}")
    if done.alerts:
        waiting = many(done.alerts, "alert waits", "alerts wait")
        print(f"{waiting} for the next `armswire run`")
