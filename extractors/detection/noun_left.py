"""What stands left of a transfer noun and belongs to it: "the delayed Russian S-400 delivery"."""

from __future__ import annotations

from extractors.detection.clauses import Clause
from extractors.detection.noun_roles import Left
from extractors.detection.wordsets import word_set

_MODIFIER_STOPS = word_set(
    "of to from for with by in on at that which who and is are was were has have had will would"
    " could says said , ; : the a an as not its their his over after before while but or than no"
)


def left_of(clause: Clause, k: int) -> Left:
    """The weapons, parties and words of the noun phrase whose noun is item `k`."""
    found = Left(start=k)
    i = k - 1
    while i >= 0 and k - i < 14:
        item = clause.items[i]
        if item.weapon is not None:
            found.weapons.insert(0, item.weapon)
        elif item.party is not None:
            named = item.party.case == "name" and clause.low(i + 1) not in ("-", "/", "–")
            if named and not (found.weapons and i == k - 2 and item.party.kind == "state"):
                break
            found.parties.insert(0, item.party)
        elif item.pred is not None and item.pred.form == "past" and _is_modifier(clause, i):
            found.words.insert(0, item.low)
        elif (
            (item.low.endswith("ing") and item.kind == "word" and clause.low(i + 1) != "-")
            or item.pred is not None
            or (item.low in _MODIFIER_STOPS and not _inside_name(clause, i))
        ):
            break
        elif item.low not in ("'s", "'", "-", "/"):
            found.words.insert(0, item.low)
        found.start = i
        i -= 1
    return found


def _is_modifier(clause: Clause, i: int) -> bool:
    """ "a delayed sale", "resuming halted aid", "Russia's planned delivery": a participle before the noun."""
    before = clause.items[i - 1] if i else None
    if before is None:
        return False
    if before.party is not None:
        return before.party.case in ("possessive", "adjective")
    return before.pred is not None or before.low in (
        "a",
        "the",
        "an",
        "its",
        "'s",
        "of",
        "previously",
        "newly",
        "long",
        "-",
    )


def _inside_name(clause: Clause, i: int) -> bool:
    """ "air, land and sea" apart, "and" may join two parties before the noun: "Russian and Chinese arms sales"."""
    return (
        clause.low(i) == "and"
        and clause.party(i - 1) is not None
        and clause.party(i + 1) is not None
    )
