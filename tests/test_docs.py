"""The documentation tells the truth: every command it shows runs, every command of armswire is documented."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest

from domain.conditions import parse_condition
from domain.settings_files import read_configuration
from domain.yaml_source import read_yaml
from extractors.urls import canonical_url
from flows.demo.newsroom import load_newsroom
from flows.demo.stage import BUNDLED_WATCHES, Stage, demo_stage

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = [
    (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("configuration", "operations", "review")
]
DOCUMENTATION = "\n".join([README, *GUIDES])
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ARMSWIRE = ".venv/bin/armswire "
ELSEWHERE = (".venv/bin/prefect ", "export PREFECT_API_URL=", "ARMSWIRE_CONFIG=")
"""Run by tests/test_prefect.py, in the README's order."""

GIVEN = """\
{"id": "1", "title": "Norway to send howitzers to Ukraine", "text": "Norway will send howitzers to Ukraine, \
the Norwegian defence ministry said on Monday."}
{"id": "2", "title": "Rain", "text": "It rained."}
"""


def commands() -> list[str]:
    """Every command line of the console blocks, in the README's order and then the guides'."""
    blocks = re.findall(r"^```console\n(.*?)^```", DOCUMENTATION, re.M | re.S)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def run(command: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a command as documented in `folder`, with this environment's armswire."""
    arguments = [sys.executable, "-m", "flows.cli.main", *shlex.split(command)[1:]]
    terminal = {k: v for k, v in os.environ.items() if k != "FORCE_COLOR"} | {"COLUMNS": "80"}
    return subprocess.run(
        arguments, cwd=folder, env=terminal | env, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """What the README's reader has on the network: feeds, a mail server, a webhook."""
    folder = tmp_path_factory.mktemp("newsroom")
    with demo_stage(folder, load_newsroom(START), BUNDLED_WATCHES) as stage:
        yield stage


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder, with the files that the commands name, after `make demo`."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "articles.jsonl").write_text(GIVEN, encoding="utf-8")
    (folder / "article.txt").write_text(
        "Japan to export Patriots\n\nJapan will export Patriot missiles to the United States.\n",
        encoding="utf-8",
    )
    (folder / "trade-register.csv").write_text(
        "Recipient,Supplier,Year of order,Weapon designation,Weapon description\n"
        "Poland,United States,2019,Patriot PAC-3,SAM system\n",
        encoding="utf-8",
    )
    page = "<html><body><article><h1>Rain</h1><p>It rained all day in the hills.</p></article></body></html>"
    (folder / "page.html").write_text(page, encoding="utf-8")
    (folder / "demo.out").write_text(run(f"{ARMSWIRE}demo", folder, {}).stdout, encoding="utf-8")
    return folder


def as_if_on_the_network(command: str, desk: Path, newsroom: Stage) -> str:
    """Lets a documented command reach the newsroom instead of the world."""
    if "feeds test" in command:
        feed = newsroom.configuration.feeds[0].url
        config = newsroom.folder / "monitor.yaml"
        return f"{ARMSWIRE}feeds test {feed} --config {config}"
    config = desk / "newsdesk" / "monitor.yaml"
    if config.exists() and "allow_private" not in config.read_text(encoding="utf-8"):
        text = config.read_text(encoding="utf-8")
        assert "  timeout: 20s\n" in text
        fetch = "  timeout: 20s\n  allow_private: [127.0.0.0/8]\n"
        config.write_text(text.replace("  timeout: 20s\n", fetch), encoding="utf-8")
        feeds = (newsroom.folder / "feeds.yaml").read_text(encoding="utf-8")
        (desk / "newsdesk" / "feeds.yaml").write_text(feeds, encoding="utf-8")
    return command


@pytest.mark.slow
def test_every_command_that_is_shown_runs(desk: Path, newsroom: Stage) -> None:
    """In the order of the pages, each ends with exit status 0 and says something."""
    env = {
        "SMTP_URL": newsroom.secrets["DEMO_SMTP_URL"],
        "SLACK_WEBHOOK_URL": newsroom.secrets["DEMO_SLACK_WEBHOOK_URL"],
        "PYTHONPATH": str(ROOT),
    }
    ran = 0
    for command in commands():
        if command.startswith("make "):
            target = command.removeprefix("make ")
            assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
        elif command.startswith(ARMSWIRE):
            if "evaluate" in command:
                command = command.replace("tests/", f"{ROOT}/tests/")
            done = run(as_if_on_the_network(command, desk, newsroom), desk, env)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
            assert done.stdout.strip() or "--out" in command, command
            assert "Traceback" not in done.stderr
            ran += 1
        else:
            assert command.startswith(ELSEWHERE), f"nothing tests: {command}"
    assert ran > 10


@pytest.mark.slow
def test_demo_shown_in_the_readme_is_its_real_output(desk: Path) -> None:
    """Every line of the README's picture of the demo is in what the demo prints; times, ports and speeds may differ."""
    shown = re.search(r"<!-- demo -->\n```text\n(.*?)```\n<!-- /demo -->", README, re.S)
    assert shown is not None
    printed = {without_moments(line) for line in (desk / "demo.out").read_text().splitlines()}
    lines = [line for line in shown[1].splitlines() if line.strip() not in ("", "…")]
    assert len(lines) > 30
    assert [line for line in lines if without_moments(line) not in printed] == []


def without_moments(line: str) -> str:
    """A line without what differs from run to run: dates, times, durations, ports; rules' lengths and padding."""
    line = re.sub(r"\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC", "TIME", line)
    line = re.sub(r"127\.0\.0\.1:\d+\S*", "PAGE", line)
    # How many a second is told of longer runs only, which is a matter of the machine.
    line = re.sub(r"[\d.]+ s\b", "SPEED", re.sub(r", \d+ a second", "", line))
    return re.sub(r"[─\s]+", " ", line).strip()


def test_every_command_is_documented() -> None:
    """Each command of armswire has an example in its help and a place in the README or a guide."""
    from flows.cli import deliveries, feedback, feeds, lexicon, mutes, review, watches
    from flows.cli.main import app

    groups = [
        group.app.registered_commands
        for group in (deliveries, feedback, feeds, lexicon, mutes, review, watches)
    ]
    for command in (*app.registered_commands, *chain.from_iterable(groups)):
        callback = command.callback
        assert callback is not None
        name = command.name or callback.__name__
        assert "Example: armswire " in (callback.__doc__ or ""), name
        assert re.search(rf"armswire (\w+ )?{name}\b|make {name}\b|`{name}`", DOCUMENTATION), name


def test_watches_that_are_shown_are_right() -> None:
    """They are conditions armswire reads."""
    import yaml

    blocks = re.findall(r"```yaml\n(?:channels:\n.*?)?watches:\n(.*?)```", DOCUMENTATION, re.S)
    shown = [watch for block in blocks for watch in yaml.safe_load("watches:\n" + block)["watches"]]
    assert len(shown) > 4
    for watch in shown:
        parse_condition(watch["when"])


def test_links_between_the_pages_lead_somewhere() -> None:
    """Each file that the documentation links to is there."""
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_configurations_that_we_ship_are_right() -> None:
    """The repository's own configuration and the starter's read without complaint."""
    for folder in (ROOT, ROOT / "flows" / "starter_files"):
        assert read_configuration(folder / "monitor.yaml", canonical_url).feeds
        assert read_yaml(folder / "feeds.yaml").data


def test_no_host_of_a_package_registry_and_no_machine_path() -> None:
    """What we ship installs from whatever index a machine is set up with, and says nothing of ours."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = [n for n in listed.stdout.splitlines() if (ROOT / n).is_file()]
    hosts = re.compile(r"py" + r"pi\.org|python" + r"hosted\.org|registry\.npm" + r"js")
    paths = re.compile(r"(?<![\w.])/(work|root|home/\w+)/")
    for name in names:
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        assert not hosts.search(text), name
        assert not paths.search(text), name
