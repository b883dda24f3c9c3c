"""Whether a story satisfies a condition."""

from __future__ import annotations

import pytest

from alerts.system_names import names_system, same_system
from alerts.watches import matches
from domain.alerting import Story
from domain.conditions import parse_condition
from domain.mentions import Category, Stage, Stance, System
from tests.story_samples import PATRIOT, article, reaction, story_of, transfer

NASAMS = System(name="NASAMS", category=Category.AIR_DEFENCE)


def sample() -> Story:
    """Japan sends Patriots to the US, Norway NASAMS to nobody named; Russia opposes, the US supports."""
    return story_of(
        article(
            transfers=(
                transfer("JP", "US", PATRIOT, stage=Stage.DELIVERED),
                transfer("NO", None, NASAMS, stage=Stage.CONSIDERED, alleged=True),
            ),
            reactions=(
                reaction(),
                reaction("John Roe", "Pentagon", "US", Stance.SUPPORT),
            ),
        )
    )


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"supplier": "JP", "system": "Patriot"}, True),
        ({"supplier": "JP", "system": "mim-104"}, True),
        ({"supplier": ["KR", "JP"]}, True),
        # Each half holds of another transfer.
        ({"supplier": "JP", "system": "NASAMS"}, False),
        ({"supplier": "JP", "alleged": True}, False),
        ({"all": [{"supplier": "JP"}, {"system": "NASAMS"}]}, True),
        ({"recipient": None}, True),
        ({"recipient": {"not": None}, "supplier": "NO"}, False),
        ({"supplier": {"not": ["JP", "NO"]}}, False),
        ({"supplier": {"not": "JP"}}, True),
        ({"not": {"supplier": "JP"}}, False),
        ({"category": "air defence", "stage": "delivered"}, True),
        ({"system": {"all": ["Patriot", "NASAMS"]}}, False),
        ({"reaction": {"stance": "oppose", "country": {"not": ["US"]}}}, True),
        # Of one and the same reaction.
        ({"reaction": {"stance": "oppose", "country": "US"}}, False),
        ({"reaction": {"speaker": "Volkova", "affiliation": "foreign ministry"}}, True),
        ({"reaction": {"speaker": "Volk"}}, False),
        ({"outlet": "the example herald", "tier": "agency", "language": "en"}, True),
        ({"outlet_country": "GB"}, True),
        ({"outlet_country": "FR"}, False),
        ({"text": "Patriot AND cabinet"}, True),
        ({"text": "Patriot NOT cabinet"}, False),
        ({"any": [{"supplier": "FR"}, {"text": "interceptors"}]}, True),
    ],
)
def test_condition_on_a_story(when: dict[str, object], expected: bool) -> None:
    """Fields of one mapping hold of the same transfer, reaction or article; not, any and all combine."""
    texts = ["Tokyo clears Patriot sale\n\nThe cabinet decided on the interceptors."]
    assert matches(parse_condition(when), sample(), texts) is expected


def test_keywords_in_one_article() -> None:
    """All keywords must stand in one article; without a text the headlines are searched."""
    condition = parse_condition({"text": "Patriot AND cabinet"})
    assert not matches(condition, sample(), ["Patriot", "cabinet"])
    assert matches(parse_condition({"text": "Tokyo"}), sample(), [])


def test_unknown_country_is_not_the_us() -> None:
    """A reaction of no known country passes `not US`: missing news is worse than a doubtful alert."""
    story = story_of(article(reactions=(reaction(country=None),)))
    assert matches(parse_condition({"reaction": {"country": {"not": "US"}}}), story, [])
    assert not matches(parse_condition({"reaction": {"country": "US"}}), story, [])


@pytest.mark.parametrize(
    ("wanted", "name", "expected"),
    [
        ("Patriot", "Patriot PAC-3", True),
        ("pac3", "Patriot PAC-3", True),
        ("F-16", "F-16C", True),
        ("F-1", "F-16", False),
        ("leopard 2", "Leopard 2A6 tanks", True),
        ("Javelins", "FGM-148 Javelin", True),
        ("S-300", "S-3000", False),
        ("155 mm", "155mm shells", True),
        ("Patriot PAC-3", "Patriot", False),
        ("", "Patriot", False),
    ],
)
def test_system_names(wanted: str, name: str, expected: bool) -> None:
    """A name is found in a fuller one in whole parts; hyphens, spaces, capitals, plurals do not count."""
    assert names_system(wanted, name) is expected


def test_same_system() -> None:
    """Designations decide where both are known; else the name, unless the categories contradict."""
    mirage = System(name="Mirage", designation="Mirage 2000", category=Category.COMBAT_AIRCRAFT)
    older = System(name="Mirage", designation="Mirage III", category=Category.COMBAT_AIRCRAFT)
    tank = System(name="Patriot", category=Category.TANK)
    assert not same_system(mirage, older)
    assert same_system(mirage, System(name="Mirage"))
    assert not same_system(PATRIOT, tank)
