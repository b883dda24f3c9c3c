"""Scoring against labels, on cases worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import ConfigError, InputError
from domain.mentions import Mentions, Reaction, Stage, Stance, System, Transfer
from extractors.detection.evaluation import evaluate
from extractors.detection.gold import GoldArticle, read_gold


def transfer(
    supplier: str | None, recipient: str | None, stage: Stage = Stage.SIGNED, *systems: str
) -> Transfer:
    return Transfer(
        supplier=supplier,
        recipient=recipient,
        stage=stage,
        systems=tuple(System(name=s) for s in systems),
    )


def said(
    speaker: str, country: str | None, stance: Stance, affiliation: str | None = None
) -> Reaction:
    return Reaction(speaker=speaker, country=country, stance=stance, affiliation=affiliation)


def mentions(*items: Transfer | Reaction, relevant: bool = True) -> Mentions:
    return Mentions(
        relevant=relevant,
        score=1.0,
        language="en",
        transfers=tuple(i for i in items if isinstance(i, Transfer)),
        reactions=tuple(i for i in items if isinstance(i, Reaction)),
    )


def gold(*items: Transfer | Reaction, relevant: bool = True, marginal: bool = False) -> GoldArticle:
    return GoldArticle(
        id="g", title="", text="", marginal=marginal, mentions=mentions(*items, relevant=relevant)
    )


def test_relevance_counts_all_but_marginal_items() -> None:
    """One hit, one miss, one false alarm; the marginal item counts nowhere."""
    result = evaluate(
        [gold(), gold(), gold(relevant=False), gold(marginal=True)],
        [mentions(), mentions(relevant=False), mentions(), mentions()],
    )
    assert (result.relevance.hits, result.relevance.gold, result.relevance.predicted) == (1, 2, 2)
    assert result.relevance.f1 == 0.5
    assert result.n == 4


def test_pairs_match_by_code_or_by_the_telling_words_of_a_name() -> None:
    """ "Houthi rebels" are "the Houthis"; a direction turned round is no match; a pair twice counts once."""
    result = evaluate(
        [gold(transfer("IR", "Houthi rebels"), transfer("US", "TW"), transfer("US", "TW"))],
        [mentions(transfer("IR", "the Houthis"), transfer("TW", "US"))],
    )
    assert (result.pairs.hits, result.pairs.gold, result.pairs.predicted) == (1, 2, 2)
    assert (result.suppliers.hits, result.recipients.hits) == (1, 1)


def test_stages_are_compared_on_matched_pairs_equal_ones_first() -> None:
    """Two transfers of one pair are paired off by equal stage, whatever their order."""
    result = evaluate(
        [gold(transfer("FR", "IN", Stage.SIGNED), transfer("FR", "IN", Stage.DELIVERED))],
        [mentions(transfer("FR", "IN", Stage.DELIVERED), transfer("FR", "IN", Stage.REJECTED))],
    )
    assert (result.stage.right, result.stage.total) == (1, 2)
    assert result.stage_confusion == {("delivered", "delivered"): 1, ("signed", "rejected"): 1}


def test_systems_match_when_they_share_a_telling_word() -> None:
    """Words such as "missile" tell nothing, unless a name has no others."""
    result = evaluate(
        [gold(transfer("US", "PL", Stage.SIGNED, "Patriot missile systems", "HIMARS", "tanks"))],
        [mentions(transfer("US", "PL", Stage.SIGNED, "Patriots", "Javelin missiles"))],
    )
    assert (result.systems.hits, result.systems.gold, result.systems.predicted) == (1, 3, 2)


def test_speakers_match_by_name_or_by_country_and_institution() -> None:
    """A surname is enough; a nameless minister matches the institution of the same state, not of another."""
    result = evaluate(
        [
            gold(
                said("Ana Torres", "ES", Stance.SUPPORT),
                said("foreign minister", "RU", Stance.OPPOSE, "Russian Foreign Ministry"),
                said("Pentagon", "US", Stance.NEUTRAL),
            )
        ],
        [
            mentions(
                said("Defence Minister Torres", "ES", Stance.OPPOSE),
                said("Foreign Ministry", "RU", Stance.OPPOSE),
                said("Foreign Ministry", "CN", Stance.OPPOSE),
            )
        ],
    )
    assert (result.reactions.hits, result.reactions.gold, result.reactions.predicted) == (2, 3, 3)
    assert (result.stance.right, result.stance.total) == (1, 2)
    assert (result.stanced_reactions.hits, result.stanced_reactions.predicted) == (1, 3)
    assert result.stance_confusion[("support", "oppose")] == 1
    assert result.polar.value == 0.5


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    """Precision and recall of nothing are 1, accuracies have no value."""
    result = evaluate([gold(relevant=False)], [mentions(relevant=False)])
    assert result.pairs.f1 == 1.0
    assert result.stage.value is None


def test_lengths_must_agree() -> None:
    """A prediction is needed for every label."""
    with pytest.raises(ValueError, match="1 labelled"):
        evaluate([gold()], [])


ROW: dict[str, Any] = {
    "id": "a", "title": "T", "text": "x", "relevant": True, "marginal": False,
    "transfers": [{"supplier": "JP", "recipient": "US", "systems": ["Patriot"], "stage": "considered"}],
    "reactions": [{"speaker": "S", "country": "RU", "stance": "oppose", "quote": True}],
}  # fmt: skip


def test_a_gold_file_is_read(tmp_path: Path) -> None:
    """Systems may be bare names; absent keys of a label take their defaults."""
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(ROW) + "\n\n", "utf-8")
    (article,) = read_gold(path)
    assert article.mentions.transfers[0].systems == (System(name="Patriot"),)
    assert article.mentions.reactions[0].stance is Stance.OPPOSE


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("3", "must be a JSON object"),
        (json.dumps({k: v for k, v in ROW.items() if k != "text"}), '"text" is missing'),
        (json.dumps({**ROW, "transfers": [{"supplier": "JP"}]}), "missing in a label"),
        (json.dumps({**ROW, "transfers": [{"stage": "sold"}]}), "cannot be read"),
        (json.dumps({**ROW, "reactions": 3}), "cannot be read"),
    ],
)
def test_a_bad_line_of_labels_is_told_with_its_number(
    tmp_path: Path, line: str, message: str
) -> None:
    """The error names the file, the line and what is wrong."""
    path = tmp_path / "gold.jsonl"
    path.write_text(f"{json.dumps(ROW)}\n{line}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"gold\.jsonl:2") as caught:
        read_gold(path)
    assert message in str(caught.value)


def test_an_absent_or_empty_gold_file_is_told(tmp_path: Path) -> None:
    """A path that leads nowhere and a file without a line are errors of input."""
    with pytest.raises(InputError, match="cannot be read"):
        read_gold(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n", "utf-8")
    with pytest.raises(InputError, match="no labelled article"):
        read_gold(tmp_path / "empty.jsonl")
