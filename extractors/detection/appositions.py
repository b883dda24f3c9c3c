"""Offices and names that a comma or a preposition keeps apart, joined into one party.

"The spokesman of the Foreign Ministry, Li Wei," and "Li Wei, a spokesman for the Foreign Ministry" are each
one person of one institution of one state: the first pass finds the pieces, and they are joined here before
surnames are looked up.
"""

from __future__ import annotations

from extractors.detection.names import BETWEEN, TITLES, after, cleaned, name_word, remember
from extractors.detection.parties import Party, PartyTable
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set

_ROLES = frozenset(["person", "spokesperson", "lawmaker", "military", "international", "anonymous"])
_LINKS = frozenset(["of", "for", "at", "from", "in", "with", "to"])
_ARTICLES = frozenset(["the", "a", "an", "its", "his", "her", "their", "our", "'s"])
_AFTER_NAME = frozenset([",", ":", ".", "(", ")", '"', ";", "'"])
_HEADS = word_set(
    "head chief chair chairman chairwoman chairperson chairs vice-chair director leader member president secretary"
)
_RANKS = word_set(
    "general admiral colonel major lieutenant brigadier captain commodore marshal vice rear air"
    " senior sir dame lord lady dato datuk tan sri cdre group wing commander gen adm col lt maj"
)


def join_appositions(reading: Reading, table: PartyTable) -> None:
    """Joins offices with the institution after "of" or "for", then with the name after or before the comma."""
    parties = sorted(table.parties, key=lambda p: (p.start, -p.end))
    gone: set[int] = set()
    at = {p.start: p for p in parties}
    for party in parties:
        if id(party) in gone or party.kind not in ("person", "institution"):
            continue
        if party.office_kind in _ROLES:
            _join_institution(reading, at, gone, party)
        if party.name is None and party.office is not None:
            _join_name(reading, table, at, gone, party)
        elif party.name is not None and not party.codes:
            if reading.word(party.end) == ",":
                _join_office(reading, table, at, gone, party)
            if not party.codes and reading.word(party.start - 1) == ",":
                _join_head(reading, table, at, party)
    table.parties[:] = [p for p in parties if id(p) not in gone]


def _join_head(reading: Reading, table: PartyTable, at: dict[int, Party], party: Party) -> None:
    """ "The head of the Czech senate's defence committee, Jan Dvorak,": no office by itself, but it is of an institution."""
    comma = party.start - 1
    body = next((p for p in at.values() if p.end == comma and p.kind == "institution"), None)
    if body is None or not body.official or not body.codes:
        return
    of = body.start - 1
    while reading.word(of) in _ARTICLES:
        of -= 1
    if reading.word(of) not in _LINKS or reading.word(of - 1) not in _HEADS:
        return
    party.office, party.office_kind = f"{reading.word(of - 1)} {body.office}", "person"
    party.codes, party.affiliation = body.codes, body.label
    remember(table, party)


def _join_institution(reading: Reading, at: dict[int, Party], gone: set[int], party: Party) -> None:
    """ "Spokesman for the Chinese Ministry of Defence": the institution gives the state and the affiliation."""
    end = party.end - 1 if reading.word(party.end - 1) in _LINKS else party.end
    if reading.word(end) not in _LINKS or not reading.same_sentence(party.start, end):
        return
    k = end + 1
    while reading.word(k) in _ARTICLES:
        k += 1
    inner = at.get(k)
    if inner is None or inner.name or inner.end <= k or id(inner) in gone:
        return
    if (
        inner.kind == "institution"
        and inner.official
        and reading.word(end) in ("of", "for", "at", "from", "with")
    ):
        party.affiliation = inner.affiliation if inner.rule == "party.institution" else inner.label
        if inner.codes:
            party.codes = inner.codes
        party.office = f"{party.office} {inner.office or inner.label}"
        if not party.name:
            party.label = cleaned(reading, party.start, inner.end)
        party.end = party.head = inner.end
        party.head -= 1
        party.case = after(reading, party.end)
        gone.add(id(inner))
    elif (
        inner.kind in ("movement", "state")
        and party.office_kind == "spokesperson"
        and not party.codes
    ):
        party.codes = inner.codes


def _join_name(
    reading: Reading, table: PartyTable, at: dict[int, Party], gone: set[int], party: Party
) -> None:
    """ "The foreign minister, Ana Lopez, said": the name that follows the office's comma."""
    comma = _comma(reading, party.end)
    if comma is None or not reading.same_sentence(party.start, comma):
        return
    if party.office_kind in ("institution", "court", "parliament", "anonymous"):
        return
    k = comma + 1
    start = k
    sentence = reading.sentences[reading.sentence_of[party.start]]
    while k < sentence.end and (
        reading.low[k].strip(".") in _RANKS or reading.low[k] in TITLES or reading.word(k) == "."
    ):
        k += 1
    end = k
    while end < sentence.end and end - k < 6 and name_word(reading, end, inside=end > k):
        end += 1
        while reading.word(end) == "-" and name_word(reading, end + 1, inside=True):
            end += 2
    if end - k < 2 and not (end - k == 1 and k > start):
        return
    if reading.word(end) not in _AFTER_NAME and end not in reading.spans["cues"]:
        return
    inside = [p for s, p in at.items() if start <= s < end and id(p) not in gone]
    if any(
        p.kind in ("state", "place", "movement", "company", "institution") and not p.name
        for p in inside
    ):
        return
    party.name = party.label = reading.slice(k, end)
    party.end, party.head = end, end - 1
    party.case = after(reading, end)
    if party.official:
        party.kind = "person"
    for other in inside:
        if not party.codes and other.codes:
            party.codes = other.codes
        gone.add(id(other))
    table.persons.pop(party.name.split()[-1].strip(".").lower(), None)
    remember(table, party)


def _join_office(
    reading: Reading, table: PartyTable, at: dict[int, Party], gone: set[int], party: Party
) -> None:
    """ "General Wes Thorne, the commander of US Forces Japan": the office after the comma tells the state."""
    k = party.end + 1
    while reading.word(k) in _ARTICLES or reading.word(k) in BETWEEN:
        k += 1
    inside = [at[s] for s in range(party.start + 1, party.end) if s in at]
    office = at.get(k) or next((p for p in inside if p.end > party.end and p.codes), None)
    if office is None or not office.office or not office.official:
        return
    if office.office_kind in _ROLES:
        _join_institution(reading, at, gone, office)
    end = office.end
    codes = office.codes
    if not codes and reading.word(end) in _LINKS:
        end += 1
        while reading.word(end) in _ARTICLES:
            end += 1
        whose = at.get(end)
        if whose is not None and whose.kind in ("state", "institution"):
            codes = whose.codes
    if codes:
        party.codes = codes
        person = table.persons.get((party.name or " ").split()[-1].strip(".").lower())
        if person is not None:
            person.code = codes[0]


def _comma(reading: Reading, i: int) -> int | None:
    """The comma after an office, past "in Quito", "for defence", "to the United Nations"; None when a verb comes first."""
    if reading.word(i) == ",":
        return i
    if reading.word(i) not in _LINKS and reading.word(i) != "on":
        return None
    for k in range(i + 1, min(i + 8, len(reading.words))):
        if reading.word(k) == ",":
            return k
        if k in reading.spans["cues"] or reading.quote_of[k] >= 0 or reading.low[k] in _VERBS:
            return None
    return None


_VERBS = word_set("is was are were has have had will would who which that said says told to and")
