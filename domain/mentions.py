"""What an article says: transfers of arms and official reactions to them, each field with its evidence.

What counts as a transfer, a reaction, a stage or a stance is defined in docs/annotation.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """How far a transfer has come; the furthest the article reports as fact."""

    CONSIDERED = "considered"
    REQUESTED = "requested"
    OFFERED = "offered"
    ANNOUNCED = "announced"
    APPROVED = "approved"
    SIGNED = "signed"
    DELIVERED = "delivered"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    POLICY = "policy"


STAGE_ORDER: tuple[Stage, ...] = (
    Stage.CONSIDERED,
    Stage.REQUESTED,
    Stage.OFFERED,
    Stage.ANNOUNCED,
    Stage.APPROVED,
    Stage.SIGNED,
    Stage.DELIVERED,
)
"""The stages that follow one another; suspended, rejected and policy stand outside the order."""


class Stance(StrEnum):
    """A speaker's attitude to the arms flow itself, never to a measure against it."""

    OPPOSE = "oppose"
    SUPPORT = "support"
    NEUTRAL = "neutral"


class Route(StrEnum):
    """What found a mention: the rules, the encoder, or both of them."""

    RULES = "rules"
    ENCODER = "encoder"
    BOTH = "both"


class Category(StrEnum):
    """Kinds of weapon systems."""

    TANK = "tank"
    ARMOURED_VEHICLE = "armoured_vehicle"
    ARTILLERY = "artillery_mlrs"
    COMBAT_AIRCRAFT = "combat_aircraft"
    HELICOPTER = "helicopter"
    UAV = "uav"
    SHIP = "ship_submarine"
    MISSILE = "missile"
    AIR_DEFENCE = "air_defence"
    MUNITIONS = "munitions_small_arms"
    SENSORS = "sensors_ew_comms"
    OTHER = "other"

    @property
    def label(self) -> str:
        """As people read it: "air defence", "munitions, small arms"."""
        return _CATEGORY_LABELS.get(self, self.value.replace("_", " "))


_CATEGORY_LABELS = {
    Category.ARTILLERY: "artillery, MLRS",
    Category.UAV: "unmanned aircraft",
    Category.SHIP: "ships, submarines",
    Category.MUNITIONS: "munitions, small arms",
    Category.SENSORS: "sensors, EW, communications",
}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The words a field rests on.

    `start` and `end` count characters of `full_text(title, body)`, end exclusive; `text` is exactly that slice; `rule` is
    the id of the rule that fired.
    """

    field: str
    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class System:
    """A weapon system: `name` as written in its shortest useful form, `designation` its standard one."""

    name: str
    designation: str | None = None
    category: Category | None = None


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """One supplier -> recipient flow of arms.

    `supplier` and `recipient` are ISO 3166-1 alpha-2 codes, "EU", "NATO", "UN" or an actor's name; None when not stated.
    `value` and `quantity` are kept as the article words them. `confidence` is in [0, 1]. `route` is what found the pair;
    the evidence of each field names its own rule.
    """

    supplier: str | None
    recipient: str | None
    systems: tuple[System, ...] = ()
    stage: Stage
    value: str | None = None
    quantity: str | None = None
    alleged: bool = False
    confidence: float = 0.5
    route: Route = Route.RULES
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """One official speaker's reported statement about a transfer. `quote`: direct speech is given. `confidence` is that the
    speaker reacts at all, `stance_confidence` that the stance is right if so, in [0, 1]."""

    speaker: str
    affiliation: str | None = None
    country: str | None = None
    stance: Stance = Stance.NEUTRAL
    quote: bool = False
    confidence: float = 0.5
    stance_confidence: float = 1.0
    route: Route = Route.RULES
    evidence: tuple[Evidence, ...] = ()


Mention = Transfer | Reaction


@dataclass(frozen=True, kw_only=True)
class Mentions:
    """Everything found in one article. `score` in [0, 1] is the relevance, `relevant` whether it passes the threshold.

    `proposed` is what one route alone suggests, too unsure to be believed: it goes to the review list, never into an alert.
    An article that is not relevant may have proposals.
    """

    relevant: bool
    score: float
    language: str
    transfers: tuple[Transfer, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    proposed: tuple[Mention, ...] = ()


def full_text(title: str, body: str) -> str:
    """The text that evidence offsets count in."""
    return f"{title}\n\n{body}"


def mentions_to_dict(mentions: Mentions) -> dict[str, Any]:
    """The JSON form of `detect --json`."""
    return {
        "relevant": mentions.relevant,
        "score": round(mentions.score, 3),
        "language": mentions.language,
        "transfers": [transfer_to_dict(t) for t in mentions.transfers],
        "reactions": [reaction_to_dict(r) for r in mentions.reactions],
        "proposed": {
            "transfers": [
                transfer_to_dict(p) for p in mentions.proposed if isinstance(p, Transfer)
            ],
            "reactions": [
                reaction_to_dict(p) for p in mentions.proposed if isinstance(p, Reaction)
            ],
        },
    }


def mentions_from_dict(data: Mapping[str, Any]) -> Mentions:
    """The inverse of `mentions_to_dict`; keys that a gold file leaves out take their defaults."""
    proposed = data.get("proposed") or {}
    return Mentions(
        relevant=bool(data["relevant"]),
        score=float(data.get("score", 1.0 if data["relevant"] else 0.0)),
        language=data.get("language", "en"),
        transfers=tuple(transfer_from_dict(t) for t in data.get("transfers", ())),
        reactions=tuple(reaction_from_dict(r) for r in data.get("reactions", ())),
        proposed=(
            *(transfer_from_dict(t) for t in proposed.get("transfers", ())),
            *(reaction_from_dict(r) for r in proposed.get("reactions", ())),
        ),
    )


def transfer_to_dict(transfer: Transfer) -> dict[str, Any]:
    """The JSON form of one transfer."""
    return {
        "supplier": transfer.supplier,
        "recipient": transfer.recipient,
        "systems": [
            {
                "name": s.name,
                "designation": s.designation,
                "category": s.category.value if s.category else None,
            }
            for s in transfer.systems
        ],
        "stage": transfer.stage.value,
        "value": transfer.value,
        "quantity": transfer.quantity,
        "alleged": transfer.alleged,
        "confidence": round(transfer.confidence, 3),
        "route": transfer.route.value,
        "evidence": [_evidence_to_dict(e) for e in transfer.evidence],
    }


def transfer_from_dict(data: Mapping[str, Any]) -> Transfer:
    """The inverse of `transfer_to_dict`. A system may be a bare name, as in gold files."""
    return Transfer(
        supplier=data.get("supplier"),
        recipient=data.get("recipient"),
        systems=tuple(_system_from(s) for s in data.get("systems") or ()),
        stage=Stage(data["stage"]),
        value=_text_or_none(data.get("value")),
        quantity=_text_or_none(data.get("quantity")),
        alleged=bool(data.get("alleged")),
        confidence=float(data.get("confidence", 1.0)),
        route=Route(data.get("route", "rules")),
        evidence=tuple(Evidence(**e) for e in data.get("evidence") or ()),
    )


def reaction_to_dict(reaction: Reaction) -> dict[str, Any]:
    """The JSON form of one reaction."""
    return {
        "speaker": reaction.speaker,
        "affiliation": reaction.affiliation,
        "country": reaction.country,
        "stance": reaction.stance.value,
        "quote": reaction.quote,
        "confidence": round(reaction.confidence, 3),
        "stance_confidence": round(reaction.stance_confidence, 3),
        "route": reaction.route.value,
        "evidence": [_evidence_to_dict(e) for e in reaction.evidence],
    }


def reaction_from_dict(data: Mapping[str, Any]) -> Reaction:
    """The inverse of `reaction_to_dict`."""
    return Reaction(
        speaker=data["speaker"],
        affiliation=data.get("affiliation"),
        country=data.get("country"),
        stance=Stance(data.get("stance", "neutral")),
        quote=bool(data.get("quote")),
        confidence=float(data.get("confidence", 1.0)),
        stance_confidence=float(data.get("stance_confidence", 1.0)),
        route=Route(data.get("route", "rules")),
        evidence=tuple(Evidence(**e) for e in data.get("evidence") or ()),
    )


def _evidence_to_dict(evidence: Evidence) -> dict[str, Any]:
    return {
        "field": evidence.field,
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text,
        "rule": evidence.rule,
    }


def _system_from(data: str | Mapping[str, Any]) -> System:
    if isinstance(data, str):
        return System(name=data)
    category = data.get("category")
    return System(
        name=data["name"],
        designation=data.get("designation"),
        category=Category(category) if category else None,
    )


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)
