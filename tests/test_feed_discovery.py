"""A feed is found from its site's address, and added to feeds.yaml by name."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import InputError
from domain.settings import FetchSettings, PerHostSettings
from extractors.feed_discovery import feed_links
from flows.feed_search import FoundFeed, find_feeds
from tests.http_site import Answer, Site, redirect

LOOPBACK = FetchSettings(
    allow_private=("127.0.0.0/8",), per_host=PerHostSettings.model_validate({"spacing": "0s"})
)
RSS = (
    "<rss version='2.0'><channel><title>{}</title><language>en-gb</language><item><title>Frigates sold</title>"
    "<link>https://a.example/1</link><pubDate>Thu, 19 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"
)


def rss(title: str) -> Answer:
    return Answer(RSS.format(title).encode(), headers={"Content-Type": "application/rss+xml"})


def page(head: str = "", body: str = "") -> Answer:
    return Answer(f"<html><head>{head}</head><body>{body}</body></html>".encode())


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def find(url: str) -> tuple[FoundFeed, ...]:
    return asyncio.run(find_feeds(url, LOOPBACK))


def test_links_of_a_page_in_the_order_they_are_worth_trying() -> None:
    """Declared feeds come first, feeds of comments last, the page itself and other types never."""
    text = """<html><head><base href="/news/"><title>x</title>
    <link rel="alternate" type="application/rss+xml" title="X Comments" href="comments/feed">
    <LINK REL="Alternate" TYPE="application/atom+xml; charset=utf-8" title=" All
     news " HREF="atom">
    <link rel="alternate" type="application/json" href="wp-json">
    <link rel="alternate" hreflang="de" href="/de/">
    <link rel="alternate" type="application/rss+xml" href="https://[broken">
    </head><body><a href="/rss/world.xml">World</a><a href="mailto:rss@x.example">m</a><a href="atom">again</a>
    <a href="/feedback">no</a>"""
    links = feed_links(text.encode(), "text/html", "https://x.example/")
    assert [(link.url, link.title) for link in links] == [
        ("https://x.example/news/atom", "All news"),
        ("https://x.example/rss/world.xml", "World"),
        ("https://x.example/news/comments/feed", "X Comments"),
    ]


@pytest.mark.parametrize(
    "body", [b"", b"\x00\xff", b"<", b"<a href=", "<p>\ud83d".encode("utf-16-le", "surrogatepass")]
)
def test_no_body_upsets_the_search(body: bytes) -> None:
    """Whatever a page is made of, the answer is a list."""
    assert feed_links(body, "text/html", "https://x.example/") == ()


def test_a_feed_declared_by_the_page(site: Site) -> None:
    """What the page names is tried, and what does not answer as a feed is left out."""
    links = (
        "<link rel=alternate type='application/rss+xml' href='/gone'>"
        "<link rel=alternate type='application/rss+xml' href='/world'>"
        "<link rel=alternate type='application/atom+xml' href='/same'>"
    )
    site.answer("/", page(links))
    site.answer("/world", rss("World"))
    site.answer("/same", redirect(site.url("/world")))
    [found] = find(site.url("/"))
    assert (found.url, found.title) == (site.url("/world"), "World")
    assert len(found.parsed.entries) == 1


def test_a_feed_in_a_usual_place(site: Site) -> None:
    """A page that names none: the places where sites usually keep one are tried."""
    site.answer("/", page(body="welcome"))
    site.answer("/feed.xml", rss("Quiet"))
    [found] = find(site.url("/"))
    assert found.url == site.url("/feed.xml")


def test_no_feed_anywhere(site: Site) -> None:
    """The user is told what the address is and what to do."""
    site.answer("/", page("<title>Harbour News</title>"))
    with pytest.raises(
        InputError, match=r'is a web page \("Harbour News"\), not a feed.*own address'
    ):
        find(site.url("/"))


def test_a_link_into_the_private_network_is_not_followed(site: Site) -> None:
    """What a page names is a stranger's word: the guard stands before it as before every feed."""
    site.answer(
        "/", page(f"<link rel=alternate type='application/rss+xml' href='{site.url('/in')}'>")
    )
    site.answer("/in", rss("Inside"))
    with pytest.raises(InputError, match="refused"):
        asyncio.run(find_feeds(site.url("/"), FetchSettings()))
    assert site.requests == []


# ---- the commands


def armswire(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )


@pytest.fixture
def monitor(tmp_path: Path) -> Path:
    (tmp_path / "feeds.yaml").write_text("# Ours.\n", encoding="utf-8")
    config = tmp_path / "monitor.yaml"
    config.write_text(
        "database: monitor.duckdb\nfeeds: feeds.yaml\n"
        "fetch: {allow_private: [127.0.0.0/8], per_host: {spacing: 0s}}\n",
        encoding="utf-8",
    )
    return config


def test_a_feed_is_added_and_removed(site: Site, monitor: Path) -> None:
    """`feeds add` writes a row that the next run polls; `feeds remove` takes it out again."""
    site.answer("/", page("<link rel=alternate type='application/rss+xml' href='/world'>"))
    site.answer("/world", rss("World"))
    feeds = monitor.parent / "feeds.yaml"
    added = armswire("feeds", "add", site.url("/"), "-c", monitor, "--tier", "trade", "--tag", "x")
    assert (added.returncode, added.stderr) == (0, "")
    assert f"added World ({site.url('/world')}), {feeds}:3" in added.stdout
    assert "1 entries, the newest of 19 Nov 2026" in added.stdout
    text = feeds.read_text(encoding="utf-8")
    assert text.startswith("# Ours.\n")
    [row] = json.loads(armswire("feeds", "list", "-c", monitor, "--json").stdout)
    assert (row["name"], row["tier"], row["tags"]) == ("World", "trade", ["x"])
    tried = armswire("feeds", "test", "World", "-c", monitor)
    assert "1 entries, 1 of them dated" in tried.stdout
    unknown = armswire("feeds", "test", "Word", "-c", monitor)
    assert 'no feed is named "Word"; did you mean "World"?' in unknown.stderr
    # By another address of the same feed it is refused, and told where it stands.
    site.answer("/moved", redirect(site.url("/world")))
    again = armswire("feeds", "add", site.url("/moved"), "-c", monitor)
    assert again.returncode == 2
    assert f'is configured already, as "World" ({feeds}:3)' in again.stderr
    removed = armswire("feeds", "remove", "World", "-c", monitor)
    assert removed.returncode == 0
    assert feeds.read_text(encoding="utf-8").strip() == "# Ours."


def test_a_site_of_several_feeds_is_not_guessed_at(site: Site, monitor: Path) -> None:
    """Without a terminal to ask in, the addresses are listed and nothing is written."""
    links = "".join(f"<link rel=alternate type='application/rss+xml' href='/{n}'>" for n in "ab")
    site.answer("/", page(links))
    site.answer("/a", rss("A"))
    site.answer("/b", Answer(RSS.format("B").replace("a.example/1", "b.example/1").encode()))
    done = armswire("feeds", "add", site.url("/"), "-c", monitor)
    assert done.returncode == 2
    assert f"names 2 feeds; give one of them: {site.url('/a')}, {site.url('/b')}" in done.stderr
    assert (monitor.parent / "feeds.yaml").read_text(encoding="utf-8") == "# Ours.\n"


def test_in_a_terminal_the_feed_and_its_name_are_asked_for(site: Site, monitor: Path) -> None:
    """The feeds are shown with what is in them; a number that is none is asked for again, the second is chosen and named."""
    links = "".join(f"<link rel=alternate type='application/rss+xml' href='/{n}'>" for n in "ab")
    site.answer("/", page(links))
    site.answer("/a", rss("Ships"))
    site.answer("/b", rss("Planes"))
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "wb", buffering=0) as keyboard, os.fdopen(theirs) as terminal:
        running = subprocess.Popen(
            [sys.executable, "-m", "flows.cli.main", "feeds", "add", site.url("/"), "-c", monitor],
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        keyboard.write(b"7\n2\nHangar\n")
        said, asked = running.communicate(timeout=300)
    assert running.returncode == 0, asked
    assert f"names 2 feeds:\n  1. {site.url('/a')}\n     Ships: 1 entries" in asked
    assert "Name [Planes]" in asked
    assert f"added Hangar ({site.url('/b')})" in said
