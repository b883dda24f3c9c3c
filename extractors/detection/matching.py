"""When a detected party, transfer, system or speaker is the labelled one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from domain.mentions import Reaction, Transfer
from extractors.detection.wordsets import word_set

T = TypeVar("T")


# -- transfers ---------------------------------------------------------------------------------------------------------
_COALITIONS = ("NATO", "UN", "EU")


_VAGUE = word_set(
    "the group militia militias rebel rebels forces fighters opposition movement government army s"
)


_SYSTEM_FILLERS = word_set(
    "missile system fighter jet aircraft tank air defence defense the surface to"
)


def _words(text: str | None) -> list[str]:
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def _actor(name: str | None) -> str | frozenset[str] | None:
    if name is None or (len(name) == 2 and name.isupper()) or name in _COALITIONS:
        return name
    words = {w.rstrip("s") for w in _words(name)}
    return frozenset(words - _VAGUE) or frozenset(words)


def same_actor(a: str | None, b: str | None) -> bool:
    x, y = _actor(a), _actor(b)
    if isinstance(x, frozenset) and isinstance(y, frozenset):
        return bool(x & y)
    return x == y


def same_parties(a: Transfer, b: Transfer) -> bool:
    return same_actor(a.supplier, b.supplier) and same_actor(a.recipient, b.recipient)


def match(gold: Sequence[T], found: Sequence[T], same: Callable[[T, T], bool]) -> list[tuple[T, T]]:
    """Pairs off one to one, each gold element with the first free one that is the same."""
    free = list(found)
    matched: list[tuple[T, T]] = []
    for wanted in gold:
        for position, candidate in enumerate(free):
            if same(wanted, candidate):
                matched.append((wanted, candidate))
                del free[position]
                break
    return matched


def left_over(
    gold: Sequence[T], found: Sequence[T], matched: Sequence[tuple[T, T]]
) -> tuple[list[T], list[T]]:
    """What of `gold` and of `found` is in no matched pair."""
    return (
        [g for g in gold if not any(g is a for a, _ in matched)],
        [f for f in found if not any(f is b for _, b in matched)],
    )


def staged_pairs(
    gold: Sequence[Transfer], found: Sequence[Transfer]
) -> list[tuple[Transfer, Transfer]]:
    """Matched transfers; where one pair occurs twice, equal stages are paired off first."""
    first = match(gold, found, lambda a, b: same_parties(a, b) and a.stage is b.stage)
    return first + match(*left_over(gold, found, first), same_parties)


def unique_pairs(transfers: Sequence[Transfer]) -> list[Transfer]:
    return [
        t
        for k, t in enumerate(transfers)
        if not any(same_parties(t, earlier) for earlier in transfers[:k])
    ]


def supplier(transfer: Transfer) -> str | None:
    return transfer.supplier


def recipient(transfer: Transfer) -> str | None:
    return transfer.recipient


def unique_actors(
    transfers: Sequence[Transfer], pick: Callable[[Transfer], str | None]
) -> list[str]:
    unique: list[str] = []
    for transfer in transfers:
        name = pick(transfer)
        if name is not None and not any(same_actor(name, other) for other in unique):
            unique.append(name)
    return unique


def system_keys(transfers: Sequence[Transfer]) -> set[frozenset[str]]:
    keys: set[frozenset[str]] = set()
    for transfer in transfers:
        for system in transfer.systems:
            keys.add(system_key(system.name))
    return keys


def system_hits(wanted: Collection[frozenset[str]], given: Collection[frozenset[str]]) -> int:
    """How many systems are right: those wanted that one given shares a word with, or the other way round, the fewer."""
    hit_wanted = sum(any(x & y for y in given) for x in wanted)
    hit_given = sum(any(x & y for y in wanted) for x in given)
    return min(hit_wanted, hit_given)


def system_key(name: str) -> frozenset[str]:
    """The telling words of a system's name: two systems are the same when they share one."""
    words = _words(name)
    return frozenset(w.rstrip("s") for w in words) - _SYSTEM_FILLERS or frozenset(words)


# -- reactions ---------------------------------------------------------------------------------------------------------
_TITLES = word_set(
    "the a an of for and in to 's s mr mrs ms dr sir gen col lt maj minister ministry president"
    " prime spokesman spokeswoman spokesperson official officials government foreign defence"
    " defense secretary deputy department state senior chief head"
)


_KINDS: tuple[frozenset[str], ...] = tuple(
    frozenset(kind.split())
    for kind in (
        "foreign",
        "defence defense",
        "president",
        "prime",
        "government officials official",
        "military army",
        "state",
    )
)


def same_speaker(gold: Reaction, found: Reaction) -> bool:
    gold_words, found_words = set(_words(gold.speaker)), set(_words(found.speaker))
    gold_name, found_name = gold_words - _TITLES, found_words - _TITLES
    if gold_name & found_name:
        return True
    if not gold.country or gold.country != found.country:
        return False
    if not (
        _is_institution(gold_words)
        or _is_institution(found_words)
        or not gold_name
        or not found_name
    ):
        return False
    gold_all = gold_words | set(_words(gold.affiliation))
    found_all = found_words | set(_words(found.affiliation))
    if any(gold_all & kind and found_all & kind for kind in _KINDS):
        return True
    return not gold_name and not found_name


def _is_institution(words: set[str]) -> bool:
    """Whether no word is long enough and unusual enough to be a name."""
    return not any(w not in _TITLES and len(w) > 2 for w in words)
