"""From a pair of parties to a transfer: its arms, its stage, and the words each field rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.mentions import Category, Evidence, Stage, System, Transfer
from extractors.detection.frames import Frame
from extractors.detection.pairs import Pair
from extractors.detection.reading import Reading
from extractors.detection.stage import furthest
from extractors.detection.systems import Weapon
from extractors.detection.values import value_of


def to_transfer(
    reading: Reading, pair: Pair, confidence: float, others: Sequence[Weapon] = ()
) -> Transfer:
    """The transfer a pair stands for, with the words each field rests on."""
    stage, alleged, staged = stage_of(pair)
    systems: list[System] = []
    evidence: list[Evidence] = []
    evidence += [mark(reading, role, p.start, p.end, p.rule) for role, p in pair.parties[:6]]
    for weapon, system in _arms_of(pair, others):
        systems.append(system)
        rule = weapon.rules[0] if weapon.rules else "weapon"
        evidence.append(mark(reading, "systems", weapon.start, weapon.end, rule))
    for frame in staged[:3]:
        if frame.end > frame.start:
            evidence.append(
                mark(reading, "stage", frame.start, frame.end, f"{frame.rule}/{frame.stage.rule}")
            )
    counted = next((w for f in pair.frames for w in f.weapons if w.quantity), None)
    value = value_of(reading, pair.frames)
    if value is not None:
        evidence.append(value[1])
    if counted is not None:
        evidence.append(mark(reading, "quantity", counted.start, counted.end, "quantity.number"))
    return Transfer(
        supplier=pair.supplier,
        recipient=pair.recipient,
        systems=tuple(systems[:8]),
        stage=stage,
        value=value[0] if value is not None else None,
        quantity=counted.quantity if counted is not None else None,
        alleged=alleged,
        confidence=round(confidence, 4),
        evidence=tuple(dict.fromkeys(evidence)),
    )


def _arms_of(pair: Pair, others: Sequence[Weapon]) -> list[tuple[Weapon, System]]:
    """The systems of a pair: all that its whole and title frames name, and the designations of its other frames.

    Where that gives no designation, the few that the article names anywhere (`others`) are taken to be meant.
    """
    ordered = sorted(pair.frames, key=lambda f: f.sentence.index)
    found: list[tuple[Weapon, System]] = []
    named = any(w.systems for f in ordered if f.sentence.is_title or _whole(f) for w in f.weapons)
    for frame in ordered:
        sure = frame.sentence.is_title or _whole(frame) or not named
        for weapon in frame.weapons:
            found += [(weapon, s) for s in weapon.systems if sure or s.designation]
    if not any(s.designation for _, s in found):
        found += [(w, s) for w in others for s in w.systems if s.designation]
    same = {s.designation for _, s in found if s.designation}
    found += [
        (w, s)
        for w in others
        for s in w.systems
        if s.designation in same and _VARIANT.search(s.name)
    ]
    unique: list[tuple[Weapon, System]] = []
    for weapon, system in found:
        if not any(_same_system(system, s) for _, s in unique):
            unique.append((weapon, system))
    kinds = {_kind(s) for _, s in unique if _is_named(s)}
    return [(w, s) for w, s in unique if _is_named(s) or _kind(s) not in kinds][:8]


_GUIDED = frozenset([Category.MISSILE, Category.AIR_DEFENCE, Category.MUNITIONS])


def _kind(system: System) -> Category | None:
    """The category, where missiles, interceptors and what fires them are of one kind."""
    return Category.MISSILE if system.category in _GUIDED else system.category


def _is_named(system: System) -> bool:
    return system.designation is not None or any(c.isdigit() for c in system.name)


def lone_designations(weapons: Sequence[Weapon], pairs: int) -> list[Weapon]:
    """The designated weapons of an article about one pair, when they are three designations at most; else none."""
    designated = [w for w in weapons if any(s.designation for s in w.systems)]
    names = {s.designation for w in designated for s in w.systems if s.designation}
    return designated if pairs == 1 and len(names) <= 3 else []


def mark(reading: Reading, field_name: str, start: int, end: int, rule: str) -> Evidence:
    """Evidence over tokens [start, end)."""
    begin, stop = reading.begins[start], reading.ends[end - 1]
    return Evidence(
        field=field_name, start=begin, end=stop, text=reading.text[begin:stop], rule=rule
    )


def _same_system(a: System, b: System) -> bool:
    """One system named twice; variants with numbers of their own ("PAC-2" beside "PAC-3") are two."""
    if a.designation and a.designation == b.designation:
        names = sorted((a.name.lower(), b.name.lower()), key=len)
        return names[1].startswith(names[0]) or not _variant_of(a, b)
    return a.name.lower().rstrip("s") == b.name.lower().rstrip("s")


_VARIANT = re.compile(r"\b[A-Za-z]+-\d+")


def _variant_of(a: System, b: System) -> bool:
    """Whether the names are those of variants: "PAC-2" and "PAC-3", but not "F-16" and "Fighting Falcon"."""
    heads = [s.name.split("-")[0].lower() for s in (a, b) if _VARIANT.search(s.name)]
    return any(head in _VARIANTS for head in heads)


_VARIANTS = frozenset(["pac"])
"""Letters that name variants of a system rather than the system: PAC-2 and PAC-3 are Patriot missiles."""


def stage_of(pair: Pair) -> tuple[Stage, bool, list[Frame]]:
    """The stage of the title's frames, else the furthest of what stands highest up and is most surely read.

    Whole frames come before halves, verbs before gerunds and bare nouns of transfer, which say little of the stage.
    """
    current = [f for f in pair.frames if not f.historical] or pair.frames
    titled = [f for f in current if f.sentence.is_title]
    lead = [f for f in current if f.sentence.paragraph <= 3]
    pool = titled or lead or current
    for better in (
        [f for f in pool if _whole(f) and not _vague(f)],
        [f for f in lead if _whole(f) and not _vague(f)],
        [f for f in current if _whole(f) and not _vague(f)],
        [f for f in pool if not _vague(f)],
        pool,
    ):
        if better:
            pool = better
            break
    plain = [f for f in pool if not f.stage.alleged] or pool
    stage = furthest([f.stage.stage for f in plain])
    alleged = all(f.stage.alleged for f in pool)
    return stage, alleged, [f for f in pool if f.stage.stage is stage]


def _whole(frame: Frame) -> bool:
    return bool(frame.suppliers and frame.recipients)


def _vague(frame: Frame) -> bool:
    """Whether a frame names a transfer without telling how far it has come, as "Patriot exports" does as a topic."""
    if frame.stage.rule == "stage.block-asked":
        return True
    return frame.stage.rule in ("stage.gerund", "stage.noun") and frame.stage.stage in (
        Stage.DELIVERED,
        Stage.ANNOUNCED,
    )
