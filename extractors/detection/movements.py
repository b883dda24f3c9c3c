"""Movements that no lexicon lists: put together, and called by one name throughout an article."""

from __future__ import annotations

from collections import Counter

from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.names import MOVEMENT_HEADS, after
from extractors.detection.parties import Party, PartyTable
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set


class MovementNamer:
    """Names movements as the lexicons do where they can, and as the article does in full elsewhere."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons
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
            rule="party.movement",
        )

    def _adjectival(self, reading: Reading, party: Party, end: int) -> str:
        """ "Syria's rebels" and "Syria rebels" are named "Syrian rebels"."""
        state = self._lexicons.states.get(party.codes[0]) if party.codes else None
        rest = reading.slice(party.end, end).removeprefix("'s").removeprefix("’s").strip(" -")
        first = reading.slice(party.start, party.end)
        if state is not None and party.case in ("possessive", "compound") and state.adjectives:
            first = state.adjectives[0]
        return " ".join(f"{first} {rest}".split())

    def settle(self, table: PartyTable) -> None:
        """One code for one movement: "Syrian Rebels" in a title and "the rebels" before anybody says whose are the
        Syrian rebels, "militias in Yemen" the Houthis where they are named.
        """
        movements = [p for p in table.parties if p.kind == "movement" and p.codes]
        for party in movements:
            listed = self._listed.get(party.codes[0].casefold())
            if party.rule.startswith("party.movement") and listed is not None:
                party.codes = (listed,)
        named = Counter(p.codes[0] for p in movements if p.rule not in _UNNAMED)
        states = Counter(p.codes[0] for p in table.parties if p.kind == "state" and p.codes)
        unnamed = {
            p.codes[0]: self._full_name(p, named, states) for p in movements if p.rule in _UNNAMED
        }
        for party in movements:
            party.codes = (unnamed.get(party.codes[0], party.codes[0]),)

    def _full_name(self, party: Party, named: Counter[str], states: Counter[str]) -> str:
        """The code that the article uses most of those that may be meant, else that of the state which it names most, else
        the party's own.
        """
        own = party.codes[0]
        if party.rule == "party.movement-in":
            fits = [c for c, _ in named.most_common() if self._country(c) == party.home]
        else:
            head = own.split()[0].lower().rstrip("s")
            fits = [c for c, _ in named.most_common() if head in c.lower()]
            if not fits and len(named) == 1 and head != "opposition":
                fits = list(named)
            if not fits and head in _AT_HOME:
                fits = self._of_state(head, states)
        return fits[0] if fits else own

    def _of_state(self, head: str, states: Counter[str]) -> list[str]:
        """The listed movements that `head` means in the states an article names: "rebels" in news of Syria are the "Syrian
        rebels". A state named but once is no place of the article.
        """
        found = []
        for code, count in states.most_common():
            state = self._lexicons.states.get(code)
            adjectives = state.adjectives if state is not None and count > 1 else ()
            names = (self._listed.get(f"{a} {head}s".casefold()) for a in adjectives)
            found += [name for name in names if name is not None][:1]
        return found

    def _country(self, code: str) -> str | None:
        actor = self._lexicons.actors.get(code)
        return actor.country if actor is not None else None


_UNNAMED = frozenset(["party.movement-bare", "party.movement-in"])


_AT_HOME = frozenset(["rebel", "insurgent", "separatist", "guerrilla"])
"""Heads of movements that fight their own state; militants and militias are of anywhere. MEASURED: in fourteen
labelled articles the movements so named are those that are meant, in all that were read."""


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
