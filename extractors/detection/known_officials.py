"""Persons whom the lexicons know: leaders, ministers, spokespersons, with their state and office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.names import (
    FORCE_HEADS,
    MOVEMENT_HEADS,
    NOT_NAME,
    TITLES,
    after,
    remember,
)
from extractors.detection.parties import Party, PartyTable
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set


@dataclass(frozen=True, slots=True)
class Known:
    """What the lexicons know of a person named."""

    country: str | None
    office: str | None
    affiliation: str | None


FORMER = word_set("former ex retired ousted late then-former onetime disgraced exiled deposed")
"""Words before an office that say it was held once."""


def known_person(lexicons: Lexicons, labels: Mapping[str, str]) -> Known | None:
    """Whom the lexicon rows with these labels name, if anybody."""
    if "leader" in labels:
        office = lexicons.offices[labels["leader"]]
        return Known(office.country, office.affiliation, office.affiliation)
    if "official" in labels:
        official = lexicons.officials[labels["official"]]
        return Known(official.country, official.office, None)
    return None


def known_official(reading: Reading, table: PartyTable, i: int, end: int, known: Known) -> Party:
    """The person named by tokens [i, end) as a party; what the article has said of them counts for more than the lexicon."""
    before = reading.words[i - 1] if i and reading.same_sentence(i - 1, i) else ""
    name = reading.slice(i, end)
    person = table.persons.get(name.split()[-1].lower())
    former = reading.word(i - 1) in FORMER or reading.word(i - 2) in FORMER
    kind, official = ("outsider", False) if former else ("person", True)
    codes: tuple[str, ...] = (known.country,) if known.country else ()
    if (
        end - i == 1
        and before[:1].isupper()
        and before.lower() not in TITLES
        and not reading.title_case
        and (
            before.lower() not in NOT_NAME
            and i - 1 not in reading.spans["names"]
            and reading.sentences[reading.sentence_of[i]].start != i - 1
        )
    ):
        codes, official, kind = (), False, "outsider"
    if person is not None:
        codes = (person.code,) if person.code else codes
        official = person.official and not former
        kind = "person" if official else "outsider"
    party = Party(
        i,
        end,
        kind,
        after(reading, end),
        codes,
        office=known.office,
        office_kind="person",
        official=official,
        name=name,
        label=name,
        affiliation=known.affiliation,
        head=end - 1,
        rule="party.official",
    )
    if reading.word(end) in MOVEMENT_HEADS | FORCE_HEADS and official:
        return Party(
            i,
            end + 1,
            "institution",
            after(reading, end + 1),
            codes,
            label=reading.slice(i, end + 1),
            head=end,
            rule="party.institution",
        )
    if party.official and codes:
        remember(table, party)
    return party
