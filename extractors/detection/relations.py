"""Who stands where: blocs and quarrels of states, the prior for what a third state thinks of a transfer."""

from __future__ import annotations

_BLOCS = (
    frozenset(
        (
            "US CA GB FR DE IT ES PT NL BE LU DK NO SE FI IS IE AT CH PL CZ SK RO BG GR HR SI EE LV LT AL ME"
            " MK JP KR AU NZ TW IL UA NATO EU MD XK"
        ).split()
    ),
    frozenset("RU BY CN KP IR SY CU VE NI Houthis Hezbollah Hamas".split()),
)
"""States and movements that mostly side with each other."""

_QUARRELS = frozenset(
    frozenset(pair.split("-"))
    for pair in (
        "IN-PK IN-CN AM-AZ AM-TR GR-TR CY-TR IL-IR IL-SY IL-LB IL-PS SA-IR AE-IR KP-KR KP-JP CN-TW CN-JP CN-PH CN-VN"
        " RU-UA RU-GE RU-MD RU-PL RS-XK ET-EG ET-ER ET-SO MA-DZ RW-CD SD-AE VE-GY VE-CO IR-IQ IR-AZ EG-TR QA-SA QA-AE"
        " KH-TH DZ-ML SS-SD LY-TR AR-GB BA-RS BO-CL UG-RW IL-TR IL-EG US-CU US-VE US-NI US-KP US-IR US-CN US-RU"
        " UA-BY UA-IR UA-KP PK-AF KG-TJ HR-RS AL-RS BY-PL BY-LT YE-SA"
    ).split()
)
"""Pairs of states in open dispute: each is against arms for the other."""


def standing(speaker: str | None, other: str | None) -> float:
    """1 when `speaker` sides with `other`, -1 when it is its rival, 0 when neither is known."""
    if speaker is None or other is None:
        return 0.0
    if speaker == other:
        return 1.0
    if frozenset((speaker, other)) in _QUARRELS:
        return -1.0
    mine = [k for k, bloc in enumerate(_BLOCS) if speaker in bloc]
    theirs = [k for k, bloc in enumerate(_BLOCS) if other in bloc]
    if not mine or not theirs:
        return 0.0
    return 1.0 if mine == theirs else -1.0
