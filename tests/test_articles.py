"""From pages to articles: the text with its paragraphs, or the feed's own text with a note that
says why."""

from __future__ import annotations

import gzip
import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.news import Completeness, Entry, Fetched, Method
from extractors.articles import (
    article_from_entry,
    extract_article,
    extract_html,
)
from extractors.languages import language_of
from extractors.page_reading import MAX_BODY, MAX_TAGS

PAGES = Path(__file__).parent / "data" / "pages"
URL = "https://wire.example/2026/coastal-missiles"
FEED_TEXT = "Norland will hand over two batteries of coastal missiles to Estmark."
ENTRY = Entry(
    feed="https://wire.example/feed",
    key=URL,
    url=URL,
    link=URL + "?utm_source=rss",
    guid=None,
    title="Norland to send coastal missiles to Estmark, minister says",
    text=FEED_TEXT,
    published=None,
    language="en",
)
SENTENCES = (
    "Norland will send coastal missiles to Estmark, the minister says in a long sentence number {}. "
    "It is followed by another sentence so that the paragraph has some length."
)


def page(body: bytes | str, url: str = URL, content_type: str = "text/html") -> Fetched:
    raw = body.encode() if isinstance(body, str) else body
    return Fetched(url=url, status=200, headers={"content-type": content_type}, body=raw)


def stored(name: str, url: str = URL) -> Fetched:
    return page((PAGES / name).read_bytes(), url)


def article_page(title: str = ENTRY.title, paragraphs: int = 6, head: str = "") -> str:
    text = "".join(f"<p>{SENTENCES.format(i)}</p>" for i in range(paragraphs))
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{text}"
        "</article></body></html>"
    )


# ---- the article


def test_a_page_becomes_an_article_with_paragraphs_and_without_furniture() -> None:
    """Body paragraphs are kept apart; navigation, banner, caption, byline, related links and title
    line are not in it."""
    article = extract_article(stored("agency.html"), ENTRY, outlet="Northern Wire")
    assert article.completeness is Completeness.FULL
    assert article.method is Method.TRAFILATURA
    assert article.note is None
    paragraphs = article.body.split("\n\n")
    assert paragraphs[0].startswith("NORDHAVN, March 2 (Northern Wire) - Norland will hand over")
    assert paragraphs[1].startswith("“The agreement was signed this morning")
    assert paragraphs[-1].endswith("the speaker’s office said.")
    assert len(paragraphs) == 5
    for furniture in ("privacy", "Photo", "Related", "Ferry", "Copyright", "dataLayer", "Home"):
        assert furniture not in article.body
    assert article.title == ENTRY.title
    assert article.url == URL
    assert article.outlet == "Northern Wire"
    assert article.author == "Ida Vestergren"
    assert article.language == "en"


def test_the_feeds_date_wins_else_the_pages_with_its_time() -> None:
    """The entry's date is kept; without one the page's time of publication is used, in UTC."""
    given_date = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    entry = replace(ENTRY, published=given_date)
    assert extract_article(stored("agency.html"), entry, outlet=None).published == given_date
    found = extract_article(stored("agency.html"), ENTRY, outlet=None).published
    assert found == datetime(2026, 3, 2, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry_title", "entry_text", "want"),
    [
        ("Norland to send coastal missiles to…", FEED_TEXT, "page"),
        ("Norland to send coastal miss...", FEED_TEXT, "page"),
        (ENTRY.title + " - Northern Wire", FEED_TEXT, "page"),
        (FEED_TEXT, FEED_TEXT, "page"),
        ("", FEED_TEXT, "page"),
        ("Missiles for Estmark: Norland's minister signs", FEED_TEXT, "entry"),
        ("What next for Norland and the missiles…", FEED_TEXT, "entry"),
    ],
)
def test_the_pages_title_is_used_where_it_is_a_better_form(
    entry_title: str, entry_text: str, want: str
) -> None:
    """A cut, suffixed, made-up or missing title is replaced by the page's; a different one
    stands."""
    entry = replace(ENTRY, title=entry_title, text=entry_text)
    article = extract_article(stored("agency.html"), entry, outlet=None)
    assert article.title == (ENTRY.title if want == "page" else entry_title)


def test_a_redirect_does_not_change_which_article_it_is() -> None:
    """The URL of the article is the entry's, so that every attempt at an entry is the same
    article."""
    moved = page(article_page(), url="https://wire.example/moved/coastal-missiles")
    assert extract_article(moved, ENTRY, outlet=None).url == URL


# ---- what is no article


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("bot_check.html", "bot check"),
        ("consent_wall.html", "consent wall"),
        ("login.html", "login page"),
        ("list.html", "list of other articles"),
        ("not_found.html", "nothing at its address"),
    ],
)
def test_a_200_that_is_no_article_falls_back_to_the_feed(name: str, note: str) -> None:
    """Walls, lists and soft 404s are named in the note, and the feed's own text is the body."""
    article = extract_article(stored(name), ENTRY, outlet=None)
    assert note in (article.note or "")
    assert article.body == FEED_TEXT
    assert article.completeness is Completeness.FEED_TEXT
    assert article.method is Method.FEED


def test_an_article_about_bots_and_cookies_is_no_wall() -> None:
    """The words of a wall in a real article do not make it one."""
    title = "Just a moment: Estmark checks every cookie before it buys missiles"
    article = extract_article(stored("about_bots.html"), replace(ENTRY, title=title), outlet=None)
    assert article.completeness is Completeness.FULL
    assert "padlock" in article.body


def test_a_paywall_yields_the_longer_beginning() -> None:
    """What a paywall shows is kept as partial, without its notice, unless the feed says more."""
    shown = extract_article(stored("paywall.html"), ENTRY, outlet=None)
    assert shown.completeness is Completeness.TEASER
    assert shown.body.endswith("since the autumn.")
    assert "subscription" in (shown.note or "")
    longer = replace(ENTRY, text="More from the feed. " * 40)
    assert extract_article(stored("paywall.html"), longer, outlet=None).method is Method.FEED


def test_a_feed_that_holds_more_than_the_page_is_preferred() -> None:
    """A teaser page does not replace the full text of a feed."""
    entry = replace(ENTRY, title="Estmark thanks Norland for coastal missiles", text=FEED_TEXT * 5)
    article = extract_article(stored("teaser.html"), entry, outlet=None)
    assert article.body == FEED_TEXT * 5
    assert "less of the article than the feed" in (article.note or "")
    brief = replace(entry, text=FEED_TEXT)
    assert extract_article(stored("teaser.html"), brief, outlet=None).method is Method.TRAFILATURA


def test_a_redirect_to_the_front_page_is_no_article() -> None:
    """Dead links that lead to the front page do not make it the article."""
    front = page(article_page(), url="https://wire.example/")
    assert "front page" in (extract_article(front, ENTRY, outlet=None).note or "")


def test_a_redirect_to_something_else_is_no_article() -> None:
    """A page at another address that shares no word with the entry's title is another article."""
    other = page(
        article_page(title="Harbour festival")
        .replace("missiles", "boats")
        .replace("Norland", "They"),
        url="https://wire.example/other",
    )
    entry = replace(ENTRY, title="Parliament debates submarine contracts behind closed doors")
    assert "something else" in (extract_article(other, entry, outlet=None).note or "")


def test_an_entry_without_text_is_a_headline() -> None:
    """Only a title: completeness says so, and the body stays empty, also when the text repeats the
    title."""
    bare = article_from_entry(replace(ENTRY, text=""), outlet="W", note="answered 404 Not Found")
    assert (bare.completeness, bare.body) == (Completeness.BLOCKED, "")
    assert (bare.note, bare.method, bare.title) == (
        "answered 404 Not Found",
        Method.FEED,
        ENTRY.title,
    )
    repeated = article_from_entry(replace(ENTRY, text=ENTRY.title), outlet=None, note="n")
    assert repeated.completeness is Completeness.BLOCKED


def test_entries_without_url_keep_apart() -> None:
    """Two entries of different feeds with the same guid and no link are two articles."""
    urls = {
        article_from_entry(replace(ENTRY, url=None, key="17", feed=feed), outlet=None, note="n").url
        for feed in ("https://a.example/f", "https://b.example/f")
    }
    assert len(urls) == 2


# ---- encodings


RUSSIAN = "Норланд передаст Эстмарку береговые ракеты, сообщил министр обороны Арвид Хольм. "
JAPANESE = "防衛装備移転三原則の運用指針を改正し、政府は地対空誘導弾を輸出する方針を決めた。"


@pytest.mark.parametrize(
    ("text", "encoding", "declared", "header"),
    [
        (RUSSIAN, "utf-8", "windows-1251", "text/html; charset=windows-1251"),
        (RUSSIAN, "windows-1251", "utf-8", "text/html; charset=windows-1251"),
        (RUSSIAN, "windows-1251", "windows-1251", "text/html; charset=utf-8"),
        (RUSSIAN, "windows-1251", "utf-8", "text/html; charset=utf-8"),
        (RUSSIAN, "koi8-r", "koi8-r", "text/html"),
        (RUSSIAN, "utf-16", "utf-8", "text/html; charset=utf-8"),
        (RUSSIAN, "utf-16-be", "utf-8", "text/html"),
        (JAPANESE, "shift_jis", "shift_jis", "text/html"),
        (JAPANESE, "euc_jp", "utf-8", "text/html"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp", "text/html"),
    ],
)
def test_the_bytes_decide_the_encoding(
    text: str, encoding: str, declared: str, header: str
) -> None:
    """A page is read rightly when its header, its declaration, or both of them lie."""
    body = "".join(f"<p>{text * 3}</p>" for _ in range(4))
    markup = f'<html><head><meta charset="{declared}"><title>x</title></head><body><article>{body}</article></body></html>'
    article = extract_article(
        page(markup.encode(encoding), content_type=header),
        replace(ENTRY, title="", text="", language=None),
        outlet=None,
    )
    assert text.strip() in article.body
    assert article.language == ("ru" if text is RUSSIAN else "ja")


def test_a_stray_byte_does_not_spoil_a_page() -> None:
    """One bad byte in a UTF-8 page costs one character, not the encoding."""
    body = article_page().replace("long", "lång").encode().replace(b"number 3", b"number \xff 3")
    article = extract_article(page(body), ENTRY, outlet=None)
    assert "lång" in article.body
    assert article.completeness is Completeness.FULL


# ---- hostile pages


def test_a_page_too_large_or_too_dense_falls_back_at_once() -> None:
    """What would keep the extractor busy for minutes is not given to it."""
    dense = "<html><body>" + "<a href=x>y</a>" * MAX_TAGS + "</body></html>"
    assert "too large" in (extract_article(page(dense), ENTRY, outlet=None).note or "")
    heavy = "<html><body><p>" + "word " * 700_000 + "</p></body></html>"
    assert "too large" in (extract_article(page(heavy), ENTRY, outlet=None).note or "")


def test_a_very_long_article_is_cut_at_a_paragraph() -> None:
    """The body is bounded, and ends with a whole paragraph."""
    article = extract_article(page(article_page(paragraphs=900)), ENTRY, outlet=None)
    assert article.completeness is Completeness.FULL
    assert MAX_BODY - 500 < len(article.body) <= MAX_BODY
    assert article.body.endswith("has some length.")


@pytest.mark.parametrize(
    ("body", "content_type", "note"),
    [
        (b"%PDF-1.7 ...", "text/html", "PDF"),
        (b"\x89PNG...", "image/png", "image/png"),
        (b"just words, no tags", "text/plain", "no markup"),
        (b"", "text/html", "no markup"),
        (b"<html><body></body></html>", "text/html", "no article"),
        (gzip.compress(b"<html>" + b"<p>x</p>" * 1_000_000), "text/html", ""),
        (b"<div>" * 20_000 + b"deep", "text/html", ""),
        (b"<" * 40_000, "text/html", ""),
        (b"/etc/passwd", "text/html", "no markup"),
        (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><p>&a;</p></html>',
            "text/html",
            "",
        ),
        (b"<html><p>\x00\x01\x02\xff\xfe\xed\xa0\x80</p></html>", "text/html", ""),
    ],
    ids=[
        "pdf",
        "image",
        "text",
        "empty",
        "blank",
        "bomb",
        "deep",
        "brackets",
        "path",
        "xxe",
        "bytes",
    ],
)
def test_hostile_pages_fall_back_with_a_note(body: bytes, content_type: str, note: str) -> None:
    """Nothing raises, nothing of the machine's own files gets in, and the feed's text stands."""
    article = extract_article(page(body, content_type=content_type), ENTRY, outlet=None)
    assert article.method is Method.FEED
    assert article.body == FEED_TEXT
    assert article.note
    assert note in article.note


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=400), st.sampled_from(["<p>", "<article><p>", "<html lang=", "<title>", ""])
)
def test_no_bytes_raise(noise: bytes, start: str) -> None:
    """Whatever the bytes, an article with storable text comes back."""
    body = b"<html><body>" + start.encode() + noise + b"</p></body></html>"
    for article in (extract_article(page(body), ENTRY, outlet=None), extract_html(body, URL)):
        (article.title + article.body).encode("utf-8")
        assert "\0" not in article.title + article.body


def test_odd_pages_log_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """trafilatura's complaints about odd pages do not reach the log; the note of the article
    does."""
    with caplog.at_level(logging.WARNING):
        extract_article(page(b"<a></a>"), ENTRY, outlet=None)
        extract_article(page(b"<html/><html/>"), ENTRY, outlet=None)
    assert caplog.records == []


# ---- pages of which nothing else is known


def test_extract_html_finds_title_date_and_language_by_itself() -> None:
    """A file or a pasted page is enough."""
    article = extract_html(
        (PAGES / "agency.html").read_bytes(), "HTTPS://wire.example/a/?utm_source=x"
    )
    assert article.title == ENTRY.title
    assert article.published == datetime(2026, 3, 2, 13, 5, tzinfo=UTC)
    assert article.language == "en"
    assert article.url == "https://wire.example/a"


def test_extract_html_of_no_article_keeps_the_pages_title() -> None:
    """Without an article there is a headline, and a note why."""
    article = extract_html((PAGES / "not_found.html").read_bytes(), "file:x.html")
    assert article.completeness is Completeness.BLOCKED
    assert article.title == "Page not found - Harbour Gazette"
    assert article.note


# ---- language


def test_short_texts_are_believed_to_be_in_their_feeds_language() -> None:
    """A headline that could be in three languages takes the feed's word; a long text speaks for
    itself."""
    assert language_of("Israeli warplanes strike", "en") == "en"
    assert language_of(RUSSIAN, "en") == "ru"
    assert language_of(SENTENCES.format(1) * 3, "az") == "en"
    assert language_of("12 345 !", "fr") == "fr"
    assert language_of("", None) is None
