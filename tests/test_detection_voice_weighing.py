"""What tells reactions from other talk when both routes are weighed: nearness to the transfer, the office, passages."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest

from domain.mentions import Stance
from extractors.detection.combining_voices import (
    VoiceCase,
    voice_cases,
    voice_evidence,
)
from extractors.detection.detector import Detector, build_detector
from extractors.detection.encoder.heads import Answers, SpeakerAnswer
from extractors.detection.encoder.page import Mention
from extractors.detection.encoder.tokens import Marked
from extractors.detection.fitting_rules import share_in_long
from extractors.detection.linear import FOLDER, Linear
from extractors.detection.reading import SHORT_NEWS, Size
from extractors.detection.relevance import load_rule_models

LONG = Size(headline=False, length=1.0)
NEUTRAL = Linear(bias=0.0, weights={}, threshold=0.5)
TITLE = "Norway to sell missiles to Latvia"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def answers(
    *, relevance: float = 0.0, passages: tuple[Answers, ...] = (), **said: float
) -> Answers:
    """The encoder's answers to speakers, by key."""
    place = Marked(Mention("speaker", 0, 5), place=0, sentence=0, is_title=False)
    speakers = {
        key: SpeakerAnswer(logit=logit, stances=(1 / 3,) * len(Stance), best=place)
        for key, logit in said.items()
    }
    return Answers(relevance=relevance, pairs={}, speakers=speakers, weapons={}, passages=passages)


def cases(detector: Detector, body: str) -> dict[str, VoiceCase]:
    """Whom the rules hear in an article, by name."""
    scene = detector.scene(TITLE, body)
    found = voice_cases(detector.hearings(scene, [], NEUTRAL), {}, answers())
    return {case.party.label: case for case in found}


def said(case: VoiceCase) -> set[str]:
    return {f for f in voice_evidence(case, [case], LONG, ()) if f.startswith("said_")}


def test_who_speaks_of_the_sale_is_told_from_who_speaks_of_the_harvest(detector: Detector) -> None:
    """The best of a speaker's sentences counts; without a cue an official is silent."""
    found = cases(
        detector,
        "Norway will sell missiles to Latvia. Defence Minister Ivar Dahl said the missiles would be delivered in May."
        " Finance Minister Marta Berg said on Tuesday that rain had spoilt the barley.\n\n"
        + "The harvest was poor. " * 5
        + "\n\nThe coast of Norway, home of Agriculture Minister Nils Moen, lay in fog.",
    )
    assert said(found["Ivar Dahl"]) == {"said_told_named"}
    assert said(found["Marta Berg"]) & {"said_far_named", "said_near_named"}
    assert said(found["Nils Moen"]) == {"said_silent_named"}


def test_whoever_bears_no_office_is_marked(detector: Detector) -> None:
    """A person of whom the article tells no office most often speaks for nobody."""
    found = cases(
        detector,
        "Norway will sell missiles to Latvia. Defence Minister Ivar Dahl said the missiles were needed. Oskar Lindqvist"
        " said he had read of the missiles in the paper.",
    )
    marks = {n: voice_evidence(c, [c], LONG, ())["no_office"] for n, c in found.items()}
    assert marks["Ivar Dahl"] == 0.0
    assert marks["Oskar Lindqvist"] == 1.0


def test_passages_that_name_the_speaker_speak_for_the_reaction(detector: Detector) -> None:
    """Of several passages the best counts, and the best that is itself about arms; others say nothing of the speaker."""
    case = cases(detector, "Defence Minister Ivar Dahl said the missiles were needed.")["Ivar Dahl"]
    passages = (
        answers(relevance=-4.0, dahl=3.0),
        answers(relevance=2.0, dahl=1.0),
        answers(relevance=5.0, berg=5.0),
    )
    features = voice_evidence(case, [case], LONG, passages)
    assert features["shown_alone"] == 1.0
    assert features["alone"] == 3.0
    assert features["alone_relevance"] == 2.0
    assert features["alone_both"] == 1.0
    assert voice_evidence(case, [case], LONG, ())["shown_alone"] == 0.0


def test_long_texts_have_a_scale_of_their_own(tmp_path: Path) -> None:
    """From `LONG_NEWS` words on another regression of the rules judges who reacts."""
    for path in FOLDER.glob("*.json"):
        shutil.copy(path, tmp_path)
    sceptic = {"bias": -20.0, "threshold": 0.9, "weights": {}}
    (tmp_path / "long_voices.json").write_text(json.dumps(sceptic), encoding="utf-8")
    short, long = (Size(headline=False, length=math.log(n / SHORT_NEWS)) for n in (299, 300))
    models = load_rule_models(tmp_path)
    assert models.voices.of(long).probability({"about": 1.0}) < 1e-6
    assert models.voices.of(short) == load_rule_models().voices.short


def test_a_text_is_long_by_its_words(detector: Detector) -> None:
    """Words of title and body count, punctuation marks too, as everywhere."""
    assert not detector.scene(TITLE, "Missiles went north. " * 60).reading.size.is_long
    assert detector.scene(TITLE, "Missiles went north. " * 80).reading.size.is_long


def test_what_a_text_teaches_of_long_ones_grows_with_its_length() -> None:
    """Texts of 500 words count whole, of 300 a tenth, shorter ones hardly."""
    sizes = [Size(headline=False, length=math.log(n / SHORT_NEWS)) for n in (200, 300, 499, 500)]
    assert [share_in_long(size) for size in sizes] == [0.02, 0.1, 0.1, 1.0]
    assert share_in_long(Size(headline=True, length=0.0)) == 0.02
