"""From bytes to entries: golden files for the formats, and what feeds in the wild do wrong."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.news import Entry, Failed, FailureKind, Feed, Fetched
from extractors.feeds import ParsedFeed, parse_feed
from extractors.plain_text import text_of_html
from tests.golden_feeds import FEED, FOLDER, NOW, URL, as_json, golden_feeds, read, want_of


def fetched(body: bytes | str, content_type: str = "") -> Fetched:
    raw = body.encode() if isinstance(body, str) else body
    return Fetched(url=URL, status=200, headers={"content-type": content_type}, body=raw)


def parsed(body: bytes | str, feed: Feed = FEED, content_type: str = "") -> ParsedFeed:
    result = parse_feed(fetched(body, content_type), feed, now=NOW)
    assert isinstance(result, ParsedFeed), result
    return result


def refused(body: bytes | str) -> Failed:
    result = parse_feed(fetched(body), FEED, now=NOW)
    assert isinstance(result, Failed), result
    return result


def rss(items: str, channel: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{channel}{items}</channel></rss>'


def only(body: bytes | str, **changes: str) -> Entry:
    (entry,) = parsed(body, **changes).entries  # type: ignore[arg-type]
    return entry


# ---- formats


@pytest.mark.parametrize("body", golden_feeds(), ids=lambda p: p.relative_to(FOLDER).as_posix())
def test_golden_feeds(body: Path) -> None:
    """Each feed of tests/data/feeds gives exactly what the .want.json beside it says."""
    assert as_json(read(body)) == json.loads(want_of(body).read_text(encoding="utf-8"))


# ---- identity


def test_the_key_is_the_link_then_the_guid_then_the_text_never_a_date() -> None:
    """Identity survives a changed guid suffix, tracking, scheme and date; without link and guid it
    is the text's."""
    first = only(
        rss("<item><title>a</title><link>https://w.example/1?at_x=1</link><guid>g#1</guid></item>")
    )
    again = only(
        rss(
            "<item><title>a, edited</title><link>http://w.example/1/</link><guid>g#2</guid>"
            "<pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate></item>"
        )
    )
    assert first.key == again.key == "https://w.example/1"
    assert only(rss("<item><title>a</title><guid isPermaLink='false'>g1</guid></item>")).key == "g1"
    dated = "<item><title>a</title><description>b</description><pubDate>{}</pubDate></item>"
    keys = {
        only(rss(dated.format(day))).key
        for day in ("Mon, 02 Mar 2026 09:00:00 GMT", "Sun, 01 Mar 2026 09:00:00 GMT", "")
    }
    assert len(keys) == 1


def test_two_thousand_entries_are_all_kept_and_doubles_dropped() -> None:
    """No entry of a large feed is cut off; of two with one key the first stays."""
    items = "".join(
        f"<item><title>t{i}</title><link>https://w.example/{i % 2000}</link></item>"
        for i in range(2500)
    )
    entries = parsed(rss(items)).entries
    assert len(entries) == 2000
    assert entries[7].title == "t7"


def test_a_configured_language_is_believed_before_the_feeds_own_tag() -> None:
    """Feeds keep their system's default tag; the operator knows better, an entry's own tag best."""
    feed = Feed(key="k", url=URL, name="n", language="hi")
    body = rss(
        "<item><title>a</title><link>https://w.example/1</link></item>", "<language>en</language>"
    )
    assert only(body, feed=feed).language == "hi"  # type: ignore[arg-type]


# ---- what is no feed


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "<!DOCTYPE html><html><head><title>Sign in &amp; go</title></head></html>",
            'web page ("Sign in & go")',
        ),
        ("\ufeff <!-- x --><HTML><body>hello</body></HTML>", "web page, not a feed"),
        ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html xmlns="y"/>', "web page"),
        ("<urlset><url><loc>https://w.example/</loc></url></urlset>", "sitemap"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "XML of another kind"),
        ("just text", "plain text"),
        ("", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
        ('{"a": 1}', "not a JSON Feed"),
        ("[1, 2]", "not a JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1", ', "broken JSON"),
        ("[" * 100_000, "could not be parsed"),
        ("/etc/passwd", "plain text"),
        (str(FOLDER / "formats" / "rss20_agency.xml"), "plain text"),
        ("https://wire.example/feed", "plain text"),
    ],
)
def test_what_is_no_feed_is_called_by_its_name(body: bytes | str, words: str) -> None:
    """The failure says what the body is; a body that is a path or a URL opens nothing."""
    result = refused(body)
    assert words in result.reason
    assert result.kind is FailureKind.HARD


def test_a_web_page_names_its_feed() -> None:
    """When the page announces a feed, the failure tells its URL."""
    page = (
        "<!DOCTYPE html><html><head><link rel='stylesheet' href='/a.css'>"
        '<link rel="alternate" type="application/rss+xml" href="/rss.xml?a=1&amp;b=2"></head></html>'
    )
    assert "it names this feed: https://wire.example/rss.xml?a=1&b=2" in refused(page).reason


def test_a_broken_feed_is_worth_another_try() -> None:
    """A feed cut off before its first entry is a temporary failure, not another kind of
    document."""
    assert (
        refused('<?xml version="1.0"?><rss version="2.0"><channel><titl').kind
        is FailureKind.TEMPORARY
    )


def test_a_feed_cut_off_keeps_the_entries_before() -> None:
    """What was complete is read."""
    body = rss("<item><title>a</title><link>https://w.example/1</link></item><item><title>b</ti")[
        :-20
    ]
    assert parsed(body).entries[0].title == "a"


# ---- hostile bodies


def test_external_entities_are_not_fetched() -> None:
    """An external entity yields nothing of the file it names."""
    body = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + rss("<item><title>a&x;b</title><link>https://w.example/1</link></item>")[21:]
    )
    entry = only(body)
    assert "root:" not in entry.title + entry.text
    assert entry.key == "https://w.example/1"


def test_an_entity_bomb_stays_small() -> None:
    """Entities that multiply are not expanded without bound."""
    levels = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "aaaaaaaaaa">{levels}]>'
        + rss("<item><title>&a9;</title><link>https://w.example/1</link></item>")[21:]
    )
    entry = only(body)
    assert entry.key == "https://w.example/1"
    assert len(entry.title) <= 500


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<![CDATA[<div>"])
def test_deep_nesting_ends(tag: str) -> None:
    """Tens of thousands of nested tags give an entry, not a crash."""
    body = rss(
        f"<item><title>a</title><link>https://w.example/1</link><description>{tag * 20_000}x</description></item>"
    )
    assert only(body).key == "https://w.example/1"


def test_dangerous_and_broken_characters_are_removed() -> None:
    """Controls, lone surrogates, direction overrides and soft hyphens are gone; line breaks cannot
    reach a title."""
    items = [
        {
            "id": "g\r\nBcc: x",
            "title": "Pat\u00adriot\r\nSubject: x \u202egnihtemos\u202c \x00\x07 \ud83d",
            "content_text": "a\u200bb",
        }
    ]
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": items})
    entry = only(body)
    assert entry.title == "Patriot Subject: x gnihtemos"
    assert entry.text == "ab"
    assert entry.guid == "g Bcc: x"
    (entry.title + entry.text + entry.key).encode("utf-8")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://in:80\\@out/",
        "http://[::1",
        "data:text/html,x",
    ],
)
def test_a_link_that_is_no_web_address_is_none(link: str) -> None:
    """Such a link is neither followed nor shown; the guid is the identity."""
    entry = only(
        rss(f"<item><title>a</title><link>{link}</link><guid isPermaLink='false'>g</guid></item>")
    )
    assert (entry.url, entry.link, entry.key) == (None, None, "g")


def test_a_password_in_a_link_is_not_kept() -> None:
    """Userinfo in a stranger's link is dropped before it is stored."""
    entry = only(rss("<item><title>a</title><link>https://u:pw@w.example/1</link></item>"))
    assert entry.link == entry.url == "https://w.example/1"


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-16", "utf-8", "text/xml; charset=utf-8"),
        ("windows-1251", "windows-1251", "text/xml; charset=utf-8"),
        ("windows-1251", "utf-8", "application/rss+xml; charset=windows-1251"),
        ("utf-8", "us-ascii", "text/xml"),
    ],
)
def test_a_feed_is_read_in_the_encoding_of_its_bytes(
    encoding: str, declared: str, header: str
) -> None:
    """Header and declaration may lie; the bytes do not."""
    title = "Министр обороны сообщил о поставках"
    body = (
        f'<?xml version="1.0" encoding="{declared}"?>'
        + rss(f"<item><title>{title}</title><link>https://w.example/1</link></item>").partition(
            "?>"
        )[2]
    )
    assert only(body.encode(encoding), content_type=header).title == title


def test_nothing_a_feed_names_is_fetched() -> None:
    """Entities, a DTD, an include and a stylesheet on a listening address: nobody calls."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        there = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        head = (
            f'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{there}"?>'
            f'<!DOCTYPE rss SYSTEM "{there}" [<!ENTITY % p SYSTEM "{there}"> %p;'
            f' <!ENTITY e SYSTEM "{there}">]>'
        )
        include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{there}"/>'
        # Once well-formed, once not: the mending parser must be as deaf.
        for title in ("a&e;", "a&e;<b>"):
            entry = f"<item><title>{title}</title>{include}<link>https://w.example/1</link></item>"
            parse_feed(fetched(head + rss(entry)[21:]), FEED, now=NOW)
        with pytest.raises(BlockingIOError):
            server.accept()


def is_surprise(result: ParsedFeed | Failed) -> bool:
    """Whether a failure hides an exception that nobody foresaw."""
    return isinstance(result, Failed) and "could not be parsed" in result.reason


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "<rss><channel><item>", "<feed><entry>", '{"version":']),
)
def test_no_body_raises(noise: bytes, start: str) -> None:
    """Whatever the bytes, the answer is a value, and its texts can be stored."""
    result = parse_feed(fetched(start.encode() + noise), FEED, now=NOW)
    assert not is_surprise(result)
    for entry in result.entries if isinstance(result, ParsedFeed) else ():
        f"{entry.key}{entry.title}{entry.text}{entry.link}{entry.author}".encode()


SMALL_BODIES = [body for path in golden_feeds() if len(body := path.read_bytes()) < 3_000]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damaged_feed_raises(data: st.DataObject) -> None:
    """A real body with pieces cut out, doubled, or taken from another one is a value too."""
    body = data.draw(st.sampled_from(SMALL_BODIES))
    for _ in range(data.draw(st.integers(1, 3))):
        other = data.draw(st.sampled_from([body, *SMALL_BODIES]))
        start, end = sorted(data.draw(st.integers(0, len(other))) for _ in range(2))
        at, to = sorted(data.draw(st.integers(0, len(body))) for _ in range(2))
        body = body[:at] + other[start:end] + body[to:]
    assert not is_surprise(parse_feed(fetched(body), FEED, now=NOW))


@pytest.mark.parametrize("broken", [1, 30])
def test_an_entry_that_the_parser_stumbles_over_costs_only_itself(broken: int) -> None:
    """Damage that feedparser cannot take is kept from the entries before and after it."""
    stumbling = "<item><link>https://wir<item><title>b</title></item>e.example/x</link></item>"
    whole = "".join(
        f"<item><title>t{i}</title><link>https://w.example/{i}</link></item>" for i in range(50)
    )
    entries = parsed(rss(whole + stumbling * broken + whole)).entries
    assert [e.title for e in entries][:50] == [f"t{i}" for i in range(50)]


# ---- text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two<br>lines</p>", "One\n\ntwo\nlines"),
        ("a<br><br>b", "a\n\nb"),
        ("3 < 4 & 5", "3 < 4 & 5"),
        ("<3 billion deal", "<3 billion deal"),
        ("<ul><li>a<li>b</ul>", "a\n\nb"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\n\nc"),
        ("it&#146;s &ldquo;so&rdquo;&nbsp;&hellip;", "it’s “so” …"),
        ("<![CDATA[<b>x</b>]]>", "x"),
        ("<style>p{}</style><script>x()</script>y", "y"),
        ("<p>a&#55357;&#0;&#xFFFF;b</p><svg></svg>&#xDFFF;c&#99999999999999999999999;", "ab\n\nc"),
        ("a<!-- <p>b</p> -->c<img alt='<p>d</p>'>e", "ace"),
        ("a</li>b</h2>c", "a\n\nb\n\nc"),
        ("<p>a&#8203;</p>&#8203;<p>b&shy; c</p>", "a\n\nb c"),
        ("<div>" * 400 + "deep" + "</div>" * 400, "deep"),
        ("", ""),
    ],
)
def test_html_becomes_plain_text(markup: str, text: str) -> None:
    """Paragraphs and lines are kept, entities resolved, markup and scripts gone."""
    assert text_of_html(markup) == text
