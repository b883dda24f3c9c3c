"""The review list: what one route alone proposes, kept with what a person made of it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from domain.mentions import Reaction, Transfer
from storage.articles import article_from, article_id, reaction_from, transfer_from
from storage.connection import Connection, Row, append, execute, fetch
from storage.records import Decision, StoredArticle
from storage.records_json import mention_from_json, mention_to_json
from storage.rows import MentionKind, ProposalRow, ReviewedArticle

_ALL = """
SELECT
    articles.*,
    proposals.id AS proposal, kind, mention, proposed_at, decision, decided_at
FROM proposals
JOIN articles ON articles.id = proposals.article_id
"""
_LISTED = (
    _ALL
    + """
WHERE decision IS NOT DISTINCT FROM $decision
  AND ($kind IS NULL OR kind = $kind)
  AND ($since IS NULL OR proposed_at >= $since::TIMESTAMPTZ)
ORDER BY proposed_at DESC, published DESC NULLS LAST, articles.id, kind DESC, n
LIMIT $limit
"""
)
_NAMED = _ALL + "WHERE starts_with(proposals.id, $start) ORDER BY proposals.id"
_REVIEWED = (
    _ALL
    + """
QUALIFY count(decision) OVER (PARTITION BY article_id) > 0
ORDER BY stored_at, articles.id, kind DESC, n
"""
)
_REVIEWED_TRANSFERS = """
SELECT *
FROM transfers
WHERE article_id IN (SELECT article_id FROM proposals WHERE decision IS NOT NULL)
ORDER BY article_id, n
"""
_REVIEWED_REACTIONS = """
SELECT *
FROM reactions
WHERE article_id IN (SELECT article_id FROM proposals WHERE decision IS NOT NULL)
ORDER BY article_id, n
"""


def add_proposals(connection: Connection, articles: Sequence[StoredArticle], now: datetime) -> None:
    """Puts what is proposed of newly stored articles on the review list."""
    append(connection, "proposals", [row for a in articles for row in _rows(a, now)])


def decide(connection: Connection, proposal: str, decision: Decision, now: datetime) -> bool:
    """Notes a decision. One to refuse can be changed; one to accept stands, because it may have been
    told already: False then."""
    rows = fetch(connection, "SELECT decision FROM proposals WHERE id = $id", id=proposal)
    if not rows or rows[0]["decision"] == Decision.ACCEPTED:
        return False
    execute(
        connection,
        "UPDATE proposals SET decision = $decision, decided_at = $now WHERE id = $id",
        decision=decision,
        now=now,
        id=proposal,
    )
    return True


def article_of(connection: Connection, proposal: str) -> str:
    """The id of the article a proposal was found in."""
    rows = fetch(connection, "SELECT article_id FROM proposals WHERE id = $id", id=proposal)
    return str(rows[0]["article_id"])


def proposals(
    connection: Connection,
    decision: Decision | None,
    kind: MentionKind | None,
    since: datetime | None,
    limit: int | None,
) -> list[ProposalRow]:
    """What waits (`decision` None) or was decided so, the last proposed first."""
    rows = fetch(connection, _LISTED, decision=decision, kind=kind, since=since, limit=limit)
    return [_proposal_from(row) for row in rows]


def proposals_named(connection: Connection, start: str) -> list[ProposalRow]:
    """The proposals whose id begins with `start`."""
    return [_proposal_from(row) for row in fetch(connection, _NAMED, start=start)]


def reviewed(connection: Connection) -> list[ReviewedArticle]:
    """Articles with a decided proposal, the first stored first, with all they say and all that was
    proposed of them."""
    by_article: dict[str, list[ProposalRow]] = defaultdict(list)
    for row in fetch(connection, _REVIEWED):
        by_article[row["id"]].append(_proposal_from(row))
    transfers: dict[str, list[Transfer]] = defaultdict(list)
    reactions: dict[str, list[Reaction]] = defaultdict(list)
    for row in fetch(connection, _REVIEWED_TRANSFERS):
        transfers[row["article_id"]].append(transfer_from(row))
    for row in fetch(connection, _REVIEWED_REACTIONS):
        reactions[row["article_id"]].append(reaction_from(row))
    return [
        ReviewedArticle(
            article=proposed[0].article,
            transfers=tuple(transfers[article]),
            reactions=tuple(reactions[article]),
            proposals=tuple(proposed),
        )
        for article, proposed in by_article.items()
    ]


def _rows(stored: StoredArticle, now: datetime) -> list[Row]:
    article = article_id(stored.article.url)
    counted = dict.fromkeys(MentionKind, 0)
    rows: list[Row] = []
    for mention in stored.mentions.proposed:
        kind = MentionKind.TRANSFER if isinstance(mention, Transfer) else MentionKind.REACTION
        rows.append(
            {
                "id": _id(article, kind, counted[kind]),
                "article_id": article,
                "kind": kind,
                "n": counted[kind],
                "mention": mention_to_json(mention),
                "proposed_at": now,
            }
        )
        counted[kind] += 1
    return rows


def _id(article: str, kind: MentionKind, n: int) -> str:
    """12 hexadecimal digits, the same in every database; people type the first few."""
    return hashlib.sha256(f"{article} {kind} {n}".encode()).hexdigest()[:12]


def _proposal_from(row: Row) -> ProposalRow:
    return ProposalRow(
        id=row["proposal"],
        article=article_from(row),
        kind=MentionKind(row["kind"]),
        mention=mention_from_json(row["mention"]),
        proposed_at=row["proposed_at"],
        decision=row["decision"] and Decision(row["decision"]),
        decided_at=row["decided_at"],
    )
