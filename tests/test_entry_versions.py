"""Edited entries become new versions; what has not changed is not read again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from domain.mentions import Mentions
from domain.news import Completeness, Entry, EntryTally
from storage.intake import MAX_VERSIONS
from storage.published import open_published, publish
from storage.records import Committed
from storage.rows import ArticleRow
from storage.store import PendingEntry, ProcessedBatch, Store, open_store
from tests.storage_cases import FOUND, NOTHING, NOW, REACTION, article, entry, feed, poll, story

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "monitor.duckdb"


def polled(store: Store, *entries: Entry) -> EntryTally:
    return store.record_poll([poll(entries)], LATER)[feed().key]


def read(store: Store, mentions: Mentions = NOTHING, **changes: object) -> Committed:
    """Everything that waits becomes an article."""
    batch = [article(pending, mentions, **changes) for pending in store.pending_entries()]
    return store.commit_batch(ProcessedBatch(articles=batch), LATER)


def stored(database: Path) -> Sequence[ArticleRow]:
    publish(database)
    with open_published(database) as queries:
        return queries.articles()


def test_an_entry_whose_words_change_waits_again(database: Path) -> None:
    """As a new version with the words it has now; its first date is kept when it loses it."""
    with open_store(database) as store:
        assert polled(store, entry(1), entry(2)) == EntryTally(entries=2, new=2)
        read(store)
        edited = entry(1, title="Report 1, corrected", published=None)
        assert polled(store, edited, entry(2)) == EntryTally(entries=2, edited=1)
        [pending] = store.pending_entries()
        assert pending == PendingEntry(
            entry=replace(edited, published=entry(1).published),
            outlet="wire",
            country="JP",
            tier="agency",
            version=2,
        )
        assert polled(store, edited) == EntryTally(entries=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "  report   1 "},
        {"text": "“Text of report 1”"},
        {"published": NOW + timedelta(days=9)},
        {"link": "https://wire.example/1?utm=2", "guid": "1#2", "author": "Another"},
    ],
    ids=["blanks", "punctuation", "date", "link, guid and author"],
)
def test_a_trivial_edit_is_none(database: Path, changes: dict[str, object]) -> None:
    """White space, punctuation and capitals are not words; a new date alone is a re-listing."""
    with open_store(database) as store:
        polled(store, entry(1))
        read(store)
        assert polled(store, entry(1, **changes)) == EntryTally(entries=1)
        assert store.count_pending() == 0


def test_an_entry_that_still_waits_is_brought_up_to_date(database: Path) -> None:
    """It is one version: nothing was made of the words it had before."""
    with open_store(database) as store:
        polled(store, entry(1))
        assert polled(store, entry(1, text="Rewritten.")) == EntryTally(entries=1, edited=1)
        [pending] = store.pending_entries()
        assert (pending.entry.text, pending.version) == ("Rewritten.", 1)


def test_an_old_entry_listed_again_is_not_new(database: Path) -> None:
    """However long it was not listed, and whatever date it bears now."""
    with open_store(database) as store:
        polled(store, entry(1))
        read(store)
        for n in range(2, 30):
            polled(store, entry(n))
        assert polled(store, entry(1, published=LATER)).new == 0


def test_an_entry_stored_before_there_were_versions_is_not_edited(database: Path) -> None:
    """Its words are remembered when they are next seen; from then on a change is one."""
    with open_store(database) as store:
        polled(store, entry(1))
        read(store)
    with duckdb.connect(str(database)) as connection:
        connection.execute("UPDATE entries SET fingerprint = NULL")
    with open_store(database) as store:
        assert polled(store, entry(1, text="Other words.")) == EntryTally(entries=1)
        assert polled(store, entry(1, text="Still others.")) == EntryTally(entries=1, edited=1)


def test_a_feed_that_never_stops_editing_is_not_followed_for_ever(database: Path) -> None:
    """A counter in an entry's text costs a few readings, not one at every poll."""
    with open_store(database) as store:
        edits = 0
        for n in range(MAX_VERSIONS + 5):
            edits += polled(store, entry(1, text=f"Seen {n} times.")).edited
            read(store)
    assert edits == MAX_VERSIONS - 1


def test_the_article_gets_a_new_version_and_the_old_one_is_kept(database: Path) -> None:
    """With its mentions, and with those of before in what is kept; the story it tells stays."""
    with open_store(database) as store:
        polled(store, entry(1))
        [pending] = store.pending_entries()
        told = story("patriots")
        first = replace(article(pending, FOUND), story_id=told.id)
        store.commit_batch(ProcessedBatch(articles=[first], stories=[told]), NOW)
        polled(store, entry(1, text="Rewritten."))
        found = replace(FOUND, transfers=(), reactions=(REACTION, REACTION))
        assert read(store, found) == Committed(articles=0, revised=1, alerts=0, deliveries=0)
        assert store.count_pending() == 0
        url = first.article.url
        assert [s.id for s in store.stories_of_articles([url])] == [told.id]
    [row] = stored(database)
    assert (row.article.body, row.story_id) == ("Rewritten.\n\nMore of it.", told.id)
    assert row.stored_at == NOW
    with open_published(database) as queries:
        assert (len(queries.transfers()), len(queries.reactions())) == (0, 2)
    with duckdb.connect(str(database), read_only=True) as connection:
        kept = connection.execute("SELECT version, body, mentions FROM article_versions").fetchall()
    [(version, body, mentions)] = kept
    assert (version, body) == (1, "Text of report 1.\n\nMore of it.")
    old = json.loads(mentions)
    assert (old["relevant"], len(old["transfers"]), len(old["reactions"])) == (True, 1, 1)
    assert old["transfers"][0]["supplier"] == "JP"


def test_versions_that_add_nothing_are_none(database: Path) -> None:
    """The same article under an edited title of the feed, or less of it than is stored, changes
    nothing; the entry is done."""
    with open_store(database) as store:
        polled(store, entry(1))
        read(store, title="T", body="B")
        polled(store, entry(1, title="Edited"))
        assert read(store, title="t!", body="b").revised == 0
        polled(store, entry(1, title="Edited again"))
        assert read(store, body="Teaser.", completeness=Completeness.FEED_TEXT).revised == 0
        assert store.count_pending() == 0
    [row] = stored(database)
    assert row.article.body == "B"


def test_a_headline_alone_takes_no_texts_place(database: Path) -> None:
    """The feed's own text stays when the page, asked again, gives nothing but a title."""
    with open_store(database) as store:
        polled(store, entry(1))
        read(store, title="T", body="The feed's text.", completeness=Completeness.FEED_TEXT)
        polled(store, entry(1, title="Edited"))
        assert read(store, title="Edited", body="", completeness=Completeness.BLOCKED).revised == 0
    [row] = stored(database)
    assert row.article.body == "The feed's text."


def test_versions_that_are_refused_are_told_beforehand(database: Path) -> None:
    """Whatever their words: of an article that a person judged, and less than the whole one."""
    with open_store(database) as store:
        polled(store, entry(1), entry(2))
        read(store, replace(NOTHING, proposed=(REACTION,)))
        polled(store, entry(1, text="Rewritten."), entry(2, text="Rewritten."))
        whole = [article(pending).article for pending in store.pending_entries()]
        teasers = [replace(a, completeness=Completeness.FEED_TEXT) for a in whole]
        assert store.refused_versions(whole) == set()
        assert store.refused_versions(teasers) == {a.url for a in whole}
        unknown = article(PendingEntry(entry=entry(3), outlet="wire")).article
        assert store.refused_versions([unknown]) == set()
    publish(database)
    with open_published(database) as queries:
        judged = queries.proposals()[0]
    with open_store(database) as store:
        store.refuse_proposal(judged.id, LATER)
        assert store.refused_versions(whole) == {judged.article.article.url}
        assert read(store, FOUND).revised == 1


def test_a_quiet_entry_stays_quiet_until_it_was_read(database: Path) -> None:
    """An edit of a waiting one alerts as little as it; an edit of one that was read is news."""
    with open_store(database) as store:
        store.record_poll([replace(poll([entry(1)]), quiet=True)], NOW)
        polled(store, entry(1, text="Edited."))
        assert [p.quiet for p in store.pending_entries()] == [True]
        read(store)
        polled(store, entry(1, text="Edited again."), entry(2))
        assert [p.quiet for p in store.pending_entries()] == [False, False]
