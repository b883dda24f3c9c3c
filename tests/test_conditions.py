"""The grammar of `when`."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.conditions import (
    AllOf,
    AnyOf,
    ArticleHas,
    ConditionError,
    Is,
    IsAll,
    IsAny,
    IsNot,
    Not,
    ReactionHas,
    TextHas,
    TransferHas,
    parse_condition,
)
from domain.settings_watches import WatchSettings


def test_fields_of_one_kind_stay_together() -> None:
    """Transfer fields become one condition on one transfer, article fields one on one article."""
    parsed = parse_condition({"supplier": "JP", "outlet": "Wire", "system": ["Patriot", "NASAMS"]})
    assert parsed == AllOf(
        (
            TransferHas(
                (
                    ("supplier", Is("JP")),
                    ("system", IsAny((Is("Patriot"), Is("NASAMS")))),
                )
            ),
            ArticleHas((("outlet", Is("Wire")),)),
        )
    )


def test_values_combine() -> None:
    """`not`, `any` and `all` at value level; several in one mapping must all hold."""
    parsed = parse_condition(
        {"supplier": {"not": ["US", "RU"]}, "system": {"any": ["a", "b"], "not": "c"}}
    )
    assert parsed == TransferHas(
        (
            ("supplier", IsNot(IsAny((Is("US"), Is("RU"))))),
            ("system", IsAll((IsAny((Is("a"), Is("b"))), IsNot(Is("c"))))),
        )
    )


def test_conditions_combine() -> None:
    """`not`, `any` and `all` at condition level, reactions and keywords nest in them."""
    parsed = parse_condition(
        {
            "any": [{"reaction": {"stance": "oppose"}}, {"text": "Patriot"}],
            "not": {"alleged": True},
        }
    )
    assert isinstance(parsed, AllOf)
    either, negated = parsed.parts
    assert isinstance(either, AnyOf)
    assert either.parts[0] == ReactionHas((("stance", Is("oppose")),))
    assert isinstance(either.parts[1], TextHas)
    assert negated == Not(TransferHas((("alleged", Is(True)),)))


def test_parsed_condition_comes_back() -> None:
    """An already parsed condition is taken as it is."""
    parsed = parse_condition({"supplier": "JP"})
    assert parse_condition(parsed) is parsed


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ({"category": "air defence"}, "air_defence"),
        ({"category": "ships, submarines"}, "ship_submarine"),
        ({"category": "AIR-DEFENCE"}, "air_defence"),
        ({"stage": "Delivered"}, "delivered"),
        ({"supplier": "Hezbollah"}, "Hezbollah"),
        ({"supplier": "EU"}, "EU"),
        ({"recipient": "XK"}, "XK"),
        ({"recipient": None}, None),
    ],
)
def test_values_are_understood(written: dict[str, object], value: str | None) -> None:
    """Categories by value or label, actors by name, null for what is not stated."""
    parsed = parse_condition(written)
    assert isinstance(parsed, TransferHas)
    assert parsed.fields[0][1] == Is(value)


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ({"suplier": "JP"}, 'unknown key "suplier"; did you mean "supplier"?'),
        ({"country": "JP"}, 'did you mean "outlet_country"?'),
        ({"confidence": 1}, "known keys: all, alleged, any"),
        (
            {"reaction": {"stanse": "oppose"}},
            'unknown key "reaction.stanse"; did you mean "stance"?',
        ),
        ({"supplier": {"nott": ["US"]}}, 'unknown key "supplier.nott"; did you mean "not"?'),
        ({"any": [{"sistem": "x"}]}, 'did you mean "system"?'),
        ({"supplier": "Japan"}, 'supplier: "Japan" is no country code; write "JP" for Japan'),
        ({"supplier": "jp"}, 'did you mean "JP"?'),
        ({"supplier": "UK"}, 'write "GB" for United Kingdom'),
        ({"supplier": "QQ"}, '"QQ" is no country code'),
        ({"reaction": {"country": "Moscow City"}}, "write two letters, EU, NATO or UN"),
        ({"stage": "delivred"}, 'stage: "delivred" is unknown; did you mean "delivered"?'),
        ({"category": "tanc"}, 'did you mean "tank"?'),
        ({"reaction": {"stance": "against"}}, "known: oppose, support, neutral"),
        ({"alleged": "yes"}, "alleged: expected true or false"),
        ({"system": ""}, "system: expected a text"),
        ({"system": True}, "system: expected a text"),
        ({"supplier": []}, "supplier: the list is empty"),
        ({"supplier": {}}, "supplier: is empty"),
        ({"text": "a AND"}, "text: a word is missing"),
        ({"text": ["a"]}, "text: expected keywords"),
        ({"any": {"supplier": "JP"}}, "any: expected a list"),
        ({"all": []}, "all: expected a list"),
        ({"reaction": "oppose"}, "reaction: expected fields"),
        ({}, "is empty"),
        ("supplier", "expected fields such as"),
        (None, "expected fields such as"),
    ],
)
def test_mistakes_name_the_right_way(written: object, complaint: str) -> None:
    """An unknown key or value names the nearest right one; a name that would never match is refused."""
    with pytest.raises(ConditionError) as caught:
        parse_condition(written)
    assert complaint in str(caught.value)


def test_settings_read_a_watch() -> None:
    """A watch of monitor.yaml holds its parsed condition, and refuses a wrong one with its words."""
    watch = WatchSettings.model_validate({"name": "w", "when": {"supplier": "JP"}, "send": "desk"})
    assert watch.when == parse_condition({"supplier": "JP"})
    with pytest.raises(ValidationError, match="did you mean"):
        WatchSettings.model_validate({"name": "w", "when": {"suplier": "JP"}, "send": "desk"})
