"""OPML: what other readers export is read, what armswire exports is read back, nothing hostile gets through."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import InputError
from extractors.opml import read_opml
from flows.feed_rows import export_opml, import_opml, rows_in

FILE = Path("list.opml")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FEEDS = """\
# Kept.
- {url: "https://one.example/feed", name: One, publisher: "One & Co", country: NO, language: en, tier: trade, \
tags: [arms, sea_power], every: 90m}
- {url: "https://user:secret@two.example/feed?a=1&b=2", name: "Two <x>", enabled: false}
"""


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?>\n<opml version="2.0"><head/>\n<body>\n{body}\n</body></opml>'.encode()


def test_folders_become_tags_and_attributes_values() -> None:
    """A reader's export: nested folders, names in `text` or `title`, categories, a region in the language."""
    outlines = read_opml(
        opml(
            '<outline text="Sea Power"><outline text="Asia">'
            '<outline type="rss" text="Harbour" xmlUrl="https://a.example/f" category="/arms/ships,/x"'
            ' language="en-GB" publisher="H"/></outline></outline>\n'
            '<outline title="Loose" xmlUrl=" https://b.example/f "/>'
        ),
        FILE,
    )
    assert [(o.line, dict(o.values)) for o in outlines] == [
        (
            4,
            {
                "url": "https://a.example/f",
                "name": "Harbour",
                "publisher": "H",
                "language": "en",
                "tags": ("arms", "ships", "x", "sea_power", "asia"),
                "enabled": True,
            },
        ),
        (5, {"url": "https://b.example/f", "name": "Loose", "enabled": True}),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello", "list.opml:1: is not XML"),
        (opml("<outline>"), "list.opml:5: is not XML"),
        (b"<html>\n<body/></html>", "list.opml:1: is no OPML"),
        (b"<opml version='2.0'><head/></opml>", "list.opml:1: is no OPML"),
        (b"<!DOCTYPE opml SYSTEM 'file:///etc/passwd'><opml><body/></opml>", "document type"),
        (
            b"<!DOCTYPE opml [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><opml><body>"
            b"<outline xmlUrl='https://x.example/&b;'/></body></opml>",
            "document type",
        ),
    ],
)
def test_what_is_no_opml_is_refused_with_its_line(content: bytes, said: str) -> None:
    """One line naming file and line; no entity is looked at."""
    with pytest.raises(InputError) as caught:
        read_opml(content, FILE)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_exported_is_imported_as_it_was(tmp_path: Path) -> None:
    """Publisher, country, tier, tags, interval and whether a row is enabled survive; a login does not leave."""
    ours, theirs = tmp_path / "ours.yaml", tmp_path / "theirs.yaml"
    ours.write_text(FEEDS, encoding="utf-8")
    theirs.write_text("", encoding="utf-8")
    document = export_opml(ours, NOW)
    assert b"secret" not in document
    done = import_opml(FILE, document, theirs)
    assert done.refused == ()
    before, after = ([row.settings for row in rows_in(path)] for path in (ours, theirs))
    assert after[0] == before[0]
    assert after[1].model_copy(update={"url": before[1].url}) == before[1]


def test_what_is_refused_is_told_with_its_line_and_the_rest_is_added(tmp_path: Path) -> None:
    """Known feeds, feeds named twice and wrong ones are left out; a name that is taken is numbered."""
    path = tmp_path / "feeds.yaml"
    path.write_text(FEEDS, encoding="utf-8")
    body = """\
<outline text="Known" xmlUrl="http://one.example/feed/"/>
<outline text="One" xmlUrl="https://new.example/feed"/>
<outline text="Again" xmlUrl="https://new.example/feed#x"/>
<outline text="Gopher" xmlUrl="gopher://old.example/"/>
<outline text="Nowhere" xmlUrl="https://c.example/feed" country="Atlantis"/>
<outline xmlUrl="https://nameless.example/feed"/>"""
    done = import_opml(FILE, opml(body), path)
    assert [row.name for row in done.added] == ["One (2)", "nameless.example"]
    assert list(done.refused) == [
        f"list.opml:4: http://one.example/feed/ is configured already ({path}:2)",
        "list.opml:6: https://new.example/feed is named on line 5 already",
        'list.opml:7: url: "gopher://old.example/" is no web address; it must begin with http:// or https://',
        'list.opml:8: country: "Atlantis" is no country code; write two letters, EU, NATO or UN',
    ]
    text = path.read_text(encoding="utf-8")
    assert text.startswith(FEEDS)
    assert [row.settings.name for row in rows_in(path)][2:] == ["One (2)", "nameless.example"]


def test_a_file_of_which_nothing_is_right_changes_nothing(tmp_path: Path) -> None:
    """It is an error, and feeds.yaml stays byte for byte."""
    path = tmp_path / "feeds.yaml"
    path.write_text(FEEDS, encoding="utf-8")
    with pytest.raises(InputError, match=r"list\.opml:4: url:"):
        import_opml(FILE, opml('<outline text="x" xmlUrl="feed:x"/>'), path)
    with pytest.raises(InputError, match="names no feed"):
        import_opml(FILE, opml('<outline text="x"/>'), path)
    assert path.read_text(encoding="utf-8") == FEEDS
