"""The sentences that alerts show."""

from __future__ import annotations

from datetime import timedelta

from alerts.quotations import LENGTH, quotation
from domain.mentions import Category, Evidence, System

NASAMS = System(name="NASAMS", category=Category.AIR_DEFENCE)
WINDOW = timedelta(days=14)


def spans(text: str, *words: str) -> list[Evidence]:
    return [
        Evidence(field="system", start=text.index(w), end=text.index(w) + len(w), text=w, rule="r")
        for w in words
    ]


def test_quotation_is_the_sentence() -> None:
    """The sentence that holds the evidence is shown, abbreviations end none, words are marked."""
    text = "Title\n\nFirst one. U.S. officials said Mr. Sato will ship\nPatriot units. A last one."
    shown = quotation(text, spans(text, "Patriot", "Sato"), "https://a.example/")
    assert shown is not None
    assert shown.text == "U.S. officials said Mr. Sato will ship Patriot units."
    assert [shown.text[s:e] for s, e in shown.marks] == ["Sato", "Patriot"]


def test_long_quotation_is_cut_between_words() -> None:
    """At most about 320 characters around the evidence, no word cut, marks still on their words."""
    text = "T\n\n" + "alpha beta " * 60 + "Patriot " + "gamma delta " * 60 + "."
    shown = quotation(text, spans(text, "Patriot"), "https://a.example/")
    assert shown is not None
    assert len(shown.text) <= LENGTH + 4
    assert shown.text.startswith("… ")
    assert shown.text.endswith(" …")
    assert set(shown.text.strip("… ").split()) <= {"alpha", "beta", "Patriot", "gamma", "delta"}
    assert [shown.text[s:e] for s, e in shown.marks] == ["Patriot"]


def test_quotation_without_sound_evidence() -> None:
    """Evidence outside the text shows nothing; overlapping evidence is marked once; a title can be
    the sentence."""
    assert quotation("T\n\nBody.", [], "u") is None
    outside = Evidence(field="system", start=50, end=60, text="x", rule="r")
    assert quotation("T\n\nBody.", [outside], "u") is None
    text = "Tokyo ships Patriot units\n\nBody."
    shown = quotation(text, spans(text, "Patriot units", "Patriot", "units"), "u")
    assert shown is not None
    assert (shown.text, shown.marks) == ("Tokyo ships Patriot units", ((12, 25),))
