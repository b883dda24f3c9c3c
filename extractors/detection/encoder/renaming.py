"""Twins of labelled articles: the same events told of other states.

An encoder that learns from some thousand articles also learns who mostly arms whom, and believes it of events that it
has never seen. In the twins other states act and other persons lead them, and only what the text says tells who does.
Pure: rows in, rows out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from extractors.detection.lexicon_entries import Lexicons, State

KEPT = frozenset(["US"])
"""States that stay: too many of their words ("the Senate", "Washington") mean other things as well."""
CUSTOMARY = 0.75
"""Share of new states that have bought or sold arms since 2000; the others are any."""
_ARTICLED = frozenset(
    [
        "Netherlands",
        "Philippines",
        "United Arab Emirates",
        "UAE",
        "U.A.E.",
        "Emirates",
        "Czech Republic",
        "Maldives",
        "Bahamas",
        "Gambia",
        "Russian Federation",
        "United Kingdom",
        "UK",
    ]
)
"""Names that take "the", which no other name does."""
_FIRST = (
    "Aldo Bakari Celine Dragan Emeka Farid Goran Hana Idris Jelena Karim Leila Marek Nadia Oleg Paolo Rashid Selma Tomas"
    " Ursula Viktor Wanda Yusuf Zoran Amina Bruno Chidi Diego Elena Filip Gita Hugo Ivo Jorge Katya Luis Mina Nils Omar"
).split()
_LAST = (
    "Abara Benkov Castellan Dembele Eriksen Farouki Grabar Halvorsen Ivanek Jansons Kamara Lindqvist Mbeki Novak Okafor"
    " Petrak Quispe Rahimi Sandoval Tanaka Ulmanis Vasquez Wolanski Yilmaz Zhelev Amrani Bialik Cordero Dragomir Essam"
).split()


class Renamer:
    """Gives labelled articles their twins. `seed` and an article's id decide which states take part."""

    def __init__(self, lexicons: Lexicons, seed: int) -> None:
        self._states = {s.id: s for s in lexicons.states.values() if s.id not in KEPT}
        self._leaders: dict[str, list[tuple[str, ...]]] = {}
        for official in lexicons.officials.values():
            self._leaders.setdefault(official.country, []).append(official.names)
        self._seed = seed
        fit = [s.id for s in self._states.values() if _is_plain(s)]
        traders = {
            c for row in lexicons.suppliers.values() for c in (row.recipient, *row.suppliers)
        }
        self._traders = [code for code in fit if code in traders]
        self._others = [code for code in fit if code not in traders]
        self._homes: dict[str, str] = {}
        for state in self._states.values():
            for word in _words(state):
                if word not in state.ambiguous:
                    self._homes.setdefault(word, state.id)
        self._naming = _any_of(self._homes)

    def twin(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """`row` (the fields of a labelled article) with its states renamed, id and all; None where it names no state, or
        where a party of its transfers has no code and is named after a state ("Syrian rebels").
        """
        text = f"{row['title']}\n{row.get('text') or ''}"
        present = dict.fromkeys(self._homes[m.group(2)] for m in self._naming.finditer(text))
        if not present:
            return None
        dice = random.Random(f"{self._seed} {row['id']}")  # noqa: S311
        becomes = self._drawn(list(present), dice)
        words = self._table(becomes, dice)
        pattern = _any_of(words)

        def told(value: str) -> str:
            return pattern.sub(lambda m: _with_article(m.group(1), m.group(2), words), value)

        transfers = row.get("transfers") or []
        parties = [t.get(role) for t in transfers for role in ("supplier", "recipient")]
        if any(p and p not in self._states and told(p) != p for p in parties):
            return None
        return {
            **row,
            "id": f"{row['id']}-renamed",
            "title": told(row["title"]),
            "text": told(row.get("text") or ""),
            "transfers": [
                {
                    **t,
                    "supplier": becomes.get(t["supplier"], t["supplier"]),
                    "recipient": becomes.get(t["recipient"], t["recipient"]),
                    "systems": [told(name) for name in t["systems"]],
                }
                for t in transfers
            ],
            "reactions": [
                {
                    **r,
                    "speaker": told(r["speaker"]),
                    "country": becomes.get(r["country"], r["country"]),
                }
                for r in row.get("reactions") or []
            ],
        }

    def _drawn(self, present: Sequence[str], dice: random.Random) -> dict[str, str]:
        """A new state for each of `present`, none of them among these, no two the same."""
        becomes: dict[str, str] = {}
        taken = set(present)
        for code in present:
            pool = self._traders if dice.random() < CUSTOMARY else self._others
            new = dice.choice([other for other in pool if other not in taken])
            becomes[code] = new
            taken.add(new)
        return becomes

    def _table(self, becomes: Mapping[str, str], dice: random.Random) -> dict[str, str]:
        """What each word for the old states, and each name of their leaders, is replaced by."""
        words: dict[str, str] = {}
        for old, new in becomes.items():
            words |= _renamed_words(self._states[old], self._states[new])
            for names in self._leaders.get(old, []):
                first, last = dice.choice(_FIRST), dice.choice(_LAST)
                words |= {name: f"{first} {last}" if " " in name else last for name in names}
        shouted = {name.upper(): new.upper() for name, new in words.items() if len(name) > 3}
        return {**shouted, **words}


def _renamed_words(old: State, new: State) -> dict[str, str]:
    name, adjective, capital = new.names[0], new.adjectives[0], new.capitals[0]
    people = new.people or new.adjectives
    words = dict.fromkeys(old.metonyms, capital) | dict.fromkeys(old.capitals, capital)
    for word in old.people:
        many = word.endswith(("s", "ese", "ish", "ch")) and word not in old.adjectives
        words[word] = people[-1] if many else people[0]
    return words | dict.fromkeys(old.adjectives, adjective) | dict.fromkeys(old.names, name)


def _words(state: State) -> list[str]:
    return [
        *state.names,
        *state.adjectives,
        *state.people,
        *state.capitals,
        *state.metonyms,
    ]


def _is_plain(state: State) -> bool:
    """Whether its words can stand wherever another state's stood."""
    name = state.names[0]
    return bool(
        len(name.split()) <= 2
        and not name.lower().startswith("the ")
        and name not in _ARTICLED
        and state.adjectives
        and state.capitals
        and state.capitals[0] != name
    )


def _any_of(words: Mapping[str, str]) -> re.Pattern[str]:
    """Any of `words` as a whole word, the longest first, with the article before it."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(
        r"(?<!\w)(?:(an?|An?|[Tt]he) )?(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)"
    )


def _with_article(article: str | None, word: str, words: Mapping[str, str]) -> str:
    new = words[word]
    if article is None:
        return new
    if article.lower() == "the":
        return new if word in _ARTICLED else f"{article} {new}"
    right = "an" if new[0] in "AEIO" else "a"
    return f"{right.capitalize() if article[0] == 'A' else right} {new}"
