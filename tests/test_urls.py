"""Which URLs are one page, and what of a URL may be shown."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors.urls import absolute_url, canonical_url, is_web_url, shown_url, without_userinfo


@pytest.mark.parametrize(
    "url",
    [
        "https://News.Example/2026/Story",
        "http://news.example/2026/Story",
        "HTTPS://NEWS.EXAMPLE:443/2026/Story",
        "http://news.example:80/2026/Story/",
        "https://news.example./2026/Story#comments",
        "https://me:pw@news.example/2026/Story",
        "https://news.example/2026/./x/../Story",
        "https://news.example/2026/%53tory",
        "https://news.example/2026/Story/index.html",
        "https://news.example/2026/Story?utm_source=rss&UTM_Medium=feed",
        "https://news.example/2026/Story?at_medium=RSS&at_campaign=KARANGA",
        "https://news.example/2026/Story?fbclid=a&gclid=b&msclkid=c&yclid=d&dclid=e",
        "https://news.example/2026/Story?mc_cid=1&mc_eid=2&_ga=3&xtor=4&ocid=5&igshid=6",
        "https://news.example/2026/Story?ref=rss",
        "https://news.example/2026/Story?",
        "https://news.example/2026/Story//",
        "https://news.example/2026/Story/index.html/",
        "  https://news.example/2026/Story\n",
    ],
)
def test_ways_to_write_one_page_are_one(url: str) -> None:
    """Scheme, case of the host, default port, fragment, userinfo, tracking and a trailing slash
    name no other page."""
    assert canonical_url(url) == "https://news.example/2026/Story"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example/x", "https://www.a.example/x"),
        ("https://a.example/story.php?id=1", "https://a.example/story.php?id=2"),
        ("https://a.example/index.php?id=1", "https://a.example/"),
        ("https://a.example/?p=1", "https://a.example/?p=2"),
        ("https://a.example/?12345", "https://a.example/?12346"),
        ("https://a.example/x?cid=1", "https://a.example/x?cid=2"),
        ("https://a.example/x?uid=1", "https://a.example/x?uid=2"),
        ("https://a.example/x?source=mod", "https://a.example/x?source=mfa"),
        ("https://a.example/?feed=rss2", "https://a.example/?feed=atom"),
        ("https://a.example/?attic=1", "https://a.example/?attic=2"),
        ("https://a.example/a%2Fb", "https://a.example/a/b"),
        ("https://a.example//x", "https://a.example/x"),
        ("http://127.0.0.1:8001/x", "http://127.0.0.1:8002/x"),
        ("http://a.example:8080/x", "https://a.example:8080/x"),
    ],
)
def test_different_pages_stay_different(one: str, other: str) -> None:
    """What may choose another page is kept: two articles taken for one would be news lost."""
    assert canonical_url(one) != canonical_url(other)


def test_the_order_of_parameters_does_not_count_and_their_values_do() -> None:
    """Sorted by name; several values of one name keep their order; valueless ones stay."""
    assert canonical_url("https://a.example/?b=2&a=1&a=0&c") == "https://a.example/?a=1&a=0&b=2&c"


def test_international_hosts_and_paths_have_one_form() -> None:
    """Punycode and percent escapes, however they were written."""
    want = "https://xn--mnchen-3ya.example/%C3%BC%20b"
    for url in ("https://MÜNCHEN.example/ü%20b", "https://xn--mnchen-3ya.example/%c3%bc%20b"):
        assert canonical_url(url) == want


def test_addresses_keep_their_brackets_and_ports() -> None:
    """A loopback site on a port of its own keeps its scheme; an IPv6 address its brackets."""
    assert canonical_url("http://127.0.0.1:8080/a/") == "http://127.0.0.1:8080/a"
    assert canonical_url("http://[2001:DB8::1]/a") == "https://[2001:db8::1]/a"


WEB_URLS = st.builds(
    "{}://{}{}/{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["a.example", "Ü.example", "127.0.0.1", "[::1]", "u:p@a.example"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.text(st.characters(exclude_characters="?#"), max_size=20),
    st.one_of(st.just(""), st.text(max_size=20).map("?{}".format)),
)


@given(st.one_of(WEB_URLS, st.text(max_size=60)))
@example("http://a.example/?0&¡")
@example("http://a.example///")
@example("http://a.example/index.html/index.html/")
@example("http://a.example//?a")
def test_the_canonical_url_is_its_own(url: str) -> None:
    """Idempotent for whatever text; and a web URL's is a web URL."""
    once = canonical_url(url)
    assert canonical_url(once) == once
    if is_web_url(url.strip()):
        assert is_web_url(once)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "news.example/x",
        "//news.example/x",
        "ftp://news.example/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http:///x",
        "http://[::1",
        "http://a.example:port/",
        "http://a.example:99999/",
        "http://a.example:0/",
        "http://in:80\\@out/",
        "http://a b/",
        "http://a.example/\r\nHost: b",
        "http://a.example/\x00",
        "http://a.example/" + "x" * 5_000,
    ],
)
def test_what_is_no_web_url(text: str) -> None:
    """Other schemes, hosts that parsers disagree on, blanks, controls and endless texts are not
    fetched."""
    assert not is_web_url(text)


@pytest.mark.parametrize(
    ("link", "want"),
    [
        ("/a", "https://w.example/a"),
        ("a b", "https://w.example/news/a%20b"),
        ("\n  https://o.example/x\n  ", "https://o.example/x"),
        ("//o.example/x", "https://o.example/x"),
        ("https://u:p@o.example/x", "https://o.example/x"),
        ("?id=2", "https://w.example/news/feed?id=2"),
        ("javascript:alert(1)", None),
        ("http://[", None),
    ],
)
def test_links_are_joined_to_where_they_were_found(link: str, want: str | None) -> None:
    """As browsers do it, blanks repaired; never with a password, never to another kind of
    address."""
    assert absolute_url(link, "https://w.example/news/feed?id=1") == want


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:pw@a.example/x?id=7", "https://a.example/x?id=7"),
        ("https://a.example/x?token=abc&page=2", "https://a.example/x?token=***&page=2"),
        ("https://a.example/x?API_KEY=abc", "https://a.example/x?API_KEY=***"),
        ("https://a.example/x?h=9f86d081884c7d659a2feaa0c55ad015", "https://a.example/x?h=***"),
        (
            "https://a.example/x?title=a-long-title-without-figures",
            "https://a.example/x?title=a-long-title-without-figures",
        ),
        ("https://a.example/x#frag", "https://a.example/x"),
        ("http://me:pw@[bad", "http://[bad"),
    ],
)
def test_what_is_shown_of_a_url_holds_no_secret(url: str, shown: str) -> None:
    """Userinfo, fragments and token-like parameters are not shown; what identifies the page is."""
    assert shown_url(url) == shown


def test_userinfo_is_dropped_and_nothing_else() -> None:
    """The rest of the URL is untouched, byte for byte."""
    assert without_userinfo("http://u:p@A.example:80/x?b&a#f") == "http://A.example:80/x?b&a#f"
    assert without_userinfo("http://a.example/@x") == "http://a.example/@x"
