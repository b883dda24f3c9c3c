"""Sentences that are easily misread: sports, metaphors, deployments, negations, directions, speakers, stances."""

from __future__ import annotations

import pytest

from domain.mentions import Stage
from extractors.detection import Detector, build_detector
from tests.detection_patterns import NOT_TRANSFERS, REACTIONS, SILENT, TRANSFERS


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


@pytest.mark.parametrize(("number", "headline"), NOT_TRANSFERS)
def test_false_friends_are_not_relevant(detector: Detector, number: int, headline: str) -> None:
    """Sports, food, animals, civil goods, own forces and weapons in use are no transfers."""
    assert not detector.detect(headline, "").relevant


@pytest.mark.parametrize(("number", "headline", "expected"), TRANSFERS)
def test_supplier_recipient_and_stage_are_read(
    detector: Detector,
    number: int,
    headline: str,
    expected: tuple[tuple[str | None, str | None, str], ...],
) -> None:
    """Voice, order, negation, modality and lists decide who gives what to whom, and how far it has come."""
    found = detector.detect(headline, "")
    assert {(t.supplier, t.recipient, t.stage.value) for t in found.transfers} == set(expected)


def test_resumed_deliveries_are_on_their_way_again(detector: Detector) -> None:
    """Announced or delivered, as one reads it; what resumes is not suspended (pattern 56)."""
    [sent] = detector.detect("Washington resumes deliveries of bombs to Israel", "").transfers
    assert (sent.supplier, sent.recipient) == ("US", "IL")
    assert sent.stage in {Stage.ANNOUNCED, Stage.DELIVERED}


@pytest.mark.parametrize(("number", "sentence", "speaker", "country", "stance"), REACTIONS)
def test_official_speakers_are_heard_with_their_stance(
    detector: Detector, number: int, sentence: str, speaker: str, country: str, stance: str
) -> None:
    """An official's words count with the stance toward the flow of arms, never toward a measure against it."""
    title, body = ("", sentence) if sentence.endswith(".") else (sentence, "")
    found = detector.detect(title, body)
    heard = [(r.country, r.stance.value) for r in found.reactions if speaker in r.speaker]
    assert heard == [(country, stance)]


@pytest.mark.parametrize(("number", "sentence", "speaker"), SILENT)
def test_unofficial_speakers_are_not_reactions(
    detector: Detector, number: int, sentence: str, speaker: str
) -> None:
    """Former officials, analysts and companies do not speak for a state."""
    found = detector.detect("", sentence)
    assert all(speaker not in r.speaker for r in found.reactions)
