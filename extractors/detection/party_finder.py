"""Who is named in a text: states, institutions, movements and firms, put together from the name layer."""

from __future__ import annotations

from extractors.detection.appositions import join_appositions
from extractors.detection.binding import bind_bare_offices, surnames
from extractors.detection.known_officials import known_official, known_person
from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.movements import MovementNamer, bare_movement
from extractors.detection.names import (
    BETWEEN,
    FORCE_HEADS,
    MOVEMENT_HEADS,
    after,
    before_noun,
    case_of,
    looks_like_a_name,
)
from extractors.detection.offices import OfficeReader
from extractors.detection.parties import Party, PartyTable
from extractors.detection.reading import Reading
from extractors.detection.shared_offices import share_offices
from extractors.detection.wordsets import word_set

_PLACE_PREPOSITIONS = word_set("in at near outside around across inside through throughout via")


_FALSE_FOLLOWERS = word_set(
    "post times daily journal tribune herald today news tv network radio wizards capitals"
    " redskins nationals club fc united city street state university airlines airways air-lines"
    " cup dc d.c."
)


class PartyFinder:
    """Builds the party table of a reading."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons
        self._offices = OfficeReader(lexicons)
        self._movements = MovementNamer(lexicons)
        self._ambiguous = {(s.id, n) for s in lexicons.states.values() for n in s.ambiguous} | {
            (a.id, n) for a in lexicons.actors.values() for n in a.ambiguous
        }

    def find(self, reading: Reading) -> PartyTable:
        table = PartyTable()
        i = 0
        total = len(reading.words)
        while i < total:
            party = self._party_at(reading, table, i)
            if party is None:
                i += 1
                continue
            table.parties.append(party)
            i = max(party.end, i + 1)
        share_offices(reading, table)
        join_appositions(reading, table)
        surnames(reading, table)
        table.parties.sort(key=lambda p: p.start)
        table.at = {p.start: p for p in table.parties}
        bind_bare_offices(reading, table)
        self._movements.settle(table, headline=reading.size.headline)
        return table

    def _party_at(self, reading: Reading, table: PartyTable, i: int) -> Party | None:
        entry = reading.spans["names"].get(i)
        if i in reading.dateline:
            return None
        if entry is None:
            return bare_movement(reading, table, i) or self._offices.plain_name(reading, table, i)
        end, options = entry
        labels = dict(options)
        known = known_person(self._lexicons, labels)
        if known is not None:
            return known_official(reading, table, i, end, known)
        if any(label.startswith("office.") for label in labels):
            return self._offices.office_party(reading, table, i, i, None)
        if "company" in labels and not any(k.startswith("state") for k in labels):
            code = self._lexicons.companies[labels["company"]].country
            case = case_of(reading, i, end, adjective=False)
            return Party(
                i,
                end,
                "company",
                case,
                (code,),
                official=False,
                label=reading.slice(i, end),
                head=end - 1,
                rule="party.company",
            )
        if "actor" in labels:
            party = self._actor_party(reading, i, end, labels["actor"])
        else:
            party = self._state_party(reading, i, end, options)
        if party is None:
            return None
        return self._with_head(reading, table, party)

    def _actor_party(self, reading: Reading, i: int, end: int, key: str) -> Party | None:
        actor = self._lexicons.actors[key]
        words = reading.slice(i, end)
        ambiguous = (key, words) in self._ambiguous
        if actor.kind in ("alliance", "not"):
            return None
        if ambiguous and words.isupper() and len(words) <= 4:
            return None
        code = actor.state or (key if key in ("EU", "NATO", "UN") else actor.id)
        kind = "state" if code in ("EU", "NATO", "UN") or actor.state else "movement"
        if actor.kind in ("organisation", "agency") and kind == "movement":
            kind = "institution"
        return Party(
            i,
            end,
            kind,
            case_of(reading, i, end, adjective=False),
            (code,),
            label=words,
            head=end - 1,
            rule="party.actor",
            ambiguous=ambiguous,
        )

    def _state_party(
        self, reading: Reading, i: int, end: int, options: list[tuple[str, str]]
    ) -> Party | None:
        kinds = {label for label, _ in options}
        label, code = min(options, key=lambda o: _PREFERENCE.get(o[0], 9))
        words = reading.slice(i, end)
        if reading.word(end) in _FALSE_FOLLOWERS and reading.words[end][0].isupper():
            return None
        if (code, words) in self._ambiguous and looks_like_a_name(reading, i, end):
            return None
        adjective = "state.adjective" in kinds
        if adjective and "state.name" in kinds:
            adjective = before_noun(reading, end)
        case = case_of(reading, i, end, adjective=adjective)
        kind = "state"
        if label == "state.capital":
            kind = "place" if reading.word(i - 1) in _PLACE_PREPOSITIONS else "state"
        elif reading.word(i - 1) in _PLACE_PREPOSITIONS and case == "name":
            kind = "place"
        return Party(
            i,
            end,
            kind,
            case,
            (code,),
            label=words,
            head=end - 1,
            rule=label.replace("state", "party"),
            ambiguous=(code, words) in self._ambiguous,
        )

    def _with_head(self, reading: Reading, table: PartyTable, party: Party) -> Party:
        """Absorbs the noun an adjective or possessive belongs to: "Syrian rebels", "Japan's defence minister"."""
        j = party.end
        if reading.word(j) in ("'s", "'") and party.case == "possessive":
            j += 1
        if reading.word(j) == "-":
            return self._hyphenated(reading, party, j)
        if party.case == "name":
            return party
        k = j
        while k < j + 5 and k < len(reading.words):
            entry = reading.spans["names"].get(k)
            if entry is not None and any(x[0].startswith("office.") for x in entry[1]):
                office = self._offices.office_party(reading, table, party.start, k, party)
                return office if office is not None else party
            word = reading.low[k]
            if word in MOVEMENT_HEADS and party.kind != "institution":
                return self._movements.after_state(reading, party, k + 1)
            if word in FORCE_HEADS and reading.word(k + 1) not in ("defence", "defense"):
                return Party(
                    party.start,
                    k + 1,
                    "institution",
                    after(reading, k + 1),
                    party.codes,
                    label=reading.slice(party.start, k + 1),
                    head=k,
                    rule="party.institution",
                )
            if entry is not None and k == j and "actor" in dict(entry[1]):
                break
            if word in BETWEEN or (
                reading.words[k][0].isupper()
                and not reading.title_case
                and k not in reading.spans["weapons"]
            ):
                k += 1
                continue
            break
        return party

    def _hyphenated(self, reading: Reading, party: Party, j: int) -> Party:
        """ "The Saudi-led coalition" speaks of Saudi Arabia, "Iranian-backed militias" of others."""
        word, head = reading.word(j + 1), j + 2
        while reading.word(head) in BETWEEN or reading.word(head) in ("shia", "shi'ite", "houthi"):
            head += 1
        if word == "led" and reading.word(head) in (
            "coalition",
            "alliance",
            "forces",
            "bloc",
            "campaign",
        ):
            return Party(
                party.start,
                head + 1,
                "institution",
                after(reading, head + 1),
                party.codes,
                label=reading.slice(party.start, head + 1),
                head=head,
                rule="party.coalition",
            )
        if (
            word in ("backed", "supported", "trained", "armed", "allied", "sponsored")
            and reading.word(head) in MOVEMENT_HEADS
        ):
            return self._movements.after_state(reading, party, head + 1)
        return party


_PREFERENCE = {
    "state.name": 0,
    "state.adjective": 1,
    "state.people": 2,
    "state.metonym": 3,
    "state.capital": 4,
}
