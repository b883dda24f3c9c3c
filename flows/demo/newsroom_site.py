"""The sample newsroom on the network: feeds and pages, served on loopback by a real HTTP server."""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from threading import Lock
from typing import Self

from domain.closing import Closing
from flows.demo.feed_documents import CONTENT_TYPES, feed_document
from flows.demo.loopback_server import LoopbackServer, QuietHandler
from flows.demo.outlets import Newsroom, Outlet, SampleArticle, newest_first
from flows.demo.pages import ROBOTS, article_page, index_page

_HTML = "text/html; charset=utf-8"
_RELATED = 8


@dataclass(frozen=True, kw_only=True)
class _Document:
    """Something the site serves: its bytes, plain and packed, and what the answer says of them."""

    body: bytes = field(repr=False)
    packed: bytes = field(repr=False)
    headers: dict[str, str]
    etag: str = ""
    modified: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class _FeedIssue:
    """A feed's document and which articles it lists."""

    listed: tuple[SampleArticle, ...] = field(repr=False)
    document: _Document


class NewsroomSite(Closing):
    """Serves a newsroom under `base`/<outlet-id>/… while it is entered; `advance` publishes the
    next wave.

    Feeds answer with ETag and Last-Modified, and with 304 where the client has them. Pages are
    rendered when first asked for and then kept. Articles of a later wave answer 404.
    """

    def __init__(
        self, newsroom: Newsroom, clock: Callable[[], datetime] | None = None, *, menu: int = 0
    ) -> None:
        """`clock` gives the time (aware) at which a wave is published; the machine's when None. `menu` is about how many
        links every page's site map has: real newspapers have hundreds, and extraction has to tell them from text."""
        self.newsroom = newsroom
        self._menu = menu
        self._clock = clock or (lambda: datetime.now(UTC))
        self._lock = Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._articles = {article.path: article for article in newsroom.collection}
        self._outlets = {outlet.id: outlet for outlet in newsroom.outlets}
        self._by_outlet: defaultdict[str, list[SampleArticle]] = defaultdict(list)
        for article in newest_first(newsroom.collection):
            self._by_outlet[article.outlet.id].append(article)
        self._places = {a.path: i for rows in self._by_outlet.values() for i, a in enumerate(rows)}
        self._pages: dict[str, _Document] = {}
        self._feeds: dict[str, _FeedIssue] = {}
        self._server = LoopbackServer(_handler_for(self))
        self.base = self._server.base
        self.wave = 1
        self._publish_feeds()

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def close(self) -> None:
        """Stops serving."""
        self._server.close()

    def advance(self) -> int:
        """Publishes the next wave and returns its number; after the last nothing new appears."""
        with self._lock:
            self.wave += 1
            self._publish_feeds()
            return self.wave

    def requests(self) -> Counter[tuple[str, int]]:
        """How often each path (without query) has been answered with each status so far."""
        with self._lock:
            return Counter(self._requests)

    def prepare(self) -> None:
        """Renders every page that is out now, so that a benchmark does not pay for it later."""
        for article in self.newsroom.articles(self.wave):
            self._page(article.path)

    def answer(self, path: str) -> tuple[int, _Document]:
        """Status and document for a path without query, and counts nothing."""
        document = self._find(path)
        return (200, document) if document else (404, _NOT_FOUND)

    def count(self, path: str, status: int) -> None:
        """Records that `path` was answered with `status`."""
        with self._lock:
            self._requests[path, status] += 1

    def _find(self, path: str) -> _Document | None:
        if path == "/robots.txt":
            return _ROBOTS
        if path in self._articles:
            return self._page(path)
        outlet = self._outlets.get(path.strip("/").partition("/")[0])
        if outlet is None:
            return None
        if path == outlet.feed_path:
            return self._feeds[outlet.id].document
        return self._index(outlet) if path == f"/{outlet.id}/" else None

    def _page(self, path: str) -> _Document | None:
        article = self._articles[path]
        if article.wave > self.wave:
            return None
        # Two threads may render one page at once; both get the same bytes, so no lock is held while
        # rendering.
        if path not in self._pages:
            body = article_page(article, self._around(article), self.base, menu=self._menu)
            self._pages[path] = _document(body, _HTML)
        return self._pages[path]

    def _around(self, article: SampleArticle) -> list[SampleArticle]:
        """The outlet's articles next to it that came out no later: a page never changes."""
        rows = self._by_outlet[article.outlet.id]
        place = self._places[article.path]
        near = (
            rows[place + 1 : place + 1 + 2 * _RELATED] + rows[max(0, place - 2 * _RELATED) : place]
        )
        return [other for other in near if other.wave <= article.wave and other.title][:_RELATED]

    def _index(self, outlet: Outlet) -> _Document:
        return _document(index_page(outlet, self._feeds[outlet.id].listed, self.base), _HTML)

    def _publish_feeds(self) -> None:
        """Writes anew the feeds that list something new; the others keep their validators."""
        now = self._clock().replace(microsecond=0)
        for outlet in self.newsroom.outlets:
            listed = tuple(a for a in self._by_outlet[outlet.id] if a.wave <= self.wave)
            known = self._feeds.get(outlet.id)
            if known and known.listed == listed:
                continue
            modified = now
            if known and known.document.modified:
                # A client that knows dates only must notice, though the change fell into the same
                # second.
                modified = max(now, known.document.modified + timedelta(seconds=1))
            body = feed_document(outlet, listed, self.base, built=modified)
            document = _document(body, CONTENT_TYPES[outlet.feed], modified)
            self._feeds[outlet.id] = _FeedIssue(listed=listed, document=document)


def _document(body: bytes, content_type: str, modified: datetime | None = None) -> _Document:
    headers = {"Content-Type": content_type, "Vary": "Accept-Encoding"}
    etag = ""
    if modified:
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        last = format_datetime(modified.astimezone(UTC), usegmt=True)
        headers |= {"ETag": etag, "Last-Modified": last, "Cache-Control": "max-age=0"}
    packed = gzip.compress(body, compresslevel=1, mtime=0)
    return _Document(body=body, packed=packed, headers=headers, etag=etag, modified=modified)


_ROBOTS = _document(ROBOTS, "text/plain; charset=utf-8")
_NOT_FOUND = _document(b"<!DOCTYPE html><title>Not found</title><h1>Not found</h1>\n", _HTML)


def _handler_for(site: NewsroomSite) -> type[QuietHandler]:
    class Handler(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802 — the base class's names
            path = self.path.partition("?")[0]
            status, document = site.answer(path)
            if document.etag and self._has(document):
                status = 304
            # Counted before it is sent: whoever has the answer finds it counted.
            site.count(path, status)
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                packed = document.headers | {"Content-Encoding": "gzip"}
                self.answer(status, packed, document.packed)
            else:
                self.answer(status, document.headers, document.body)

        do_HEAD = do_GET  # noqa: N815

        def _has(self, document: _Document) -> bool:
            """Whether the client's copy is current: tags go before dates (RFC 9110, 13.2.2)."""
            if tags := self.headers.get("If-None-Match"):
                return tags.strip() == "*" or document.etag in (
                    tag.strip().removeprefix("W/") for tag in tags.split(",")
                )
            try:
                since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
            except ValueError:
                return False
            return since.tzinfo is not None and (document.modified or since) <= since

    return Handler
