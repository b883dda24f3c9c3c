"""When a delivery is tried again; ids of alerts, deliveries and messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.deliver import alert_of, bundles, deliveries_for, next_attempt
from alerts.notices import notice
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.conditions import parse_condition
from domain.secret_texts import SecretText
from domain.settings_channels import DeliverySettings, EmailChannel, SlackChannel
from domain.settings_watches import WatchSettings
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
    found = deliveries_for(alert, watch.send, channels)
    assert [(d.channel, d.recipient) for d in found] == [
        ("desk", "desk"),
        ("mail", "a@example.org"),
        ("mail", "b@example.org"),
    ]
    assert {d.state for d in found} == {DeliveryState.PENDING}
    assert len({d.id for d in found}) == len({d.message_id for d in found}) == 3
    assert found[1].message_id.endswith(".v1@news.example>")
    assert found[0].message_id.endswith("@armswire.invalid>")
    assert deliveries_for(alert_of(watch, full_story(), (), NOW), watch.send, channels) == found
    next_version = alert_of(watch, replace(full_story(), version=2), (), NOW)
    assert next_version.id != alert.id


def test_addressed_together() -> None:
    """One mail to all of a list, where the settings say so."""
    channel = EmailChannel(
        type="email",
        smtp=SecretText("${SMTP}"),
        sender="alerts@news.example",
        to=("a@example.org", "b@example.org"),
        address="together",
    )
    [only] = deliveries_for(alert_on(full_story()), ["mail"], {"mail": channel})
    assert only.recipient == "a@example.org, b@example.org"


def test_what_may_have_arrived_can_be_held() -> None:
    """Unknown stays unknown, without another try."""
    hold = DeliverySettings(unknown="hold")
    unknown = Receipt(state=DeliveryState.UNKNOWN)
    assert next_attempt(unknown, tried(0), NOW, hold) == (DeliveryState.UNKNOWN, None)
    assert next_attempt(RETRY, tried(0), NOW, hold)[1] is not None


def test_a_delivery_put_back_by_hand_has_its_time_again() -> None:
    """Giving up counts from when it was put into the outbox, not from the alert."""
    late = NOW + timedelta(days=3)
    fresh = replace(tried(0), queued_at=late)
    assert next_attempt(RETRY, fresh, late, SETTINGS)[0] is DeliveryState.RETRY


def test_a_burst_is_told_in_few_messages() -> None:
    """Up to the limit each alone; beyond it many together, none left out; notices alone."""
    waiting = [tried(0, f"d{i}") for i in range(12)]
    notices = [replace(tried(0, "n"), content=notice("health", "f", 1, "Silent", [], NOW))]
    assert [len(b) for b in bundles(waiting[:5], 5, 10)] == [1] * 5
    together = bundles([*waiting, *notices], 5, 10)
    assert [len(b) for b in together] == [1, 10, 2]
    assert {d.id for b in together for d in b} == {d.id for d in [*waiting, *notices]}
