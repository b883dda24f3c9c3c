"""From a pair of parties to a transfer: its arms, its stage, and the words each field rests on."""

from __future__ import annotations

from collections.abc import Sequence

from domain.mentions import Evidence, Route, Stage, System, Transfer
from extractors.detection.pairs import Pair
from extractors.detection.reading import Reading
from extractors.detection.stage_model import words_of_stage
from extractors.detection.systems import Weapon
from extractors.detection.values import value_of


def to_transfer(
    reading: Reading,
    pair: Pair,
    stage: Stage,
    arms: Sequence[tuple[Weapon, System]],
    confidence: float,
    route: Route,
) -> Transfer:
    """The transfer a pair stands for, with the words each field rests on; `arms`: its systems and where they stand."""
    told = words_of_stage(stage, pair, reading)
    evidence: list[Evidence] = []
    evidence += [mark(reading, role, p.start, p.end, p.rule) for role, p in pair.parties[:6]]
    for weapon, _ in arms:
        rule = weapon.rules[0] if weapon.rules else "weapon"
        evidence.append(mark(reading, "systems", weapon.start, weapon.end, rule))
    evidence += [mark(reading, "stage", start, end, rule) for start, end, rule in told.marks]
    counted = next((w for f in pair.frames for w in f.weapons if w.quantity), None)
    value = value_of(reading, pair.frames)
    if value is not None:
        evidence.append(value[1])
    if counted is not None:
        evidence.append(mark(reading, "quantity", counted.start, counted.end, "quantity.number"))
    return Transfer(
        supplier=pair.supplier,
        recipient=pair.recipient,
        systems=tuple(system for _, system in arms),
        stage=stage,
        value=value[0] if value is not None else None,
        quantity=counted.quantity if counted is not None else None,
        alleged=told.alleged,
        confidence=round(confidence, 4),
        route=route,
        evidence=tuple(dict.fromkeys(evidence)),
    )


def mark(reading: Reading, field_name: str, start: int, end: int, rule: str) -> Evidence:
    """Evidence over tokens [start, end)."""
    begin, stop = reading.begins[start], reading.ends[end - 1]
    return Evidence(
        field=field_name, start=begin, end=stop, text=reading.text[begin:stop], rule=rule
    )
