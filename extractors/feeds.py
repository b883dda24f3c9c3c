"""From a fetched body to entries, as lenient as the web is wild: identity, links, dates and texts
by one set of rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from domain.news import Entry, Failed, FailureCode, FailureKind, Feed, FeedHints, Fetched
from extractors.feed_formats import (
    BrokenFeedError,
    NoFeedError,
    read_json,
    read_xml,
)
from extractors.feed_hints import read_hints
from extractors.plain_text import clean, decoded, one_line, text_of_html
from extractors.raw_feeds import RawEntry, RawFeed
from extractors.urls import absolute_url, canonical_url, shown_url

MAX_TITLE = 500
MAX_KEY = 500
TITLE_WORDS = 14
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before the web there were no entries: what is older is an empty date field (1970-01-01,
0001-01-01).
"""

_PROLOGUE = re.compile(r"\s*(?:<\?[^>]{0,500}\?>\s*|<!--.{0,5000}?-->\s*)*", re.DOTALL)
_FIRST_TAG = re.compile(r"<!doctype\s+(\w+)|<([\w:.-]+)", re.IGNORECASE)
_LINK_TAG = re.compile(r"<link\b[^>]{0,1000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json)", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_PAGE_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,300})", re.IGNORECASE)
# WordPress signs each entry's text; it is not the author's.
_SIGNATURE = re.compile(r"\n*The post [^\n]{1,400} appeared first on [^\n]{1,200}\.$")


@dataclass(frozen=True, kw_only=True)
class ParsedFeed:
    """What a feed held. All its entries are kept, however many (the body's limit bounds them); of
    several with one key the first. No entry at all is a quiet feed, not a failure.
    """

    entries: tuple[Entry, ...]
    title: str | None = None
    language: str | None = None
    hints: FeedHints = field(default_factory=FeedHints)


def parse_feed(fetched: Fetched, feed: Feed, *, now: datetime | None = None) -> ParsedFeed | Failed:
    """The entries of a fetched feed, in its order; never raises, whatever the body.

    Dates more than a day after `now` (default: the present) are taken as unknown, and so are those
    before 1990.
    """
    latest = (now or datetime.now(UTC)) + timedelta(days=1)
    try:
        text = clean(decoded(fetched.body, fetched.headers.get("content-type", "")))
        parsed = _parsed(_read(text, fetched.url), feed, fetched.url, latest)
        return replace(parsed, hints=read_hints(text))
    except NoFeedError as error:
        return _failed(fetched, FailureKind.HARD, FailureCode.NOT_A_FEED, str(error))
    except BrokenFeedError as error:
        return _failed(fetched, FailureKind.TEMPORARY, FailureCode.BROKEN_FEED, str(error))
    except Exception as error:  # noqa: BLE001 -- a parser's surprise becomes a value here
        reason = f"could not be parsed as a feed ({type(error).__name__})"
        return _failed(fetched, FailureKind.HARD, FailureCode.BROKEN_FEED, reason)


def _failed(fetched: Fetched, kind: FailureKind, code: FailureCode, reason: str) -> Failed:
    url = shown_url(fetched.url)
    return Failed(url=url, kind=kind, code=code, reason=reason, status=fetched.status)


# ---- what the body is


def _read(text: str, url: str) -> RawFeed:
    if text.lstrip()[:1] in ("{", "["):
        return read_json(text)
    start = _PROLOGUE.match(text)
    rest = text[start.end() if start else 0 :]
    tag = _FIRST_TAG.match(rest)
    name = (tag[1] or tag[2]).lower() if tag else ""
    if name in ("html", "head", "body"):
        raise NoFeedError(_web_page(text, url))
    if name in ("urlset", "sitemapindex"):
        msg = "is a sitemap, not a feed"
        raise NoFeedError(msg)
    # Warnings of a server's scripts before the feed are common; then the feed's own tag comes
    # later.
    if not tag and not re.search(r"<(?:rss|feed|rdf:RDF)\b", rest):
        msg = "is plain text or binary data, not a feed" if rest else "is empty, not a feed"
        raise NoFeedError(msg)
    return read_xml(text)


def _web_page(text: str, url: str) -> str:
    title = _PAGE_TITLE.search(text)
    called = f' ("{one_line(text_of_html(title[1]))[:80]}")' if title else ""
    for link in _LINK_TAG.findall(text[:200_000]):
        href = _HREF.search(link)
        if _FEED_TYPE.search(link) and href:
            target = absolute_url(href[1].replace("&amp;", "&"), url)
            if target and canonical_url(target) != canonical_url(url):
                return f"is a web page{called}, not a feed; it names this feed: {shown_url(target)}"
    return f"is a web page{called}, not a feed"


# ---- the rules common to all formats


def _parsed(raw: RawFeed, feed: Feed, base: str, latest: datetime) -> ParsedFeed:
    unique: dict[str, Entry] = {}
    for entry in _entries(raw, feed, base, latest):
        # Made here, in a worker, for the one process that stores all entries has enough to do.
        _ = entry.fingerprint
        unique.setdefault(entry.key, entry)
    return ParsedFeed(
        entries=tuple(unique.values()),
        title=raw.title[:MAX_TITLE] or None,
        language=_primary(raw.language),
    )


def _entries(raw: RawFeed, feed: Feed, base: str, latest: datetime) -> Iterator[Entry]:
    home = absolute_url(raw.home, base) if raw.home else None
    fronts = {canonical_url(u) for u in (base, feed.url, home) if u}
    # What a user configured is worth more than a feed's own tag, which often kept its system's
    # default.
    language = _primary(feed.language) or _primary(raw.language)
    links = [absolute_url(clean(e.link), base) if e.link.strip() else None for e in raw.entries]
    fronts |= _pages_of_several(raw.entries, links)
    for found, link in zip(raw.entries, links, strict=True):
        text = _SIGNATURE.sub("", found.text).strip()
        title = (found.title or _first_words(text))[:MAX_TITLE]
        if not (title or link):
            continue  # neither something to read nor somewhere to go
        url = canonical_url(link) if link else None
        if url and (url in fronts or _is_front_page(url)):
            url = None  # many entries share it, and it holds none of them
        guid = one_line(found.guid) or None
        yield Entry(
            feed=feed.key,
            key=url or _short(guid) or _digest(f"{title}\n{text}"),
            url=url,
            link=link,
            guid=guid,
            title=title,
            text=text,
            published=_plausible(found.published, latest),
            author=one_line(found.author)[:200].strip() or None,
            language=_primary(found.language) or language,
        )


def _pages_of_several(entries: Sequence[RawEntry], links: Sequence[str | None]) -> set[str]:
    """The pages that hold several entries of a feed: a list of notices with an anchor or a guid
    each. Taken for an identity, such a link would hide every notice but the first, for ever.
    """
    sharing: dict[str, list[tuple[str, str, str]]] = {}
    for entry, link in zip(entries, links, strict=True):
        if link:
            anchor = urlsplit(link).fragment
            names = (anchor, one_line(entry.guid).partition("#")[0], entry.title)
            sharing.setdefault(canonical_url(link), []).append(names)
    return {page for page, named in sharing.items() if _are_several(named)}


def _are_several(named: Sequence[tuple[str, str, str]]) -> bool:
    """Whether anchors, guids and titles name different entries, not editions of one: those come
    under one anchor, and seldom more than two at a time.
    """
    anchors, guids, titles = (set(filter(None, names)) for names in zip(*named, strict=True))
    return len(titles) > 1 and (len(anchors) > 1 or (len(titles) > 2 and len(guids) > 2))


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _first_words(text: str) -> str:
    words = text.split("\n\n")[0].split()
    return " ".join(words[:TITLE_WORDS]) + ("…" if len(words) > TITLE_WORDS else "")


def _plausible(published: datetime | None, latest: datetime) -> datetime | None:
    return published if published and _EARLIEST <= published <= latest else None


def _short(guid: str | None) -> str | None:
    return _digest(guid) if guid and len(guid) > MAX_KEY else guid


def _digest(text: str) -> str:
    return "sha256:" + sha256(text.encode("utf-8")).hexdigest()


def _primary(language: str | None) -> str | None:
    """The primary part of a language tag, in lower case: "en-GB" to "en"."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", language or "")
    return found[1].lower() if found else None
