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
    """One weapon of an article with the rules' probability that it is sent, and the encoder's logits: read on its sheet, and
    in a passage alone (`ABSENT` where it was shown in none; that of the sheet where a text has no passages).
    """

    weapon: NamedWeapon
    odds: float
    logit: float
    close: float


def system_cases(
    scored: Sequence[tuple[NamedWeapon, float]], weapons: Sequence[Weapon], answers: Answers
) -> list[SystemCase]:
    """The weapons with the encoder's best answer to any of their mentions; `weapons`: all phrases of the article."""
    numbers = {id(weapon): number for number, weapon in enumerate(weapons)}
    cases: list[SystemCase] = []
    for named, odds in scored:
        called = [numbers[id(weapon)] for weapon, _ in named.mentions if id(weapon) in numbers]
        sheet = _best(called, [answers])
        close = _best(called, answers.passages) if answers.passages else sheet
        cases.append(SystemCase(named, odds, sheet, close))
    return cases


def _best(called: Sequence[int], read: Sequence[Answers]) -> float:
    """The best answer to any of the mentions `called`."""
    seen = [one.weapons[number] for one in read for number in called if number in one.weapons]
    return clipped(max(seen, default=ABSENT))


def system_evidence(case: SystemCase, size: Size) -> dict[str, float]:
    """Features of one weapon."""
    shown, close = case.logit > ABSENT, case.close > ABSENT
    rules = logit(case.odds)
    encoder = case.logit if shown else 0.0
    return {
        "rules": rules,
        "shown": float(shown),
        "encoder": encoder,
        "close_shown": float(close),
        "close": case.close if close else 0.0,
        "named": float(case.weapon.is_named),
        "named_encoder": float(case.weapon.is_named) * encoder,
        "headline_rules": float(size.headline) * rules,
    }
