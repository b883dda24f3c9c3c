"""The database file: made, migrated, refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from domain.errors import DatabaseTooNew, StorageError
from storage import schema
from storage.records_json import story_to_json
from storage.schema import Migration, latest_version, migrations
from storage.store import open_store
from tests.storage_cases import NOW, entry, poll
from tests.story_samples import full_story


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "monitor.duckdb"


def version_of(path: Path) -> list[tuple[int, str]]:
    with duckdb.connect(str(path)) as connection:
        return connection.execute("SELECT version, name FROM schema_version").fetchall()


def test_migrations_are_numbered_without_gaps() -> None:
    """A gap or a double would leave databases of one version with two schemas."""
    assert [m.version for m in migrations()] == list(range(1, latest_version() + 1))


def test_a_database_is_made_with_its_folder(tmp_path: Path) -> None:
    """Opening a database that is not there makes it, at the latest version, and nothing else beside
    it."""
    path = tmp_path / "some" / "folder" / "monitor.duckdb"
    open_store(path).close()
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert max(version_of(path))[0] == latest_version()


def test_an_empty_file_becomes_a_database(database: Path) -> None:
    """A file that was touched, or begun by a process killed at once, holds nothing to lose."""
    database.touch()
    open_store(database).close()
    assert version_of(database)


def test_migrations_are_applied_once_and_keep_what_is_stored(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of an earlier version gets the steps it lacks."""
    with open_store(database) as store:
        store.record_poll([poll([entry(1)])], NOW)
    step = Migration(
        version=latest_version() + 1,
        name="9999_mood",
        sql="ALTER TABLE feeds ADD COLUMN mood VARCHAR; CREATE TABLE moods (mood VARCHAR);",
    )
    known = (*migrations(), step)
    monkeypatch.setattr(schema, "migrations", lambda: known)
    for _ in range(2):
        with open_store(database) as store:
            assert store.count_pending() == 1
    assert version_of(database)[-1] == (step.version, "9999_mood")


def test_mentions_of_before_there_were_routes_were_found_by_the_rules(database: Path) -> None:
    """The first version's mentions are kept, and its articles have nothing to review."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(migrations()[0].sql)
        connection.execute("INSERT INTO schema_version VALUES (1, '0001_first', now())")
        connection.execute(
            "INSERT INTO reactions VALUES ('a', 0, 'S', NULL, NULL, 'oppose', false, 0.5, '[]')"
        )
    open_store(database).close()
    with duckdb.connect(str(database)) as connection:
        [row] = connection.execute("SELECT speaker, route FROM reactions").fetchall()
        assert row == ("S", "rules")
        assert connection.execute("SELECT * FROM proposals").fetchall() == []


def test_feeds_and_entries_of_before_their_lives_were_kept_go_on(database: Path) -> None:
    """A feed of the second version is due at once, is no new one, and its entries are no edits and
    not quiet."""
    with duckdb.connect(str(database)) as connection:
        for step in migrations()[:2]:
            connection.execute(step.sql)
        connection.execute("INSERT INTO schema_version VALUES (2, '0002_review', now())")
        connection.execute(
            "INSERT INTO feeds (key, url, name, tags, polls, last_polled_at, last_success_at,"
            " failures) VALUES ('f', 'https://f.example/', 'F', [], 9, now(), now(), 0)"
        )
        connection.execute(
            "INSERT INTO entries (feed, key, title, text, state, attempts, first_seen_at)"
            " VALUES ('f', 'k', 'T', '', 'pending', 0, now())"
        )
    with open_store(database) as store:
        state = store.feed_states()["f"]
        [pending] = store.pending_entries()
    assert (state.next_poll_at, state.moving_polls, state.retired_at) == (None, 0, None)
    assert state.last_success_at is not None
    assert (pending.version, pending.quiet) == (1, False)


def test_a_story_of_before_articles_told_their_own_part_keeps_what_it_knows(database: Path) -> None:
    """Its first article is taken to have told all of it; an empty story stays as it is."""
    step = next(m for m in migrations() if m.name.endswith("story_articles"))
    old = json.loads(story_to_json(full_story()))
    for article in old["articles"]:
        del article["transfers"], article["reactions"]
    empty = old | {"articles": []}
    with duckdb.connect(str(database)) as connection:
        for earlier in migrations()[: step.version - 1]:
            connection.execute(earlier.sql)
            connection.execute(
                "INSERT INTO schema_version VALUES (?, ?, now())", [earlier.version, earlier.name]
            )
        for name, document in (("s", old), ("e", empty)):
            connection.execute(
                "INSERT INTO stories VALUES (?, 'h', 1, ?, ?, ?)",
                [name, NOW, NOW, json.dumps(document)],
            )
    with open_store(database) as store:
        by_size = sorted(store.recent_stories(NOW), key=lambda story: len(story.articles))
    nothing, story = by_size
    assert nothing.articles == ()
    assert story.articles[0].transfers == story.transfers == full_story().transfers
    assert story.articles[0].reactions == story.reactions
    assert [len(a.transfers) for a in story.articles] == [1, 0]


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several steps are one transaction."""
    open_store(database).close()
    before = version_of(database)
    good = Migration(version=latest_version() + 1, name="a", sql="CREATE TABLE moods (a INTEGER)")
    bad = Migration(version=latest_version() + 2, name="b", sql="ALTER TABLE nowhere DROP COLUMN a")
    known = (*migrations(), good, bad)
    monkeypatch.setattr(schema, "migrations", lambda: known)
    with pytest.raises(duckdb.CatalogException):
        open_store(database)
    monkeypatch.undo()
    open_store(database).close()
    assert version_of(database) == before


def test_a_newer_database_is_refused(database: Path) -> None:
    """The error names both versions and says what to do; the file is left alone."""
    open_store(database).close()
    with duckdb.connect(str(database)) as connection:
        connection.execute("INSERT INTO schema_version VALUES (97, '0097_future', now())")
    with pytest.raises(DatabaseTooNew) as caught:
        open_store(database)
    message = str(caught.value)
    assert (
        f"version 97, written by a newer armswire; this one knows versions up to {latest_version()}"
        in message
    )
    assert "update armswire" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "content", [b"not a database\n" * 500, b"\0" * 4096, b"x"], ids=["text", "zeros", "one byte"]
)
def test_a_file_that_is_no_database_is_refused_and_kept(database: Path, content: bytes) -> None:
    """A mistyped path must not cost anyone a file."""
    database.write_bytes(content)
    with pytest.raises(StorageError, match=r"monitor\.duckdb is not a DuckDB database; move it"):
        open_store(database)
    assert database.read_bytes() == content


def test_a_cut_off_database_is_refused_in_one_line(database: Path) -> None:
    """As after a copy that was interrupted."""
    open_store(database).close()
    database.write_bytes(database.read_bytes()[:20_000])
    with pytest.raises(StorageError) as caught:
        open_store(database)
    assert str(database) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_somebody_elses_database_is_refused(database: Path) -> None:
    """armswire's tables are not put beside those of another program."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE TABLE articles (id INTEGER)")
    with pytest.raises(StorageError, match="of something else; name another file"):
        open_store(database)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A path that is a folder, or lies under a file, is named in the error."""
    with pytest.raises(StorageError, match="cannot be used"):
        open_store(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="file is not a folder"):
        open_store(tmp_path / "file" / "monitor.duckdb")


def test_changes_left_of_a_vanished_database_are_not_mixed_into_a_new_one(database: Path) -> None:
    """A write-ahead log without its database holds changes that somebody may want back."""
    log = database.with_name("monitor.duckdb.wal")
    log.write_bytes(b"changes")
    with pytest.raises(StorageError, match=r"monitor\.duckdb\.wal beside it"):
        open_store(database)
    assert log.read_bytes() == b"changes"
    assert not database.exists()


def test_what_a_killed_creation_left_is_no_hindrance(database: Path) -> None:
    """A new database is made beside its place; a torn one there is made anew."""
    database.with_name(".monitor.duckdb.new").write_bytes(b"torn")
    open_store(database).close()
    assert [p.name for p in database.parent.iterdir()] == [database.name]


def test_storage_does_not_load_duckdb_for_those_who_import_only_its_errors() -> None:
    """`armswire --help` must answer at once: importing the domain and the storage package loads no
    database."""
    program = "import sys, domain.errors, storage; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
