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
    """The state of offices that name none: "its ministry", "the spokesman" beside Beijing, "the foreign minister".

    In this order: a possessive's state, the place the sentence speaks from, the state that a new name is introduced
    beside in its paragraph, the state of the same office before, the state last heard officially, the article's home.
    """
    by_office: dict[str, str] = {}
    official: str | None = None
    home = _home(reading, table)
    american = any(p.codes[:1] == ("US",) for p in table.parties)
    congress = any(_of_congress(p) for p in table.parties)
    for position, party in enumerate(table.parties):
        words = (party.office or "").lower().split()
        if party.codes:
            if party.office and party.official:
                by_office.update(dict.fromkeys(words, party.codes[0]))
            outside = reading.quote_of[party.start] < 0
            if party.kind in ("institution", "person") and party.official and outside:
                official = party.codes[0]
            continue
        if party.office is None or _is_of_many(reading, party):
            continue
        known = next((by_office[w] for w in reversed(words) if w in by_office), None)
        local = _local(reading, table.parties, position)
        if party.office_kind == "spokesperson" and party.name and official and not local:
            local = official if len(words) == 1 else None
        code = local or known or (home or official if party.official else None)
        if party.office_kind == "anonymous" and not known and not local:
            code = home if reading.sentence_of[party.start] < 4 else official or home
        washington = _AMERICAN | _LAWMAKERS if congress else _AMERICAN
        if set(words) & washington and not local and home not in _CONGRESSES:
            code = "US"
        if "administration" in words and not local and american and home not in _CONGRESSES:
            code = "US"
        secretary = any(w.endswith("secretary") for w in words)
        if ("defense" in words and (secretary or "department" in words)) or (
            "defence" in words and secretary
        ):
            code = _of_secretary(words, local, home, {p.codes[0] for p in table.parties if p.codes})
        if code:
            party.codes = (code,)
            if party.official and party.office_kind != "anonymous":
                by_office.update(dict.fromkeys(words, code))
            person = (
                table.persons.get((party.name or " ").split()[-1].lower()) if party.name else None
            )
            if person is not None and person.code is None:
                person.code = code
    _share_states(table)
    _guess_homes(reading, table, home)


def _of_secretary(words: list[str], local: str | None, home: str | None, named: set[str]) -> str:
    """The state of a secretary or department of defence that names none: four states have one, and the American one
    travels, so that the place which the words come from tells nothing. `named`: all states of the article.
    """
    likely = next((c for c in (local, home) if c in _SECRETARIES), None)
    if likely is not None:
        return likely
    british = "defence" in words and "GB" in named and "US" not in named
    return "GB" if british else "US"


_SECRETARIES = frozenset(["US", "GB", "MX", "PH"])


def _is_of_many(reading: Reading, party: Party) -> bool:
    """Whether an unnamed official is of several states at once: "Western officials", "Arab diplomats"."""
    before = {reading.word(party.start - 1), *(party.office or "").lower().split()[:1]}
    return party.office_kind == "anonymous" and bool(before & _MANY)


_MANY = frozenset(["western", "arab", "allied", "foreign", "regional", "gulf"])


def _share_states(table: PartyTable) -> None:
    """Gives later surnames the state found for the person."""
    for party in table.parties:
        if party.rule == "party.surname" and not party.codes and party.name:
            person = table.persons.get(party.name.split()[-1].lower())
            if person is not None and person.code:
                party.codes = (person.code,)


def _guess_homes(reading: Reading, table: PartyTable, home: str | None) -> None:
    """For persons of whom no state is told: the state their paragraph speaks of, else the article's home."""
    homes: dict[str, str | None] = {}
    for position, party in enumerate(table.parties):
        if party.codes or not party.official or party.kind not in ("person", "institution"):
            continue
        key = (party.name or party.label).split()[-1].lower() if party.label else ""
        if key not in homes:
            homes[key] = _local(reading, table.parties, position) or home
        party.home = homes[key]


def _local(reading: Reading, parties: list[Party], position: int) -> str | None:
    """The state that the paragraph speaks of where an office without one stands; None when it speaks of none."""
    party = parties[position]
    here = reading.sentence_of[party.start]
    paragraph = reading.sentences[here].paragraph
    earlier = [
        p
        for p in parties[:position]
        if p.codes
        and len(p.codes[0]) <= 4
        and reading.quote_of[p.start] < 0
        and reading.sentences[reading.sentence_of[p.start]].paragraph == paragraph
        and p.kind in ("state", "place", "institution", "person")
    ]
    if reading.word(party.start - 1) in ("its", "their", "his", "her"):
        opener = _opener_before(reading, earlier, party)
        if opener is not None:
            return opener.codes[0]
        state = [p for p in earlier if p.kind == "state" and p.case in ("name", "possessive")]
        people = [p for p in earlier if p.case in ("name", "possessive")]
        subject = [p for p in state if reading.word(p.start - 1) not in _BEFORE_OBJECTS]
        chosen = (subject or state or people)[-1:]
        return chosen[0].codes[0] if chosen else None
    place = _spoken_from(reading, parties, party)
    if place is not None:
        return place
    if not party.name and party.office_kind not in ("anonymous", "institution", "spokesperson"):
        return None
    if party.office_kind == "anonymous":
        return None
    spoken = [
        p
        for p in earlier
        if p.kind != "place"
        and (p.case == "name" or (p.case == "possessive" and _opens_sentence(reading, p)))
        and p.official
        and p.start not in reading.dateline
    ]
    capitals = [p for p in spoken if p.rule in ("party.capital", "party.metonym")]
    subjects = [p for p in spoken if _opens_sentence(reading, p) and p.kind == "state"]
    bodies = [p for p in spoken if p.kind == "institution" and p.office_kind]
    spokesperson = party.office_kind == "spokesperson" and party.name
    for group in (bodies, capitals, subjects) if spokesperson else (capitals, subjects):
        if group:
            last = reading.sentence_of[group[-1].start]
            latest = [p for p in group if reading.sentence_of[p.start] == last]
            return next((p for p in latest if _opens_sentence(reading, p)), latest[-1]).codes[0]
    return None


def _opener_before(reading: Reading, earlier: list[Party], party: Party) -> Party | None:
    """The state or body that opens the sentence before, where "its" opens that of the party: in "The army has drones made
    in Turkey. Its spokesman said", the army.
    """
    here = reading.sentence_of[party.start]
    its = party.start - 1
    if reading.word(its) != "its" or its - reading.sentences[here].start > 1:
        return None
    before = (p for p in earlier if reading.sentence_of[p.start] == here - 1)
    return next(
        (p for p in before if p.kind in ("state", "institution") and _opens_sentence(reading, p)),
        None,
    )


def _spoken_from(reading: Reading, parties: list[Party], party: Party) -> str | None:
    """The state of the place in "In Ljubljana an official", "a ministry spokeswoman in Beijing", "told reporters in the
    Chinese capital", "in the Oval Office the president".
    """
    here = reading.sentence_of[party.start]
    opens = reading.sentences[here].start
    envoy = _ENVOYS & set((party.office or "").lower().split())
    for other in parties:
        if not other.codes or reading.sentence_of[other.start] != here or envoy:
            continue
        capital = reading.word(other.end) == "capital" and other.case == "adjective"
        place = other.kind == "place" or _is_entered(reading, other)
        if not place and not capital:
            continue
        opening = reading.word(opens) in ("at", "in") and reading.word(other.end) == ","
        near = 0 < party.start - other.end <= 3
        if place and other.start < party.start and (other.start - opens <= 2 or (opening and near)):
            return other.codes[0]
        gap = other.start - party.end
        told = any(k in reading.spans["cues"] for k in range(party.end, other.start))
        if 0 <= gap <= 2 or (0 < gap <= 9 and told):
            return other.codes[0]
    return None


def _is_entered(reading: Reading, party: Party) -> bool:
    """Whether an institution is where something is said: "in the Oval Office", "at the Pentagon"."""
    at = party.start - 2 if reading.word(party.start - 1) == "the" else party.start - 1
    return (
        party.kind == "institution"
        and party.name is None
        and reading.word(at) in ("in", "at", "outside")
    )


_BEFORE_OBJECTS = word_set("to of for from with by in at on against between over about")
_ENVOYS = word_set("ambassador embassy envoy consul attache commissioner mission delegation")


def _opens_sentence(reading: Reading, party: Party) -> bool:
    start = reading.sentences[reading.sentence_of[party.start]].start
    return party.start - start <= 1


_CONGRESSES = frozenset(
    "PH BR CL AR MX CO PE NG AU CA IT FR ES PL PK KE IN IE RO CZ NL BE JP".split()
)
"""States whose own parliaments have a senate or a congress."""

_AMERICAN = word_set(
    "congress congressional senate senator senators congressman congressmen pentagon"
)
_LAWMAKERS = word_set("lawmaker lawmakers legislator legislators representative representatives")


def _of_congress(party: Party) -> bool:
    """Whether a party shows that an article speaks of the American parliament."""
    if party.codes:
        return party.office_kind == "parliament" and party.codes[0] == "US"
    return bool(set((party.office or "").lower().split()) & (_AMERICAN - {"pentagon"}))


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
