"""Ops are told of a publisher whose articles have suddenly become shorter, and of no other."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from domain.mentions import Mentions
from domain.news import Article, Completeness
from extractors.body_drift import EARLIER, LATEST, BodySize, body_drift
from storage.records import ProcessedBatch, StoredArticle
from storage.store import open_store
from tests.storage_cases import NOW, entry, poll


def test_the_sizes_are_those_of_the_latest_articles_in_their_order(tmp_path: Path) -> None:
    """What is compared comes from the database, each outlet's own, the oldest first."""
    with open_store(tmp_path / "monitor.duckdb") as store:
        for n in range(4):
            store.record_poll([poll([entry(n)])], NOW)
            [pending] = store.pending_entries()
            text = Article(
                url=f"https://a.example/{n}", title="t", body="x" * (n + 1), outlet="Wire"
            )
            nothing = Mentions(relevant=False, score=0.0, language="en")
            batch = ProcessedBatch(
                articles=[StoredArticle(article=text, mentions=nothing, pending=pending)]
            )
            store.commit_batch(batch, NOW + timedelta(minutes=n))
        sizes = store.body_sizes(["Wire", "Other"], latest=3)
    assert sizes == {"Wire": [(n, Completeness.FULL) for n in (2, 3, 4)]}


def articles(
    count: int, characters: int, completeness: Completeness = Completeness.FULL
) -> list[BodySize]:
    return [BodySize(characters=characters + n, completeness=completeness) for n in range(count)]


def test_bodies_that_shrink_are_told() -> None:
    """Pages made anew are read to the first paragraph only; the outlet is named with both figures."""
    told = body_drift({"Northern Wire": articles(EARLIER, 3_000) + articles(LATEST, 200)})
    assert list(told) == ["Northern Wire"]
    assert "204 characters, those before 3,008" in told["Northern Wire"]


def test_pages_that_turn_into_walls_are_told() -> None:
    """The feed's text may be as long as the articles were; it is not the articles."""
    walled = articles(LATEST, 3_000, Completeness.FEED_TEXT)
    told = body_drift({"Northern Wire": articles(EARLIER, 3_000) + walled})
    assert "only 0% of its latest" in told["Northern Wire"]


def test_usual_variation_is_not_told() -> None:
    """A few short bulletins, an outlet of bulletins, one that never could be read, a new one."""
    few_short = articles(EARLIER, 3_000) + articles(3, 100) + articles(LATEST - 3, 2_500)
    bulletins = articles(EARLIER, 300) + articles(LATEST, 90)
    never = articles(EARLIER + LATEST, 200, Completeness.FEED_TEXT)
    new = articles(EARLIER - 1, 3_000) + articles(LATEST, 100)
    assert body_drift({"a": few_short, "b": bulletins, "c": never, "d": new}) == {}
