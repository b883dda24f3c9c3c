"""When two articles mean the same party: a code is itself, a group goes by several names.

Codes are ISO 3166-1 alpha-2, EU, NATO and UN; every other party is an actor's name as written.
"""

from __future__ import annotations

from functools import lru_cache

from domain.keywords import folded_words
from domain.mentions import Transfer

_ALLIANCES = frozenset(("EU", "NATO", "UN"))
# What one paper calls a militia the next calls fighters.
_VAGUE = frozenset(
    "the in of and backed rebel militia militant fighter force group movement opposition insurgent "
    "army government troop s".split()
)
_PEOPLE = {"peshmerga": "kurdish"}
"""Forces that papers as often call by their people."""
_SHORTEST_STEM = 4


def same_party(a: str | None, b: str | None) -> bool:
    """Whether two parties are one: "Syrian Rebels" and "rebel groups in Syria", never "rebels" and
    "Syrian rebels"; two that are not stated are the same."""
    if a is None or b is None or is_state(a) or is_state(b):
        return a == b
    ours, theirs = _telling(a), _telling(b)
    return all(_stands_in(word, theirs) for word in ours) and all(
        _stands_in(word, ours) for word in theirs
    )


def may_be_party(a: str | None, b: str | None) -> bool:
    """Whether one may be the other told less exactly: what is not stated is anybody, "rebels" are
    "Syrian rebels"."""
    if a is None or b is None or same_party(a, b):
        return True
    if is_state(a) or is_state(b):
        return False
    return any(_words(name) <= _VAGUE for name in (a, b))


def vaguely_same(a: str | None, b: str | None, a_title: str, b_title: str) -> bool:
    """Whether one of two articles names a movement in the vague ("rebels") and its title tells whose it is: "Syria" for
    the other's "Syrian rebels"."""
    if a is None or b is None or is_state(a) or is_state(b):
        return False
    return any(
        _words(vague) <= _VAGUE
        and not _words(exact) <= _VAGUE
        and all(_stands_in(word, _words(title)) for word in _telling(exact))
        for vague, exact, title in ((a, b, a_title), (b, a, b_title))
    )


def fuller_party(a: str | None, b: str | None) -> str | None:
    """Of two names of one party the one that says more, the first of equals."""
    if a is None or b is None:
        return a or b
    return b if len(_words(b) - _VAGUE) > len(_words(a) - _VAGUE) else a


def same_parties(a: Transfer, b: Transfer) -> bool:
    """Whether two transfers go from the same to the same."""
    return same_party(a.supplier, b.supplier) and same_party(a.recipient, b.recipient)


def is_state(name: str | None) -> bool:
    """Whether a party is a state or an alliance, which go by a code, and no actor."""
    if name is None:
        return False
    return name in _ALLIANCES or (len(name) == 2 and name.isupper())


@lru_cache(maxsize=4096)
def _words(name: str) -> frozenset[str]:
    words = (word.removesuffix("s") or word for word in folded_words(name).split())
    return frozenset(_PEOPLE.get(word, word) for word in words)


def _telling(name: str) -> frozenset[str]:
    return _words(name) - _VAGUE or _words(name)


def _stands_in(word: str, others: frozenset[str]) -> bool:
    """Whether a word or its stem is there: Syria in {syrian}."""
    return any(
        word == other
        or (
            min(len(word), len(other)) >= _SHORTEST_STEM
            and (word.startswith(other) or other.startswith(word))
        )
        for other in others
    )
