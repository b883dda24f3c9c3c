"""`armswire deliveries`: what a person sees of the ledger, and does with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from domain.errors import InputError
from flows.checks import check_everything
from flows.cli.main import app
from storage.published import publish
from tests.delivery_desk import Desk
from tests.slack_double import Scripted, SlackDouble


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with SlackDouble() as double:
        yield double


@pytest.fixture
def desk(tmp_path: Path, slack: SlackDouble) -> Desk:
    """One alert refused for good, one sent, and then the webhook is gone."""
    settings = {"type": "slack", "webhook": slack.webhook, "spacing": "0s"}
    desk = Desk(tmp_path, {"desk": settings})
    desk.put(3)
    slack.script = [
        Scripted(400, "invalid_payload"),
        Scripted(takes=True, body="ok"),
        Scripted(410),
    ]
    desk.deliver()
    publish(desk.database)
    return desk


def armswire(desk: Desk, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["deliveries", *arguments, "--config", str(desk.config)])


def rows(desk: Desk, *arguments: str) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(
        armswire(desk, "list", "--json", *arguments).output
    )
    return listed


def test_list_says_what_did_not_arrive_and_why(desk: Desk) -> None:
    """Each with its state and reason, a disabled channel with what to do."""
    shown = " ".join(armswire(desk, "list").output.split())
    assert "the webhook answered 400 invalid_payload" in shown
    assert "deliveries enable desk" in shown
    assert {row["state"] for row in rows(desk)} == {"dead", "sent", "pending"}
    [dead] = rows(desk, "--state", "dead", "--channel", "desk")
    assert dead["last_error"] == "the webhook answered 400 invalid_payload"
    assert str(dead["id"])[:8] in shown


def test_check_names_the_channel_that_is_gone(desk: Desk) -> None:
    """With what to do; a channel that answers is no proof that it takes messages."""
    found = {f.what: f for f in check_everything(desk.config)}
    gone = found["channel desk is disabled"]
    assert not gone.ok
    assert "410" in gone.text
    assert "armswire deliveries enable desk" in gone.text


def test_what_is_dead_is_tried_again(desk: Desk, slack: SlackDouble) -> None:
    """By the first digits of its id, or with all the others; the next delivering sends it."""
    [dead] = rows(desk, "--state", "dead")
    assert "again: " in armswire(desk, "retry", str(dead["id"])[:6]).output
    assert armswire(desk, "enable", "desk").output.startswith("desk: used again")
    desk.deliver(timedelta(minutes=5))
    publish(desk.database)
    assert [row["state"] for row in rows(desk)] == ["sent"] * 3
    assert "0 messages wait" in armswire(desk, "retry", "--all").output


def test_what_was_sent_is_sent_once_more(desk: Desk) -> None:
    """Only with resend; retry says so."""
    [sent] = rows(desk, "--state", "sent")
    with pytest.raises(InputError, match="deliveries resend"):
        raise failure(armswire(desk, "retry", str(sent["id"])))
    assert "it waits for the next" in armswire(desk, "resend", str(sent["id"])).output
    assert rows(desk, "--state", "sent") == []
    with pytest.raises(InputError, match="not sent; `armswire deliveries retry`"):
        raise failure(armswire(desk, "resend", str(sent["id"])))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["retry"], "give one ID, or --all"),
        (["retry", "abc", "--all"], "give one ID, or --all"),
        (["retry", "zzz"], 'no delivery\'s id begins with "zzz"'),
        (["list", "--state", "lost"], 'no state is named "lost"'),
        (["enable", "dask"], "desk"),
    ],
)
def test_mistakes(desk: Desk, arguments: list[str], message: str) -> None:
    """Each is told in a line, with what is right."""
    with pytest.raises(InputError, match=message):
        raise failure(armswire(desk, *arguments))


def failure(result: Result) -> BaseException:
    assert result.exception is not None, result.output
    return result.exception
