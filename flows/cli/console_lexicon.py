"""How an audit of the lexicons looks in a terminal."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from extractors.detection.lexicon_audit import Known, LexiconAudit
from flows.cli.console import stdout


def print_audit(audit: LexiconAudit, limit: int) -> None:
    """The share of deals that is covered, then what is not, by number of deals."""
    console = stdout()
    if not audit.weapons:
        console.print(f"No deal in a named weapon was ordered in {audit.since} or later.")
        return
    console.print(
        f"[bold]{audit.share(Known.BY_NAME):.1%}[/] of {audit.deals()} deals since {audit.since} are in weapons "
        f"the lexicon knows, {audit.share(Known.BY_FORM):.1%} in others that are told by their form"
    )
    unknown = [w for w in audit.weapons if w.known is not Known.BY_NAME]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("deals", justify="right")
    table.add_column("designation")
    table.add_column("what it is", style="dim")
    table.add_column("")
    for weapon in unknown[:limit]:
        by_form = "told by form" if weapon.known is Known.BY_FORM else ""
        row = (Text(weapon.designation), Text(weapon.description), by_form)
        table.add_row(str(weapon.deals), *row)
    if unknown:
        console.print("\n[bold]Not in the lexicon[/]")
        console.print(table)
    if len(unknown) > limit:
        console.print(f"and {len(unknown) - limit} more; --json tells all")
    names = [(n, w) for w in audit.weapons if w.known is Known.BY_NAME for n in w.unknown]
    if names:
        shown = ", ".join(f"{name} (for {weapon.designation})" for name, weapon in names[:limit])
        console.print("\n[bold]Other names of known ones[/]")
        console.print(Text(shown))
    if audit.unknown_parties:
        parties = audit.unknown_parties[:limit]
        console.print("\n[bold]Parties that no lexicon names[/]")
        console.print(Text(", ".join(f"{name} ({deals})" for name, deals in parties)))


def audit_as_dict(audit: LexiconAudit) -> dict[str, Any]:
    """The JSON form of `lexicon audit --json`."""
    return {
        "since": audit.since,
        "deals": audit.deals(),
        "covered": audit.deals(Known.BY_NAME),
        "share": round(audit.share(Known.BY_NAME), 4),
        "share_by_form": round(audit.share(Known.BY_FORM), 4),
        "unknown": [
            {
                "designation": weapon.designation,
                "description": weapon.description,
                "deals": weapon.deals,
                "by_form": weapon.known is Known.BY_FORM,
            }
            for weapon in audit.weapons
            if weapon.known is not Known.BY_NAME
        ],
        "unknown_names": [
            {"name": name, "designation": weapon.designation, "deals": weapon.deals}
            for weapon in audit.weapons
            if weapon.known is Known.BY_NAME
            for name in weapon.unknown
        ],
        "unknown_parties": [{"name": name, "deals": n} for name, n in audit.unknown_parties],
    }
