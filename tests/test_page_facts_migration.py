"""A database of before the finer words for completeness goes on with them."""

from __future__ import annotations

from pathlib import Path

import duckdb

from storage.schema import migrations

STEP = next(m for m in migrations() if "page_facts" in m.name)
ARTICLE = """
INSERT INTO articles (id, url, title, body, completeness, method, relevant, score, sketch, stored_at)
VALUES ($id, $id, 't', 'b', $completeness, $method, FALSE, 0, '[]', '2026-03-01T00:00:00Z')
"""


def test_stored_articles_get_the_finer_words(tmp_path: Path) -> None:
    """By where their text came from: the feed's own, or the beginning that a paywall shows."""
    old = [
        ("a", "full", "trafilatura"),
        ("b", "partial", "feed"),
        ("c", "partial", "trafilatura"),
        ("d", "headline", "feed"),
        ("e", "full", "given"),
    ]
    with duckdb.connect(str(tmp_path / "old.duckdb")) as connection:
        for step in migrations():
            if step.version < STEP.version:
                connection.execute(step.sql)
        for key, completeness, method in old:
            values = {"id": key, "completeness": completeness, "method": method}
            connection.execute(ARTICLE, values)
        connection.execute(STEP.sql)
        rows = connection.execute("SELECT completeness, stated FROM articles ORDER BY id")
        found = rows.fetchall()
    assert found == [(word, None) for word in ("full", "feed_text", "teaser", "blocked", "full")]
