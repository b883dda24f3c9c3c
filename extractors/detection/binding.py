"""Later mentions bound to earlier ones: bare surnames, "the ministry", "the foreign minister"."""

from __future__ import annotations

from collections import Counter

from extractors.detection.names import after, name_word
from extractors.detection.parties import Party, PartyTable
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set


def surnames(reading: Reading, table: PartyTable) -> None:
    taken = {i for p in table.parties for i in range(p.start, p.end)}
    for i, word in enumerate(reading.words):
        if i in taken or not word[0].isupper() or i in reading.dateline:
            continue
        person = table.persons.get(word.lower())
        if person is None:
            continue
        start = i
        while (
            start - 1 not in taken
            and start > 0
            and name_word(reading, start - 1, inside=True)
            and (reading.words[start - 1] in person.name.split())
        ):
            start -= 1
        table.parties.append(
            Party(
                start,
                i + 1,
                "person" if person.official else "outsider",
                after(reading, i + 1),
                (person.code,) if person.code else (),
                office=person.office,
                office_kind=person.office_kind,
                official=person.official,
                name=person.name,
                label=person.name,
                affiliation=person.affiliation,
                head=i,
                rule="party.surname",
            )
        )


def bind_bare_offices(reading: Reading, table: PartyTable) -> None:
    """ "The ministry", "the foreign minister": the state of the nearest earlier party of that office."""
    by_office: dict[str, str] = {}
    official: str | None = None
    home = _home(reading, table)
    for party in table.parties:
        words = (party.office or "").lower().split()
        if party.codes:
            if party.office and party.official:
                by_office.update(dict.fromkeys(words, party.codes[0]))
            if party.kind in ("institution", "person") and party.official:
                official = party.codes[0]
            continue
        if party.office is None:
            continue
        known = next((by_office[w] for w in reversed(words) if w in by_office), None)
        code = known or (official or home if party.official else None)
        if party.office_kind == "anonymous" and not known:
            code = home if reading.sentence_of[party.start] < 4 else official or home
        if code is None and set(words) & _AMERICAN:
            code = "US"
        if code:
            party.codes = (code,)
            person = (
                table.persons.get((party.name or " ").split()[-1].lower()) if party.name else None
            )
            if person is not None and person.code is None:
                person.code = code
    for party in table.parties:
        if party.rule == "party.surname" and not party.codes and party.name:
            person = table.persons.get(party.name.split()[-1].lower())
            if person is not None and person.code:
                party.codes = (person.code,)


_AMERICAN = word_set("congress senate senator senators congressman congressmen pentagon")


def _home(reading: Reading, table: PartyTable) -> str | None:
    """The state an article is written from: its dateline's, else the one its first sentences name most."""
    for i in sorted(reading.dateline):
        entry = reading.spans["names"].get(i)
        states = [key for label, key in entry[1] if label.startswith("state.")] if entry else []
        if states:
            return states[0]
    counts: Counter[str] = Counter()
    for party in table.parties:
        if (
            party.kind in ("state", "institution", "person")
            and party.codes
            and len(party.codes[0]) == 2
        ):
            counts[party.codes[0]] += 2 if reading.sentence_of[party.start] < 3 else 1
    return counts.most_common(1)[0][0] if counts else None
