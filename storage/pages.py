"""The pages that articles were extracted from, as an open store offers them: every change one transaction, or part of
the store's. They are kept for a while, are no part of the published copy, and can be extracted again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from domain.news import Entry
from domain.pages import KeptPage, entry_of_page
from storage import proposals, revisions, stories
from storage.articles import article_id
from storage.connection import Connection, Row, execute, fetch, upsert
from storage.entries import ENTRY_COLUMNS
from storage.records import PendingEntry, ProcessedBatch, StoredArticle

# An entry that waits will be read from its page of today. Articles that no feed brought have none.
_KEPT = """
SELECT
    pages.article_id, pages.url AS page_url, pages.content_type, pages.served,
    pages.body, pages.extractor,
    articles.url AS article_url, coalesce(articles.outlet, 'given') AS article_outlet, articles.country AS article_country,
    articles.tier AS article_tier, articles.version + 1 AS next_version,
    entries.*
FROM pages
JOIN articles ON articles.id = pages.article_id
LEFT JOIN entries ON entries.feed = articles.feed AND entries.key = pages.entry
WHERE pages.article_id > $after
  AND (entries.state = 'done' OR articles.feed IS NULL)
  AND ($since IS NULL OR pages.fetched_at >= $since::TIMESTAMPTZ)
ORDER BY pages.article_id
LIMIT $limit
"""
_COUNT = """
SELECT count(*) AS n
FROM pages
WHERE $since IS NULL OR fetched_at >= $since::TIMESTAMPTZ
"""
_DROP = "DELETE FROM pages WHERE article_id IN (SELECT unnest($ids::VARCHAR[]))"


@dataclass(frozen=True, kw_only=True)
class PageOfArticle:
    """A kept page with the entry it was fetched for; `pending.version` is that of the article it may become."""

    article_id: str
    page: KeptPage
    pending: PendingEntry


class Pages:
    """Of an open store, and no longer."""

    def __init__(
        self, connection: Connection, transaction: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._transaction = transaction

    def count(self, since: datetime | None = None) -> int:
        """How many pages are kept that were stored at `since` or later."""
        return int(fetch(self._connection, _COUNT, since=since)[0]["n"])

    def kept(self, *, after: str, limit: int, since: datetime | None = None) -> list[PageOfArticle]:
        """Up to `limit` pages stored at `since` or later, by the ids of their articles, those beyond
        `after`. Those whose entry waits to be read anew are left out."""
        rows = fetch(self._connection, _KEPT, after=after, since=since, limit=limit)
        return [_page_from(row) for row in rows]

    def differing(self, articles: Sequence[StoredArticle]) -> list[StoredArticle]:
        """Those of `articles` that say something else, or more, than what is stored at their URLs,
        and may take its place."""
        return list(revisions.differing(self._connection, articles).values())

    def put_again(self, batch: ProcessedBatch, now: datetime) -> int:
        """Puts articles extracted again, all of them `differing`, in the place of the stored ones,
        with their stories, and keeps what they replace. Returns how many were put."""
        with self._transaction():
            revised = revisions.replace_differing(self._connection, batch.articles, now)
            proposals.add_proposals(self._connection, revised, now)
            stories.put_stories(self._connection, batch.stories)
        return len(revised)

    def mark_read(self, urls: Sequence[str], extractor: int) -> None:
        """Notes that this version of the extractor has read the pages of the articles at `urls`."""
        with self._transaction():
            execute(
                self._connection,
                "UPDATE pages SET extractor = $extractor"
                " WHERE article_id IN (SELECT unnest($ids::VARCHAR[])) AND extractor <> $extractor",
                ids=[article_id(url) for url in urls],
                extractor=extractor,
            )

    def forget(self, before: datetime) -> None:
        """Drops the pages stored at `before` or earlier."""
        with self._transaction():
            drop = "DELETE FROM pages WHERE fetched_at <= $before::TIMESTAMPTZ"
            execute(self._connection, drop, before=before)


def put_pages(connection: Connection, articles: Sequence[StoredArticle], now: datetime) -> None:
    """Keeps the pages of newly stored articles in the place of those of their earlier versions."""
    rows = [_row(a, a.page, now) for a in articles if a.page]
    kept = {row["article_id"] for row in rows}
    gone = {article_id(a.article.url) for a in articles} - kept
    execute(connection, _DROP, ids=sorted(gone))
    upsert(connection, "pages", rows)


def _row(article: StoredArticle, page: KeptPage, now: datetime) -> Row:
    pending = article.pending
    return {
        "article_id": article_id(article.article.url),
        "entry": pending.entry.key if pending else article.article.url,
        "url": page.url,
        "fetched_at": now,
        "content_type": page.content_type,
        "served": page.served,
        "body": page.packed,
        "extractor": page.extractor,
    }


def _page_from(row: Row) -> PageOfArticle:
    if row["key"] is None:
        entry = entry_of_page(row["article_url"], row["page_url"])
    else:
        entry = Entry(**{name: row[name] for name in ENTRY_COLUMNS})
    return PageOfArticle(
        article_id=row["article_id"],
        page=KeptPage(
            url=row["page_url"],
            content_type=row["content_type"],
            served=row["served"],
            packed=row["body"],
            extractor=row["extractor"],
        ),
        pending=PendingEntry(
            entry=entry,
            outlet=row["article_outlet"],
            country=row["article_country"],
            tier=row["article_tier"],
            version=row["next_version"],
        ),
    )
