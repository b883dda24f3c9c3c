"""How findings are worded for people: parties, systems, stages, stances."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.certainty import takes_side
from domain.alerting import PastDeals
from domain.countries import country_name
from domain.mentions import Reaction, Stage, Stance, System, Transfer

_STANCE_WORDS = {
    Stance.OPPOSE: ("opposes", "seems to oppose"),
    Stance.SUPPORT: ("supports", "seems to support"),
    Stance.NEUTRAL: ("takes no side", "takes no side"),
}
"""Of one who surely takes that side, and of one who may."""
_STAGE_WORDS = {
    Stage.CONSIDERED: "under consideration",
    Stage.SIGNED: "contract signed",
    Stage.POLICY: "export policy",
}


def parties(transfer: Transfer) -> str:
    """ "Japan → United States"; "Japan" alone for a rule of its own; what is not stated is said
    so."""
    supplier = country_name(transfer.supplier) if transfer.supplier else None
    recipient = country_name(transfer.recipient) if transfer.recipient else None
    if recipient is None and supplier and transfer.stage is Stage.POLICY:
        return supplier
    if supplier is None and recipient is None:
        return "parties not stated"
    return f"{supplier or 'supplier not stated'} → {recipient or 'recipient not stated'}"


def past_words(past: PastDeals) -> str:
    """ "United States → Poland: 14 deals ordered 1996 to 2023; latest Patriot PAC-3 (2023)"."""
    names = f"{country_name(past.supplier)} → {country_name(past.recipient)}"
    if not past.deals:
        return f"{names}: no deal in the register"
    deals = "1 deal" if past.deals == 1 else f"{past.deals} deals"
    years = str(past.first) if past.first == past.last else f"{past.first} to {past.last}"
    latest = ", ".join(f"{name} ({year})" for name, year in past.latest)
    return f"{names}: {deals} ordered {years}; latest {latest}"


def system_names(systems: Iterable[System]) -> str:
    """ "Patriot, NASAMS", each with its designation where that adds something."""
    return ", ".join(system.name for system in systems)


def stage_words(transfer: Transfer) -> str:
    """ "delivered", "under consideration", "delivered (alleged)"."""
    words = stage_name(transfer.stage)
    return f"{words} (alleged)" if transfer.alleged else words


def stage_name(stage: Stage) -> str:
    """A stage as people call it."""
    return _STAGE_WORDS.get(stage, stage.value)


def summary(transfer: Transfer) -> str:
    """One transfer in a line: "Japan → United States: Patriot, delivered"."""
    facts = [system_names(transfer.systems), stage_words(transfer)]
    return f"{parties(transfer)}: {', '.join(fact for fact in facts if fact)}"


def speaker_words(reaction: Reaction) -> str:
    """ "Maria Zakharova (Russian Foreign Ministry)"."""
    affiliation = reaction.affiliation
    if affiliation is None or affiliation.casefold() == reaction.speaker.casefold():
        return reaction.speaker
    return f"{reaction.speaker} ({affiliation})"


def stance_words(reaction: Reaction) -> str:
    """ "opposes", "seems to support", "takes no side"."""
    sure, unsure = _STANCE_WORDS[reaction.stance]
    return sure if takes_side(reaction) else unsure


def many(n: int, one: str, more: str) -> str:
    """ "1 transfer", "2 transfers"."""
    return f"{n} {one if n == 1 else more}"
