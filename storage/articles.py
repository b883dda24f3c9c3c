"""Articles with the mentions found in them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from domain.mentions import Category, Reaction, Stage, Stance, System, Transfer
from domain.news import Entry
from storage.connection import Connection, Row, append, fetch, storable
from storage.entries import mark_done, still_pending
from storage.records import StoredArticle
from storage.records_json import evidence_from_json, evidence_to_json, to_json


def article_id(url: str) -> str:
    """The id of the article at a canonical URL: 20 hexadecimal digits, the same in every
    database."""
    return hashlib.sha256(storable(url).encode()).hexdigest()[:20]


def add_articles(connection: Connection, articles: Sequence[StoredArticle], now: datetime) -> int:
    """Stores the articles whose entry still waits (or that come without one) and whose URL is new,
    and takes the entries out of the queue. Returns how many were stored."""
    waiting = still_pending(connection, _entries_of(articles))
    due = [a for a in articles if _key_of(a) is None or _key_of(a) in waiting]
    stored = _stored_urls(connection, [a.article.url for a in due])
    new: dict[str, StoredArticle] = {}
    for article in due:
        url = storable(article.article.url)
        if url not in stored:
            new.setdefault(url, article)
    append(connection, "articles", [_article_row(a, now) for a in new.values()])
    append(connection, "transfers", [row for a in new.values() for row in _transfer_rows(a)])
    append(connection, "reactions", [row for a in new.values() for row in _reaction_rows(a)])
    mark_done(connection, _entries_of(due))
    return len(new)


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


def _article_row(stored: StoredArticle, now: datetime) -> Row:
    article, mentions, pending = stored.article, stored.mentions, stored.pending
    return {
        "id": article_id(article.url),
        "url": article.url,
        "title": article.title,
        "body": article.body,
        "published": article.published,
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


def _transfer_rows(stored: StoredArticle) -> list[Row]:
    return [
        {
            "article_id": article_id(stored.article.url),
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
            "evidence": evidence_to_json(transfer.evidence),
        }
        for n, transfer in enumerate(stored.mentions.transfers)
    ]


def _reaction_rows(stored: StoredArticle) -> list[Row]:
    return [
        {
            "article_id": article_id(stored.article.url),
            "n": n,
            "speaker": reaction.speaker,
            "affiliation": reaction.affiliation,
            "country": reaction.country,
            "stance": reaction.stance,
            "quote": reaction.quote,
            "confidence": reaction.confidence,
            "evidence": evidence_to_json(reaction.evidence),
        }
        for n, reaction in enumerate(stored.mentions.reactions)
    ]


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
        evidence=evidence_from_json(row["evidence"]),
    )
