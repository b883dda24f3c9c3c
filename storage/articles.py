"""Articles with the mentions found in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from domain.mentions import Category, Mention, Reaction, Route, Stage, Stance, System, Transfer
from domain.news import Article, Completeness, Entry, Method, Precision
from storage.connection import Connection, Row, append, execute, fetch, storable
from storage.entries import mark_done, still_pending
from storage.records import StoredArticle
from storage.records_json import evidence_from_json, evidence_to_json, to_json
from storage.rows import ArticleRow


def article_id(url: str) -> str:
    """The id of the article at a canonical URL: 20 hexadecimal digits, the same in every
    database."""
    return hashlib.sha256(storable(url).encode()).hexdigest()[:20]


def add_articles(
    connection: Connection, articles: Sequence[StoredArticle], now: datetime
) -> list[StoredArticle]:
    """Stores the articles whose entry still waits (or that come without one) and whose URL is new,
    and takes the entries out of the queue. Returns those that were stored."""
    waiting = still_pending(connection, _entries_of(articles))
    due = [a for a in articles if _key_of(a) is None or _key_of(a) in waiting]
    stored = _stored_urls(connection, [a.article.url for a in due])
    new: dict[str, StoredArticle] = {}
    for article in due:
        url = storable(article.article.url)
        if url not in stored:
            new.setdefault(url, article)
    append(connection, "articles", [article_row(a, now) for a in new.values()])
    append(connection, "transfers", [row for a in new.values() for row in transfer_rows(a)])
    append(connection, "reactions", [row for a in new.values() for row in reaction_rows(a)])
    mark_done(connection, _entries_of(due))
    return list(new.values())


def add_mention(
    connection: Connection, article: str, mention: Mention, story_id: str | None
) -> None:
    """Adds a mention to a stored article (by id), behind those it has. The article is relevant from
    then on, and tells the story unless it tells one already."""
    table = "transfers" if isinstance(mention, Transfer) else "reactions"
    last = f"SELECT coalesce(max(n), -1) AS n FROM {table} WHERE article_id = $article"  # noqa: S608
    n = fetch(connection, last, article=article)[0]["n"] + 1
    if isinstance(mention, Transfer):
        append(connection, table, [_transfer_row(article, n, mention)])
    else:
        append(connection, table, [_reaction_row(article, n, mention)])
    execute(
        connection,
        """
        UPDATE articles
        SET relevant = TRUE, story_id = coalesce(story_id, $story)
        WHERE id = $article
        """,
        article=article,
        story=story_id,
    )


def body_sizes(
    connection: Connection, outlets: Sequence[str], latest: int
) -> dict[str, list[tuple[int, Completeness]]]:
    """Of each of `outlets`, the length of the body (characters) and the completeness of its `latest`
    articles from feeds, the oldest first."""
    rows = fetch(
        connection,
        """
        SELECT outlet, length(body) AS characters, completeness
        FROM articles
        WHERE feed IS NOT NULL AND outlet IN (SELECT unnest($outlets::VARCHAR[]))
        QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY stored_at DESC, id) <= $latest
        ORDER BY stored_at, id
        """,
        outlets=outlets,
        latest=latest,
    )
    sizes: dict[str, list[tuple[int, Completeness]]] = {}
    for row in rows:
        size = row["characters"], Completeness(row["completeness"])
        sizes.setdefault(row["outlet"], []).append(size)
    return sizes


def _entries_of(articles: Sequence[StoredArticle]) -> list[Entry]:
    return [a.pending.entry for a in articles if a.pending]


def _key_of(article: StoredArticle) -> tuple[str, str] | None:
    if article.pending is None:
        return None
    entry = article.pending.entry
    return storable(entry.feed), storable(entry.key)


def _stored_urls(connection: Connection, urls: Sequence[str]) -> set[str]:
    rows = fetch(
        connection,
        "SELECT url FROM articles SEMI JOIN (SELECT unnest($urls::VARCHAR[]) AS url) USING (url)",
        urls=urls,
    )
    return {row["url"] for row in rows}


def article_row(stored: StoredArticle, now: datetime) -> Row:
    """The row of `articles` for an article."""
    article, mentions, pending = stored.article, stored.mentions, stored.pending
    return {
        "id": article_id(article.url),
        "url": article.url,
        "title": article.title,
        "body": article.body,
        "published": article.published,
        "precision": article.precision,
        "stated": article.stated,
        "author": article.author,
        "language": article.language or mentions.language,
        "outlet": article.outlet or (pending.outlet if pending else None),
        "feed": pending.entry.feed if pending else None,
        "country": pending.country if pending else None,
        "tier": pending.tier if pending else None,
        "completeness": article.completeness,
        "method": article.method,
        "note": article.note,
        "relevant": mentions.relevant,
        "score": mentions.score,
        "sketch": to_json(stored.sketch),
        "stored_at": now,
        "story_id": stored.story_id,
    }


def transfer_rows(stored: StoredArticle) -> list[Row]:
    """The rows of `transfers` for an article."""
    article = article_id(stored.article.url)
    return [_transfer_row(article, n, t) for n, t in enumerate(stored.mentions.transfers)]


def _transfer_row(article: str, n: int, transfer: Transfer) -> Row:
    return {
        "article_id": article,
        "n": n,
        "supplier": transfer.supplier,
        "recipient": transfer.recipient,
        "systems": [s.name for s in transfer.systems],
        "designations": [s.designation for s in transfer.systems],
        "categories": [s.category for s in transfer.systems],
        "stage": transfer.stage,
        "value": transfer.value,
        "quantity": transfer.quantity,
        "alleged": transfer.alleged,
        "confidence": transfer.confidence,
        "route": transfer.route,
        "evidence": evidence_to_json(transfer.evidence),
    }


def reaction_rows(stored: StoredArticle) -> list[Row]:
    """The rows of `reactions` for an article."""
    article = article_id(stored.article.url)
    return [_reaction_row(article, n, r) for n, r in enumerate(stored.mentions.reactions)]


def _reaction_row(article: str, n: int, reaction: Reaction) -> Row:
    return {
        "article_id": article,
        "n": n,
        "speaker": reaction.speaker,
        "affiliation": reaction.affiliation,
        "country": reaction.country,
        "stance": reaction.stance,
        "quote": reaction.quote,
        "confidence": reaction.confidence,
        "stance_confidence": reaction.stance_confidence,
        "route": reaction.route,
        "evidence": evidence_to_json(reaction.evidence),
    }


def article_from(row: Row) -> ArticleRow:
    """The article in a row of `articles`."""
    article = Article(
        url=row["url"],
        title=row["title"],
        body=row["body"],
        published=row["published"],
        precision=Precision(row["precision"]) if row["precision"] else None,
        stated=row["stated"],
        author=row["author"],
        outlet=row["outlet"],
        language=row["language"],
        completeness=Completeness(row["completeness"]),
        method=Method(row["method"]),
        note=row["note"],
    )
    return ArticleRow(
        id=row["id"],
        article=article,
        feed=row["feed"],
        country=row["country"],
        tier=row["tier"],
        relevant=row["relevant"],
        score=row["score"],
        sketch=tuple(json.loads(row["sketch"])),
        stored_at=row["stored_at"],
        story_id=row["story_id"],
    )


def transfer_from(row: Row) -> Transfer:
    """The transfer in a row of `transfers`."""
    systems = zip(row["systems"], row["designations"], row["categories"], strict=True)
    return Transfer(
        supplier=row["supplier"],
        recipient=row["recipient"],
        systems=tuple(
            System(name=name, designation=designation, category=category and Category(category))
            for name, designation, category in systems
        ),
        stage=Stage(row["stage"]),
        value=row["value"],
        quantity=row["quantity"],
        alleged=row["alleged"],
        confidence=row["confidence"],
        route=Route(row["route"]),
        evidence=evidence_from_json(row["evidence"]),
    )


def reaction_from(row: Row) -> Reaction:
    """The reaction in a row of `reactions`."""
    return Reaction(
        speaker=row["speaker"],
        affiliation=row["affiliation"],
        country=row["country"],
        stance=Stance(row["stance"]),
        quote=row["quote"],
        confidence=row["confidence"],
        stance_confidence=row["stance_confidence"],
        route=Route(row["route"]),
        evidence=evidence_from_json(row["evidence"]),
    )
