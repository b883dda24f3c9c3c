"""Detection never raises, whatever the text, and every piece of evidence is a slice of it: 10,000 fuzzed texts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.detection import Detector, build_detector
from tests.detection_evidence import faults_of

_DETECTOR: list[Detector] = []
"""The one detector of this module: Hypothesis calls a test many times, and loading takes a second."""

_PIECES = (
    "Norway", "the Kremlin", "Turkish", "Iran's", "Hezbollah", "South Korea", "Kyiv", "the UAE's", "Rosoboronexport",
    "F-16s", "S-400", "Patriot", "155 mm", "shells", "tanks", "arms", "twelve Leopard 2A6 tanks", "drones", "T-72s",
    "sells", "will deliver", "has refused to sell", "bought", "embargo on", "lifted", "asked for", "was sent", "denies",
    "to", "from", "for", "by", "after", "and", ",", ".", ";", ":", "-", "—", "\n", "\n\n", "(", ")", "“", "”", '"', "'",
    "said", "condemned", "“It is reckless”", "Foreign Minister Anna Vik", "the spokesman", "he", "they", "according to",
    "$3.5bn", "£20m", "in 2015", "not", "would", "if", "licence", "export", "the deal", "the move", "ministry",
    "<p>", "</p>", "&nbsp;", "<a href='x'>", "&#8217;", "\u202e", "\u200b", "\ufeff", "🚀", "👩‍🚀", "\x00", "\u0301", "ﷺ",
)  # fmt: skip
_HEBREW_AND_ARABIC = st.characters(min_codepoint=0x0590, max_codepoint=0x06FF)
_SYMBOLS = st.characters(categories=["So", "Sk", "Mn", "Cf"])
_MARKS = st.sampled_from([*"“”‘’'\"«»„()[]{}<>&;:—–-….,!?/\\|`", "''", "``", "\n", " "])

everything = st.text(max_size=400)
sentences = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=60).map(" ".join)
glued = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=60).map("".join)
right_to_left = st.lists(
    st.one_of(st.sampled_from(_PIECES), st.text(_HEBREW_AND_ARABIC, min_size=1, max_size=8)),
    max_size=40,
).map(" ".join)
emoji = st.lists(
    st.one_of(st.sampled_from(_PIECES), st.text(_SYMBOLS, min_size=1, max_size=4)), max_size=40
).map(" ".join)
broken_quotes = st.lists(st.one_of(st.sampled_from(_PIECES), _MARKS), max_size=60).map("".join)
html = st.lists(
    st.sampled_from([f"<{t}>{p}</{t}>" for t in ("p", "b", "div") for p in _PIECES]), max_size=25
).map("".join)


def faults(title: str, body: str) -> list[str]:
    """Reads a text, past the gate too, and tells what is wrong with the answer."""
    if not _DETECTOR:
        _DETECTOR.append(build_detector())
    detector = _DETECTOR[0]
    detector.attributions(detector.scene(title, body))
    return faults_of(title, body, detector.detect(title, body, language="en"))


def texts(count: int) -> settings:
    """The same `count` examples on every machine, with no clock to fail a slow one."""
    return settings(
        max_examples=count,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@texts(1500)
@given(everything, everything)
def test_all_of_unicode(title: str, body: str) -> None:
    """Any characters, unassigned planes, controls and lone surrogates' neighbours included."""
    assert faults(title, body) == []


@texts(3500)
@given(sentences, sentences)
def test_shuffled_sentences(title: str, body: str) -> None:
    """Parties, arms, predicates and cues in any order, which is where walks over a sentence go astray."""
    assert faults(title, body) == []


@texts(1000)
@given(sentences, glued)
def test_words_without_spaces(title: str, body: str) -> None:
    """Fragments run together, as careless extraction leaves them."""
    assert faults(title, body) == []


@texts(1000)
@given(sentences, right_to_left)
def test_right_to_left(title: str, body: str) -> None:
    """Hebrew and Arabic letters between fragments of news."""
    assert faults(title, body) == []


@texts(1000)
@given(emoji, emoji)
def test_emoji_and_combining_marks(title: str, body: str) -> None:
    """Characters of several code points, and marks that join what they follow."""
    assert faults(title, body) == []


@texts(1000)
@given(broken_quotes, broken_quotes)
def test_broken_quotes(title: str, body: str) -> None:
    """Quotation marks and brackets of all kinds that open and never close, or the other way round."""
    assert faults(title, body) == []


@texts(1000)
@given(sentences, html)
def test_html_left_in(title: str, body: str) -> None:
    """Markup that an extractor left standing."""
    assert faults(title, body) == []


@pytest.mark.parametrize(
    "unit",
    [
        "Norway sells twelve F-16s to Ukraine, ",
        "a",
        "arms sale to Iran ",
        "“",
        "\u202e🚀 ",
        "Patriots ",
    ],
)
def test_a_line_of_a_megabyte(unit: str) -> None:
    """One line of a megabyte is read as far as texts are read, and no further."""
    assert faults("", unit * (1_000_000 // len(unit))) == []
