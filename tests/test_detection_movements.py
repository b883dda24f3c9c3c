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
    ],
)
def test_a_movement_has_one_name(
    detector: Detector, title: str, body: str, codes: set[str]
) -> None:
    """The lexicon's where it has one, else the fullest that the article gives."""
    parties = detector.scene(title, body).table.parties
    assert {p.code for p in parties if p.kind == "movement"} == codes
