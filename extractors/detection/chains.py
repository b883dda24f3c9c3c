"""Verb chains and what stands left of them: "has agreed to sell", its voice, its subject."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.detection.clauses import (
    AUXILIARIES,
    BE,
    CHAIN_WORDS,
    PREPOSITIONS,
    PRONOUNS,
    Clause,
    group,
)
from extractors.detection.parties import Party
from extractors.detection.predicates import Pred
from extractors.detection.wordsets import word_set


@dataclass(slots=True)
class Chain:
    """The words between a verb and its subject ("has agreed to"), outermost first, and where they begin."""

    words: list[str]
    preds: list[Pred]
    start: int


def chain_before(clause: Clause, k: int) -> Chain:
    """The verb chain left of item `k`: auxiliaries, negations, "agreed to", "a plan to"."""
    words: list[str] = []
    preds: list[Pred] = []
    i = k - 1
    while i >= 0:
        item = clause.items[i]
        if item.kind == "word" and item.low in ("'", '"') and i > 0:
            pass
        elif item.kind == "word" and _joins_chain(item.low):
            words.append(item.low)
        elif (
            item.kind == "pred"
            and item.pred is not None
            and (item.pred.entry.role not in ("give", "get", "arm") or _joins_chain(item.low))
        ):
            words.append(item.low)
            preds.append(item.pred)
        else:
            break
        i -= 1
    while words and words[-1] in (
        "and",
        "the",
        "a",
        "an",
        "of",
        "for",
        "by",
        "in",
        "on",
        "from",
        "against",
        "its",
        "his",
        "their",
    ):
        if words[-1] in ("of", "for", "by", "from", "against", "in", "on") and len(words) == 1:
            break
        words.pop()
        i += 1
    words.reverse()
    preds.reverse()
    return Chain(words, preds, i + 1)


def _joins_chain(low: str) -> bool:
    return low in CHAIN_WORDS or low in _MORE_CHAIN_WORDS or low.endswith("ly")


_MORE_CHAIN_WORDS = word_set(
    "contracts agreements pledges promises proposals intentions offers pact open hopeful working"
)


def is_passive(clause: Clause, k: int, chain: Chain) -> bool:
    """True for "was sold", "to be delivered", and for a participle right after a weapon ("arms sold to Iran")."""
    pred = clause.items[k].pred
    if pred is None or pred.form != "past":
        return False
    tail = chain.words[-3:]
    if any(w in BE for w in tail):
        last_be = max(i for i, w in enumerate(chain.words) if w in BE)
        between = chain.words[last_be + 1 :]
        return all(w in AUXILIARIES or w.endswith("ly") for w in between)
    if any(w in ("has", "have", "had", "'ve", "did") for w in chain.words):
        return False
    if chain.words and chain.words != ["and"]:
        return False
    before = clause.items[k - 1] if k else None
    if before is None:
        return True
    if (
        clause.low(k + 1) in ("to", "by")
        and before.kind != "party"
        and any(i.weapon is not None for i in clause.items[max(0, k - 12) : k])
    ):
        return not any(i.weapon is not None for i in clause.items[k + 1 : k + 7])
    if before.kind == "party" and clause.low(k + 1) in ("with", "by"):
        return True
    if before.kind == "weapon" and clause.low(k + 1) in (
        "to",
        "by",
        "from",
        "in",
        "for",
        "last",
        "on",
        "this",
        "into",
        "under",
        "via",
    ):
        return True
    if before.low in (")", ",") and clause.low(k + 1) in ("to", "by"):
        return True
    return (
        before.kind == "word"
        and before.low in ("being", "items", "equipment", "systems", "aircraft")
        and clause.low(k + 1) in ("to", "by")
    )


def subject_before(clause: Clause, k: int, chain: Chain, previous: list[Party]) -> list[Party]:
    """The subject left of a verb chain: the nearest party that stands in no prepositional phrase; [] when none."""
    i = chain.start - 1
    steps = 0
    owner = i - 1 if clause.low(i) in ("'s", "'") else i
    noun = next((w for w in chain.words[:2] if w not in ("'s", "'")), "")
    if noun in _CHAIN_NOUNS and owner >= 0:
        party = clause.party(owner)
        if (
            party is not None
            and party.case in ("adjective", "possessive", "compound")
            and party.codes
        ):
            return [party]
    if i >= 0 and clause.low(i) == ",":
        over = _over_parenthesis(clause, i)
        if over is None:
            return _first_subject(clause, i) or previous
        i = over
    while i >= 0 and steps < 30:
        steps += 1
        item = clause.items[i]
        if item.kind == "word" and item.low in PRONOUNS:
            return _antecedent(clause, i, previous)
        if item.kind == "word" and item.low in (";", ":", "—", "|", "--"):
            return _told_to(clause, i)
        if item.party is not None and (_can_be_subject(clause, i) or _governed(clause, i, chain)):
            return group(clause, i)
        i -= 1
    return []


def _told_to(clause: Clause, colon: int) -> list[Party]:
    """ "US to Iran: stop shipping arms": whom a headline bids."""
    party = clause.party(colon - 1)
    if colon != 3 or party is None or clause.low(1) != "to" or clause.party(0) is None:
        return []
    return [party]


def _over_parenthesis(clause: Clause, i: int) -> int | None:
    """From the comma at `i` that closes an apposition or relative clause, the position before the one that opens it."""
    for j in range(i - 1, max(-1, i - 25), -1):
        if clause.low(j) == ",":
            opener = clause.items[j + 1]
            opens = (
                opener.low in _OPENERS
                or opener.low.endswith("ing")
                or opener.party is not None
                or (opener.pred is not None and opener.pred.form in ("past", "ing"))
            )
            return j - 1 if opens else None
    return None


_CHAIN_NOUNS = word_set(
    "decision decisions plan plans pledge promise offer intention move proposal bid refusal"
    " agreement readiness willingness"
)


_OPENERS = word_set(
    "which who whose whom where when the a an including with along like as according among led"
    " backed one both not in at amid despite after following long now once its his their"
)


def _first_subject(clause: Clause, before: int) -> list[Party]:
    """The subject of the sentence's first clause, which a later coordinate or participle clause shares."""
    for i in range(before):
        if clause.items[i].party is not None and _can_be_subject(clause, i):
            return group(clause, i)
    return []


def _can_be_subject(clause: Clause, i: int) -> bool:
    party = clause.items[i].party
    if party is None or party.kind in ("place",) or not (party.codes or party.office):
        return False
    if party.case in ("adjective", "compound"):
        return False
    if party.case == "possessive":
        return False
    j = i - 1
    while (
        j >= 0
        and clause.items[j].kind == "word"
        and (
            clause.low(j)
            in (
                "the",
                "a",
                "an",
                "its",
                "his",
                "their",
                "neighboring",
                "neighbouring",
                "then",
                "all",
                "both",
                '"',
                "'",
            )
            or clause.low(j).endswith("ern")
            or clause.low(j)
            in ("new", "former", "own", "fellow", "close", "nearby", "ally", "allied")
        )
    ):
        j -= 1
    low = clause.low(j)
    if low in ("of", "for") and clause.low(j - 1) in (
        "government",
        "republic",
        "kingdom",
        "accuse",
        "accused",
        "behalf",
    ):
        return True
    return (
        not (
            clause.items[j].kind == "word"
            and low in PREPOSITIONS
            and low not in ("as", "after", "before", "than", "since", "until", "despite", "like")
        )
        if j >= 0
        else True
    )


def _governed(clause: Clause, i: int, chain: Chain) -> bool:
    """ "a licence for Ukraine to buy", "accuses Iran of arming", "of Iran arming": the party right before the chain."""
    party = clause.items[i].party
    if (
        party is None
        or i != chain.start - 1
        or not party.codes
        or party.kind in ("place", "outsider")
    ):
        return False
    if clause.low(i - 1) == "with":
        return party.case == "name" and not _deals(clause, i - 2)
    return party.case == "name" and clause.low(i - 1) in ("for", "of", "about", "on", "over")


def partner_of(clause: Clause, chain: Chain) -> list[Party]:
    """With whom what the verb tells was agreed: "signed a deal with France to buy"."""
    i = chain.start - 1
    party = clause.party(i)
    if party is None or chain.words[:1] != ["to"] or clause.low(i - 1) != "with":
        return []
    return [party] if _deals(clause, i - 2) else []


def _deals(clause: Clause, i: int) -> bool:
    """Whether what stands at `i` is made with a partner: a deal, or talks on one."""
    if i < 0:
        return False
    pred = clause.items[i].pred
    return (pred.entry.lemma.split()[-1] if pred is not None else clause.low(i)) in _DEALS


_DEALS = word_set(
    "deal deals contract contracts agreement agreements accord pact memorandum understanding talks negotiations"
    " discussions negotiation"
)


def _antecedent(clause: Clause, i: int, previous: list[Party]) -> list[Party]:
    for j in range(i - 1, -1, -1):
        party = clause.party(j)
        if party is not None and _can_be_subject(clause, j) and party.kind != "company":
            return group(clause, j)
    return previous
