"""New versions of articles whose entry was edited: the latest is in `articles`, those it replaced are
kept in `article_versions`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.fingerprints import words_fingerprint
from domain.news import Article, Completeness
from domain.pages import NO_FEED
from storage.articles import article_id, article_row, reaction_rows, transfer_rows
from storage.connection import Connection, Row, append, execute, fetch, storable
from storage.entries import still_pending
from storage.records import StoredArticle

_STORED = """
SELECT
    id, title, body, feed, completeness,
    id IN (SELECT article_id FROM proposals WHERE decision IS NOT NULL) AS judged
FROM articles
WHERE id IN (SELECT unnest($ids::VARCHAR[]))
"""
_KEEP = """
INSERT INTO article_versions
SELECT
    id, version, coalesce(edited_at, stored_at), $now,
    title, body, published, author, completeness, method, note,
    json_object(
        'relevant', relevant,
        'score', score,
        'transfers', (
            SELECT coalesce(to_json(list(t ORDER BY n)), '[]'::JSON)
            FROM transfers AS t
            WHERE t.article_id = articles.id
        ),
        'reactions', (
            SELECT coalesce(to_json(list(r ORDER BY n)), '[]'::JSON)
            FROM reactions AS r
            WHERE r.article_id = articles.id
        )
    )
FROM articles
WHERE id IN (SELECT unnest($ids::VARCHAR[]))
"""
_LASTING = frozenset({"id", "url", "outlet", "feed", "country", "tier", "stored_at"})
"""What a new version does not change."""
_KEPT_IF_LOST = frozenset({"published", "precision", "stated", "story_id"})
"""What a new version may lack, and then has from the one before."""

_HAS = {
    Completeness.BLOCKED: 0,
    Completeness.TEASER: 1,
    Completeness.FEED_TEXT: 1,
    Completeness.FULL: 2,
}
"""How much each has of its article."""


def revise_articles(
    connection: Connection, articles: Sequence[StoredArticle], now: datetime
) -> list[StoredArticle]:
    """Puts the new versions among `articles` in the place of the stored ones, with their mentions
    and proposals, and keeps what they replace. Returns those that were put.

    A new version of the same words is none, unless it is the whole article for the first time; nor
    is one that has less of the article than is stored.
    """
    again = [a for a in articles if a.pending is not None and a.pending.version > 1]
    if not again:
        return []
    waiting = still_pending(connection, [a.pending.entry for a in again if a.pending])
    return replace_differing(connection, [a for a in again if _place(a) in waiting], now)


def replace_differing(
    connection: Connection, articles: Sequence[StoredArticle], now: datetime
) -> list[StoredArticle]:
    """As `revise_articles`, whether or not an entry waits: what is stored is read anew."""
    revised = differing(connection, articles)
    _replace(connection, revised, now)
    return list(revised.values())


def differing(
    connection: Connection, articles: Sequence[StoredArticle]
) -> dict[str, StoredArticle]:
    """By article id, those of `articles` that may take the place of the stored ones."""
    known = _stored(connection, [a.article for a in articles])
    found: dict[str, StoredArticle] = {}
    for article in articles:
        stored = known.get(article_id(article.article.url))
        if stored and _says_more(article, stored):
            found.setdefault(stored["id"], article)
    return found


def refused_versions(connection: Connection, versions: Sequence[Article]) -> set[str]:
    """The URLs of those new versions that never take the place of what is stored, whatever their
    words: of articles that a person judged, and those that have less of the article than is stored.
    """
    known = _stored(connection, versions)
    stored = ((version, known.get(article_id(version.url))) for version in versions)
    return {version.url for version, row in stored if row and _stays(row, version)}


def _stored(connection: Connection, versions: Sequence[Article]) -> dict[str, Row]:
    ids = [article_id(version.url) for version in versions]
    return {row["id"]: row for row in fetch(connection, _STORED, ids=ids)}


def _stays(stored: Row, version: Article) -> bool:
    # What a person has judged stays as it was judged.
    return stored["judged"] or _HAS[version.completeness] < _HAS[stored["completeness"]]


def _place(article: StoredArticle) -> tuple[str, str]:
    entry = article.pending.entry if article.pending else None
    return (storable(entry.feed), storable(entry.key)) if entry else ("", "")


def _says_more(article: StoredArticle, stored: Row) -> bool:
    found, pending = article.article, article.pending
    if pending is None or (stored["feed"] or NO_FEED) != storable(pending.entry.feed):
        return False
    if _stays(stored, found):
        return False
    if found.completeness is Completeness.FULL and stored["completeness"] != Completeness.FULL:
        return True
    before = words_fingerprint(stored["title"], stored["body"])
    return words_fingerprint(found.title, found.body) != before


def _replace(connection: Connection, revised: dict[str, StoredArticle], now: datetime) -> None:
    ids = list(revised)
    execute(connection, _KEEP, ids=ids, now=now)
    for article in revised.values():
        row = article_row(article, now)
        execute(connection, _replacement(row), **_changing(row), id=row["id"], now=now)
    for table in ("transfers", "reactions", "proposals"):
        old = f"DELETE FROM {table} WHERE article_id IN (SELECT unnest($ids::VARCHAR[]))"  # noqa: S608
        execute(connection, old, ids=ids)
    append(connection, "transfers", [row for a in revised.values() for row in transfer_rows(a)])
    append(connection, "reactions", [row for a in revised.values() for row in reaction_rows(a)])


def _changing(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _LASTING}


def _replacement(row: Row) -> str:
    """The statement that gives an article the columns of its new version's row."""
    values = (
        f"{name} = coalesce(${name}, {name})" if name in _KEPT_IF_LOST else f"{name} = ${name}"
        for name in _changing(row)
    )
    changes = ", ".join((*values, "version = version + 1", "edited_at = $now"))
    return f"UPDATE articles SET {changes} WHERE id = $id"  # noqa: S608 -- our own names
