"""The detector on whole articles: evidence offsets, determinism, hostile text, language, and one article end to end."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.mentions import Mentions, Stage, Stance
from extractors.detection import Detector, build_detector
from tests.detection_evidence import faults_of

TITLE = "Tokyo weighs Patriot exports to Washington"
BODY = """Japan is considering the export of Patriot PAC-2 missiles to the United States, officials in Tokyo said on Monday.

The Russian Foreign Ministry condemned the plan. "Such deliveries would be a hostile step with grave consequences," its \
spokeswoman Irina Sokolova told reporters.

Japanese officials defended the transfer, arguing that it would strengthen deterrence and the alliance.

Analysts at a think tank in Osaka warned that the deal could provoke an arms race.

The cabinet has also eased the rules on arms exports this year."""

PIECES = st.sampled_from(
    [
        "Russia ", "sold ", "S-400 missiles ", "to ", "Turkey", ". ", "“", "”", '"', "'", "\n", "\n\n", "’s ", "said ",
        "the Pentagon ", "arms ", "embargo on ", "Iran", ", ", "(", ")", "Maria Zakharova ", "Kremlin: ", "<b>", "&amp;",
        "\u202e", "😀", "نقل الأسلحة ", "\u00a0", "Minister ", "F-16s ", "not ", "will ", "deliver ", "U.S. ", "- ", "\t",
    ]
)  # fmt: skip


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def test_a_delivery_that_was_completed_is_delivered_whoever_confirms_it(detector: Detector) -> None:
    """The verb beside the noun tells how far it came, not the one of saying before it."""
    scene = detector.scene(
        "", "Norway confirmed it had completed its first delivery of howitzers to Finland."
    )
    assert [frame.stage.stage for frame in scene.frames] == [Stage.DELIVERED]


def test_an_article_yields_its_transfer_policy_and_reactions(detector: Detector) -> None:
    """A considered export, the eased rules, an objection and a defence are found; analysts are not."""
    found = detector.detect(TITLE, BODY)
    assert found.relevant
    stages = {(t.supplier, t.recipient): t.stage for t in found.transfers}
    assert stages["JP", "US"] is Stage.CONSIDERED
    assert stages["JP", None] is Stage.POLICY
    patriot = next(t for t in found.transfers if t.recipient == "US")
    assert any(s.designation == "MIM-104 Patriot" for s in patriot.systems)
    stances = {r.speaker: (r.country, r.stance) for r in found.reactions}
    assert ("JP", Stance.SUPPORT) in stances.values()
    assert ("RU", Stance.OPPOSE) in stances.values()
    assert not any("nalyst" in speaker for speaker in stances)


def test_every_field_has_evidence_that_slices_to_its_text(detector: Detector) -> None:
    """Offsets count characters of title, two line breaks and body, curly quotes and all."""
    found = detector.detect(TITLE, BODY.replace('"', "”").replace("'", "’"))
    assert faults_of(TITLE, BODY.replace('"', "”").replace("'", "’"), found) == []
    fields = {e.field for t in found.transfers for e in t.evidence}
    assert {"supplier", "recipient", "systems", "stage"} <= fields
    assert {"speaker", "cue"} <= {e.field for r in found.reactions for e in r.evidence}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    title=st.lists(PIECES, max_size=12).map("".join),
    body=st.lists(PIECES, max_size=60).map("".join),
)
def test_no_text_raises_and_evidence_always_slices(title: str, body: str) -> None:
    """Broken quotes, markup, emoji and right-to-left marks among words of the trade are read without an error."""
    found = _SHARED.detect(title, body)
    assert faults_of(title, body, found) == []


@settings(max_examples=60, deadline=None)
@given(body=st.text(max_size=400))
def test_any_unicode_is_read(body: str) -> None:
    """All of Unicode, behind words that open the gate."""
    text = f"Russia sells missiles to Iran. {body}"
    assert faults_of(body[:40], text, _SHARED.detect(body[:40], text)) == []


def test_a_megabyte_on_one_line_is_read(detector: Detector) -> None:
    """An endless line, and an endless word, end in mentions and not in an error."""
    line = "Russia sells missiles to Iran and " * 30_000
    assert faults_of("", line, detector.detect("", line)) == []
    assert not detector.detect("", "missiles sold " + "x" * 1_000_000).transfers


def test_the_same_text_gives_the_same_mentions(detector: Detector) -> None:
    """Detection is deterministic, within a process and between two detectors."""
    assert (
        detector.detect(TITLE, BODY) == detector.detect(TITLE, BODY) == _SHARED.detect(TITLE, BODY)
    )


def test_other_languages_are_left_alone(detector: Detector) -> None:
    """A text said to be in another language gives nothing; unsaid, it is English unless clearly not."""
    assert not detector.detect(TITLE, BODY, language="fr").relevant
    german = (
        "Der Bundestag hat am Freitag über Waffen debattiert, die Regierung will Missiles und Arms sell. "
        * 6
    )
    assert detector.detect("", german).language == "und"
    assert detector.detect(TITLE, BODY).language == "en"


def test_empty_text_gives_nothing(detector: Detector) -> None:
    """No title and no body: not relevant, nothing found."""
    assert detector.detect("", "") == Mentions(relevant=False, score=0.0, language="en")


_SHARED = build_detector()


def test_quantity_and_value_are_kept_as_worded(detector: Detector) -> None:
    """The number before the arms and the sum of the deal are taken over; a unit price is not."""
    body = "Poland has signed a contract with South Korea for 180 K2 tanks worth $3.4 billion."
    (found,) = detector.detect("Poland orders 180 K2 tanks from South Korea", body).transfers
    assert (found.quantity, found.value) == ("180", "$3.4 billion")
    unit = detector.detect("Poland orders tanks from South Korea worth $19 million each", "")
    assert [t.value for t in unit.transfers] == [None]
