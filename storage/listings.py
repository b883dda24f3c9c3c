"""The listings that filters narrow: articles, transfers, reactions, stories; newest first, `limit` None for all."""

from __future__ import annotations

from dataclasses import asdict, fields

from domain.alerting import Story
from storage.articles import article_from, reaction_from, transfer_from
from storage.connection import Connection, Row, fetch
from storage.records_json import story_from_json
from storage.rows import ArticleHead, ArticleRow, Filters, ReactionRow, TransferRow

# The transfers and reactions the filters allow, and the articles that have one of each kind asked
# for.
_WANTED = """
WITH wanted_transfers AS (
    SELECT *
    FROM transfers
    WHERE ($supplier IS NULL OR lower(supplier) = lower($supplier))
      AND ($recipient IS NULL OR lower(recipient) = lower($recipient))
      AND ($stage IS NULL OR stage = $stage)
      AND ($system IS NULL OR len(list_filter(
              list_concat(systems, designations),
              lambda name: contains(lower(name), lower($system))
          )) > 0)
),
wanted_reactions AS (
    SELECT *
    FROM reactions
    WHERE ($country IS NULL OR lower(country) = lower($country))
      AND ($stance IS NULL OR stance = $stance)
),
with_transfers AS (
    SELECT *
    FROM articles
    WHERE coalesce($supplier, $recipient, $stage, $system) IS NULL
       OR id IN (SELECT article_id FROM wanted_transfers)
),
with_reactions AS (
    SELECT *
    FROM articles
    WHERE coalesce($country, $stance) IS NULL
       OR id IN (SELECT article_id FROM wanted_reactions)
),
wanted_articles AS (
    SELECT *
    FROM with_transfers
    WHERE id IN (SELECT id FROM with_reactions)
      AND ($since IS NULL OR stored_at >= $since::TIMESTAMPTZ)
)
"""
_ARTICLES = """
SELECT *
FROM wanted_articles
ORDER BY stored_at DESC, published DESC NULLS LAST, id
LIMIT $limit
"""
_TRANSFERS = """
SELECT wanted_transfers.*, id, url, title, outlet, published, stored_at, story_id
FROM wanted_transfers
JOIN wanted_articles ON wanted_articles.id = wanted_transfers.article_id
ORDER BY stored_at DESC, published DESC NULLS LAST, id, n
LIMIT $limit
"""
_REACTIONS = """
SELECT wanted_reactions.*, id, url, title, outlet, published, stored_at, story_id
FROM wanted_reactions
JOIN wanted_articles ON wanted_articles.id = wanted_reactions.article_id
ORDER BY stored_at DESC, published DESC NULLS LAST, id, n
LIMIT $limit
"""
# The transfer and the reaction asked for may stand in two articles of one story.
_STORIES = """
SELECT document
FROM stories
WHERE ($since IS NULL OR updated_at >= $since::TIMESTAMPTZ)
  AND (coalesce($supplier, $recipient, $stage, $system) IS NULL
       OR id IN (SELECT story_id FROM with_transfers))
  AND (coalesce($country, $stance) IS NULL OR id IN (SELECT story_id FROM with_reactions))
ORDER BY updated_at DESC, id
LIMIT $limit
"""


def articles(connection: Connection, filters: Filters, limit: int | None) -> list[ArticleRow]:
    """Articles, the last stored first."""
    return [article_from(row) for row in _wanted(connection, _ARTICLES, filters, limit)]


def transfers(connection: Connection, filters: Filters, limit: int | None) -> list[TransferRow]:
    """Transfers the filters allow, of articles that have the reaction asked for, if one is."""
    rows = _wanted(connection, _TRANSFERS, filters, limit)
    return [TransferRow(article=_head(row), transfer=transfer_from(row)) for row in rows]


def reactions(connection: Connection, filters: Filters, limit: int | None) -> list[ReactionRow]:
    """Reactions the filters allow, of articles that have the transfer asked for, if one is."""
    rows = _wanted(connection, _REACTIONS, filters, limit)
    return [ReactionRow(article=_head(row), reaction=reaction_from(row)) for row in rows]


def stories(connection: Connection, filters: Filters, limit: int | None) -> list[Story]:
    """Stories as they stand now, the last changed first."""
    rows = _wanted(connection, _STORIES, filters, limit)
    return [story_from_json(row["document"]) for row in rows]


def _wanted(connection: Connection, sql: str, filters: Filters, limit: int | None) -> list[Row]:
    return fetch(connection, _WANTED + sql, **asdict(filters), limit=limit)


def _head(row: Row) -> ArticleHead:
    return ArticleHead(**{field.name: row[field.name] for field in fields(ArticleHead)})
