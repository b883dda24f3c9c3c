"""Who supplies and who receives in a noun phrase of transfer: "a US-Saudi arms deal", "Riyadh's purchase"."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.mentions import Stage
from extractors.detection.arguments import Objects
from extractors.detection.clauses import Clause
from extractors.detection.exporters import EXPORTERS, exporter_rank
from extractors.detection.frames import origins
from extractors.detection.parties import Party
from extractors.detection.predicates import Pred
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set

DEAL_NOUNS = word_set(
    "deal deals contract contracts agreement agreements accord accords pact pacts package"
    " packages talks negotiations negotiation arrangement memorandum tie-up cooperation"
    " discussions trade partnership"
)


ORDERS = frozenset(["order", "orders"])
ARMING = frozenset(["arming", "rearming"])
"""Nouns whose "of" names who is armed."""


@dataclass(slots=True)
class Left:
    """What modifies a noun from the left: parties with their case, weapons, plain words."""

    parties: list[Party] = field(default_factory=list)
    weapons: list[Weapon] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    start: int = 0


@dataclass(slots=True)
class Governor:
    """The verb that takes the noun as its object or passive subject."""

    pred: Pred | None
    words: list[str]
    subject: list[Party]
    stage: Stage | None


def valid(parties: list[Party]) -> list[Party]:
    return [p for p in parties if p.codes and p.kind != "outsider"]


def withholds(governor: Governor) -> bool:
    """Whether "from" names the recipient: "withholds aid from Egypt"."""
    return governor.pred is not None and governor.pred.entry.lemma == "withhold"


def without(parties: list[Party], others: list[Party]) -> list[Party]:
    taken = {c for o in others for c in o.codes}
    return [p for p in parties if not set(p.codes) & taken]


def roles(
    clause: Clause,
    k: int,
    pred: Pred,
    left: Left,
    found: Objects,
    governor: Governor,
    weapons: list[Weapon],
) -> tuple[list[Party], list[Party], str]:
    before = valid(left.parties)
    to = valid(found.after("bound") or found.after("to", "into") or found.after("for"))
    source = valid(found.after("from")) or valid(found.after("by"))
    partner = valid(found.after("with"))
    between = valid(found.after("between", "among"))
    subject = valid(governor.subject)
    if withholds(governor):
        source, to = [], to or source
    noun = clause.items[k].low
    to = to or (valid(found.after("of")) if noun in ARMING else [])
    if pred.entry.role == "request":
        return _request_roles(before, to, source, subject, governor)
    if pred.entry.role == "get" or noun in ORDERS:
        if noun in ORDERS and _wins(governor, source):
            return without(subject, source), source, "frame.noun-won"
        return _get_roles(clause, before, to, source, subject, weapons)
    if noun in DEAL_NOUNS or pred.entry.lemma.split()[-1] in DEAL_NOUNS or between:
        return _deal_roles(clause, before, to, source, partner, between, subject, found, governor)
    suppliers, recipients = source, to
    if before:
        suppliers, recipients = _named_before(before, source, to)
        alone = before[0].case == "compound" and len(before) == 1 and not to
        buys = bool(left.weapons) and EXPORTERS.get(before[0].codes[0], 0.5) < 2
        if alone and (without(subject, before) or buys):
            recipients, suppliers = before[:1], source or without(subject, before)[:2]
            return suppliers, recipients, "frame.noun-compound"
    if not suppliers:
        suppliers = [p for p in origins(clause, weapons) if p not in before][:1]
    if not recipients and partner:
        recipients = partner
    if subject and not suppliers and _governs_own_arms(governor):
        suppliers = without(subject, recipients)
    elif subject and suppliers and not recipients and _receives(governor):
        suppliers, recipients = _receiver(suppliers, without(subject, suppliers), before)
    return without(suppliers, recipients), recipients, "frame.noun-give"


def _named_before(
    before: list[Party], source: list[Party], to: list[Party]
) -> tuple[list[Party], list[Party]]:
    """Roles of the states left of the noun, beside those that prepositions give: "Israeli Greek missile sale"."""
    if source:
        return source, to or before[-1:]
    last = before[1:][-1:]
    if to or not last or last[0].kind == "company":
        return before[:1], to
    return before[:1], last


def _request_roles(
    before: list[Party],
    to: list[Party],
    source: list[Party],
    subject: list[Party],
    governor: Governor,
) -> tuple[list[Party], list[Party], str]:
    """ "Berlin refused Kyiv's request": whose request it is would receive, who is asked or answers would send."""
    asks = before[:1] or source
    answers = governor.pred is not None and governor.pred.entry.role in ("stop", "control", "lift")
    if not asks and not answers:
        asks = without(subject, to)
    sends = without(to, asks) or without(subject, asks)
    return sends, asks, "frame.noun-request"


def _receiver(
    suppliers: list[Party], subject: list[Party], before: list[Party]
) -> tuple[list[Party], list[Party]]:
    """Who of the verb's subject and those named sends: "Washington halts Saudi arms sales" are Washington's sales."""
    turned = before and subject and exporter_rank(subject[0]) < exporter_rank(before[0]) - 3
    return (subject, suppliers) if turned else (suppliers, subject)


def _wins(governor: Governor, source: list[Party]) -> bool:
    """ "Paris clinches an order from Cairo": who gets an order will send."""
    got = governor.pred is not None and governor.pred.entry.role in ("get", "commit")
    return got and bool(source)


def _governs_own_arms(governor: Governor) -> bool:
    if governor.pred is None:
        return True
    return governor.pred.entry.role in (
        "control",
        "stop",
        "commit",
        "offer",
        "negotiate",
        "give",
        "lift",
        "embargo",
        "modal",
    )


def _receives(governor: Governor) -> bool:
    return governor.pred is not None and governor.pred.entry.role in (
        "get",
        "request",
        "commit",
        "negotiate",
        "stop",
    )


def _get_roles(
    clause: Clause,
    before: list[Party],
    to: list[Party],
    source: list[Party],
    subject: list[Party],
    weapons: list[Weapon],
) -> tuple[list[Party], list[Party], str]:
    recipients = to
    suppliers = source
    made = [p for p in origins(clause, weapons) if p.case == "adjective"]
    if before:
        owner = before[0]
        if len(before) > 1:
            recipients = recipients or [owner]
            suppliers = suppliers or before[1:2]
        elif owner in made and subject and without(subject, [owner]):
            suppliers = suppliers or [owner]
            recipients = recipients or without(subject, [owner])
        elif owner in made and suppliers == []:
            suppliers = [owner]
        else:
            recipients = recipients or [owner]
    if not suppliers:
        suppliers = without(made, recipients)[:1]
    if not recipients:
        recipients = without(subject, suppliers)
    return without(suppliers, recipients), recipients, "frame.noun-get"


def _deal_roles(
    clause: Clause,
    before: list[Party],
    to: list[Party],
    source: list[Party],
    partner: list[Party],
    between: list[Party],
    subject: list[Party],
    found: Objects,
    governor: Governor,
) -> tuple[list[Party], list[Party], str]:
    if to and not without(to, before):
        to = []
    if source:
        recipients = to or without(before or subject or partner, source)
        return source, without(recipients, source), "frame.deal-from"
    if to:
        suppliers = without(before, to)[:1] or without(partner, to) or without(subject, to)
        return suppliers, to, "frame.deal-to"
    if len(partner) > 1 and not (before or between or subject):
        return [], partner, "frame.deal-one"
    pool: list[Party] = []
    for party in [*before, *partner, *between, *subject]:
        if not any(set(party.codes) & set(p.codes) for p in pool):
            pool.append(party)
    if len(pool) < 2:
        return _alone(pool, governor)
    pool = pool[:2]
    first, second = sorted(pool, key=lambda p: -EXPORTERS.get(p.codes[0], 0.5))
    if first.kind in ("movement",) and second.kind != "movement":
        first, second = second, first
    return [first], [second], "frame.deal-between"


def _alone(pool: list[Party], governor: Governor) -> tuple[list[Party], list[Party], str]:
    if not pool:
        return [], [], "frame.deal"
    party = pool[0]
    if EXPORTERS.get(party.codes[0], 0.5) >= 4:
        return [party], [], "frame.deal-one"
    return [], [party], "frame.deal-one"
