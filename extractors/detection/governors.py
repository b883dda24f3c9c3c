"""The predicate that takes a noun of transfer as its object or passive subject, and the stage it gives it."""

from __future__ import annotations

from domain.mentions import Stage
from extractors.detection.arguments import Objects, objects_after
from extractors.detection.attempts import came_to_nothing
from extractors.detection.chains import Chain, chain_before, subject_before
from extractors.detection.clauses import BE, Clause
from extractors.detection.noun_roles import Governor
from extractors.detection.parties import Party
from extractors.detection.predicates import Pred
from extractors.detection.stage import StageReading, verb_stage
from extractors.detection.wordsets import word_set

_FINISHED = word_set("completed finished")
"""Verbs after which a noun of transfer has its own stage: "confirmed it had completed its first delivery"."""
_COMING = frozenset(["to", "will", "set", "plans", "expected"])
_OF_ITS_OWN = frozenset(
    ["confirm", "expand", "boost", "increase", "accelerate", "speed up", "step up", "ramp up"]
)
"""Verbs of a deal that stands already: "confirmed receipt", "expands its order", "boosts exports"."""
_UNSURE = frozenset(["set", "plans", "expected"])
_UNCHANGED = frozenset(["put", "cut", "shut"])
"""Verbs whose participle looks like the base: "deliveries were put on hold"."""
EASE = ("lift", "end", "eas", "remov", "drop", "relax", "laps", "expir", "scrap", "loosen")


def governor_of(
    clause: Clause, k: int, start: int, found: Objects, previous: list[Party]
) -> Governor:
    """The predicate left of the noun phrase in the same clause, or the passive one right of it."""
    i = start - 1
    steps = 0
    while i >= 0 and steps < 8:
        item = clause.items[i]
        if _undone_measure(clause, i):
            subject = subject_before(clause, i, chain_before(clause, i), previous)
            stage = Stage.APPROVED if _is_one_deal(clause, start, k, found) else Stage.POLICY
            return Governor(item.pred, ["lifted"], subject, stage)
        if item.pred is not None and not item.pred.is_noun and not _modifies(clause, i, start):
            chain = chain_before(clause, i)
            subject = subject_before(clause, i, chain, previous)
            words = [*outer_words(clause, chain), *chain.words]
            told = _governor_stage(item.pred, words)
            return Governor(item.pred, [*words, *_undone(clause, i, told), item.low], subject, told)
        measure = item.pred is not None and item.pred.entry.role in ("stop", "embargo")
        if measure and item.pred is not None and _lifted(clause, i):
            chain = chain_before(clause, i)
            subject = subject_before(clause, i, chain, previous)
            stage = Stage.APPROVED if _is_one_deal(clause, start, k, found) else Stage.POLICY
            return Governor(item.pred, ["lifted"], subject, stage)
        if item.pred is not None and item.pred.entry.role in (
            "control",
            "stop",
            "request",
            "negotiate",
            "offer",
        ):
            told = item.pred.entry.stage
            return Governor(item.pred, [*_undone(clause, i, told), item.low], [], told)
        if item.low in (";", ":", "—", "that", "which", "who") or (
            item.party is not None and item.party.case == "name"
        ):
            break
        if item.cue or item.low in _FINISHED:
            break
        i -= 1
        steps += 1
    return passive_governor(clause, k, found)


def _is_one_deal(clause: Clause, start: int, k: int, found: Objects) -> bool:
    """Whether what was stopped is a transfer of named arms, not all of a kind: "lifts ban on S-300 delivery"."""
    left = (w for i in range(start, k) if (w := clause.items[i].weapon) is not None)
    designated = any(s.designation for w in left for s in w.systems)
    return designated or any(w.systems for w in found.weapons)


def _undone(clause: Clause, k: int, stage: Stage | None) -> list[str]:
    """The word that tells of a stop at item `k` that was only attempted."""
    stopping = stage in (Stage.REJECTED, Stage.SUSPENDED)
    return ["failed"] if stopping and came_to_nothing(clause, k) else []


def _undone_measure(clause: Clause, i: int) -> bool:
    """ "scraps its five-category limit on", "lifts stop on": a measure's name that looks like a verb, and is undone."""
    pred = clause.items[i].pred
    if pred is None or pred.is_noun or pred.form != "base":
        return False
    return pred.entry.role in ("stop", "embargo") and _lifted(clause, i)


def _modifies(clause: Clause, i: int, start: int) -> bool:
    """ "agrees delayed sale": a participle of delay before the noun it describes, with a verb before it."""
    pred = clause.items[i].pred
    if pred is None or pred.form != "past" or i != start - 1 or i == 0:
        return False
    return clause.items[i - 1].pred is not None


def _lifted(clause: Clause, i: int) -> bool:
    """ "lifts its ban on the delivery of": a measure that is undone."""
    return any(clause.low(j).startswith(EASE) for j in range(max(0, i - 4), i))


def passive_governor(clause: Clause, k: int, found: Objects) -> Governor:
    """The verb to the right that has what ends at `k` as its subject: "the sale to Cairo was frozen"."""
    for i in range(k + 1, min(len(clause.items), k + 16)):
        item = clause.items[i]
        if item.low in (";", ":", "—") or (item.low in ("that", "which") and i > k + 1):
            break
        if (
            item.pred is not None
            and (item.pred.form == "past" or item.low in _UNCHANGED)
            and item.pred.entry.role in ("control", "stop", "commit", "lift", "negotiate", "give")
        ):
            chain = chain_before(clause, i)
            if any(w in BE for w in chain.words):
                by = objects_after(clause, i).after("by")
                return Governor(
                    item.pred, [*chain.words, item.low], by, _governor_stage(item.pred, chain.words)
                )
    return Governor(None, [], [], None)


def _governor_stage(pred: Pred, chain: list[str]) -> Stage | None:
    if pred.entry.role in ("get", "give", "arm"):
        return None
    if pred.entry.role == "lift":
        return Stage.POLICY
    if pred.entry.lemma == "delay":
        return None
    if pred.form == "ing" and pred.entry.stage is Stage.SIGNED and pred.entry.role == "commit":
        return Stage.CONSIDERED
    stage = pred.entry.stage
    if pred.entry.lemma == "go ahead with":
        return stage
    if pred.entry.lemma in _OF_ITS_OWN and not set(chain) & _COMING:
        return None
    asked = {"to", "outer"} <= set(chain)
    if stage is Stage.APPROVED and (asked or set(chain) & _UNSURE):
        return Stage.CONSIDERED
    if stage in (Stage.APPROVED, Stage.SIGNED) and set(chain) & _COMING:
        return Stage.ANNOUNCED
    return stage


def verb_reading(pred: Pred, chain: Chain, before: list[str]) -> StageReading:
    """The stage of a transfer verb, from its chain and what governs it from outside."""
    return verb_stage(pred.entry.stage, pred.form, [*before, *chain.words], pred.entry.role)


def outer_words(clause: Clause, chain: Chain) -> list[str]:
    """What governs the clause from outside: "urged Berlin to send", "accused Iran of arming", "if Russia delivers".

    "outer" marks words whose subject is another's; "reported" a "would" that a verb of speech turned from "will".
    """
    if _asks(clause) or (chain.words[-1:] == ["on"] and set(chain.words[-2:-1]) & _UNDECIDED):
        return ["if"]
    shared = _shared_chain(clause, chain)
    if shared:
        return shared
    i = chain.start - 1
    infinite = bool(chain.words) and chain.words[0] in _OPEN
    verb = clause.items[k] if (k := chain.start + len(chain.words)) < len(clause.items) else None
    bare = verb is not None and verb.pred is not None and verb.pred.form == "base"
    if bare and not chain.words:
        if chain.start == 0 or clause.low(chain.start - 1) in (":", '"', "'"):
            return ["if"]
        if any(clause.low(j) in _SUBJUNCTIVE for j in range(max(0, i - 6), i)):
            return ["urged", "outer"]
    if infinite and clause.low(i) in _IDEAS:
        return ["possibly-of"]
    reported = ["reported"] if "would" in chain.words and _told(clause, chain.start) else []
    steps = 0
    while i >= 0 and steps < 8:
        item = clause.items[i]
        if item.kind == "word" and item.low in ("if", "unless", "whether", "once", "should"):
            return ["if"]
        if infinite and item.kind == "word" and item.low in _OUTER:
            return [item.low, "outer"]
        if item.pred is not None:
            return [item.low, "outer"] if infinite else reported
        if item.low in (",", ";", ":", "—", "that") or (item.cue and not infinite):
            return reported
        i -= 1
        steps += 1
    return reported


_OPEN = ("to", "of", "from", "for", "not", "against", "about", "on")
_IDEAS = word_set(
    "possibility prospect idea option chance hope hopes talk debate question case calls risk push"
)
_SUBJUNCTIVE = word_set(
    "demand demands demanded demanding insist insists insisted urge urges urged let recommend recommends"
    " recommended propose proposes proposed help"
)
_SAID = word_set(
    "said announced promised pledged told confirmed declared stated vowed added wrote indicated"
)
_UNDECIDED = word_set("vote votes voting decide decides deciding debate debates debating")
"""What is done "on sending arms" before anybody knows whether they are sent."""
_MODALS = word_set("to will would could may might can must should 'll")


def _asks(clause: Clause) -> bool:
    return bool(clause.items) and clause.items[-1].low == "?"


def _told(clause: Clause, before: int) -> bool:
    """Whether a past verb of speech stands left of `before`, and no condition anywhere: "said it would donate"."""
    lows = [item.low for item in clause.items]
    return bool(set(lows[:before]) & _SAID) and not {"if", "were", "unless"} & set(lows)


def _shared_chain(clause: Clause, chain: Chain) -> list[str]:
    """ "plans to send advisers, provide arms and train": the chain that a bare infinitive shares with an earlier one."""
    k = chain.start + len(chain.words)
    pred = clause.items[k].pred if k < len(clause.items) else None
    if pred is None or pred.form != "base" or set(chain.words) - {"and"}:
        return []
    if clause.low(k - 1) not in (",", "and", "or", "&"):
        return []
    for j in range(k - 2, max(-1, k - 25), -1):
        if clause.low(j) in (";", ":"):
            return []
        if clause.low(j) in _MODALS and clause.items[j].kind == "word":
            return [*chain_before(clause, j).words, clause.low(j)]
    return []


_OUTER = word_set(
    "accused accuse accuses accusing urged urges urge asked asks ask wants want pressed presses"
    " tells told allowed allows allow lets barred bars forbids blocked blocks blocking stop"
    " stopped stops prevent prevented prevents called calls demanded demands warned warns"
    " suspected alleges likely pressing pushed pushes call callers"
)
