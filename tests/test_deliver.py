"""When a delivery is tried again; ids of alerts, deliveries and messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.deliver import alert_of, deliveries_for, next_attempt
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.conditions import parse_condition
from domain.secret_texts import SecretText
from domain.settings import WatchSettings
from domain.settings_channels import DeliverySettings, EmailChannel, SlackChannel
from tests.story_samples import NOW, alert_on, delivery_of, full_story

SETTINGS = DeliverySettings()
RETRY = Receipt(state=DeliveryState.RETRY)
MINUTE = timedelta(minutes=1)


def tried(times: int, id: str = "d1") -> Delivery:  # noqa: A002
    return replace(delivery_of(alert_on(full_story()), id=id), attempts=times)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.DEAD])
def test_final_answers(state: DeliveryState) -> None:
    """What was sent or refused for good is not tried again."""
    assert next_attempt(Receipt(state=state), tried(0), NOW, SETTINGS) == (state, None)


@pytest.mark.parametrize("state", [DeliveryState.RETRY, DeliveryState.UNKNOWN])
def test_waits_double_up_to_an_hour(state: DeliveryState) -> None:
    """A minute, two, four … and never over an hour and a fifth; unknown stays called unknown."""
    settings = DeliverySettings(attempts=20)
    for tries in range(12):
        got, due = next_attempt(Receipt(state=state), tried(tries), NOW, settings)
        assert got is state
        assert due is not None
        base = min(MINUTE * 2**tries, timedelta(hours=1))
        assert base <= due - NOW < base * 1.2


def test_jitter_is_the_deliverys_own() -> None:
    """Always the same for one delivery, different between deliveries that failed together."""
    dues = {next_attempt(RETRY, tried(0, f"d{i}"), NOW, SETTINGS)[1] for i in range(20)}
    assert len(dues) == 20
    assert next_attempt(RETRY, tried(0), NOW, SETTINGS) == next_attempt(
        RETRY, tried(0), NOW, SETTINGS
    )


def test_retry_after_is_obeyed() -> None:
    """The receiver's own wait counts when it is longer; it does not shorten ours."""
    longer = replace(RETRY, retry_after=7200.0)
    assert next_attempt(longer, tried(0), NOW, SETTINGS)[1] == NOW + timedelta(hours=2)
    shorter = next_attempt(replace(RETRY, retry_after=1.0), tried(0), NOW, SETTINGS)[1]
    assert shorter is not None
    assert shorter >= NOW + MINUTE


def test_given_up() -> None:
    """Dead at the settings' last try, or when the next would come too late after the alert."""
    assert next_attempt(RETRY, tried(6), NOW, SETTINGS)[0] is DeliveryState.RETRY
    assert next_attempt(RETRY, tried(7), NOW, SETTINGS) == (DeliveryState.DEAD, None)
    late = NOW + timedelta(days=2)
    assert next_attempt(RETRY, tried(0), late, SETTINGS) == (DeliveryState.DEAD, None)


def test_deliveries_of_an_alert() -> None:
    """One a recipient, one a Slack channel, each with ids that are always the same and never shared."""
    watch = WatchSettings(
        name="w", when=parse_condition({"supplier": "JP"}), send=("desk", "mail", "desk")
    )
    channels = {
        "desk": SlackChannel(type="slack", webhook=SecretText("${HOOK}")),
        "mail": EmailChannel(
            type="email",
            smtp=SecretText("${SMTP}"),
            sender="armswire <alerts@news.example>",
            to=("a@example.org", "b@example.org"),
        ),
    }
    alert = alert_of(watch, full_story(), (), NOW)
    found = deliveries_for(alert, watch, channels)
    assert [(d.channel, d.recipient) for d in found] == [
        ("desk", "desk"),
        ("mail", "a@example.org"),
        ("mail", "b@example.org"),
    ]
    assert {d.state for d in found} == {DeliveryState.PENDING}
    assert len({d.id for d in found}) == len({d.message_id for d in found}) == 3
    assert found[1].message_id.endswith(".v1@news.example>")
    assert found[0].message_id.endswith("@armswire.invalid>")
    assert deliveries_for(alert_of(watch, full_story(), (), NOW), watch, channels) == found
    next_version = alert_of(watch, replace(full_story(), version=2), (), NOW)
    assert next_version.id != alert.id
