"""Slack by bot token, against a Slack on loopback that enforces Slack's limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from alerts.channels import BurstChannel, open_channel
from alerts.channels.slack_bot import SlackBot
from domain.addresses import Network, parse_networks
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.secret_texts import SecretText
from domain.settings_channels import SlackChannel
from tests.message_stories import ALERTS
from tests.slack_double import CHANNEL, TOKEN, Scripted, SlackDouble
from tests.story_samples import alert_on, delivery_of, full_story

LOOPBACK = parse_networks(["127.0.0.0/8"])


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with SlackDouble() as double:
        yield double


def bot(
    slack: SlackDouble, allowed: tuple[Network, ...] = LOOPBACK, timeout: float = 10.0
) -> SlackBot:
    return SlackBot(TOKEN, CHANNEL, api=slack.api, allowed=allowed, timeout=timeout, spacing=0)


def message(**changes: object) -> Delivery:
    return replace(delivery_of(alert_on(full_story())), **changes)


def send_one(slack: SlackDouble, delivery: Delivery | None = None) -> Receipt:
    with bot(slack) as opened:
        return opened.send(delivery or message())


def test_updates_go_into_the_thread_of_the_first_message(slack: SlackDouble) -> None:
    """The receipt keeps Slack's name of the message; what follows it up is shown in the channel too."""
    first = send_one(slack)
    assert first.state is DeliveryState.SENT
    assert first.handle == slack.posts[0]["ts"]
    assert "thread_ts" not in slack.posts[0]
    second = send_one(slack, message(thread_handle=first.handle))
    assert second.state is DeliveryState.SENT
    assert slack.posts[1]["thread_ts"] == first.handle
    assert slack.posts[1]["reply_broadcast"] is True


@pytest.mark.parametrize("name", ALERTS)
def test_every_story_passes_slacks_limits(slack: SlackDouble, name: str) -> None:
    """By bot and by webhook, with nothing in it that Slack would carry out."""
    told = message(content=ALERTS[name])
    assert send_one(slack, told).state is DeliveryState.SENT
    settings = SlackChannel(type="slack", webhook=SecretText("${HOOK}"), spacing="0s")
    secret = {"HOOK": slack.webhook}.get
    with open_channel("desk", settings, secret=secret, allowed=LOOPBACK) as webhook:
        assert isinstance(webhook, BurstChannel)
        assert webhook.send(told).state is DeliveryState.SENT
        assert webhook.send_together([told] * webhook.most).state is DeliveryState.SENT
    assert len(slack.posts) == 3


@pytest.mark.parametrize(
    ("error", "state", "gone"),
    [
        ("channel_not_found", DeliveryState.DEAD, True),
        ("is_archived", DeliveryState.DEAD, True),
        ("not_in_channel", DeliveryState.DEAD, True),
        ("token_revoked", DeliveryState.DEAD, True),
        ("invalid_blocks", DeliveryState.DEAD, False),
        ("msg_too_long", DeliveryState.DEAD, False),
        ("internal_error", DeliveryState.RETRY, False),
        ("service_unavailable", DeliveryState.RETRY, False),
        ("fatal_error", DeliveryState.UNKNOWN, False),
    ],
)
def test_errors(slack: SlackDouble, error: str, state: DeliveryState, gone: bool) -> None:
    """Slack says ok or not in the answer's body; a channel or token that is gone is told as such."""
    slack.script = [Scripted(body=f'{{"ok": false, "error": "{error}"}}')]
    receipt = send_one(slack)
    assert (receipt.state, receipt.channel_gone) == (state, gone)
    assert error in (receipt.reason or "")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Scripted(status=503, body="<html>maintenance</html>"), DeliveryState.RETRY),
        (Scripted(status=200, body="<html>log in to the wifi</html>"), DeliveryState.UNKNOWN),
        (Scripted(drop=True, takes=True), DeliveryState.UNKNOWN),
        (Scripted(status=302, headers={"Location": "/elsewhere"}), DeliveryState.DEAD),
    ],
)
def test_answers_that_are_not_slacks(
    slack: SlackDouble, answer: Scripted, state: DeliveryState
) -> None:
    """Nothing is posted twice here, no redirect followed; what may have arrived is unknown."""
    slack.script = [answer]
    assert send_one(slack).state is state
    assert len(slack.requests) == 1


def test_too_many(slack: SlackDouble) -> None:
    """429 names the time to wait."""
    body = '{"ok": false, "error": "ratelimited"}'
    slack.script = [Scripted(status=429, body=body, headers={"Retry-After": "30"})]
    receipt = send_one(slack)
    assert (receipt.state, receipt.retry_after) == (DeliveryState.RETRY, 30.0)


def test_wrong_token_is_never_told(slack: SlackDouble) -> None:
    """Neither in the receipt nor in the channel's repr."""
    with SlackBot("xoxb-wr0ng", CHANNEL, api=slack.api, allowed=LOOPBACK, spacing=0) as opened:
        receipt = opened.send(message())
    assert receipt.channel_gone
    assert "wr0ng" not in repr(receipt)


def test_private_addresses_and_proxies_of_the_environment(
    slack: SlackDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack's own client would dial both; ours dials checked addresses only, and directly."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert send_one(slack).state is DeliveryState.SENT
    with bot(slack, allowed=()) as opened:
        receipt = opened.send(message())
    assert receipt.state is DeliveryState.RETRY
    assert "does not allow" in (receipt.reason or "")
    assert len(slack.requests) == 1


def test_opened_from_settings(slack: SlackDouble) -> None:
    """A token and a channel make it a bot's."""
    settings = SlackChannel(
        type="slack", token=SecretText("${TOKEN}"), channel=CHANNEL, api=slack.api, spacing="0s"
    )
    with open_channel("desk", settings, secret={"TOKEN": TOKEN}.get, allowed=LOOPBACK) as opened:
        assert opened.send(message()).handle


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"token": "t"},
        {"channel": "#arms", "webhook": "w"},
        {"token": "t", "channel": "#arms", "webhook": "w"},
    ],
)
def test_settings_that_do_not_fit(settings: dict[str, str]) -> None:
    """Either a webhook, or a token with a channel."""
    with pytest.raises(ValueError, match=r"needs either webhook|go together"):
        SlackChannel.model_validate({"type": "slack", **settings})
