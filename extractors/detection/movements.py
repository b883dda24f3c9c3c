"""Movements that no lexicon lists: put together, and called by one name throughout an article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.names import MOVEMENT_HEADS, after
from extractors.detection.parties import Party, PartyTable
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set


class MovementNamer:
    """Names movements as the lexicons do where they can, and as the article does in full elsewhere."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons
        self._kin = [frozenset(r.members) for r in lexicons.relations.values() if r.kind == "kin"]
        self._listed = {
            name.casefold(): actor.id
            for actor in lexicons.actors.values()
            for name in actor.names
            if name not in actor.ambiguous
        }

    def after_state(self, reading: Reading, party: Party, end: int) -> Party:
        """A state and a word such as "rebels" as one movement: "Russian-backed separatists"."""
        while reading.word(end) in MOVEMENT_HEADS or reading.word(end) in (
            "forces",
            "groups",
            "group",
        ):
            end += 1
        start = party.start
        words = self._adjectival(reading, party, end)
        return Party(
            start,
            end,
            "movement",
            after(reading, end),
            (words,),
            label=words,
            head=end - 1,
            rule=_BACKED_RULE if self._is_backer(reading, party, end) else "party.movement",
        )

    def _is_backer(self, reading: Reading, party: Party, end: int) -> bool:
        """Whether the state helps the movement and is not its home: "NATO-backed rebels"."""
        return any(
            reading.low[k] in _BACKING and (reading.low[k - 1] == "-" or reading.low[k] == "backed")
            for k in range(party.end, end)
        )

    def _adjectival(self, reading: Reading, party: Party, end: int) -> str:
        """ "Syria's rebels" and "Syria rebels" are named "Syrian rebels"."""
        state = self._lexicons.states.get(party.codes[0]) if party.codes else None
        rest = reading.slice(party.end, end).removeprefix("'s").removeprefix("’s").strip(" -")
        first = reading.slice(party.start, party.end)
        if state is not None and party.case in ("possessive", "compound") and state.adjectives:
            first = state.adjectives[0]
        return " ".join(f"{first} {rest}".split())

    def settle(self, table: PartyTable, *, headline: bool) -> None:
        """One code for one movement: "Syrian Rebels" in a title and "the rebels" before anybody says whose are the
        Syrian rebels, "militias in Yemen" the Houthis where they are named. In more than a `headline` a state named but
        once is no place of the article.
        """
        movements = [p for p in table.parties if p.kind == "movement" and p.codes]
        for party in movements:
            listed = self._listed_tail(party.codes[0])
            if party.rule.startswith("party.movement") and listed is not None:
                party.codes = (listed,)
                party.rule = "party.movement"
        bare = [p for p in movements if p.rule in _UNNAMED]
        codes = {p.codes[0] for p in bare}
        named = Counter(p.codes[0] for p in movements if p.codes[0] not in codes)
        counts = Counter(p.codes[0] for p in table.parties if p.kind in _AS_STATES and p.codes)
        states = [c for c, n in counts.most_common() if headline or n > 1]
        unnamed = {p.codes[0]: self._full_name(p, named, states) for p in bare}
        for party in movements:
            party.codes = (unnamed.get(party.codes[0], party.codes[0]),)
        one = self._one_name(Counter(p.codes[0] for p in table.parties if p.codes))
        for party in table.parties:
            if party.codes and party.codes[0] in one:
                party.codes = (one[party.codes[0]], *party.codes[1:])

    def _one_name(self, named: Counter[str]) -> dict[str, str]:
        """For each code the one that the article uses most of those of one people, unless they fight in several states:
        "Kurdish forces", in a report also of the Peshmerga, are these.
        """
        one: dict[str, str] = {}
        for names in self._kin:
            told = [code for code, _ in named.most_common() if code in names]
            homes = {self._country(code) for code in told} - {None}
            fighting = [c for c in told if self._lexicons.actors[c].kind == "movement"]
            if fighting and len(homes) < 2:
                one |= dict.fromkeys(told, fighting[0])
        return one

    def _listed_tail(self, name: str) -> str | None:
        """The listed movement that a name is or, told with its helper, ends with: "Iran-backed Houthi rebels"."""
        words = name.casefold().split()
        first = next((k + 1 for k, w in enumerate(words) if w.split("-")[-1] in _BACKING), 0)
        names = (" ".join(words[k:]) for k in ([0, first] if first else [0]))
        return next((self._listed[n] for n in names if n in self._listed), None)

    def _full_name(self, party: Party, named: Counter[str], states: Sequence[str]) -> str:
        """The movement of the article that the party most likely is, else the party's own words.

        That is the one so called which the article names most; for rebels also that of the state which it names most; or
        the only movement there is.
        """
        own = party.codes[0]
        head = _head(own)
        if party.rule == "party.movement-in":
            fits = [c for c, _ in named.most_common() if self._country(c) == party.home]
            fits = fits or self._of_state(head, [party.home or ""])
        else:
            fits = [c for c, _ in named.most_common() if head in c.lower()]
            lone = list(named) if len(named) == 1 and head != "opposition" else []
            if not fits and head in _AT_HOME:
                fits = self._of_state(head, states)
                if fits and lone and self._country(lone[0]) == self._country(fits[0]):
                    fits = lone
            fits = fits or lone
        return fits[0] if fits else own

    def _of_state(self, head: str, states: Sequence[str]) -> list[str]:
        """The listed movement that `head` means in the first of `states` that has one: "rebels" in news of Syria are the
        "Syrian rebels".
        """
        for code in states:
            state = self._lexicons.states.get(code)
            for adjective in state.adjectives if state is not None else ():
                for name in (f"{adjective} {head}s", f"{adjective} {head}"):
                    if name.casefold() in self._listed:
                        return [self._listed[name.casefold()]]
        return []

    def _country(self, code: str) -> str | None:
        actor = self._lexicons.actors.get(code)
        return actor.country if actor is not None else None


def _head(name: str) -> str:
    """The noun that says what kind of movement a name is: "rebel" of "rebel forces" and of "NATO-backed rebels"."""
    words = name.lower().split()
    return next((w for w in words if w in MOVEMENT_HEADS), words[0]).rstrip("s")


_BACKED_RULE = "party.movement-backed"
_UNNAMED = frozenset(["party.movement-bare", "party.movement-in", _BACKED_RULE])
_BACKING = frozenset(["backed", "supported", "trained", "armed", "allied", "sponsored"])
_AS_STATES = frozenset(["state", "place", "institution", "person"])


_AT_HOME = frozenset(["rebel", "insurgent", "separatist", "guerrilla", "opposition"])
"""Heads of movements that fight their own state; militants and militias are of anywhere. MEASURED: in fourteen
labelled articles the movements so named are those that are meant, in all that were read.
"""


_BARE = word_set(
    "rebels insurgents militants militias separatists jihadists guerrillas opposition militia"
    " mujahideen"
)


_REBEL_WORDS = frozenset(["rebel", "opposition", "separatist", "insurgent", "militant"])


def bare_movement(reading: Reading, table: PartyTable, i: int) -> Party | None:
    """ "The rebels", "rebel forces", "militias in Yemen": named after the movement or state the article spoke of before."""
    word = reading.low[i]
    end = i + 1
    if word in _REBEL_WORDS and reading.word(end) in (
        "forces",
        "groups",
        "fighters",
        "group",
        "army",
        "factions",
        "movement",
    ):
        end += 1
    elif word not in _BARE:
        return None
    name = reading.slice(i, end)
    label = name
    if reading.word(end) in ("in", "of") and end + 1 in reading.spans["names"]:
        stop, options = reading.spans["names"][end + 1]
        if any(k.startswith("state.") for k, _ in options):
            label = f"{name} in {reading.slice(end + 1, stop)}"
            return Party(
                i,
                stop,
                "movement",
                "name",
                (label,),
                label=label,
                head=end - 1,
                rule="party.movement-in",
                home=next(key for k, key in options if k.startswith("state.")),
            )
    for party in reversed(table.parties):
        if party.kind == "movement" and MOVEMENT_HEADS & set(party.label.lower().split()):
            return Party(
                i,
                end,
                "movement",
                after(reading, end),
                party.codes,
                label=party.label,
                head=end - 1,
                rule="party.movement-again",
            )
    return Party(
        i,
        end,
        "movement",
        after(reading, end),
        (label,),
        label=label,
        head=end - 1,
        rule="party.movement-bare",
    )
