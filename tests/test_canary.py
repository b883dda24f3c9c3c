"""The canary goes where every article goes, is marked where people see it, and touches nothing of theirs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import SecretMissing
from flows.canary import send_canary
from flows.configuration import load_configuration
from flows.demo.sinks import SlackSink

MONITOR = """\
database: monitor.duckdb
fetch: {allow_private: [127.0.0.0/8]}
channels:
  desk:
    type: slack
    webhook: "${CANARY_WEBHOOK}"
    spacing: 0s
    quiet: {from: "00:01", to: "00:00"}
  analysts: {type: email, smtp: "${CANARY_SMTP}", sender: a@example.org, to: b@example.org}
watches:
  - {name: jp, when: {supplier: JP}, send: [desk]}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "monitor.yaml"
    path.write_text(MONITOR, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text("- {url: 'https://a.example/', name: A}\n")
    return path


def test_the_canary_comes_through_on_this_machine(config: Path) -> None:
    """No secret is needed, each station is told, and there is no database afterwards."""
    arguments = ["check", "--canary", "--config", str(config), "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["ok"]
    names = ["poll", "read", "detect", "match", "deliver", "deliver"]
    assert [station["name"] for station in told["stations"]] == names
    assert sorted(path.name for path in config.parent.iterdir()) == ["feeds.yaml", "monitor.yaml"]


def test_the_canary_on_real_channels_is_marked_and_names_the_one_that_is_down(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every channel is tried, used by a watch or not and whatever its quiet hours; its message says that it is a test;
    what is down is named."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("CANARY_SMTP", "smtp://127.0.0.1:1")
    configuration = load_configuration(config)
    with SlackSink(tmp_path / "slack") as slack:
        with pytest.raises(SecretMissing, match="CANARY_WEBHOOK"):
            list(send_canary(configuration, for_real=True))
        monkeypatch.setenv("CANARY_WEBHOOK", slack.url)
        stations = list(send_canary(configuration, for_real=True))
        [message] = slack.messages
    assert str(message.payload["text"]).startswith("TEST, no news: Japan → United States")
    by_text = {station.text: station.ok for station in stations if station.name == "deliver"}
    assert sorted(by_text.values()) == [False, True]
    assert by_text["sent to desk"]
    assert all(station.ok for station in stations if station.name != "deliver")
    assert not configuration.settings.database.exists()


def test_send_without_canary_is_refused(config: Path) -> None:
    """Nobody sends by accident, and nobody believes to have sent."""
    arguments = ["check", "--send", "--config", str(config)]
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *arguments], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "--send goes with --canary" in done.stderr
