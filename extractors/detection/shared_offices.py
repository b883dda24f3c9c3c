"""Offices that several states share: "American, British and French diplomats" are diplomats of three states."""

from __future__ import annotations

from dataclasses import replace

from extractors.detection.parties import Party, PartyTable
from extractors.detection.reading import Reading

_JOINTS = (["and"], ["or"], ["&"], [",", "and"], [",", "or"])
_ONE = {
    "ministries": "ministry",
    "ministers": "minister",
    "presidents": "president",
    "governments": "government",
    "embassies": "embassy",
    "ambassadors": "ambassador",
}


def share_offices(reading: Reading, table: PartyTable) -> None:
    """Gives the office that follows the last of several states to those before it, in place."""
    shared = ""
    for k in range(len(table.parties) - 1, 0, -1):
        before, holder = table.parties[k - 1], table.parties[k]
        told = _adjective_end(reading, holder.start)
        if told is not None and _is_shared(reading, holder):
            shared = _singular(reading.slice(told, holder.end))
        elif told != holder.end:
            shared = ""
        between = reading.low[before.end : holder.start]
        joined = between in _JOINTS or (between == [","] and told == holder.end)
        if shared and joined and _adjective_end(reading, before.start) == before.end:
            table.parties[k - 1] = replace(
                holder,
                start=before.start,
                end=before.end,
                head=before.end - 1,
                codes=before.codes,
                label=f"{before.label} {shared}",
            )
        else:
            shared = ""


def _adjective_end(reading: Reading, start: int) -> int | None:
    """Where the adjective of a state ends that begins at `start`."""
    end, options = reading.spans["names"].get(start, (0, []))
    return end if any(label == "state.adjective" for label, _ in options) else None


def _is_shared(reading: Reading, holder: Party) -> bool:
    """Whether an office with a state before it may have several holders."""
    return (
        holder.office is not None
        and holder.name is None
        and bool(holder.codes)
        and reading.low[holder.end - 1].endswith("s")
    )


def _singular(office: str) -> str:
    """ "defence ministries" of two states are a defence ministry each; officials stay several."""
    *first, last = office.split(" ")
    return " ".join([*first, _ONE.get(last, last)])
