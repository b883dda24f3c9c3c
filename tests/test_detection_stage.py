"""The stage of a transfer: modality and what governs the predicate, and the model's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import ConfigError
from domain.mentions import Stage
from extractors.detection import Detector, build_detector
from extractors.detection.pairs import propose
from extractors.detection.stage import noun_stage, verb_stage
from extractors.detection.stage_model import load_stage_model
from extractors.detection.stage_rules import ruled_stage


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


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


@pytest.mark.parametrize(
    ("headline", "stage"),
    [
        ("Sweden will send Gripen jets to Hungary if parliament agrees", Stage.CONSIDERED),
        ("Sweden will send Gripen jets to Hungary even if parliament objects", Stage.ANNOUNCED),
        ("Sweden will not sell Gripen jets to Hungary unless it pays", Stage.CONSIDERED),
        ("Sweden will not sell Gripen jets to Hungary", Stage.REJECTED),
        ("Norway to suspend missile exports to Oman if the truce fails", Stage.CONSIDERED),
        ("Norway suspends missile exports to Oman", Stage.SUSPENDED),
        ("Norway said it would suspend missile exports to Oman", Stage.SUSPENDED),
        ("Norwegian deliveries of missiles to Oman were put on hold", Stage.SUSPENDED),
        ("Norway halts freighter carrying rockets for Libya", Stage.REJECTED),
        ("Norway halts rocket deliveries to Libya", Stage.SUSPENDED),
        ("Kenyan navy bombs shipment of Turkish rockets to Somalia", Stage.REJECTED),
        ("Kenyan navy could hit shipment of Turkish rockets to Somalia", Stage.DELIVERED),
        ("Lawmakers seek to block sale of German tanks to Qatar", Stage.ANNOUNCED),
        ("Qatar calls off purchase of German tanks", Stage.REJECTED),
        ("Activists to Berlin: stop sending tanks to Qatar", Stage.DELIVERED),
        ("Berlin stops sending tanks to Qatar", Stage.SUSPENDED),
        ("Berlin did not stop selling tanks to Qatar", Stage.SIGNED),
        ("London ditches Qatar weapons contracts", Stage.REJECTED),
        ("Bulgarian MPs to vote on sending Ukraine tanks", Stage.CONSIDERED),
        ("Russia lifts ban on S-300 delivery to Iran", Stage.APPROVED),
        ("Russia has lifted a ban on supplying Iran with S-300 missiles", Stage.APPROVED),
        ("Russia is considering lifting a ban on supplying Iran with S-300s", Stage.CONSIDERED),
        ("Russia refused to lift a ban on supplying Iran with S-300s", Stage.REJECTED),
        ("German tank sale to Qatar could cost coalition its majority", Stage.SIGNED),
        ("German tank sale to Qatar could be approved in June", Stage.CONSIDERED),
        ("Canada working to sell Peru helicopters", Stage.CONSIDERED),
        ("Canada open to selling helicopters to Peru", Stage.CONSIDERED),
        ("Canada's parliament votes to send Peru helicopters", Stage.APPROVED),
        ("Pentagon notified U.S. Congress of radar sale to Peru", Stage.APPROVED),
        ("Peru confirms receipt of Canadian helicopters", Stage.DELIVERED),
        ("Peru confirms Canadian helicopter contract", Stage.SIGNED),
        ("Canada to boost helicopter exports to Peru", Stage.ANNOUNCED),
        ("US to authorise radar sale to Peru", Stage.ANNOUNCED),
        ("US to go ahead with radar sale to Peru", Stage.APPROVED),
        ("Peru urges Congress to approve U.S. radar sale to Lima", Stage.CONSIDERED),
    ],
)
def test_what_stands_around_the_predicate_tells_the_stage(
    detector: Detector, headline: str, stage: Stage
) -> None:
    """Conditions, who asks and who does, threats and deeds, a load stopped on the way and a supply stopped as such."""
    scene = detector.scene(headline, "")
    pair = next(
        p
        for p in propose(scene.frames, scene.named, scene.loose)
        if p.supplier and p.recipient and not p.frames[0].rule.startswith("loose.")
    )
    assert ruled_stage(pair, scene.reading).stage is stage


def test_no_stage_file_means_rules_alone_and_a_broken_one_is_named(tmp_path: Path) -> None:
    """Without models/stage.json the rules decide; a malformed one is an error with its path."""
    assert load_stage_model(tmp_path) is None
    (tmp_path / "stage.json").write_text('{"common": []}', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"stage\.json"):
        load_stage_model(tmp_path)


@pytest.mark.parametrize(
    ("headline", "stage"),
    [
        ("Senate rejects bid to block tank sale to Qatar", Stage.APPROVED),
        ("Senate votes down resolution to halt US tank sales to Qatar", Stage.APPROVED),
        (
            "The Senate on Tuesday defeated an effort to stop the US sale of tanks to Qatar",
            Stage.APPROVED,
        ),
        (
            "A resolution to block the US sale of tanks to Qatar failed in the Senate",
            Stage.APPROVED,
        ),
        ("President vetoes bill that would block US tank sales to Qatar", Stage.APPROVED),
        ("House passes resolution to block US tank sales to Qatar", Stage.REJECTED),
        (
            "President promises to veto bill that would block US tank sales to Qatar",
            Stage.SIGNED,
        ),
    ],
)
def test_a_stop_that_was_only_attempted_stops_nothing(
    detector: Detector, headline: str, stage: Stage
) -> None:
    """Who votes an attempt down lets the transfer pass; who votes for it does not."""
    frames = [f for f in detector.scene(headline, "").frames if f.recipients]
    assert stage in {f.stage.stage for f in frames}
