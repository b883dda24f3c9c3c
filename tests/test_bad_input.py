"""Bad input: one clear line naming file and line, exit status 2, no traceback, and nothing stored is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.demo.newsroom import load_newsroom
from flows.demo.stage import BUNDLED_WATCHES, Stage, demo_stage
from flows.line import run_line
from storage.published import open_published
from tests.http_site import Site

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def armswire(
    *arguments: str | Path, env: Mapping[str, str] | None = None, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *map(str, arguments)],
        env=os.environ | dict(env or {}),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that says what is wrong."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("armswire: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A monitor that has run once: 70 articles and more are stored, which no mistake may harm."""
    folder = tmp_path_factory.mktemp("monitor")
    with demo_stage(folder, load_newsroom(START), BUNDLED_WATCHES) as stage:
        run_line(stage.configuration, secrets=stage.secrets.get)
        yield stage


def counts(stage: Stage) -> object:
    with open_published(stage.configuration.settings.database) as queries:
        return queries.counts()


CONFIG_MISTAKES = {
    "an unknown key": (
        ("database:", "databse:"),
        'monitor.yaml:2: unknown key "databse"; did you mean "database"?',
    ),
    "a watch that sends to an unknown channel": (
        ("- desk\n", "- dsk\n"),
        '"dsk", which is no channel; channels: desk, analysts',
    ),
    "a condition nobody knows": (("supplier: JP", "suplier: JP"), '"supplier"'),
    "a secret that is set nowhere": (("${DEMO_SMTP_URL}", "${NOT_SET}"), "NOT_SET"),
}


@pytest.mark.parametrize("case", CONFIG_MISTAKES)
def test_configuration_mistakes(stage: Stage, case: str) -> None:
    """A run with a wrong configuration stops before it starts, naming file and line."""
    (right, wrong), words = CONFIG_MISTAKES[case]
    before = counts(stage)
    text = (stage.folder / "monitor.yaml").read_text(encoding="utf-8")
    assert right in text
    config = stage.folder / "wrong.yaml"
    config.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    said = complaint(armswire("run", "--config", config, env=stage.secrets))
    assert words in said.replace("wrong.yaml", "monitor.yaml")
    assert "wrong.yaml:" in said
    assert counts(stage) == before


def test_two_feeds_of_one_canonical_url(stage: Stage) -> None:
    """The second row is named, and the line of the first."""
    feeds = stage.folder / "feeds-twice.yaml"
    first = stage.configuration.feeds[0].url
    feeds.write_text(
        f"- {{url: '{first}', name: One}}\n- {{url: '{first}?utm_source=x', name: Two}}\n",
        encoding="utf-8",
    )
    config = stage.folder / "twice.yaml"
    text = (stage.folder / "monitor.yaml").read_text(encoding="utf-8")
    config.write_text(text.replace("feeds.yaml", feeds.name), encoding="utf-8")
    said = complaint(armswire("run", "--config", config, env=stage.secrets))
    assert f"{feeds}:2: " in said
    assert "line 1" in said


@pytest.mark.parametrize(
    "row",
    [
        "not JSON",
        '{"id": "x"}',
        '{"id": "x", "kind": "system", "names": "Patriot"}',
        '["a", "list"]',
    ],
)
def test_malformed_lexicon_row(stage: Stage, row: str) -> None:
    """A row of the user's own lexicon that cannot be read is named by file and line."""
    lexicon = stage.folder / "extra.jsonl"
    lexicon.write_text(f"\n{row}\n", encoding="utf-8")
    config = stage.folder / "lexicon.yaml"
    text = (stage.folder / "monitor.yaml").read_text(encoding="utf-8")
    config.write_text(f"{text}detection: {{lexicon: {lexicon.name}}}\n", encoding="utf-8")
    said = complaint(armswire("run", "--config", config, env=stage.secrets))
    assert f"{lexicon}:2: " in said


def test_database_of_a_newer_version(stage: Stage) -> None:
    """A database that a newer armswire wrote is left as it is."""
    import duckdb

    newer = stage.folder / "newer.duckdb"
    newer.write_bytes(stage.configuration.settings.database.read_bytes())
    with duckdb.connect(str(newer)) as connection:
        connection.execute("UPDATE schema_version SET version = version + 100")
    bytes_before = newer.read_bytes()
    config = stage.folder / "newer.yaml"
    text = (stage.folder / "monitor.yaml").read_text(encoding="utf-8")
    config.write_text(text.replace("monitor.duckdb", newer.name), encoding="utf-8")
    said = complaint(armswire("run", "--config", config, env=stage.secrets))
    assert "newer" in said
    assert newer.read_bytes() == bytes_before


def test_feed_that_is_a_web_page(stage: Stage) -> None:
    """Trying a web page as a feed says that it is one."""
    page = stage.site.newsroom.articles(1)[0].url(stage.site.base)
    config = stage.folder / "monitor.yaml"
    said = complaint(armswire("feeds", "test", page, "--config", config))
    assert page in said
    assert "web page" in said


def test_feed_that_cannot_be_reached(stage: Stage) -> None:
    """The address and the reason are told."""
    config = stage.folder / "monitor.yaml"
    with Site() as site:
        said = complaint(armswire("feeds", "test", site.url("/nothing"), "--config", config))
    assert "404" in said


def test_private_addresses_are_not_dialled() -> None:
    """Without the settings' leave nothing on this machine can be fetched."""
    said = complaint(armswire("feeds", "test", "http://127.0.0.1:9/feed"))
    assert "127.0.0.1" in said


@pytest.mark.parametrize("command", ["detect", "extract"])
def test_empty_and_missing_files(tmp_path: Path, command: str) -> None:
    """An empty file and a missing one are told apart."""
    empty = tmp_path / "empty.txt"
    empty.write_text(" \n", encoding="utf-8")
    assert f"{empty}: is empty" in complaint(armswire(command, empty))
    assert "no such file" in complaint(armswire(command, tmp_path / "missing.txt"))


def test_empty_standard_input() -> None:
    """Nothing piped in is no article."""
    assert "standard input is empty" in complaint(armswire("detect", "-", stdin=""))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{not json", "is not JSON"),
        ("[1]", "must be an object"),
        ('{"id": "2", "title": "t"}', '"text" is missing'),
        ('{"id": "2", "title": 3, "text": "t"}', '"title" must be a text'),
    ],
)
def test_wrong_lines(tmp_path: Path, line: str, words: str) -> None:
    """A wrong line is named; no half result is written, and the demo does not start."""
    given = tmp_path / "articles.jsonl"
    given.write_text(f'{{"id": "1", "title": "t", "text": "x"}}\n{line}\n', encoding="utf-8")
    out = tmp_path / "out.jsonl"
    said = complaint(armswire("detect", "--jsonl", given, "--out", out))
    assert f"{given}:2: " in said
    assert words in said
    assert not out.exists()
    assert f"{given}:2: " in complaint(
        armswire("demo", "--articles", given, "--out", tmp_path / "demo")
    )


def test_gold_file_without_labels(tmp_path: Path) -> None:
    """`evaluate` needs labels, and says which line lacks them."""
    given = tmp_path / "gold.jsonl"
    given.write_text('{"id": "1", "title": "t", "text": "x"}\n', encoding="utf-8")
    said = complaint(armswire("evaluate", given))
    assert f"{given}:1: " in said
    assert "relevant" in said


def test_unknown_feed_names_the_nearest(stage: Stage) -> None:
    """A misspelt feed name is answered with the right one."""
    name = stage.configuration.feeds[0].name
    config = stage.folder / "monitor.yaml"
    said = complaint(armswire("run", "--config", config, "--feed", name[:-1], env=stage.secrets))
    assert f'did you mean "{name}"?' in said


def test_demo_leaves_a_monitor_of_ones_own_alone(tmp_path: Path) -> None:
    """The demo writes its configuration anew each time, but never over one that it did not write."""
    mine = tmp_path / "monitor.yaml"
    mine.write_text("database: mine.duckdb\n", encoding="utf-8")
    assert "holds a monitor of your own" in complaint_of_demo(tmp_path)
    assert mine.read_text(encoding="utf-8") == "database: mine.duckdb\n"
    mine.rename(tmp_path / "other.yaml")
    (tmp_path / "monitor.duckdb").write_bytes(b"precious")
    assert "holds a monitor of your own" in complaint_of_demo(tmp_path)
    assert (tmp_path / "monitor.duckdb").read_bytes() == b"precious"


def complaint_of_demo(folder: Path) -> str:
    return complaint(armswire("demo", "--out", folder))


def test_output_that_cannot_be_written(tmp_path: Path) -> None:
    """A file where a folder should be, a folder where a file should be, and the input itself are refused in a line."""
    given = tmp_path / "articles.jsonl"
    line = '{"id": "1", "title": "t", "text": "x"}\n'
    given.write_text(line, encoding="utf-8")
    assert str(given) in complaint(armswire("demo", "--out", given))
    assert str(tmp_path) in complaint(armswire("detect", "--jsonl", given, "--out", tmp_path))
    assert "is the file that is read" in complaint(
        armswire("detect", "--jsonl", given, "--out", given)
    )
    assert given.read_text(encoding="utf-8") == line


def test_prefect_that_does_not_answer(stage: Stage) -> None:
    """A run that should go through Prefect says that it cannot, and what to do: exit status 1."""
    env = stage.secrets | {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
    done = armswire("run", "--config", stage.folder / "monitor.yaml", env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert "127.0.0.1:9 cannot be reached" in done.stderr
    assert done.stderr.count("\n") == 1
