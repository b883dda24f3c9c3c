"""Offices, the persons who hold them, and names that only their neighbours explain."""

from __future__ import annotations

from extractors.detection.known_officials import FORMER, known_person
from extractors.detection.lexicon_entries import Lexicons, Office
from extractors.detection.names import (
    FORCE_HEADS,
    NOT_NAME,
    PARTICLES,
    TITLES,
    after,
    cleaned,
    known_surname,
    name_word,
    remember,
)
from extractors.detection.parties import Party, PartyTable
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set


def _is_former(reading: Reading, start: int, at: int) -> bool:
    """Whether the words before an office, up to the last mark, say that it was held once."""
    for k in range(at - 1, max(-1, start - 4), -1):
        if reading.word(k) in FORMER:
            return True
        if reading.word(k) in (",", ";", ".", '"', "that", "and"):
            return False
    return False


_NO_PERSONS = word_set(
    "corp corp. corporation inc inc. ltd ltd. plc llc co co. company group holdings gmbh"
    " airport airbase university hospital mosque square bridge street foundation institute stadium"
    " sales financing program programme act treaty agreement initiative fund award prize"
)
"""Last words of names that no person has: of firms, places, programmes."""


_BEFORE_BODY = word_set("the foreign defence defense republic rebel opposition main armed")


class OfficeReader:
    """Reads offices and the persons who hold them: "Russian Foreign Ministry spokeswoman Maria Zakharova"."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons

    def office_party(
        self, reading: Reading, table: PartyTable, start: int, at: int, owner: Party | None
    ) -> Party | None:
        end, options = reading.spans["names"][at]
        if end - at == 1 and reading.low[at] in table.persons and reading.words[at][0].isupper():
            return None  # "King" once Peter King is known
        offices = [
            self._lexicons.offices[key] for label, key in options if label.startswith("office.")
        ]
        office = offices[0]
        code = owner.code if owner is not None else office.country
        if owner is not None and office.country and owner.kind != "state":
            code = office.country
        end, office = self._longer_office(reading, end, office)
        end, code = self._of_whom(reading, end, code, owner)
        former = _is_former(reading, start, at)
        official = office.official and not former and office.kind != "unofficial"
        affiliation = office.affiliation
        name, end_of_name = (None, end)
        if office.kind not in ("institution", "court", "parliament"):
            name, end_of_name = self._name_after(reading, end)
        if name and reading.low[end_of_name - 1] in _NO_PERSONS:
            return None
        kind = (
            "institution"
            if office.kind in ("institution", "parliament", "court", "military", "international")
            and not name
            else "person"
        )
        if not official:
            kind = "outsider"
        party = Party(
            start,
            end_of_name,
            kind,
            after(reading, end_of_name),
            (code,) if code else (),
            office=reading.slice(at, end),
            office_kind=office.kind,
            official=official,
            name=name,
            label=name or cleaned(reading, start, end),
            affiliation=affiliation or cleaned(reading, start, end),
            head=end_of_name - 1,
            rule=f"party.office.{office.id}",
        )
        if name is None and office.kind not in ("institution", "court"):
            self._name_before(reading, party)
        if party.name:
            if not code and name:
                self._recall(reading, party, end)
            remember(table, party)
        return party

    def _recall(self, reading: Reading, party: Party, start: int) -> None:
        """The state of a person whom the lexicons know: "Foreign Minister Sergei Lavrov"."""
        for i in range(start, party.end):
            entry = reading.spans["names"].get(i)
            known = known_person(self._lexicons, dict(entry[1])) if entry else None
            if known is not None and known.country:
                party.codes = (known.country,)
                return

    def plain_name(self, reading: Reading, table: PartyTable, i: int) -> Party | None:
        """A name of two words or more that no lexicon knows; its office is looked for right after it."""
        sentence = reading.sentences[reading.sentence_of[i]]
        if sentence.is_title and reading.title_case:
            return None
        if (
            not name_word(reading, i, inside=False)
            or reading.low[i] in TITLES
            or len(reading.words[i]) < 2
        ):
            return None
        end = i
        while (
            end < sentence.end
            and end - i < 6
            and end not in reading.spans["names"]
            and name_word(reading, end, inside=end > i)
        ):
            end += 1
        while end > i and (reading.low[end - 1] in PARTICLES or reading.low[end - 1] == "-"):
            end -= 1
        if end - i < 2 or any(k in reading.spans["weapons"] for k in range(i, end)):
            return None
        if sum(reading.words[k].isupper() for k in range(i, end)) > 1:
            return None
        if reading.low[end - 1] in _NO_PERSONS:
            return None
        office, words, held_in = self._office_near(reading, end, sentence.end)
        name = reading.slice(i, end)
        party = Party(
            i,
            end,
            "person",
            after(reading, end),
            name=name,
            label=name,
            head=end - 1,
            rule="party.plain-name",
        )
        if office is not None:
            party.office, party.office_kind = words, office.kind
            party.affiliation = office.affiliation
            party.codes = (held_in,) if held_in else ()
            party.official = office.official
            party.kind = "person" if office.official else "outsider"
        if known_surname(table, name):
            return None
        remember(table, party)
        return party

    def _office_near(
        self, reading: Reading, i: int, stop: int
    ) -> tuple[Office | None, str, str | None]:
        """The office in ", who advises the defence minister", "of the defence department", ", for the army", how it is
        worded, and where it is held, if the words tell; None, "" and None where there is none.
        """
        if reading.word(i) not in (",", "of", "from", "at", "for", "(", "who", "-", "–", "—"):
            return None, "", None
        for k in range(i, min(i + 9, stop)):
            if k in reading.spans["cues"] and (k > i + 1 or reading.word(i) == ","):
                return None, "", None  # a verb of speech: what follows is said, or heard
            entry = reading.spans["names"].get(k)
            keys = [key for label, key in entry[1] if label.startswith("office.")] if entry else []
            if entry and keys:
                office = self._lexicons.offices[keys[0]]
                _, code = self._of_whom(reading, entry[0], office.country, None)
                return office, reading.slice(k, entry[0]), code
        return None, "", None

    def _longer_office(self, reading: Reading, end: int, office: Office) -> tuple[int, Office]:
        """ "Foreign Ministry spokeswoman", "State Department official": the last of a chain of offices counts."""
        for _ in range(3):
            step = end + (1 if reading.word(end) in ("'s", "'", "senior", "chief", "deputy") else 0)
            following = reading.spans["names"].get(step)
            if following is None or not reading.same_sentence(end - 1, step):
                break
            next_offices = [k for label, k in following[1] if label.startswith("office.")]
            if not next_offices or reading.low[step] == "hopeful":
                break
            inner = self._lexicons.offices[next_offices[0]]
            end = following[0]
            office = Office(
                id=inner.id,
                kind=inner.kind,
                names=inner.names,
                affiliation=office.affiliation or inner.affiliation,
                country=office.country or inner.country,
                official=office.official and inner.official,
            )
        return end, office

    def _of_whom(
        self, reading: Reading, end: int, code: str | None, owner: Party | None
    ) -> tuple[int, str | None]:
        if code is not None or reading.word(end) not in ("of", "for", "in", "from"):
            return end, code
        at = end + 1
        while reading.word(at) in _BEFORE_BODY:
            at += 1
        entry = reading.spans["names"].get(at)
        if entry is None:
            return end, code
        actor = self._lexicons.actors.get(dict(entry[1]).get("actor", ""))
        if actor is not None and actor.kind == "movement" and actor.state is None:
            return entry[0], actor.id
        states = [key for label, key in entry[1] if label.startswith("state.")]
        head = reading.spans["names"].get(entry[0])
        if head is not None and any(label.startswith("office.") for label, _ in head[1]):
            return end, states[0] if states else code
        if states and reading.word(entry[0]) in FORCE_HEADS:
            return entry[0] + 1, states[0]
        return (entry[0], states[0]) if states else (end, code)

    def _name_after(self, reading: Reading, i: int) -> tuple[str | None, int]:
        start = i
        if reading.word(i) == ",":
            return None, i
        while reading.word(i) in TITLES:
            i += 1
        first, words = i, 0
        while i < len(reading.words) and reading.same_sentence(first, i) and words < 4:
            if (
                i in reading.spans["names"]
                and words == 0
                and not any(k in ("official", "leader") for k, _ in reading.spans["names"][i][1])
            ):
                break
            if not name_word(reading, i, inside=i > first):
                break
            if (
                reading.title_case
                and reading.sentences[reading.sentence_of[i]].is_title
                and (
                    i in reading.spans["cues"]
                    or i in reading.spans["predicates"]
                    or i in reading.spans["weapons"]
                )
            ):
                break
            i += 1
            words += 1
            while reading.word(i) == "-" and name_word(reading, i + 1, inside=True):
                i += 2
        while i > first and (reading.low[i - 1] in PARTICLES or reading.low[i - 1] == "-"):
            i -= 1
        if i == first:
            return None, start
        return reading.slice(first, i), i

    def _name_before(self, reading: Reading, party: Party) -> None:
        """ "Maria Zakharova, the Foreign Ministry's spokeswoman": binds the name that the apposition follows."""
        i = party.start - 1
        while reading.word(i) in ("the", "a", "an", "his", "her", "their", "its"):
            i -= 1
        if reading.word(i) != ",":
            return
        end = i
        i -= 1
        while i >= 0 and reading.same_sentence(i, end) and name_word(reading, i, inside=True):
            i -= 1
        first = i + 1
        while first < end and (
            not reading.words[first][0].isupper() or reading.low[first] in NOT_NAME
        ):
            first += 1
        if any(
            label not in ("official", "leader")
            for k in range(first, end)
            if k in reading.spans["names"]
            for label, _ in reading.spans["names"][k][1]
        ):
            return  # "to the United States, officials said": a state, no name
        if end - first >= 2 and end - first <= 5:
            party.name = reading.slice(first, end)
            party.label = party.name
            party.start = first
            if party.kind == "institution":
                party.kind = "person"
