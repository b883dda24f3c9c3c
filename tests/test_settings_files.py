"""Settings: what is wrong is told with file, line and the nearest right word; what is right is read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import ConfigError, SecretMissing
from domain.settings_files import check_secrets, read_configuration
from extractors.urls import canonical_url

MONITOR = """\
database: var/monitor.duckdb
channels:
  desk: {type: slack, webhook: "${DESK_WEBHOOK}"}
  analysts: {type: email, smtp: "${MAIL}", sender: "a@example.org", to: b@example.org}
watches:
  - {name: jp, when: {supplier: JP, system: Patriot}, send: desk}
"""
FEEDS = "- {url: 'https://one.example/feed', name: One, every: 1h30m}\n"


def write(folder: Path, monitor: str = MONITOR, feeds: str = FEEDS) -> Path:
    (folder / "feeds.yaml").write_text(feeds, encoding="utf-8")
    (folder / "monitor.yaml").write_text(monitor, encoding="utf-8")
    return folder / "monitor.yaml"


def complaint(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read_configuration(path, canonical_url)
    return str(caught.value)


def test_reads_what_the_design_shows(tmp_path: Path) -> None:
    """Durations, one-or-many values and relative paths are understood."""
    read = read_configuration(write(tmp_path), canonical_url)
    assert read.settings.database == tmp_path / "var/monitor.duckdb"
    assert read.settings.watches[0].send == ("desk",)
    assert read.feeds[0].every == timedelta(minutes=90)
    assert read.settings.fetch.per_host.spacing == timedelta(seconds=1)


@pytest.mark.parametrize(
    ("wrong", "line", "words"),
    [
        (MONITOR.replace("database:", "databse:"), 1, '"databse"; did you mean "database"?'),
        (MONITOR + "fetch: {timout: 20s}\n", 7, '"timout"; did you mean "timeout"?'),
        (MONITOR + "fetch:\n  per_host:\n    spacng: 1s\n", 9, 'did you mean "spacing"?'),
        (MONITOR.replace("webhook", "webhok"), 3, 'did you mean "webhook"?'),
        (MONITOR.replace("sender", "sendr"), 4, 'did you mean "sender"?'),
        (MONITOR.replace("type: slack", "type: pigeon"), 3, "pigeon"),
        (MONITOR.replace("send: desk", "send: dsk"), 6, '"dsk", which is no channel'),
        (MONITOR.replace("supplier", "suplier"), 6, '"supplier"'),
        (MONITOR + "fetch: {timeout: soon}\n", 7, '"soon" is no duration'),
        (MONITOR + f"fetch: {{timeout: {'9' * 20}d}}\n", 7, "too long a duration"),
        (MONITOR + "fetch: {max_bytes: lots}\n", 7, '"lots" is no size'),
        (MONITOR + "fetch: {allow_private: [home]}\n", 7, "home"),
        (MONITOR + "watches: []\n", 7, "given twice"),
        (MONITOR + "  - {name: jp, when: {supplier: KR}, send: desk}\n", 7, "two watches"),
        (MONITOR + "  - {name: d, when: {supplier: KR}, mode: digest}\n", 7, "no digest tells it"),
        (MONITOR + "digests: [{name: m, at: '07:30', send: nowhere}]\n", 7, "which is no channel"),
        (
            MONITOR + "digests: [{name: m, at: '07:30', send: desk, watches: [pj]}]\n",
            7,
            'tells of "pj", which is no watch',
        ),
        ("database: [\n", 2, "is not YAML"),
        ("", None, "is empty"),
    ],
)
def test_every_mistake_names_its_line(
    tmp_path: Path, wrong: str, line: int | None, words: str
) -> None:
    """One line: the file, the line, what is wrong, the nearest right word where there is one."""
    text = complaint(write(tmp_path, wrong))
    place = f"{tmp_path / 'monitor.yaml'}:{line}: " if line else f"{tmp_path / 'monitor.yaml'}"
    assert text.startswith(place)
    assert words in text
    assert "\n" not in text


@pytest.mark.parametrize(
    "again",
    [
        "https://one.example/feed",
        "http://ONE.example:80/feed",
        "https://one.example/feed?utm_source=x#top",
    ],
)
def test_one_feed_cannot_be_configured_twice(tmp_path: Path, again: str) -> None:
    """Two addresses of one canonical URL are one feed; both lines are named."""
    feeds = f"{FEEDS}- {{url: '{again}', name: Two}}\n"
    text = complaint(write(tmp_path, feeds=feeds))
    assert text.startswith(f"{tmp_path / 'feeds.yaml'}:2: ")
    assert "line 1" in text


def test_disabled_feeds_are_left_out(tmp_path: Path) -> None:
    """A row can be kept without being polled."""
    feeds = FEEDS.replace("every: 1h30m", "enabled: false")
    assert read_configuration(write(tmp_path, feeds=feeds), canonical_url).feeds == ()


def test_a_country_called_no_stays_norway(tmp_path: Path) -> None:
    """YAML's booleans are not taken for country codes."""
    feeds = "- {url: 'https://one.example/feed', name: One, country: NO}\n"
    assert read_configuration(write(tmp_path, feeds=feeds), canonical_url).feeds[0].country == "NO"


def test_a_missing_secret_is_found_before_a_run(tmp_path: Path) -> None:
    """Only the channels that watches use need their secrets; the complaint names the channel's line."""
    read = read_configuration(write(tmp_path), canonical_url)
    check_secrets(read, {"DESK_WEBHOOK": "https://hooks.example/x"}.get)
    with pytest.raises(SecretMissing, match=r"monitor\.yaml:3: channel desk .* DESK_WEBHOOK"):
        check_secrets(read, {}.get)


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    """A secret written into the file in the clear appears in no text made of the settings."""
    monitor = MONITOR.replace("${DESK_WEBHOOK}", "https://hooks.example/T0/hunter2")
    read = read_configuration(write(tmp_path, monitor), canonical_url)
    for text in (repr(read.settings), str(read.settings), f"{read.settings.channels['desk']}"):
        assert "hunter2" not in text
    wrong = monitor.replace("type: slack, webhook: ", "type: slack, webhok: ")
    assert "hunter2" not in complaint(write(tmp_path, wrong))
