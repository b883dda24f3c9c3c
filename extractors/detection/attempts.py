"""Attempts to stop a transfer that came to nothing: "Senate rejects bid to block the sale", "veto of a bill halting it"."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from extractors.detection.clauses import Clause
from extractors.detection.wordsets import word_set

_ATTEMPTS = word_set(
    "attempt attempts bid bids effort efforts resolution resolutions motion motions measure measures bill bills"
    " move moves push amendment amendments legislation proposal proposals petition challenge lawsuit"
)
_BETWEEN = word_set(
    "to that which would aimed aiming at seeking designed intended meant of disapproval both all three the joint"
)
_DEFEATED = word_set(
    "rejects rejected rejecting defeats defeated dismisses dismissed vetoes vetoed thwarts thwarted quashes quashed"
)
_DEFEATED_IN_TWO = frozenset(
    ["votes down", "voted down", "votes against", "throws out", "threw out", "veto of", "vetoes of"]
)
_ENDS = frozenset([";", ":", "—", "that", "which", "after"])
_FELL = word_set("fails failed fail dies died")
_FELL_IN_TWO = frozenset(
    ["fell short", "falls short", "voted down", "was defeated", "was rejected"]
)
_OVERRIDING = ("overrid", "overrul", "overturn")
_FAILING = word_set("fails failed fail failing cannot short not n't unable enough")


def came_to_nothing(clause: Clause, k: int) -> bool:
    """Whether the stopping verb or noun at item `k` is only what somebody attempted, and the attempt was defeated.

    The attempt is named left of it, the defeat left of the attempt or right of the whole. An override that failed leaves
    a veto standing: with `k` at the veto nothing was stopped.
    """
    if clause.low(k).startswith("veto"):
        return _not_overridden(clause, k)
    attempt = _attempt(clause, k)
    if attempt is None:
        return False
    return _defeated_before(clause, attempt) or _fell_after(clause, k)


def _attempt(clause: Clause, k: int) -> int | None:
    for i in range(k - 1, max(-1, k - 6), -1):
        if clause.low(i) in _ATTEMPTS:
            return i
        if clause.low(i) not in _BETWEEN:
            return None
    return None


def _defeated_before(clause: Clause, attempt: int) -> bool:
    left = range(attempt - 1, max(-1, attempt - 7), -1)
    own = takewhile(lambda i: clause.low(i) != ",", left)
    return _says(clause, own, _DEFEATED, _DEFEATED_IN_TWO)


def _fell_after(clause: Clause, k: int) -> bool:
    right = range(k + 1, min(len(clause.items), k + 16))
    return _says(clause, right, _FELL, _FELL_IN_TWO)


def _says(
    clause: Clause, items: Iterable[int], words: frozenset[str], in_two: frozenset[str]
) -> bool:
    """Whether one of `words` or of the phrases `in_two` stands at one of `items`, before the clause ends."""
    for i in items:
        low = clause.low(i)
        if low in _ENDS:
            return False
        if low in words or _is_one_of(clause, i, in_two):
            return True
    return False


def _not_overridden(clause: Clause, k: int) -> bool:
    for i in range(k - 1, max(-1, k - 5), -1):
        if clause.low(i).startswith(_OVERRIDING):
            return any(clause.low(j) in _FAILING for j in range(max(0, i - 5), i))
    return False


def _is_one_of(clause: Clause, i: int, phrases: frozenset[str]) -> bool:
    """Whether a phrase of two words stands at item `i`, as one item or two."""
    pred = clause.items[i].pred
    spoken = (
        f"{clause.low(i)} {pred.entry.lemma.split()[-1]}" if pred is not None else clause.low(i)
    )
    return spoken in phrases or f"{clause.low(i)} {clause.low(i + 1)}" in phrases
