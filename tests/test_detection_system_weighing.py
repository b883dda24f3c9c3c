"""Both routes weighed together for the weapons of an article: what a weapon's company says of it."""

from __future__ import annotations

import pytest

from extractors.detection import Detector, build_detector
from extractors.detection.combining import (
    ABSENT,
)
from extractors.detection.combining_systems import SystemCase, system_cases, system_evidence
from extractors.detection.encoder.heads import Answers
from extractors.detection.named_weapons import named_weapons
from extractors.detection.reading import Size

ARTICLE = Size(headline=False, length=1.0)
TEXT = (
    "Chile will send Haiti trucks, mortars and radars, its minister said. Submarines stay at home."
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def cases_of(detector: Detector, text: str, logits: dict[int, float]) -> dict[str, SystemCase]:
    """The weapons of `text` by name, each half likely by the rules, with the encoder's `logits` of the weapon phrases."""
    scene = detector.scene("", text)
    scored = [(named, 0.5) for named in named_weapons(scene.reading, scene.weapons)]
    answers = Answers(relevance=0.0, pairs={}, speakers={}, weapons=logits)
    cases = system_cases(scored, scene.reading, scene.weapons, answers)
    return {case.weapon.system.name: case for case in cases}


def test_a_weapon_knows_whom_it_is_listed_with(detector: Detector) -> None:
    """Members of one list know each other, and who stands in another sentence is of no list."""
    cases = cases_of(detector, TEXT, {})
    names = list(cases)
    listed = {name: {names[place] for place in case.listed} for name, case in cases.items()}
    assert listed["mortars"] == {"trucks", "radars"}
    assert listed["Submarines"] == set()


def test_a_list_is_sent_as_a_whole(detector: Detector) -> None:
    """What the encoder says of the others in its list is evidence for a weapon that it was not shown."""
    cases = cases_of(detector, TEXT, {0: 4.0, 1: 2.0})
    evidence = system_evidence(cases["radars"], list(cases.values()), ARTICLE)
    assert evidence["list_encoder"] == 3.0
    assert evidence["shown"] == 0.0
    alone = system_evidence(cases["Submarines"], list(cases.values()), ARTICLE)
    assert alone["in_list"] == 0.0


def test_a_weapon_is_compared_with_the_likeliest_of_its_article(detector: Detector) -> None:
    """How far the first is ahead; nobody is behind where the encoder was not asked."""
    cases = cases_of(detector, TEXT, {0: 4.0, 1: 1.0})
    everyone = list(cases.values())
    assert system_evidence(cases["trucks"], everyone, ARTICLE)["behind_encoder"] == 0.0
    assert system_evidence(cases["mortars"], everyone, ARTICLE)["behind_encoder"] == 3.0
    assert cases["radars"].logit == ABSENT
    assert system_evidence(cases["radars"], everyone, ARTICLE)["behind_encoder"] == 0.0


def test_lines_of_a_list_are_one_list(detector: Detector) -> None:
    """Lines that name little else than weapons belong together; sentences that follow one another do not."""
    lines = "The package holds:\n\n40 mortars;\n\nSniper rifles;\n\nand helmets.\n\nThe tanks come in May, he said."
    listed = {name: len(case.listed) for name, case in cases_of(detector, lines, {}).items()}
    assert listed == {"mortars": 2, "Sniper rifles": 2, "helmets": 2, "tanks": 0}
