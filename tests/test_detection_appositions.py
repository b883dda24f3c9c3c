"""Offices, names and states that stand apart in a sentence are one speaker of one state."""

from __future__ import annotations

import pytest

from domain.mentions import Reaction, Stance
from extractors.detection.detector import Detector, build_detector

TITLE = "Norway to sell NASAMS missile batteries to Brazil"
LEAD = (
    "OSLO - Norway will sell NASAMS air defence missiles to Brazil, the government announced on"
    " Monday.\n\n"
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def _named(detector: Detector, body: str, surname: str) -> Reaction:
    reactions = detector.detect(TITLE, LEAD + body).reactions
    found = [r for r in reactions if surname in r.speaker]
    assert len(found) == 1, reactions
    return found[0]


@pytest.mark.parametrize(
    ("body", "surname", "country"),
    [
        (
            "The foreign minister of Argentina, Lucía Berro, condemned the sale as a danger.",
            "Berro",
            "AR",
        ),
        (
            "Brazil's ambassador in Oslo, Caio Tavares, welcomed the sale of the missiles.",
            "Tavares",
            "BR",
        ),
        (
            'The sale "pours oil on the fire", a spokeswoman for the Chinese Foreign Ministry, Bao'
            " Lian, said.",
            "Bao",
            "CN",
        ),
        (
            'Beijing objected at once. "We firmly oppose the sale of these missiles," Foreign'
            " Ministry spokesman Bao Lian told reporters.",
            "Bao",
            "CN",
        ),
        (
            'In Oslo not everybody agreed. "We condemn this sale," opposition lawmaker Siv Tangen'
            " told the chamber.",
            "Tangen",
            "NO",
        ),
    ],
)
def test_a_speaker_gets_name_and_state_from_what_stands_around(
    detector: Detector, body: str, surname: str, country: str
) -> None:
    """The name after an office's comma, and the state of its institution, capital or place."""
    assert _named(detector, body, surname).country == country


def test_a_ministry_and_who_speaks_for_it_are_one_speaker(detector: Detector) -> None:
    """The institution, the role that takes the person up again, and the bare surname give one entry."""
    body = (
        "The sale of the missiles is a threat to stability, the spokeswoman of the Russian Foreign"
        " Ministry, Vera Lunina, stated. The sale will have consequences, Lunina added."
    )
    reactions = [r for r in detector.detect(TITLE, LEAD + body).reactions if r.country == "RU"]
    assert [(r.speaker, r.stance) for r in reactions] == [("Vera Lunina", Stance.OPPOSE)]


def test_the_state_of_a_headline_is_the_one_who_speaks_for_it(detector: Detector) -> None:
    """ "Russia condemns" over a spokeswoman's words is no second reaction."""
    body = 'Moscow, Monday. "We condemn the sale of the missiles," Russian Foreign Ministry spokeswoman Vera Lunina said.'
    found = detector.detect("Russia condemns Norway's sale of NASAMS missiles to Brazil", body)
    assert [r.speaker for r in found.reactions if r.country == "RU"] == ["Vera Lunina"]


def test_who_asks_to_give_the_transfer_up_opposes_it(detector: Detector) -> None:
    """A call to withdraw or reconsider is no call for the transfer."""
    body = "Lawmaker Siv Tangen called on the government to reconsider the sale of the missiles."
    assert _named(detector, body, "Tangen").stance is Stance.OPPOSE
