"""The sample newsroom on the network, asked by real HTTP clients and read by the real parsers."""

from __future__ import annotations

import gzip
import html
import http.client
import io
import json
import re
import socket
import struct
import subprocess
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from threading import Thread

import feedparser
import pytest
import trafilatura

from flows.demo.newsroom import load_newsroom, newsroom_from_jsonl
from flows.demo.newsroom_site import NewsroomSite
from flows.demo.outlets import FeedFormat, Newsroom, Outlet, Quirk, SampleArticle
from flows.demo.stream import newsroom_of_size

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def site() -> Iterator[NewsroomSite]:
    with NewsroomSite(load_newsroom(START), clock=lambda: START) as running:
        running.advance()
        yield running


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body as sent."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, headers=named)
    try:
        with urllib.request.urlopen(request) as answer:
            status, fields, body = answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        status, fields, body = answer.code, answer.headers, answer.read()
        answer.close()
    return status, {name.lower(): value for name, value in fields.items()}, body


def listed(site: NewsroomSite, outlet: Outlet) -> list[SampleArticle]:
    return [a for a in site.newsroom.articles(site.wave) if a.outlet == outlet]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


OUTLETS = load_newsroom(START).outlets


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_a_feed_lists_every_article_newest_first(site: NewsroomSite, outlet: Outlet) -> None:
    """feedparser (json for JSON Feed) finds each article's link, title and date, unless quirky."""
    status, headers, body = get(outlet.feed_url(site.base))
    articles = listed(site, outlet)
    assert status == 200
    if outlet.feed is FeedFormat.JSONFEED:
        items = json.loads(body)["items"]
        assert [item["url"] for item in items] == [a.url(site.base) for a in articles]
        assert [item["title"] for item in items] == [a.title for a in articles]
        dates = [datetime.fromisoformat(item["date_published"]) for item in items]
        assert dates == [article.published for article in articles]
        return
    ET.fromstring(body)  # noqa: S314 — our own document
    feed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    assert not feed.bozo
    assert [entry.link for entry in feed.entries] == [a.url(site.base) for a in articles]
    for entry, article in zip(feed.entries, articles, strict=True):
        assert ("title" in entry) == (article.feed_title != "")
        if article.feed_title is None:
            assert html.unescape(entry.title) == article.title
        assert ("id" in entry) == (Quirk.NO_GUID not in outlet.quirks)
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        assert (moment is None) == (Quirk.NO_DATES in outlet.quirks)
        if moment is not None:
            assert datetime(*moment[:6], tzinfo=UTC) == article.published


def test_feeds_carry_as_much_text_as_their_outlet_says(site: NewsroomSite) -> None:
    """A full feed has the last paragraph, a teaser feed the first one's beginning, others none."""
    for outlet in site.newsroom.outlets:
        _, _, body = get(outlet.feed_url(site.base))
        for article in listed(site, outlet):
            beginning = words(" ".join(article.paragraphs[0].split()[:12]))
            ending = words(" ".join(article.paragraphs[-1].split()[-8:]))
            text = words(re.sub(r"<[^>]*>", " ", _text_of(body, article.url(site.base))))
            assert (beginning <= text) == (outlet.feed_text in ("full", "teaser")), article.path
            if outlet.feed_text != "teaser":
                assert (ending <= text) == (outlet.feed_text == "full"), article.path


def _text_of(body: bytes, url: str) -> str:
    """The text of the entry that links to `url`."""
    if body.startswith(b"{"):
        return next(i for i in json.loads(body)["items"] if i["url"] == url)["content_html"]
    entry = next(e for e in feedparser.parse(io.BytesIO(body)).entries if e.link == url)
    parts = [part.value for part in entry.get("content", [])] or [entry.get("summary", "")]
    return " ".join(parts)


def test_every_page_holds_its_article_and_little_else(site: NewsroomSite) -> None:
    """trafilatura recovers 90 % of each article's words or more, with under 10 % foreign ones."""
    sizes = []
    for article in site.newsroom.collection:
        status, headers, body = get(article.url(site.base))
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
        found = words(trafilatura.extract(body, favor_precision=True) or "")
        written = words(article.text)
        assert (written & found).total() >= 0.9 * written.total(), article.path
        assert (found - written).total() < 0.1 * found.total(), article.path
        sizes.append(len(body))
    assert min(sizes) > 15_000
    assert max(sizes) < 60_000


def test_a_page_says_when_it_was_published_and_what_it_is_called(site: NewsroomSite) -> None:
    """Wherever the reader's metadata come from, title and day are the article's."""
    for article in site.newsroom.collection:
        _, _, body = get(article.url(site.base))
        page = trafilatura.extract_metadata(body)
        assert page.date == f"{article.published:%Y-%m-%d}", article.path
        assert words(article.title) - words(page.title or "") == Counter(), article.path


def test_later_articles_appear_only_once_their_wave_is_out() -> None:
    """A page of the second wave answers 404 and is in no feed until `advance`."""
    with NewsroomSite(load_newsroom(START)) as site:
        later = next(a for a in site.newsroom.collection if a.wave == 2)
        feed = later.outlet.feed_url(site.base)
        assert get(later.url(site.base))[0] == 404
        assert later.path.encode() not in get(feed)[2]
        assert site.advance() == 2
        assert get(later.url(site.base))[0] == 200
        assert later.path.encode() in get(feed)[2]


def test_an_unchanged_feed_answers_304_and_a_changed_one_200() -> None:
    """Each validator alone is enough; a wave outdates those of the feeds it adds to, no others."""
    with NewsroomSite(load_newsroom(START), clock=lambda: START) as site:
        known = {}
        for outlet in site.newsroom.outlets:
            url = outlet.feed_url(site.base)
            _, headers, _ = get(url)
            known[outlet] = ("W/" + headers["etag"], headers["last-modified"])
            status, again, body = get(url, If_None_Match=f'"other", {headers["etag"]}')
            assert (status, body, again["etag"]) == (304, b"", headers["etag"])
            assert get(url, If_Modified_Since=headers["last-modified"])[0] == 304
            older = parsedate_to_datetime(headers["last-modified"]) - timedelta(seconds=1)
            assert get(url, If_Modified_Since=format_datetime(older, usegmt=True))[0] == 200
            assert get(url, If_Modified_Since="yesterday")[0] == 200
            unknown = {"If_None_Match": '"other"', "If_Modified_Since": headers["last-modified"]}
            assert get(url, **unknown)[0] == 200
        site.advance()
        added = {a.outlet for a in site.newsroom.collection if a.wave == 2}
        assert added
        assert added < set(known)
        for outlet, (etag, modified) in known.items():
            expected = 200 if outlet in added else 304
            assert get(outlet.feed_url(site.base), If_None_Match=etag)[0] == expected
            assert get(outlet.feed_url(site.base), If_Modified_Since=modified)[0] == expected


def test_answers_are_packed_for_clients_that_can_unpack(site: NewsroomSite) -> None:
    """With gzip accepted the body is the same one, packed; HEAD has the headers and no body."""
    url = site.newsroom.collection[0].url(site.base)
    _, plain, body = get(url)
    _, packed, small = get(url, Accept_Encoding="br, gzip")
    assert "content-encoding" not in plain
    assert packed["content-encoding"] == "gzip"
    assert gzip.decompress(small) == body
    assert len(small) < len(body) / 2
    head = urllib.request.Request(url, method="HEAD")
    with urllib.request.urlopen(head) as answer:
        assert answer.headers["Content-Length"] == str(len(body))
        assert answer.read() == b""


def test_front_pages_and_robots_are_there_and_nothing_else(site: NewsroomSite) -> None:
    """An outlet's front page links all that is out; robots.txt allows; other paths answer 404."""
    for outlet in site.newsroom.outlets:
        status, _, body = get(f"{site.base}/{outlet.id}/")
        assert status == 200
        assert all(f'href="{a.path}"'.encode() in body for a in listed(site, outlet))
    assert get(f"{site.base}/robots.txt")[2] == b"User-agent: *\nAllow: /\n"
    for path in ("/", "/halyard", "/halyard/none", "/nobody/feed.xml", "/%2e%2e/etc/passwd"):
        assert get(site.base + path)[0] == 404, path


def test_requests_are_counted_by_path_and_status() -> None:
    """Every answer is counted once, without its query, and before the client has it."""
    with NewsroomSite(load_newsroom(START)) as site:
        path = site.newsroom.outlets[0].feed_path
        _, headers, _ = get(f"{site.base}{path}?x=1")
        get(site.base + path, If_None_Match=headers["etag"])
        get(f"{site.base}/none")
        assert site.requests() == {(path, 200): 1, (path, 304): 1, ("/none", 404): 1}


def test_one_connection_carries_many_requests(site: NewsroomSite) -> None:
    """Connections are kept open after 200, 304 and 404 alike."""
    connection = http.client.HTTPConnection(site.base.removeprefix("http://"))
    connection.connect()
    opened = connection.sock
    etag = ""
    for path, status in ((OUTLETS[0].feed_path, 200), (OUTLETS[0].feed_path, 304), ("/x", 404)):
        connection.request("GET", path, headers={"If-None-Match": etag})
        answer = connection.getresponse()
        answer.read()
        etag = answer.headers["ETag"] or ""
        assert answer.status == status
        assert connection.sock is opened
    connection.close()


def test_a_client_that_goes_away_is_no_news(
    site: NewsroomSite, capfd: pytest.CaptureFixture[str]
) -> None:
    """A reset in mid-answer leaves no word on stderr, and the next client is served."""
    host, port = site.base.removeprefix("http://").split(":")
    path = site.newsroom.collection[0].path
    for _ in range(20):
        with socket.create_connection((host, int(port))) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 20)
    assert get(site.base + path)[0] == 200
    assert capfd.readouterr() == ("", "")


def test_many_clients_at_once_get_the_same_page(site: NewsroomSite) -> None:
    """Threads asking for a page nobody has asked for yet all get it whole."""
    with NewsroomSite(newsroom_of_size(40, START)) as fresh:
        urls = [article.url(fresh.base) for article in fresh.newsroom.collection] * 4
        bodies: list[tuple[str, bytes]] = []
        threads = [Thread(target=lambda u=url: bodies.append((u, get(u)[2]))) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(bodies) == len(urls)
        assert len(set(bodies)) == len(fresh.newsroom.collection)


def hostile_newsroom(tmp_path: Path) -> Newsroom:
    """One article at every outlet whose title and text try to be markup or cannot be XML."""
    nasty = "A \"<b>bold</b>\" & 'sly' <script>alert(1)</script> ]]> {{ 7*7 }} \x00\x08\ufffe\ud800"
    text = f"{nasty} said the mayor of the town on Monday.\n\nSecond paragraph, with nothing in it."
    rows = [{"id": f"{n}", "title": f"{nasty} {n}", "text": text} for n in range(12)]
    path = tmp_path / "hostile.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return newsroom_from_jsonl(path, START)


def test_titles_and_texts_are_escaped_wherever_they_go(tmp_path: Path) -> None:
    """Markup in titles and text stays text on pages and in feeds; feeds stay well-formed."""
    room = hostile_newsroom(tmp_path)
    # Guests of every kind and format, state media and quirks included.
    shapes = [
        replace(outlet, id=f"{outlet.id}-{model.id}", kind=model.kind, quirks=model.quirks)
        for outlet, model in zip(room.outlets * 2, OUTLETS, strict=False)
    ]
    pairs = zip(room.collection, shapes * 2, strict=False)
    collection = tuple(replace(article, outlet=shape) for article, shape in pairs)
    outlets = tuple(dict.fromkeys(article.outlet for article in collection))
    with NewsroomSite(replace(room, outlets=outlets, collection=collection)) as site:
        for article in collection:
            _, _, body = get(article.url(site.base))
            page = body.decode()
            assert "<script>alert" not in page
            assert "{{ 7*7 }}" in page
            assert "said the mayor" in (trafilatura.extract(page, favor_precision=True) or "")
        for outlet in outlets:
            _, _, body = get(outlet.feed_url(site.base))
            entries = sum(article.outlet == outlet for article in collection)
            if outlet.feed is FeedFormat.JSONFEED:
                assert len(json.loads(body)["items"]) == entries
            else:
                ET.fromstring(body)  # noqa: S314 — our own document
                assert len(feedparser.parse(io.BytesIO(body)).entries) == entries


def test_an_article_without_text_is_a_page_with_its_headline_alone(tmp_path: Path) -> None:
    """Nothing of a site's chrome can be taken for the body of an article that has none."""
    path = tmp_path / "headlines.jsonl"
    rows = [{"id": f"{n}", "title": f"Council <votes> {n}", "text": ""} for n in range(6)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with NewsroomSite(newsroom_from_jsonl(path, START)) as site:
        for article in site.newsroom.collection:
            _, _, body = get(article.url(site.base))
            inner = re.sub(r"<[^>]*>", "", body.decode().partition("<body>")[2])
            assert inner.split() == ["Council", "&lt;votes&gt;", article.title[-1]]
            _, _, feed = get(article.outlet.feed_url(site.base))
            assert article.url(site.base).encode() in feed


@pytest.mark.slow
def test_the_standalone_site_ends_with_whoever_started_it(tmp_path: Path) -> None:
    """It prints its addresses, obeys `advance` and `counts`, and ends when stdin closes."""
    command = [sys.executable, "-W", "error", "-m", "flows.demo.standalone", str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr

        def ask(line: str) -> dict[str, object]:
            assert process.stdin
            assert process.stdout
            process.stdin.write(line + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        addresses = json.loads(process.stdout.readline())
        assert len(addresses["feeds"]) == len(OUTLETS)
        assert get(addresses["feeds"][0]["url"])[0] == 200
        assert addresses["smtp"].startswith("smtp://127.0.0.1:")
        assert ask("advance") == {"wave": 2}
        path = addresses["feeds"][0]["url"].removeprefix(addresses["site"])
        assert ask("counts") == {"requests": [[path, 200, 1]], "emails": [], "slack": 0}
        process.stdin.close()
        assert process.wait(timeout=30) == 0
        assert process.stderr.read() == ""
