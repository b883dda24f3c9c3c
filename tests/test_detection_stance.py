"""What is read of a voice's words: how far its speech goes, what it judges, what it bids, who it sides with."""

from __future__ import annotations

import pytest

from extractors.detection.attitudes import Attitude, read_attitude
from extractors.detection.detector import Detector, build_detector
from extractors.detection.lexicons import load_lexicons
from extractors.detection.relations import Relations
from extractors.detection.utterances import utterances
from extractors.detection.voices import gather_voices

TITLE = "Norway to sell NASAMS missile batteries to Brazil"
LEAD = "OSLO - Norway will sell NASAMS air defence missiles to Brazil.\n\n"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def _attitude(detector: Detector, words: str, surname: str) -> Attitude:
    scene = detector.scene(TITLE, LEAD + words)
    voices = gather_voices(scene.reading, scene.clauses, scene.frames, detector.attributions(scene))
    (voice,) = [v for v in voices if surname in v.party.label]
    return read_attitude(scene.reading, voice, [], detector.stances)


def _said(detector: Detector, words: str, surname: str) -> list[tuple[str, bool]]:
    scene = detector.scene(TITLE, LEAD + words)
    voices = gather_voices(scene.reading, scene.clauses, scene.frames, detector.attributions(scene))
    (voice,) = [v for v in voices if surname in v.party.label]
    return [
        (scene.reading.slice(u.start, u.end), u.near)
        for u in utterances(scene.reading, voice.heard)
    ]


def test_a_quote_is_read_to_its_ends(detector: Detector) -> None:
    """The sentences of one quotation belong to the speaker named after the last of them."""
    words = (
        'LEAD. "These missiles are a mistake. We shall not forget this sale," Argentine Defence'
        " Minister Lucía Berro said."
    )
    said = " ".join(text for text, _ in _said(detector, words, "Berro"))
    assert "a mistake" in said
    assert "not forget" in said


def test_a_sentence_nobody_else_claims_goes_on_with_the_last_speaker(detector: Detector) -> None:
    """Free speech after an attributed sentence is read as near, up to the paragraph's end or the next speaker."""
    words = (
        "Argentine Defence Minister Lucía Berro said the missiles were a danger to the region."
        " The whole south would live in their shadow.\n\nThe next paragraph is the reporter's."
    )
    said = _said(detector, words, "Berro")
    assert ("The whole south would live in their shadow.", True) in said
    assert not any("reporter" in text for text, _ in said)


def test_speech_ends_where_another_speaker_is_set_against_it(detector: Detector) -> None:
    """ "Tavares argued for it, while Berro feared it" gives each a clause; "while" alone ends nothing."""
    words = (
        "Brazilian Defence Minister Caio Tavares said the missiles would keep the peace, while Argentine Defence"
        " Minister Lucía Berro warned of a race."
    )
    assert not any("race" in text for text, _ in _said(detector, words, "Tavares"))
    assert not any("peace" in text for text, _ in _said(detector, words, "Berro"))
    alone = (
        "Brazilian Defence Minister Caio Tavares said the missiles would stay, while stocks last."
    )
    assert any("stocks last" in text for text, _ in _said(detector, alone, "Tavares"))


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("called the sale of missiles an insult.", -1),
        ("said Oslo was rethinking its opposition to the sale.", 1),
        ("called the halt to the missile sale an insult.", 1),
        ("said the missile embargo was absurd.", 1),
        ("said the missile sale was absurd.", -1),
    ],
)
def test_blame_for_a_measure_favours_the_flow(detector: Detector, words: str, sign: int) -> None:
    """What is said against a halt or an embargo counts for the arms flow, wherever the measure is named."""
    attitude = _attitude(detector, f"Brazilian Defence Minister Caio Tavares {words}", "Tavares")
    assert sum(h.value for h in attitude.hits) * sign > 0


@pytest.mark.parametrize(
    ("words", "stop", "go"),
    [
        ("urged Oslo to halt the missile sale.", 1.0, 0.0),
        ("urged Oslo not to halt the missile sale.", 0.0, 1.0),
        ("asked Oslo for more missiles.", 0.0, 1.0),
        ("said Oslo would halt the missile sale.", 0.0, 0.0),
        ("told Oslo to deliver the missiles.", 0.0, 1.0),
        ("told parliament that Oslo would deliver the missiles.", 0.0, 0.0),
        ("warned Oslo against the delivery of missiles.", 1.0, 0.0),
        ("warned that a delivery of missiles would follow.", 0.0, 0.0),
        ("called the halt to the missile sale an insult.", 0.0, 0.0),
    ],
)
def test_what_a_speaker_bids_is_told_from_what_he_reports(
    detector: Detector, words: str, stop: float, go: float
) -> None:
    """Only words that ask somebody to do something are bids; a negation turns them round."""
    attitude = _attitude(detector, f"Brazilian Defence Minister Caio Tavares {words}", "Tavares")
    assert (attitude.features["bid_stop"], attitude.features["bid_go"]) == (stop, go)


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("called on Oslo to curtail missile sales.", -1),
        ("called on Oslo to speed up the missile sale.", 1),
    ],
)
def test_a_call_to_give_less_is_against_the_flow(detector: Detector, words: str, sign: int) -> None:
    """The cue's sign is turned round by what is called for."""
    attitude = _attitude(detector, f"Brazilian Defence Minister Caio Tavares {words}", "Tavares")
    assert attitude.features["cue"] * sign > 0


@pytest.mark.parametrize(
    ("words", "denies"),
    [
        ("repeatedly denied that missiles had been bought.", 1.0),
        ("declined to discuss the missile sale.", 1.0),
        ("declined to approve the missile sale.", 0.0),
        ("said the missiles had been bought.", 0.0),
    ],
)
def test_denials_are_known_in_however_many_words(
    detector: Detector, words: str, denies: float
) -> None:
    """A cue that takes a side is no denial, whatever words it has."""
    attitude = _attitude(detector, f"Brazilian Defence Minister Caio Tavares {words}", "Tavares")
    assert attitude.features["denies"] == denies


def test_a_duty_to_give_is_told_from_a_duty_to_refrain(detector: Detector) -> None:
    """Deontic words take sides without any word of praise or blame."""
    give = _attitude(
        detector, "Brazilian senator Caio Tavares said Oslo should send the missiles.", "Tavares"
    )
    stop = _attitude(
        detector, "Brazilian senator Caio Tavares said Oslo must not send missiles.", "Tavares"
    )
    halt = _attitude(
        detector, "Brazilian senator Caio Tavares said Oslo should stop sending arms.", "Tavares"
    )
    assert (give.features["should"], give.features["should_not"]) == (1.0, 0.0)
    assert (halt.features["should"], halt.features["should_not"]) == (0.0, 1.0)
    assert (stop.features["should"], stop.features["should_not"]) == (0.0, 1.0)


def test_praise_that_is_denied_is_blame(detector: Detector) -> None:
    """A negator before a good word makes its tone bad."""
    plain = _attitude(
        detector, "Brazilian senator Caio Tavares said the missiles were good.", "Tavares"
    )
    denied = _attitude(
        detector, "Brazilian senator Caio Tavares said the missiles were not good.", "Tavares"
    )
    assert plain.features["tone_good"] > 0 == plain.features["tone_bad"]
    assert denied.features["tone_bad"] > 0


@pytest.mark.parametrize(
    ("speaker", "other", "side"),
    [
        ("RU", "UA", -1.0),
        ("IN", "PK", -1.0),
        ("NO", "EE", 1.0),
        ("BR", "BR", 1.0),
        ("BR", "TH", 0.0),
        (None, "UA", 0.0),
    ],
)
def test_a_third_state_sides_with_its_own(
    speaker: str | None, other: str | None, side: float
) -> None:
    """Rivals, allies and strangers; the order of the two does not matter."""
    relations = Relations(load_lexicons())
    assert relations.standing(speaker, other) == side
    assert relations.standing(other, speaker) == side
