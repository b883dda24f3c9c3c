"""Both routes weighed together for the weapons that an article names, as features."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.detection.combining import (
    ABSENT,
    clipped,
    logit,
)
from extractors.detection.encoder.heads import Answers
from extractors.detection.named_weapons import NamedWeapon
from extractors.detection.reading import Reading, Size
from extractors.detection.system_surroundings import lists_of
from extractors.detection.systems import Weapon


@dataclass(frozen=True, slots=True)
class SystemCase:
    """One weapon of an article with the rules' probability that it is sent, and the encoder's logits: read on its sheet, and
    in a passage alone (`ABSENT` where it was shown in none; that of the sheet where a text has no passages). `listed` are
    the places, among the cases of the article, of those it is listed with.
    """

    weapon: NamedWeapon
    odds: float
    logit: float
    close: float
    listed: tuple[int, ...] = ()


def system_cases(
    scored: Sequence[tuple[NamedWeapon, float]],
    reading: Reading,
    weapons: Sequence[Weapon],
    answers: Answers,
) -> list[SystemCase]:
    """The weapons with the encoder's best answer to any of their mentions; `weapons`: all phrases of the article."""
    numbers = {id(weapon): number for number, weapon in enumerate(weapons)}
    lists = lists_of(reading, weapons)
    places: dict[int, set[int]] = {}
    for place, (named, _) in enumerate(scored):
        for weapon, _ in named.mentions:
            places.setdefault(weapon.start, set()).add(place)
    cases: list[SystemCase] = []
    for place, (named, odds) in enumerate(scored):
        called = [numbers[id(weapon)] for weapon, _ in named.mentions if id(weapon) in numbers]
        sheet = _best(called, [answers])
        close = _best(called, answers.passages) if answers.passages else sheet
        beside = {s for weapon, _ in named.mentions for s in lists[weapon.start]}
        listed = {other for s in beside for other in places.get(s, ())} - {place}
        cases.append(SystemCase(named, odds, sheet, close, tuple(sorted(listed))))
    return cases


def _best(called: Sequence[int], read: Sequence[Answers]) -> float:
    """The best answer to any of the mentions `called`."""
    seen = [one.weapons[number] for one in read for number in called if number in one.weapons]
    return clipped(max(seen, default=ABSENT))


def system_evidence(case: SystemCase, cases: Sequence[SystemCase], size: Size) -> dict[str, float]:
    """Features of one weapon among all of its article."""
    shown, close = case.logit > ABSENT, case.close > ABSENT
    rules = logit(case.odds)
    encoder = case.logit if shown else 0.0
    return {
        "rules": rules,
        "shown": float(shown),
        "encoder": encoder,
        "close_shown": float(close),
        "close": case.close if close else 0.0,
        "better": max(case.logit, case.close),
        "worse": min(case.logit, case.close),
        "both": case.odds * max(0.0, max(case.logit, case.close) + 2.0),
        "named": float(case.weapon.is_named),
        "named_encoder": float(case.weapon.is_named) * encoder,
        "headline_rules": float(size.headline) * rules,
        "mentions": math.log(len(case.weapon.mentions)),
        "cases": math.log(len(cases)),
        **_behind(case, cases),
        **_listed([cases[place] for place in case.listed]),
    }


def _behind(case: SystemCase, cases: Sequence[SystemCase]) -> dict[str, float]:
    """How far the likeliest weapons of the article are ahead; who is read at a low logit may still be its first."""
    shown, close = case.logit > ABSENT, case.close > ABSENT
    return {
        "behind_rules": max(c.odds for c in cases) - case.odds,
        "behind_encoder": _gap(max(c.logit for c in cases), case.logit) if shown else 0.0,
        "behind_close": _gap(max(c.close for c in cases), case.close) if close else 0.0,
    }


def _gap(best: float, own: float) -> float:
    return min(-ABSENT, best - own)


def _listed(company: Sequence[SystemCase]) -> dict[str, float]:
    """What speaks for the weapons that one is listed with: a list is sent or not as a whole."""
    if not company:
        return {"in_list": 0.0}
    rules = [logit(c.odds) for c in company]
    sheet = [c.logit for c in company if c.logit > ABSENT]
    close = [c.close for c in company if c.close > ABSENT]
    return {
        "in_list": 1.0,
        "list_length": math.log(len(company)),
        "list_rules": _mean(rules),
        "list_best": max(rules),
        "list_encoder": _mean(sheet),
        "list_close": _mean(close),
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
