"""Transfers that no verb frame words: loose pairs, and which of an article's system names are kept."""

from __future__ import annotations

import pytest

from extractors.detection import Detector, build_detector
from extractors.detection.features import salience
from extractors.detection.pairs import propose


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


@pytest.mark.parametrize(
    ("headline", "pair"),
    [
        ("No more howitzers for Kyiv, Oslo tells allies", ("NO", "UA")),
        ("Jakarta and Seoul seal long-awaited submarine pact", ("KR", "ID")),
        ("Rabat's army shows off Chinese howitzers", ("CN", "MA")),
        ("Slovakia's last four MiG-29s arrive in Ukraine", ("SK", "UA")),
    ],
)
def test_two_parties_beside_arms_are_a_candidate(
    detector: Detector, headline: str, pair: tuple[str, str]
) -> None:
    """Where no frame fills both roles, the parties that a sentence names with arms are still proposed."""
    scene = detector.scene(headline, "")
    found = propose(scene.frames, salience(scene.reading, scene.clauses), scene.loose)
    assert pair in {(p.supplier, p.recipient) for p in found}


def test_a_whole_frame_leaves_no_loose_ones(detector: Detector) -> None:
    """A sentence whose verb tells who sells to whom yields no guesses."""
    scene = detector.scene("Sweden sold twelve Gripen fighters to Hungary", "")
    assert scene.frames
    assert not scene.loose


def test_a_named_system_replaces_the_generic_noun(detector: Detector) -> None:
    """ "Missiles" says nothing beside "Patriot"; variants named with it are systems of their own."""
    found = detector.detect(
        "Japan to export Patriot missiles to the United States",
        "Japan will export Patriot missiles to the United States, the government decided on Friday."
        " It cleared the transfer of PAC-2 and PAC-3 missiles to the United States.",
    )
    names = [s.name for s in found.transfers[0].systems]
    assert names == ["Patriot", "PAC-2", "PAC-3"]


def test_exports_as_a_topic_are_not_delivered(detector: Detector) -> None:
    """Whoever warns of, or defends, "exports" tells nothing of a delivery: to the rules they are announced at most."""
    scene = detector.scene("Japan defends Patriot exports to US, rejects Russian warning", "")
    frames = [f for f in scene.frames if f.stage.rule == "stage.noun"]
    assert [f.stage.stage.value for f in frames] == ["announced"]
