"""The stage of a transfer: modality and what governs the predicate, and the model's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import ConfigError
from domain.mentions import Stage
from extractors.detection.stage import noun_stage, verb_stage
from extractors.detection.stage_model import load_stage_model


def test_reported_would_is_a_plan_and_plain_would_is_not() -> None:
    """ "said it would donate" announces; "would donate" alone is only considered."""
    told = verb_stage(Stage.DELIVERED, "base", ["reported", "would"], "give")
    plain = verb_stage(Stage.DELIVERED, "base", ["would"], "give")
    assert (told.stage, plain.stage) == (Stage.ANNOUNCED, Stage.CONSIDERED)


def test_a_contract_to_deliver_is_signed_and_agreed_to_send_announced() -> None:
    """A contract is concluded whatever it is to bring; an agreement to send is a promise."""
    contract = verb_stage(Stage.DELIVERED, "base", ["contract", "to"], "give")
    agreed = verb_stage(Stage.DELIVERED, "base", ["agreed", "to"], "give")
    assert (contract.stage, agreed.stage) == (Stage.SIGNED, Stage.ANNOUNCED)


def test_a_block_that_failed_leaves_the_sale_approved() -> None:
    """ "failed to block the sale": the sale is cleared; "blocked the sale": rejected."""
    failed = noun_stage(Stage.SIGNED, [], Stage.REJECTED, ["failed", "to", "block"])
    blocked = noun_stage(Stage.SIGNED, [], Stage.REJECTED, ["blocked"])
    assert (failed.stage, blocked.stage) == (Stage.APPROVED, Stage.REJECTED)


def test_a_denied_sale_is_alleged_not_rejected() -> None:
    """Who denies a sale disputes that it happened."""
    denied = noun_stage(Stage.SIGNED, [], Stage.REJECTED, ["denies"])
    assert (denied.stage, denied.alleged) == (Stage.SIGNED, True)


def test_no_stage_file_means_rules_alone_and_a_broken_one_is_named(tmp_path: Path) -> None:
    """Without models/stage.json the rules decide; a malformed one is an error with its path."""
    assert load_stage_model(tmp_path) is None
    (tmp_path / "stage.json").write_text('{"common": []}', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"stage\.json"):
        load_stage_model(tmp_path)
