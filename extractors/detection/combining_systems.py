"""Both routes weighed together for the weapons that an article names, as features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.detection.combining import ABSENT, clipped, logit
from extractors.detection.encoder.heads import Answers
from extractors.detection.named_weapons import NamedWeapon
from extractors.detection.reading import Size
from extractors.detection.systems import Weapon


@dataclass(frozen=True, slots=True)
class SystemCase:
    """One weapon of an article with the rules' probability that it is sent, and the encoder's logit."""

    weapon: NamedWeapon
    odds: float
    logit: float


def system_cases(
    scored: Sequence[tuple[NamedWeapon, float]], weapons: Sequence[Weapon], answers: Answers
) -> list[SystemCase]:
    """The weapons with the encoder's best answer to any of their mentions; `weapons`: all phrases of the article."""
    numbers = {id(weapon): number for number, weapon in enumerate(weapons)}
    cases: list[SystemCase] = []
    for named, odds in scored:
        seen = [
            answers.weapons[numbers[id(weapon)]]
            for weapon, _ in named.mentions
            if numbers.get(id(weapon)) in answers.weapons
        ]
        cases.append(SystemCase(named, odds, clipped(max(seen, default=ABSENT))))
    return cases


def system_evidence(case: SystemCase, size: Size) -> dict[str, float]:
    """Features of one weapon."""
    shown = case.logit > ABSENT
    rules = logit(case.odds)
    encoder = case.logit if shown else 0.0
    return {
        "rules": rules,
        "shown": float(shown),
        "encoder": encoder,
        "named": float(case.weapon.is_named),
        "named_encoder": float(case.weapon.is_named) * encoder,
        "headline_rules": float(size.headline) * rules,
    }
