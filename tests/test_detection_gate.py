"""The gate before spaCy: it lets through what may be a transfer and stops ordinary news at little cost."""

from __future__ import annotations

import time

import pytest

from extractors.detection import Detector, build_detector


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


@pytest.mark.parametrize(
    "text",
    [
        "Norway to send “F-16s” to Ukraine",
        "Berlin lifts arms embargo.",
        "Warsaw orders tanks, Seoul delivers",
        "HANOI BUYS RUSSIAN SUBMARINES",
        "Rwanda armed the rebels",
        "Lisbon uneasy about Harpoon missiles for Rabat",
        "Vienna shelves 12 export permits for Ankara",
        "Peruvian army shows first Abrams",
    ],
)
def test_news_of_transfers_passes(detector: Detector, text: str) -> None:
    """Words of arms and of transferring open the gate, in any case and beside any mark."""
    assert detector.passes_gate(text, "")


@pytest.mark.parametrize(
    "text",
    [
        "The orchestra played Brahms in the old opera house to a full hall.",
        "Rain is forecast for the coast until Thursday, with sun in the hills.",
        "",
    ],
)
def test_ordinary_news_is_stopped(detector: Detector, text: str) -> None:
    """A text without a word of arms never reaches spaCy."""
    assert not detector.passes_gate("", text)


_ORDINARY = "The mayor opened the new library on Saturday, and children read poems to parents. "


def test_a_remark_does_not_open_a_long_article(detector: Detector) -> None:
    """One mention of arms being sent, far from any state, is no reason to read 700 words of other news."""
    remark = "A neighbour had once sold rifles to a museum. "
    assert detector.passes_gate("", remark + "Canada was not asked.")
    assert not detector.passes_gate("A library opens", _ORDINARY * 20 + remark + _ORDINARY * 30)


def test_a_deal_opens_a_long_article(detector: Detector) -> None:
    """A state beside the arms and the sale opens the gate, however far down it stands."""
    deal = "Canada has sold rifles to Peru. "
    assert detector.passes_gate("A library opens", _ORDINARY * 20 + deal + _ORDINARY * 30)


@pytest.mark.parametrize(
    "title",
    [
        "Merkel, Macron at odds over Rafale",
        "Kyiv Kirpis arrive",
        "Lifting embargo would help, says duke",
    ],
)
def test_a_headline_needs_little(detector: Detector, title: str) -> None:
    """A headline passes by a sure word of arms, an embargo, or part of a weapon's name beside a party."""
    assert detector.passes_gate(title, "")


def test_the_gate_reads_megabytes(detector: Detector) -> None:
    """Twenty megabytes of text a second of processor time, measured on a text that it has to read to the end."""
    text = (
        "The mayor opened the new library on Saturday, and children read poems to their parents. "
        * 1300
    )
    repeats = 20
    started = time.process_time()
    for _ in range(repeats):
        assert not detector.passes_gate("", text)
    spent = time.process_time() - started
    assert (
        len(text) * repeats / spent > 20e6 / 2
    )  # half the figure of the benchmark, for busy machines
