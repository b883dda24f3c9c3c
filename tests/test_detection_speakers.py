"""Who speaks in an article: subjects of speech verbs, speech without a verb, and officials whom no cue makes speak."""

from __future__ import annotations

import pytest

from extractors.detection.attributions import Attribution
from extractors.detection.detector import Detector, build_detector
from extractors.detection.parties import Party
from extractors.detection.voices import Candidate, speaker_candidates

TITLE = "Norway to sell missiles to Latvia"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def _said(detector: Detector, body: str, title: str = TITLE) -> list[Attribution]:
    return [a for a in detector.attributions(detector.scene(title, body)) if a.cue.id != "none"]


def _speakers(detector: Detector, body: str, word: str, title: str = TITLE) -> list[str]:
    """The labels of those who speak by the cue `word`."""
    return [
        party.label
        for a in _said(detector, body, title)
        if a.cue_word == word
        for party in a.speakers
    ]


def _parties(detector: Detector, body: str, word: str, title: str = TITLE) -> list[Party]:
    """Those who speak by the cue `word`."""
    return [p for a in _said(detector, body, title) if a.cue_word == word for p in a.speakers]


def _candidates(detector: Detector, title: str, body: str) -> list[tuple[Candidate, list[str]]]:
    """Each candidate with the words that name it."""
    scene = detector.scene(title, body)
    found = speaker_candidates(
        scene.reading, scene.clauses, scene.frames, detector.attributions(scene)
    )
    return [(c, [scene.reading.slice(a, b) for a, b in c.mentions]) for c in found]


@pytest.mark.parametrize(
    ("body", "word", "speakers"),
    [
        (
            "The Latvian defence ministry praised the missiles, reminding Russia of its own exports.",
            "reminding",
            ["Latvian defence ministry"],
        ),
        (
            "''These missiles are for defence,'' said Norwegian Foreign Minister Kari Lund.",
            "said",
            ["Kari Lund"],
        ),
        (
            "An official in Oslo who deals with trade said the missiles would be sold.",
            "said",
            ["official in Oslo"],
        ),
        (
            "The Swedish foreign minister met the press. The report on the missiles said nothing new.",
            "said",
            [],
        ),
        (
            "Norwegian Foreign Minister Kari Lund, speaking to the Latvian prime minister, praised the sale.",
            "praised",
            ["Kari Lund"],
        ),
        ("Norway repeated its demands about the missiles.", "demands", []),
        ("Norway gave the Latvian army military support.", "support", []),
    ],
)
def test_the_subject_of_a_cue(
    detector: Detector, body: str, word: str, speakers: list[str]
) -> None:
    """Participles take the clause's subject, an unknown noun has no official speaker, and a noun is no verb of speech."""
    assert _speakers(detector, body, word) == speakers


def test_whom_one_speaks_to_is_no_speaker(detector: Detector) -> None:
    """ "Speaking to X" names the listener."""
    body = "Kari Lund, speaking to the Latvian prime minister, praised the sale of missiles."
    labels = {p.label for a in _said(detector, body) for p in a.speakers}
    assert "Latvian prime minister" not in labels


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("US to Iran: stop shipping missiles to Yemen", "US"),
        ("Latvia asks Norway for missiles, Moscow 'outraged'", "Moscow"),
        ("Missiles for Latvia a threat: Kremlin in statement", "Kremlin"),
    ],
)
def test_headlines_without_a_verb_of_speech(detector: Detector, title: str, speaker: str) -> None:
    """A colon, a dash or a bare quotation mark in a title sets a speaker off."""
    labels = [
        p.label for a in _said(detector, "", title) if a.cue.kind == "headline" for p in a.speakers
    ]
    assert speaker in labels


def test_the_turns_of_a_transcript(detector: Detector) -> None:
    """Each turn belongs to the name before its colon, until the paragraph ends; brackets are no part of the name."""
    body = (
        "DEPUTY HOLMQVIST (Centre): Why do we sell missiles to Latvia?\n\n"
        "Ms Brandvik: Because they asked. We would do it again.\n\n"
        "The sitting was closed."
    )
    turns = [a for a in _said(detector, body) if a.rule == "speaker.transcript"]
    assert [a.speakers[0].label for a in turns] == [
        "DEPUTY HOLMQVIST",
        "Ms Brandvik",
        "Ms Brandvik",
    ]


def test_a_verb_of_speech_that_no_lexicon_lists(detector: Detector) -> None:
    """A that-clause after a subject and a verb makes an attribution."""
    body = "The Latvian defence ministry harrumphed that the missiles were late."
    assert _speakers(detector, body, "harrumphed") == ["Latvian defence ministry"]


def test_a_pronoun_tells_where_it_stands(detector: Detector) -> None:
    """The speaker is the one named before; the span is the pronoun's."""
    body = "Norwegian Foreign Minister Kari Lund praised the sale. She said the missiles were safe."
    scene = detector.scene(TITLE, body)
    (said,) = [a for a in detector.attributions(scene) if a.cue_word == "said"]
    assert said.speakers[0].label == "Kari Lund"
    assert said.place is not None
    assert scene.reading.slice(*said.place) == "She"


def test_every_official_is_a_candidate(detector: Detector) -> None:
    """Who speaks by no cue is put forward too, with where he is named; analysts are not."""
    body = (
        "Norway will sell missiles to Latvia, the Latvian defence ministry said.\n\n"
        "In the gallery sat Russian ambassador Oleg Petrenko. Analyst Jo Berg of a think tank smiled."
    )
    candidates = {c.voice.party.label: spans for c, spans in _candidates(detector, TITLE, body)}
    assert any("Oleg Petrenko" in span for span in candidates["Oleg Petrenko"])
    assert "Latvian defence ministry" in candidates
    assert "Jo Berg" not in candidates


@pytest.mark.parametrize(
    ("sentence", "speaker", "state"),
    [
        (
            '"They are ours," said Lt. Col. Yael Roth, chief spokesman for the Israeli army.',
            "Yael Roth",
            "IL",
        ),
        (
            "The council's secretary, Ana Petrova, told state television the sale was right.",
            "Ana Petrova",
            None,
        ),
        (
            "The White House Deputy National Security Advisor, Tom Hale, said the United States would send arms.",
            "Tom Hale",
            "US",
        ),
        (
            "A spokesperson for the British mission said the missiles were few.",
            "spokesperson for",
            "GB",
        ),
        (
            "Jonas Weber, defence attache at the German embassy, said the sale was small.",
            "Jonas Weber",
            "DE",
        ),
    ],
)
def test_an_office_beside_the_name_tells_who_speaks_for_whom(
    detector: Detector, sentence: str, speaker: str, state: str | None
) -> None:
    """A rank's dot ends no sentence; the name after the office's comma speaks; the state may stand behind "for" or "at"."""
    found = [p for word in ("said", "told") for p in _parties(detector, sentence, word)]
    assert [(p.label, p.code, p.official) for p in found] == [(speaker, state, True)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Brazil has been widely accused of arming the rebels with missiles.",
        "Brazil was told about the missiles.",
        "Vereda Technologies Corp admitted that it sold the missiles.",
    ],
)
def test_whoever_is_accused_or_told_says_nothing(detector: Detector, sentence: str) -> None:
    """The subject of a passive has the verb done to it; a firm is no person."""
    assert _said(detector, sentence) == []


def test_what_one_feels_is_no_passive(detector: Detector) -> None:
    """ "Annoyed" tells an attitude of the subject."""
    assert _speakers(detector, "Brazil was annoyed by the sale of the missiles.", "annoyed") == [
        "Brazil"
    ]


def test_titles_leave_the_verb_be_out(detector: Detector) -> None:
    """ "Accused of" is a passive with or without it."""
    title = "Canadian government accused of lying about missiles for Latvia"
    assert _said(detector, "", title) == []


def test_a_possessive_may_have_lost_its_mark(detector: Detector) -> None:
    """Feeds drop apostrophes: the minister is that of the state before it."""
    title = "Latvias defence minister praises sale of missiles"
    assert [(p.label, p.code) for p in _parties(detector, "", "praises", title)] == [
        ("Latvias defence minister", "LV")
    ]


@pytest.mark.parametrize(
    ("sentence", "word", "speaker"),
    [
        (
            '"The missiles help nobody," said Intelligence Minister Sergei Lavrov.',
            "said",
            "Sergei Lavrov",
        ),
        (
            "Russia objected to the missiles, with Foreign Minister Sergei Lavrov calling them a threat.",
            "calling",
            "Sergei Lavrov",
        ),
    ],
)
def test_the_name_speaks_before_the_office_and_the_state(
    detector: Detector, sentence: str, word: str, speaker: str
) -> None:
    """Behind an office that holds no name yet, and in "with the minister calling it a threat"."""
    assert _speakers(detector, sentence, word) == [speaker]


def test_officials_of_many_states_speak_for_none(detector: Detector) -> None:
    """Western officials are of no state; those of "the administration" are American where the United States are named."""
    body = (
        "The United States sent missiles to Iraq. Administration officials said more would follow. Several senior Western"
        " officials said so too."
    )
    candidates = _candidates(detector, "Iraq asks for missiles", body)
    assert {
        c.voice.party.label: c.voice.party.code for c, _ in candidates if c.voice.party.office
    } == {"Administration officials": "US"}


@pytest.mark.parametrize(
    ("body", "title", "state"),
    [
        ("Speaking in Tokyo, the secretary of defense said the missiles were on their way.", TITLE, "US"),
        ("Undersecretary of Defense Carl Brooks said the missiles were needed.", TITLE, "US"),
        ("Manila. The secretary of defense said the missiles were needed.", "Philippines buys missiles", "PH"),
        ("Norway's secretary of defense said the missiles were needed.", TITLE, "NO"),
        ("Iran protested. Joe Hale, the acting defence secretary, said so.", "Missiles for Jordan", "US"),
        ("Britain waits. Joe Hale, the defence secretary, said so.", "Missiles for Jordan", "GB"),
        ("Iran protested. The Department of Defense said so.", "Missiles for Jordan", "US"),
    ],
)  # fmt: skip
def test_a_secretary_of_defence_is_american_unless_told(
    detector: Detector, body: str, title: str, state: str
) -> None:
    """Only four states have one, and the American one travels."""
    (party,) = _parties(detector, body, "said", title)
    assert party.codes == (state,)


@pytest.mark.parametrize(
    "body",
    [
        "Mikko Salo, from Latvia's Riga Technical University, noted that the missiles were old.",
        "SANA reported that Norway had sent missiles.",
    ],
)
def test_scholars_and_news_agencies_are_no_officials(detector: Detector, body: str) -> None:
    """Nor is the Syrian agency the capital of Yemen."""
    assert all(not party.official for a in _said(detector, body) for party in a.speakers)


def test_unnamed_officials_of_two_departments_are_two_speakers(detector: Detector) -> None:
    """Nor are they "U.S. officials" at large; "the official" is whoever spoke last, where nobody else is meant."""
    body = (
        "Senior U.S. officials said the missiles were on their way. A State Department official said they were needed."
        " Pentagon sources said they were old."
    )
    found = {c.voice.party.label for c, _ in _candidates(detector, TITLE, body)}
    assert {"U.S. officials", "State Department official", "Pentagon sources"} <= found
    body = (
        "A State Department official said the missiles were needed. The official gave no number."
        " The official said more missiles would follow."
    )
    heard = {c.voice.party.label: len(c.voice.heard) for c, _ in _candidates(detector, TITLE, body)}
    assert heard["State Department official"] >= 2
    assert "official" not in heard


@pytest.mark.parametrize(
    "body",
    [
        "Norway waits. At a news conference in the Oval Office, the president said the missiles would help.",
        "Norway waits. At the Pentagon, a spokesman said the missiles would help.",
    ],
)
def test_who_speaks_in_a_government_building_speaks_for_its_state(
    detector: Detector, body: str
) -> None:
    """The building tells the state as a town would."""
    assert [p.codes for p in _parties(detector, body, "said")] == [("US",)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (
            "The Latvian army has missiles made in Turkey and Iran. Its spokesman, Juris Ozols, said they were old.",
            "LV",
        ),
        (
            "Sweden, where many Syrians live, would like a say. Its foreign minister, Lena Holm, said she was worried.",
            "SE",
        ),
        (
            "Seoul believes that Oslo has sent Moscow the missiles. A unification ministry spokesperson, Koo Min, said so.",
            "KR",
        ),
        (
            "Poland had asked Norway first. Finland's answer came fast. Foreign Minister Aino Salo said she was content.",
            "FI",
        ),
    ],
)
def test_who_opened_the_sentence_before_has_the_office(
    detector: Detector, body: str, code: str
) -> None:
    """An office that names no state is that of the state which is spoken of, not of the one named last."""
    assert [p.codes for p in _parties(detector, body, "said")] == [(code,)]


@pytest.mark.parametrize(
    ("title", "speaker", "stance"),
    [
        ("Athens wary of Eurofighter sale to Turkey", "Athens", "oppose"),
        ("Delhi uneasy about Chinese submarines for Pakistan", "Delhi", "oppose"),
        ("Taiwan happy with US torpedo sale", "Taiwan", "support"),
    ],
)
def test_a_feeling_without_a_verb_is_heard_in_titles(
    detector: Detector, title: str, speaker: str, stance: str
) -> None:
    """Titles leave out the verb before a feeling and its object."""
    (said,) = _said(detector, "", title)
    assert [p.label for p in said.speakers] == [speaker]
    assert said.cue.stance is not None
    assert said.cue.stance.value == stance


@pytest.mark.parametrize(
    ("body", "name", "state"),
    [
        (
            "Juma Okelo, military coordinator of the rebel Free Syrian Army, told a broadcaster that missiles"
            " would come.",
            "Juma Okelo",
            "Free Syrian Army",
        ),
        ("The commander of the Peshmerga said more missiles were needed.", None, "Peshmerga"),
        (
            "A congressional aide said Norway had sold enough. Some lawmakers warned against more.",
            "lawmakers",
            "US",
        ),
    ],
)
def test_an_office_is_held_where_its_words_say(
    detector: Detector, body: str, name: str | None, state: str
) -> None:
    """Of a movement too; and lawmakers sit in the congress that an article names."""
    parties = detector.scene(TITLE, body).table.parties
    held = [p.code for p in parties if p.office and name in (None, p.name, p.label)]
    assert held
    assert set(held) == {state}


def test_a_surname_that_is_an_office_too_is_the_person_once_named(detector: Detector) -> None:
    """And the badge of a party behind it is no name."""
    body = "Rep. Peter King said no missiles should go. King, R-N.Y., said it again. King Airport was closed."
    people = [p for p in detector.scene(TITLE, body).table.parties if p.kind == "person"]
    assert {p.name for p in people} == {"Peter King"}
