"""Which weapons are found in a text, and which of them an article's transfers are about."""

from __future__ import annotations

import pytest

from extractors.detection import Detector, build_detector
from extractors.detection.chosen_systems import scored_systems
from extractors.detection.pairs import choose
from extractors.detection.scene import told_of
from extractors.detection.system_features import Told


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def names(detector: Detector, text: str) -> list[str]:
    return [s.name for w in detector.scene("", text).weapons for s in w.systems]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Brazil will deliver six Zarogun armoured vehicles to Mali.", "Zarogun"),
        ("Turkey has sold four T929X attack helicopters to Oman.", "T929X"),
        ("Serbia will supply howitzer shells of 122 mm and 152 mm.", "152 mm"),
        ("Norway gave Ukraine howitzers and promised Kyiv twelve Borghildas.", "Borghilda"),
        ("The sale of ten second-hand Typhoons was concluded in Doha.", "Typhoon"),
        ("Tbilisi has still not received the Javelins it ordered.", "Javelin"),
        ("Tejas was offered to Argentina as a fighter jet.", "Tejas"),
    ],
)
def test_names_are_found(detector: Detector, text: str, name: str) -> None:
    """Names no lexicon holds beside a noun for arms, counted, or as a calibre; ambiguous ones where states trade."""
    assert any(name in found for found in names(detector, text))


@pytest.mark.parametrize(
    "text",
    [
        "The Patriots traded their kicker and two Hornets followed him.",
        "Jeffrey Archer has sold twelve million books in Britain.",
        "On Monday forty Democrats voted for the budget.",
        "About 300 mm of rain fell on the coast.",
        "G7 leaders met in Canada.",
    ],
)
def test_other_things_are_no_weapons(detector: Detector, text: str) -> None:
    """Clubs, writers, parties, rainfall and summits bear names like weapons' and are none."""
    assert names(detector, text) == []


def test_capitals_of_a_headline_name_no_weapon(detector: Detector) -> None:
    """Where every word has a capital, a capital before a noun for arms tells nothing."""
    assert names(detector, "Norway is still building Tromsdal warships there.") == ["Tromsdal"]
    assert "Building" not in names(detector, "Why Norway Is Still Building Warships There.")


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("Nigeria wants forty-three Bayraktar drones.", "forty-three"),
        ("China handed over two Type 054A frigates.", "two"),
        ("Poland bought over two hundred K9 howitzers.", "over two hundred"),
    ],
)
def test_quantities(detector: Detector, text: str, quantity: str) -> None:
    """Hyphenated numbers are whole, and the "over" of "handed over" counts nothing."""
    assert [w.quantity for w in detector.scene("", text).weapons] == [quantity]


def told(detector: Detector, title: str, body: str) -> Told:
    """What the rules read in an article, with the pairs it is about."""
    scene = detector.scene(title, body)
    verdict = detector.verdict(scene, detector.models)
    threshold = detector.models.pairs.threshold
    return told_of(scene, [pair for pair, _ in choose(verdict.pairs, threshold)])


def test_what_is_sold_is_likelier_than_what_is_flown(detector: Detector) -> None:
    """The system of the deal stands above the buyer's fleet, and nouns for arms stand below both."""
    found = scored_systems(
        told(
            detector,
            "Sweden sells twelve Gripen fighters to Peru",
            "Sweden will deliver twelve Gripen jets to Peru from 2028, the ministry in Lima said.\n\n"
            "Peru's air force has flown ageing MiG-29s for decades. The arms deal is its largest.",
        ),
        detector.models.systems,
    )
    odds = {weapon.system.name: probability for weapon, probability in found}
    assert odds["Gripen"] > 0.8
    assert odds["Gripen"] > odds["MiG-29"] > odds["arms"]


def test_a_list_is_chosen_whole(detector: Detector) -> None:
    """Nouns in a list are systems when the text names no designation; "arms" is none."""
    mentions = detector.detect("Serbia to send rifles, mortars and grenades to Armenia", "")
    found = [{s.name for s in transfer.systems} for transfer in mentions.transfers]
    assert found == [{"rifles", "mortars", "grenades"}]
