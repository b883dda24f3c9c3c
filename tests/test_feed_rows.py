"""feeds.yaml is changed whole or not at all, and nobody's comment is lost by it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ConfigError
from domain.feeds_file import change_feeds, rows_of
from domain.feeds_text import with_rows, without_row
from domain.settings import FeedSettings
from domain.yaml_source import parse_yaml
from extractors.urls import canonical_url

FILE = Path("feeds.yaml")
COMMENTED = """\
# Ours.

# Ministries
- url: "https://one.example/feed"  # the old one
  name: One
  # on purpose
  every: 1h

- {url: "https://two.example/feed", name: Two} # trade

# Wires
- {url: "https://three.example/feed", name: Three}
# The end.
"""
NEW = FeedSettings(url="https://new.example/rss?a=1&b=2", name='The "New": one # two')


def settings(text: str) -> list[FeedSettings]:
    return [row.settings for row in rows_of(parse_yaml(text, FILE), canonical_url)]


def test_a_row_is_added_after_the_last_one_and_nothing_else_changes() -> None:
    """What was there stays byte for byte; the new row reads back as it was given."""
    text = with_rows(COMMENTED, [NEW], FILE)
    assert text.startswith(COMMENTED)
    assert settings(text) == [*settings(COMMENTED), NEW]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        "- {url: 'https://one.example/a', name: One}",
        "  - url: https://one.example/a\n    name: One\n",
        "-\n  url: https://one.example/a\n  name: One",
        "- {url: 'https://one.example/a', name: One}\r\n- {url: 'https://one.example/b', name: B}\r\n",
        "---\n- {url: 'https://one.example/a', name: One}\n",
    ],
)
def test_a_row_is_added_to_a_file_of_any_shape(text: str) -> None:
    """Empty, indented, without a last line end, with Windows line ends: the row fits in."""
    added = with_rows(text, [NEW], FILE)
    assert settings(added) == [*settings(text), NEW]
    if "\r\n" in text:
        assert added.count("\n") == added.count("\r\n")


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_row_is_taken_out_and_the_comments_around_it_stay(index: int) -> None:
    """Comments outside the row stay, whatever stands beside it on its own lines goes with it."""
    text = without_row(COMMENTED, index, FILE)
    rows = settings(COMMENTED)
    assert settings(text) == rows[:index] + rows[index + 1 :]
    for comment in ("# Ours.", "# Ministries", "# Wires", "# The end."):
        assert comment in text
    assert "\n\n\n" not in text


def test_a_row_whose_dash_stands_alone_is_taken_out() -> None:
    """The dash goes too."""
    text = "-\n  url: https://one.example/a\n  name: One\n- {url: 'https://b.example/b', name: B}\n"
    assert without_row(text, 0, FILE) == "- {url: 'https://b.example/b', name: B}\n"


def test_rows_in_one_pair_of_brackets_are_refused() -> None:
    """They cannot be changed line by line; the user is told what to do."""
    text = "# x\n[{url: 'https://one.example/a', name: One}]\n"
    with pytest.raises(ConfigError, match=r"feeds\.yaml:2: .* a line of its own"):
        with_rows(text, [NEW], FILE)


words = st.text(min_size=1).filter(lambda text: text.strip())


@given(
    name=words.filter(lambda text: text.strip() != "'"),  # the name of the feed that stands there
    publisher=st.none() | st.text(),
    tier=st.none() | st.sampled_from(["trade", "no", "1", "true", "~"]) | words,
    tags=st.lists(words, max_size=3),
    country=st.sampled_from([None, "NO", "EU"]),
    minutes=st.none() | st.integers(1, 20_000),
    flow=st.booleans(),
)
def test_any_row_reads_back_as_it_was_written(
    name: str,
    publisher: str | None,
    tier: str | None,
    tags: list[str],
    country: str | None,
    minutes: int | None,
    flow: bool,
) -> None:
    """Whatever a feed calls itself, its row is YAML that armswire reads as the same row."""
    row = FeedSettings.model_validate(
        {
            "url": "https://new.example/feed",
            "name": name,
            "publisher": publisher,
            "tier": tier,
            "tags": tuple(tags),
            "country": country,
            "every": None if minutes is None else timedelta(minutes=minutes),
            "enabled": flow,
        }
    )
    before = "- {url: 'https://a.example/', name: ''''}\n" if flow else ""
    assert settings(with_rows(before, [row], FILE))[-1] == row


def test_a_change_that_makes_the_file_wrong_is_not_kept(tmp_path: Path) -> None:
    """The file stays as it was, and the error names the line it would have had."""
    path = tmp_path / "feeds.yaml"
    path.write_text(COMMENTED, encoding="utf-8")
    twice = FeedSettings(url="https://two.example/feed/", name="Two again")
    with pytest.raises(ConfigError, match=r"feeds\.yaml:14: .* the same feed as the one on line 9"):
        change_feeds(path, lambda text: with_rows(text, [twice], path), canonical_url)
    assert path.read_text(encoding="utf-8") == COMMENTED
    assert [p.name for p in tmp_path.iterdir()] == ["feeds.yaml"]


def test_a_change_by_somebody_else_at_the_same_moment_is_kept(tmp_path: Path) -> None:
    """Who saves the file in an editor meanwhile loses nothing."""
    path = tmp_path / "feeds.yaml"
    path.write_text(COMMENTED, encoding="utf-8")

    def slow(text: str) -> str:
        path.write_text("# mine\n" + COMMENTED, encoding="utf-8")
        return with_rows(text, [NEW], path)

    with pytest.raises(ConfigError, match="try again"):
        change_feeds(path, slow, canonical_url)
    assert path.read_text(encoding="utf-8") == "# mine\n" + COMMENTED


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """A feeds.yaml that is linked in from elsewhere is changed where it is."""
    real, link = tmp_path / "real.yaml", tmp_path / "feeds.yaml"
    real.write_text(COMMENTED, encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    change_feeds(link, lambda text: without_row(text, 1, link), canonical_url)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert [row.name for row in settings(real.read_text(encoding="utf-8"))] == ["One", "Three"]
