"""Twins of labelled articles: the same events told of other states, with labels that still fit the text."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.mentions import mentions_from_dict
from extractors.detection.encoder.renaming import Renamer
from extractors.detection.lexicons import load_lexicons

ROW: dict[str, Any] = {
    "id": "n1",
    "title": "Norway to sell an Estonian brigade 24 howitzers",
    "text": "OSLO - The Norwegian defence ministry said it had signed. A Russian diplomat, Dmitry Peskov, objected, and"
    " Peskov was not alone: Moscow and the Kremlin protested. The United States did not comment, nor did the Netherlands.",
    "relevant": True,
    "marginal": False,
    "transfers": [
        {"supplier": "NO", "recipient": "EE", "systems": ["howitzers"], "stage": "signed"}
    ],
    "reactions": [
        {"speaker": "Dmitry Peskov", "country": "RU", "stance": "oppose"},
        {"speaker": "The United States", "country": "US", "stance": "neutral"},
    ],
}


@pytest.fixture(scope="module")
def renamer() -> Renamer:
    return Renamer(load_lexicons(), seed=1)


def test_no_word_of_a_renamed_state_is_left(renamer: Renamer) -> None:
    """Names, adjectives, capitals, palaces and leaders change together; what else is said does not."""
    twin = renamer.twin(ROW)
    assert twin is not None
    whole = f"{twin['title']} {twin['text']}"
    for word in "Norway Estonian OSLO Norwegian Russian Peskov Moscow Kremlin Netherlands".split():
        assert not re.search(rf"\b{word}\b", whole), word
    assert "to sell" in whole
    assert "24 howitzers" in whole
    assert "The United States did not comment" in whole


def test_the_labels_name_the_states_of_the_new_text(renamer: Renamer) -> None:
    """A twin's parties are found in its text under their codes, and its speakers stand there letter by letter."""
    twin = renamer.twin(ROW)
    assert twin is not None
    states = load_lexicons().states
    mentions = mentions_from_dict(twin)
    [transfer] = mentions.transfers
    assert transfer.supplier in states
    assert transfer.recipient in states
    assert {"NO", "EE", "RU"}.isdisjoint({transfer.supplier, transfer.recipient})
    assert states[transfer.supplier].names[0] in twin["title"]
    assert states[transfer.recipient].adjectives[0] in twin["title"]
    first, second = mentions.reactions
    assert first.speaker in twin["text"]
    assert first.country not in {"RU", transfer.supplier, transfer.recipient}
    assert (second.speaker, second.country) == ("The United States", "US")


def test_the_article_before_a_name_fits_it(renamer: Renamer) -> None:
    """ "An Estonian" becomes "a Latvian", and a name that needs no article has none."""
    twin = renamer.twin(ROW)
    assert twin is not None
    adjective = re.search(r"\b(an?) ([A-Z]\w+)[\w ]* brigade", twin["title"])
    assert adjective is not None
    assert (adjective[1] == "an") == (adjective[2][0] in "AEIO")
    assert "nor did the " not in twin["text"]


def test_twins_are_the_same_each_time_and_differ_by_seed(renamer: Renamer) -> None:
    """The seed and the article's id alone decide."""
    assert renamer.twin(ROW) == Renamer(load_lexicons(), seed=1).twin(ROW)
    others = {str(Renamer(load_lexicons(), seed=n).twin(ROW)) for n in range(2, 6)}
    assert len(others) == 4


@pytest.mark.parametrize(
    ("title", "recipient"),
    [
        ("Arms for whoever pays", None),
        ("Norway arms the Syrian rebels", "Syrian rebels"),
    ],
)
def test_what_cannot_be_renamed_whole_has_no_twin(
    renamer: Renamer, title: str, recipient: str | None
) -> None:
    """No state named; or a party that is named after one and has no code to change."""
    transfer = {"supplier": None, "recipient": recipient, "systems": [], "stage": "delivered"}
    row = {**ROW, "title": title, "text": "", "transfers": [transfer], "reactions": []}
    assert renamer.twin(row) is None
