"""Who is named in a text: states, institutions, officials, movements, companies, each bound to a state where it can be.

One left-to-right pass builds parties from the name layer ("Russian" + "Foreign Ministry" + "spokeswoman" + "Maria
Zakharova" is one party of state RU) and the table of persons; a second pass finds the later bare surnames.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Party:
    """Tokens [start, end) naming somebody.

    `codes`: states ("RU"), or the name of a movement; empty when unknown. `case`: "name", "possessive", "adjective" or
    "compound" (a bare name before a noun). `kind`: state, place, institution, person, movement, company, outsider.
    `home`: the state that a person of whom none is told most likely speaks for.
    """

    start: int
    end: int
    kind: str
    case: str
    codes: tuple[str, ...] = ()
    office: str | None = None
    office_kind: str | None = None
    official: bool = True
    name: str | None = None
    label: str = ""
    affiliation: str | None = None
    head: int = 0
    rule: str = "party.name"
    ambiguous: bool = False
    home: str | None = None

    @property
    def code(self) -> str | None:
        return self.codes[0] if self.codes else None


@dataclass(slots=True)
class Person:
    """What the article has said of a person so far."""

    name: str
    code: str | None
    office: str | None
    office_kind: str | None
    official: bool
    affiliation: str | None


@dataclass(slots=True)
class PartyTable:
    """All parties by position, and the persons by surname."""

    parties: list[Party] = field(default_factory=list)
    persons: dict[str, Person] = field(default_factory=dict)
    at: dict[int, Party] = field(default_factory=dict)
