"""What stands right of a predicate: its objects and its prepositional phrases, up to the end of its clause."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.detection.clauses import BOUNDARIES, PREPOSITIONS, SPEECH, Clause, group
from extractors.detection.parties import Party
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set


@dataclass(slots=True)
class Objects:
    """What stands right of a predicate: its objects and its prepositional phrases."""

    weapons: list[Weapon] = field(default_factory=list)
    indirect: list[Party] = field(default_factory=list)
    phrases: list[tuple[str, list[Party]]] = field(default_factory=list)
    nouns: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    end: int = 0

    def after(self, *prepositions: str) -> list[Party]:
        for preposition, parties in self.phrases:
            if preposition in prepositions:
                return parties
        return []


_RELATIVES = frozenset(["which", "that", "who", "whom"])


_GERUND_HOSTS = word_set("by from of for in after before while without")


_INSTEAD = frozenset(["instead", "rather"])
"""Words before what is not taken: "buys Swedish jets instead of American ones"."""
_MEANT = frozenset(["bound", "destined", "intended", "meant", "earmarked", "headed"])


def objects_after(clause: Clause, k: int) -> Objects:
    """Objects and prepositional phrases right of item `k`, up to the end of its clause."""
    found = Objects()
    i = k + 1
    gap = 0
    while i < len(clause.items) and gap < 14:
        item = clause.items[i]
        if item.weapon is not None:
            found.weapons.append(item.weapon)
            gap = 0
        elif item.party is not None:
            _take_party(clause, i, k, found)
        elif item.low in _INSTEAD and clause.low(i + 1) in ("of", "than"):
            break
        elif item.low in _MEANT and clause.low(i + 1) == "for":
            found.words.append(item.low)
        elif item.pred is not None:
            if item.pred.is_noun:
                found.nouns.append(i)
            elif (
                (
                    item.pred.form in ("base", "past", "s")
                    and clause.low(i - 1) != "to"
                    and not (item.pred.form == "past" and clause.items[i - 1].kind == "weapon")
                )
                or clause.low(i - 1) == "to"
                or (item.pred.form == "ing" and clause.low(i - 1) in _GERUND_HOSTS)
            ):
                break
        elif item.low in BOUNDARIES or item.low in SPEECH or (item.low in _RELATIVES and i > k + 1):
            if not (item.low in ("as",) and clause.low(i + 1) in ("well", "part", "many", "much")):
                break
        elif item.low == "," and _ends_clause(clause, i):
            break
        else:
            found.words.append(item.low)
            gap += 1
        i += 1
    found.end = i
    return found


def _take_party(clause: Clause, i: int, k: int, found: Objects) -> None:
    party = clause.items[i].party
    if party is None or party.case == "adjective" or party.kind == "outsider":
        return
    j = i - 1
    while (
        j > k
        and clause.items[j].kind == "word"
        and (
            clause.low(j)
            in (
                "the",
                "a",
                "its",
                "their",
                "his",
                "an",
                "neighboring",
                "neighbouring",
                "ally",
                "allies",
                "rival",
                "war-torn",
                "own",
                "all",
                "'s",
                "government",
                "non-nato",
                "fellow",
                "oil-rich",
                "both",
                "in",
                "eastern",
                "northern",
            )
            and not (
                clause.low(j) == "in"
                and clause.low(j - 1) not in ("allies", "rebels", "forces", "groups")
            )
        )
    ):
        j -= 1
    low = clause.low(j)
    if j == k:
        if party.case in ("name", "compound"):
            found.indirect.extend(p for p in group(clause, i) if p not in found.indirect)
        elif party.case == "possessive" and clause.low(i + 1) in ("'s", "'"):
            found.indirect.append(party)
        return
    if clause.items[j].kind == "word" and low in PREPOSITIONS:
        if low == "for" and clause.low(j - 1) in _MEANT:
            low = "bound"
        members = [p for p in group(clause, i) if p.start >= clause.items[i].start]
        if (
            low in ("to", "bound")
            or party.kind != "place"
            or low in ("from", "for", "in", "on", "against")
        ):
            found.phrases.append((low, members))
        return
    if low in (",", "and", "or", "&", "/") and found.phrases and party in found.phrases[-1][1]:
        return
    if low in (",", "and", "or", "&", "/") and party in found.indirect:
        return


def _ends_clause(clause: Clause, i: int) -> bool:
    """A comma ends the clause unless a list of weapons or parties, or a phrase to/from/for/including, goes on after it."""
    for j in range(i + 1, min(i + 6, len(clause.items))):
        item = clause.items[j]
        if item.weapon is not None or (
            item.party is not None and clause.low(j + 1) in (",", "and", "or", "")
        ):
            return False
        if (
            item.low in ("to", "from", "for", "including", "such", "along", "plus", "with", "worth")
            and j == i + 1
        ):
            return False
        if (
            item.pred is not None
            or item.low in SPEECH
            or item.low in _RELATIVES
            or item.low in BOUNDARIES
        ):
            return True
    return True
