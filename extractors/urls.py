"""Which URLs are one page: the canonical URL is the identity of an entry, an article and a feed.

It is a name, made for comparing and for showing; fetch the link as it was published (`Entry.link`,
`Feed.url`).

courlan's cleaner (trafilatura's own) is not used for it: measured, it drops query parameters that
name the page (`?cid=12`, `?uid=3`, `?source=…`, and every parameter without a value, so that `?p`
and `?q` become one page) and keeps fragments. Two articles taken for one is news lost; one article
taken for two is only a repetition, so every rule here is cautious.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

LONGEST_URL = 4_000
"""Characters; real links stay under 2,000, beyond lies somebody's payload."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNUSABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]")
_IS_ABSOLUTE = re.compile(
    r"https?://[^\s/?#;][^\s?#;]*(?:\?[^\s?#;]+)?"
)  # and urljoin leaves it as it is
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_NOTHING_TO_ESCAPE = re.compile(r"[\w.~/:@!$&'()*+,;=?\[\]|-]*", re.ASCII)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)

# Parameters that say how the reader came, seen in feeds (utm_, at_: RT, BBC) or listed by browsers'
# tracking protection.
_TRACKING = re.compile(
    r"(?:utm_|at_|mtm_|pk_|piwik_|matomo_|hsa_|vero_|oly_|guce_|itm_|__hs|_hs|mc_[ce]id$"
    r"|(?:fbc|gc|dc|yc|twc|msc|ttc|li_fat_|wick)l?(?:k?id|id)$|gbraid$|wbraid$|igshi?d?$|mkt_tok$|_ga$|_gl$"
    r"|cmpid$|ocid$|ncid$|smid$|smtyp$|s_cid$|wt\.|xtor$|spm$|guccounter$|ref_src$|ref_url$|taid$|ito$)",
    re.IGNORECASE,
)
# Parameters that only track when their value says "from the feed": elsewhere they may choose the
# page.
_FROM_THE_FEED = re.compile(r"(?:ref|source|src|from|partner)=(?:rss|feed|atom)$", re.IGNORECASE)

_SECRET_NAME = re.compile(
    r"token|secret|passw|pwd|auth|api_?key|^key$|signature|^sig$|session|^sid$|jwt|credential",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(r"(?=[^=]*\d)(?=[^=]*[A-Za-z])[\w.~+/%=-]{24,}")


def is_web_url(text: str) -> bool:
    """Whether `text` is an absolute http or https URL that can be fetched, without characters that
    parsers disagree on."""
    return _split(text) is not None


@lru_cache(maxsize=4_096)
def canonical_url(url: str) -> str:
    """The one name of a page; idempotent. A text that is no web URL is returned stripped.

    Scheme and host in lower case; default port, userinfo, fragment, tracking parameters, trailing
    slashes and an index file without query dropped; parameters sorted by name; escapes
    normalised (RFC 3986, section 6.2.2).

    http and https of one page are one: without an explicit port the name is given the scheme https.
    With another port (a loopback site, an intranet) only one of the two can answer there, so the
    scheme stays.
    """
    text = url.strip()
    parts = _split(text)
    if parts is None:
        return text
    scheme, host = parts.scheme, _host(parts)
    if parts.port is None or parts.port == _DEFAULT_PORTS[scheme]:
        scheme = "https"
    else:
        host = f"{host}:{parts.port}"
    path = _without_dots(_escaped(parts.path) or "/")
    query = _query(parts.query)
    return urlunsplit(
        (scheme, host, _without_index(path) if not query else _without_end(path), query, "")
    )


def absolute_url(link: str, base: str) -> str | None:
    """A link as found in a feed, a page or a redirect, joined to the URL it was found at; None when
    that is no web URL.

    Blanks are repaired as browsers do, userinfo is dropped: a stranger's link decides no password
    we send.
    """
    joined = link.strip()
    if not _IS_ABSOLUTE.fullmatch(joined):
        try:
            joined = urljoin(base, re.sub(r"[\t\r\n]", "", joined).replace(" ", "%20"))
        except ValueError:
            return None
    return without_userinfo(joined) if is_web_url(joined) else None


def without_userinfo(url: str) -> str:
    """`url` without `user:password@`. Anything else is left as it is; a text that is no web URL
    too."""
    parts = _split(url) if "@" in url else None
    if parts is None or "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def shown_url(url: str) -> str:
    """`url` as it may stand in a message or a log: without userinfo, and with what looks like a
    token replaced by `***`."""
    parts = _split(url.strip())
    if parts is None:
        return re.sub(r"//[^/@\s]*@", "//", _UNUSABLE.sub("", url))[:200]
    query = "&".join(_masked(p) for p in parts.query.split("&")) if parts.query else ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


@lru_cache(maxsize=4_096)
def _split(text: str) -> SplitResult | None:
    if not text or len(text) > LONGEST_URL or _UNUSABLE.search(text):
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in _DEFAULT_PORTS and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, an unclosed [
        return None
    # Browsers read a backslash as a slash, urlsplit as a part of the userinfo: `http://in:80\@out/`
    # has two hosts.
    return parts if usable and "\\" not in parts.netloc else None


def _without_end(path: str) -> str:
    return path.rstrip("/") or "/"


def _without_index(path: str) -> str:
    """Also of "/a/index.html/", whose slash is dropped first."""
    while (shorter := _INDEX.sub("/", _without_end(path))) != path:
        path = shorter
    return _without_end(path)


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".") or (parts.hostname or "")
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host


def _escaped(text: str) -> str:
    """Percent escapes in one form: unreserved characters plain, everything else escaped in upper
    case."""

    if _NOTHING_TO_ESCAPE.fullmatch(text):
        return text

    def one_form(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return quote(_ESCAPE.sub(one_form, text), safe="%/:@!$&'()*+,;=~?[]|")


def _without_dots(path: str) -> str:
    """Dot segments resolved (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept) or "/"


def _query(query: str) -> str:
    kept = [
        p
        for p in query.split("&")
        if p and not _TRACKING.match(p.partition("=")[0]) and not _FROM_THE_FEED.match(p)
    ]
    # Escaped before they are sorted, so that the canonical URL's own canonical URL is no other.
    return "&".join(sorted(map(_escaped, kept), key=lambda p: p.partition("=")[0]))


def _masked(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if equals and (_SECRET_NAME.search(name) or _SECRET_VALUE.fullmatch(value)):
        return f"{name}=***"
    return "***" if _SECRET_VALUE.fullmatch(pair) else pair
