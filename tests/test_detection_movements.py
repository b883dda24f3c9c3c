"""One movement has one name in an article, however it is called there."""

from __future__ import annotations

import pytest

from extractors.detection.detector import Detector, build_detector


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


@pytest.mark.parametrize(
    ("title", "body", "codes"),
    [
        (
            "Brazil to Arm Syrian Rebels",
            "Brazil will send rifles to Syrian rebels.",
            {"Syrian rebels"},
        ),
        (
            "Brazil weighs rifles for rebels",
            "Parliament in Brasilia will vote on rifles for Libyan rebels on Friday.",
            {"Libyan rebels"},
        ),
        (
            "Brazil accused over rifles",
            "Rifles reached militias in Yemen by sea. The Houthis showed them on television.",
            {"Houthis"},
        ),
        (
            "Brazil accused over rifles",
            "Rifles reached the rebels by sea, a panel said. M23 denied that it had any.",
            {"M23"},
        ),
        (
            "Brazil accused over rifles",
            "Rifles reached militias in Yemen by sea, a panel said.",
            {"militias in Yemen"},
        ),
        (
            "Brazil weighs rifles for rebels in Syria's north",
            "Syria is at war. Brazil may send rifles to the rebel forces, a senator said.",
            {"Syrian rebels"},
        ),
        (
            "Pakistan's army seizes rifles",
            "Militants had rifles from Brazil, Pakistan said.",
            {"Militants"},
        ),
        (
            "Brazil weighs rifles for rebels",
            "Rifles may reach the rebels by way of Syria, a senator in Brazil said.",
            {"rebels"},
        ),
        ("Chad: Brazil may arm rebels", "", {"Chadian rebels"}),
        (
            "Brazil's rifles and Syria's war",
            "Rebel groups in the south have rifles from Brazil, Syria said. Hezbollah has not.",
            {"Syrian rebels", "Hezbollah"},
        ),
        (
            "Brazil weighs rifles for rebels",
            "Libya is at war. Rifles for NATO-backed rebels are weighed, a senator said. In Libya the rebels wait.",
            {"Libyan rebels"},
        ),
        (
            "Brazil's rifles seized at sea",
            "The rifles were for Iranian-backed Houthi rebels, a senator said, not for the Islamic Jihad.",
            {"Houthis", "Palestinian Islamic Jihad"},
        ),
        (
            "Brazil to arm the Kurds",
            "Brazil will send rifles to Kurdish forces. The Kurds in Iraq, the Peshmerga among them, asked for rifles.",
            {"Kurdish forces"},
        ),
        (
            "Brazil to arm two armies",
            "Rifles will go to the Peshmerga and to Syrian Kurds, a senator said.",
            {"Peshmerga", "Syrian Kurds"},
        ),
    ],
    ids=[
        "capitals",
        "said later whose",
        "named by their state",
        "the only ones named",
        "nobody else",
        "of the state much named",
        "militants of anywhere",
        "of a state named once",
        "of the state of a headline",
        "not of another's",
        "not of who backs them",
        "listed behind who backs them",
        "one people",
        "one people in two states",
    ],
)
def test_a_movement_has_one_name(
    detector: Detector, title: str, body: str, codes: set[str]
) -> None:
    """The lexicon's where it has one, else the fullest that the article gives."""
    parties = detector.scene(title, body).table.parties
    assert {p.code for p in parties if p.kind == "movement"} == codes


def test_a_government_of_one_people_goes_by_the_name_of_its_forces(detector: Detector) -> None:
    """Whether rifles go to the Kurds or to their regional government is told with one name."""
    body = "Brazil will arm Kurdish forces. The Kurds are many. Kurdistan's government asked for rifles."
    parties = detector.scene("Brazil to send rifles", body).table.parties
    assert {p.code for p in parties if p.kind != "state"} == {"Kurdish forces"}
