"""The short way of reading plain feeds gives what feedparser gives, or leaves the feed to it."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.feed_formats import leniently_read, raw_feed
from extractors.plain_feeds import plain_feed
from extractors.plain_text import clean, decoded
from tests.golden_feeds import golden_feeds

NAMESPACES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
    " xmlns:atom='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'"
    " xmlns:georss='http://www.georss.org/georss' xmlns:wp='com-wordpress:feed-additions:1'"
)
ITEM = (
    "<item><title>Oslo &amp; Chile</title><link>https://wire.example/1?a=1&amp;b=2</link><guid>1</guid>"
    "<pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate><dc:creator>Ida Berg</dc:creator><category>Arms</category>"
    "<description>&lt;p&gt;Two frigates&lt;/p&gt;</description>"
    "<content:encoded><![CDATA[<p>Two frigates, and spares.</p>]]></content:encoded></item>"
)
ENTRY = (
    "<entry><title type='html'>Oslo &amp;amp; Chile</title><link href='https://wire.example/1'/><id>tag:1</id>"
    "<updated>2026-03-01T10:00:00Z</updated><author><name>Ida Berg</name></author>"
    "<summary>a &lt; b</summary></entry>"
)


def rss(items: str, channel: str = "") -> str:
    about = "<title>Wire</title><link>https://wire.example/</link><language>en</language>"
    return f"<rss version='2.0' {NAMESPACES}><channel>{about}{channel}{items}</channel></rss>"


def atom(entries: str) -> str:
    about = "<title>Wire</title><link href='https://wire.example/'/><id>tag:wire</id>"
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{about}{entries}</feed>"


@pytest.mark.parametrize("text", [rss(ITEM), atom(ENTRY), rss(""), rss(ITEM + ITEM)])
def test_ordinary_feeds_go_the_short_way(text: str) -> None:
    """And nothing of them is lost or changed."""
    plain = plain_feed(text)
    assert plain is not None
    assert plain == raw_feed(leniently_read(text))


@pytest.mark.parametrize(
    "more",
    [
        "<source url='https://other.example/feed'>Other</source>",
        "<media:content url='https://wire.example/1.jpg' medium='image'/>" * 2,
        "<media:group><media:content url='u'><media:credit>Ida</media:credit></media:content></media:group>",
        "<media:keywords>arms</media:keywords><media:text>Seen</media:text><media:rating>all</media:rating>",
        "<dc:subject>Arms</dc:subject><dc:identifier>7</dc:identifier><dc:type>story</dc:type>",
        "<dc:publisher>Wire</dc:publisher><dc:rights>All</dc:rights>",
        "<georss:point>59.9 10.7</georss:point><wp:post-id>7</wp:post-id>",
    ],
)
@pytest.mark.parametrize(
    "item",
    [
        ITEM,
        "<item><title>Oslo</title><link>https://wire.example/1</link></item>",
        "<item><guid>7</guid><description>Two frigates</description></item>",
    ],
)
def test_what_tells_nothing_of_an_entry_is_passed_over(item: str, more: str) -> None:
    """Wherever it stands, and whatever is missing that it might be taken for."""
    for text in (
        item.replace("<item>", f"<item>{more}"),
        item.replace("</item>", f"{more}</item>"),
    ):
        plain = plain_feed(rss(text))
        assert plain == raw_feed(leniently_read(rss(text))) == plain_feed(rss(item))
        assert plain is not None


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE rss [<!ENTITY a 'x'>]>" + rss(ITEM),
        rss(ITEM.replace("<guid>", "<guid>1</guid><guid>")),
        rss(ITEM.replace("Two frigates, and", "Two]]><b>frigates</b><![CDATA[")),
        rss(ITEM.replace("Ida Berg", "ida@wire.example (Ida)")),
        rss(ITEM.replace("https://wire.example/1", "/1")),
        rss(ITEM.replace("<category>", "<media:title>x</media:title><category>")),
        rss(ITEM, channel="<atom:entry><atom:title>x</atom:title></atom:entry>"),
        rss(ITEM.replace("&amp;", "&nbsp;")),
        rss(ITEM)[:-20],
        atom(ENTRY.replace("type='html'", "type='xhtml'")),
        atom(ENTRY.replace("<entry>", "<entry xml:base='https://other.example/'>")),
        "<rdf/>",
        "",
    ],
)
def test_what_is_out_of_the_ordinary_is_left_alone(text: str) -> None:
    """feedparser knows what to do, or we have taught it (feed_repairs)."""
    assert plain_feed(text) is None


@pytest.mark.parametrize("body", golden_feeds(), ids=lambda path: path.stem)
def test_every_golden_feed_is_read_the_same_both_ways(body: Path) -> None:
    """The short way has no opinions of its own."""
    text = clean(decoded(body.read_bytes()))
    start = text.find("<", text.find("?>") if text.lstrip().startswith("<?xml") else 0)
    plain = plain_feed(text[max(start, 0) :])
    if plain is not None:
        assert plain == raw_feed(leniently_read(text[max(start, 0) :]))


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=40
)


@given(
    title=WORDS,
    text=WORDS,
    guid=WORDS,
    author=WORDS,
    link=WORDS,
    kind=st.sampled_from(["html", "text"]),
)
@settings(max_examples=100, deadline=None)
def test_any_words_are_read_the_same_both_ways(
    title: str, text: str, guid: str, author: str, link: str, kind: str
) -> None:
    """Whatever the publisher writes."""
    title, text, guid, author = (escape(clean(t)) for t in (title, text, guid, author))
    address = f"https://wire.example/{escape(clean(link), quote=True)}"
    item = (
        f"<item><title>{title}</title><link>{address}</link><guid isPermaLink='false'>{guid}</guid>"
        f"<description>{text}</description><dc:creator>{author}</dc:creator></item>"
    )
    entry = (
        f"<entry><title type='{kind}'>{title}</title><link href='{address}'/><id>{guid}</id>"
        f"<content type='{kind}'>{text}</content></entry>"
    )
    for feed in (rss(item), atom(entry)):
        plain = plain_feed(feed)
        if plain is not None:
            assert plain == raw_feed(leniently_read(feed))
