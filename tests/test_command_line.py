"""The command line: quick to answer, batches in order, listings from the published copy."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.demo.newsroom import load_newsroom
from flows.demo.stage import BUNDLED_WATCHES, Stage, demo_stage
from flows.line import run_line

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HEAVY = ("spacy", "prefect", "duckdb", "trafilatura", "httpx", "onnxruntime", "numpy", "jinja2")


def armswire(*arguments: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("monitor")
    with demo_stage(folder, load_newsroom(START), BUNDLED_WATCHES) as stage:
        run_line(stage.configuration, secrets=stage.secrets.get)
        yield stage


def test_help_loads_nothing_heavy() -> None:
    """What makes a command slow to start is imported by the commands that need it, not by `--help`."""
    code = (
        "import sys\n"
        "sys.argv = ['armswire', '--help']\n"
        "from flows.cli.main import app\n"
        "app(standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
    assert "backfill" in done.stdout


def test_detect_answers_every_line_in_order(tmp_path: Path) -> None:
    """A batch has one line for each line read, in their order, whatever is in them."""
    given = tmp_path / "in.jsonl"
    rows = [
        {"id": "b", "title": "Norway to send howitzers to Ukraine", "text": ""},
        {"id": "a", "title": "", "text": ""},
        {"id": "c", "title": "Rain\u2028in the hills", "text": "It rained. \U0001f327"},
    ]
    given.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    armswire("detect", "--jsonl", given, "--out", out)
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n")[:-1]]
    assert [answer["id"] for answer in answers] == ["b", "a", "c"]
    assert [answer["relevant"] for answer in answers] == [True, False, False]
    [transfer] = answers[0]["transfers"]
    assert (transfer["supplier"], transfer["recipient"]) == ("NO", "UA")
    for span in transfer["evidence"]:
        text = rows[0]["title"] + "\n\n" + rows[0]["text"]
        assert text[span["start"] : span["end"]] == span["text"]


def test_extract_reads_pages_beside_its_file(tmp_path: Path) -> None:
    """Relative page paths count from the batch file's folder."""
    (tmp_path / "page.html").write_text(
        "<html><body><article><h1>Rain</h1><p>It rained all day in the hills, and the river rose."
        "</p></article></body></html>",
        encoding="utf-8",
    )
    given = tmp_path / "in.jsonl"
    row = {"id": "1", "url": "https://a.example/rain", "html_path": "page.html"}
    given.write_text(json.dumps(row), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    armswire("extract", "--jsonl", given, "--out", out)
    answer = json.loads(out.read_text(encoding="utf-8"))
    assert answer["id"] == "1"
    assert answer["body"] == "It rained all day in the hills, and the river rose."
    assert (answer["completeness"], answer["method"]) == ("full", "trafilatura")


def test_alerts_are_listed_newest_first(stage: Stage) -> None:
    """`alerts --json` gives what analysts were told, narrowed by watch and number."""
    config = stage.folder / "monitor.yaml"
    told = json.loads(armswire("alerts", "--config", config, "--json"))
    assert told
    [patriots] = json.loads(
        armswire("alerts", "--config", config, "--watch", "japan-patriot", "--json")
    )
    assert patriots["transfers"][0]["supplier"] == "JP"
    assert len(json.loads(armswire("alerts", "--config", config, "--limit", "1", "--json"))) == 1


def test_backfill_stores_without_alerting(stage: Stage, tmp_path: Path) -> None:
    """Articles handed in are stored once, with no message to anybody."""
    given = tmp_path / "archive.jsonl"
    row = {
        "id": "1",
        "title": "Norway sold two frigates to Chile",
        "text": "Norway sold two frigates to Chile, the Norwegian defence ministry said.",
        "url": "https://archive.example/1",
    }
    given.write_text(json.dumps(row), encoding="utf-8")
    config = stage.folder / "monitor.yaml"
    sent = stage.mail.count + stage.slack.count
    first = json.loads(armswire("backfill", given, "--config", config, "--json"))
    again = json.loads(armswire("backfill", given, "--config", config, "--json"))
    assert (first["stored"], first["known"], first["alerts"]) == (1, 0, 0)
    assert (again["stored"], again["known"]) == (0, 1)
    assert stage.mail.count + stage.slack.count == sent


def test_feeds_list_tells_their_last_poll(stage: Stage) -> None:
    """`feeds list --json` joins what is configured with what is remembered."""
    rows = json.loads(
        armswire("feeds", "list", "--config", stage.folder / "monitor.yaml", "--json")
    )
    assert len(rows) == len(stage.configuration.feeds)
    assert all(row["last_success"] and not row["failures"] for row in rows)


def test_feeds_health_tells_all_feeds_and_one(stage: Stage) -> None:
    """`feeds health` from the published copy: every feed with its state, one feed with its polls."""
    config = stage.folder / "monitor.yaml"
    rows = json.loads(armswire("feeds", "health", "--config", config, "--json"))
    assert [row["state"] for row in rows] == ["new"] * len(stage.configuration.feeds)
    name = rows[0]["name"]
    one = json.loads(armswire("feeds", "health", name, "--config", config, "--json"))
    assert (one["name"], one["failures"]) == (name, 0)
    [poll] = one["polls"]
    assert (poll["outcome"], poll["status"], poll["new"]) == ("new", 200, poll["entries"])
    shown = armswire("feeds", "health", name, "--config", config)
    assert f"{name}: new: its cadence is not known yet" in shown
    assert f"{poll['entries']} entries, {poll['new']} new" in shown
    assert "calls for every" not in shown  # the demo asks its feeds at any time
