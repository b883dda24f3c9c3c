"""Whom the grammar of a sentence makes react: lists, shared offices, relative clauses, what a deal makes others feel."""

from __future__ import annotations

import pytest

from extractors.detection.detector import Detector, build_detector
from extractors.detection.voices import Candidate, speaker_candidates

TITLE = "Norway to sell missiles to Latvia"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def _candidates(detector: Detector, body: str, title: str = TITLE) -> list[Candidate]:
    scene = detector.scene(title, body)
    said = detector.attributions(scene)
    return speaker_candidates(scene.reading, scene.clauses, scene.frames, said)


def _heard(detector: Detector, body: str, title: str = TITLE) -> dict[str, set[str]]:
    """The cue words by which each official of the body speaks, none for who is only named."""
    return {
        c.voice.party.label: {h.attribution.cue_word for h in c.voice.heard} - {""}
        for c in _candidates(detector, body, title)
        if any(h.attribution.sentence > 0 for h in c.voice.heard)
    }


def _rules(detector: Detector, body: str, title: str = TITLE) -> dict[str, set[str]]:
    return {
        c.voice.party.label: {h.attribution.rule for h in c.voice.heard}
        for c in _candidates(detector, body, title)
    }


@pytest.mark.parametrize(
    ("body", "speakers"),
    [
        (
            "Danish and Dutch officials said the missiles were old.",
            {"Danish officials": "DK", "Dutch officials": "NL"},
        ),
        (
            "American, British and French diplomats said the missiles were old.",
            {"American diplomats": "US", "British diplomats": "GB", "French diplomats": "FR"},
        ),
        (
            "The missiles were old, according to Turkish and Qatari lawmakers.",
            {"Turkish lawmakers": "TR", "Qatari lawmakers": "QA"},
        ),
        (
            "The Danish and Dutch defence ministries said the missiles were old.",
            {"Danish defence ministry": "DK", "Dutch defence ministries": "NL"},
        ),
        (
            "Denmark and Dutch officials said the missiles were old.",
            {"Dutch officials": "NL"},
        ),
        ("Denmark sees Dutch officials, who said the missiles were old.", {"Dutch officials": "NL"}),
    ],
)  # fmt: skip
def test_states_share_the_office_behind_the_last(
    detector: Detector, body: str, speakers: dict[str, str]
) -> None:
    """Each state has its own holder; a state that is named by its noun keeps to itself."""
    found = {
        c.voice.party.label: c.voice.party.code
        for c in _candidates(detector, body)
        if any(h.attribution.cue_word for h in c.voice.heard)
    }
    assert found == speakers


@pytest.mark.parametrize(
    ("body", "word", "speakers"),
    [
        ("The sale angered Helsinki.", "angered", {"Helsinki"}),
        ("The sale has alarmed Tokyo and Seoul.", "alarmed", {"Tokyo", "Seoul"}),
        ("Norway infuriated Sweden by selling missiles.", "infuriated", {"Sweden"}),
        ("The missiles pleased the Latvian president.", "pleased", {"Latvian president"}),
    ],
)
def test_who_is_moved_reacts(detector: Detector, body: str, word: str, speakers: set[str]) -> None:
    """A verb of feeling is of its object, whoever or whatever its subject is."""
    heard = _heard(detector, body)
    assert {name for name, words in heard.items() if any(word in w for w in words)} == speakers


@pytest.mark.parametrize(
    ("body", "word", "speaker"),
    [
        (
            "Norway's premier spoke to President Alar Tamm of Estonia, who has long urged a halt of the missiles.",
            "urged",
            "Alar Tamm",
        ),
        ("Prime Minister Kari Lund's office said the missiles were old.", "said", "Kari Lund"),
        ("Sweden convened its security council and rejected the missiles.", "rejected", "Sweden"),
        ("The missiles, the Kremlin says, are a threat.", "says", "the Kremlin"),
        ("The sale was confirmed to reporters by Danish officials.", "confirmed", "Danish officials"),
        ("Criticism of the missile deal came from Dublin.", "criticism", "Dublin"),
    ],
)  # fmt: skip
def test_the_subject_stands_elsewhere(
    detector: Detector, body: str, word: str, speaker: str
) -> None:
    """In a relative clause, before "office", before the first of two verbs, after "by" and "from"."""
    heard = _heard(detector, body)
    assert [name for name, words in heard.items() if word in words] == [speaker]


@pytest.mark.parametrize(
    "body",
    [
        "Neither Stockholm nor Helsinki would comment on the missiles.",
        "Stockholm and Helsinki said the missiles were old.",
        "Foreign Minister Jonas Berg and his Danish counterpart, Lars Holm, praised the missiles.",
    ],
)
def test_all_of_a_list_speak(detector: Detector, body: str) -> None:
    """Also in the negative, and where the second is named by the first."""
    assert sum(bool(words) for words in _heard(detector, body).values()) == 2


def test_all_of_a_list_act(detector: Detector) -> None:
    """Where no cue is known, each of the list is put forward, not the last alone."""
    rules = _rules(detector, "Sweden, Denmark and Finland want another year of missiles.")
    assert {"Sweden", "Denmark", "Finland"} <= set(rules)
    assert {"Sweden", "Denmark"} <= set(_rules(detector, "Sweden and Denmark agree."))


def test_a_state_in_a_title_speaks_for_itself(detector: Detector) -> None:
    """Its president, whom somebody only speaks of, does not take its words."""
    title = "Turkey says Trump told Erdogan missiles won't be supplied to Kurds"
    heard = _rules(detector, "", title)
    assert heard["Turkey"] == {"speaker.subject"}
    assert heard["Erdogan"] == {"speaker.mention"}


def test_a_state_and_its_state_department_are_two(detector: Detector) -> None:
    """Though the word is in both names."""
    body = "America said the missiles were old. The State Department said they were new."
    assert set(_heard(detector, body)) == {"America", "State Department"}


def test_a_state_is_called_by_its_noun(detector: Detector) -> None:
    """Not by the longer adjective; and two spellings of one surname are one speaker."""
    body = "Chinese anger at the missiles grew. China said they were a threat."
    assert "China" in _heard(detector, body)
    body = "Zelensky praised the missiles. President Zelenskyy said they were needed."
    assert len([n for n in _heard(detector, body) if "elensky" in n]) == 1


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("Officials in the state department's arms bureau said the missiles were old.", "US"),
        ("The state department spokesman said the missiles were old.", "US"),
        ("Senator Joe Hale and Representative Tim Moss said the missiles were old.", "US"),
    ],
)
def test_american_offices_without_a_capital_or_a_state(
    detector: Detector, body: str, speaker: str
) -> None:
    """As the BBC and London papers write them."""
    found = {c.voice.party.code for c in _candidates(detector, body) if c.voice.party.office}
    assert found == {speaker}


def test_a_people_in_the_plural_acts(detector: Detector) -> None:
    """ "Saudis" is no "Saudi" that has lost its mark."""
    assert "Saudis" in _rules(detector, "", "Saudis hail missile sale to Latvia")
