"""The read-only copy, and what readers can ask of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import duckdb
import pytest

from domain.alerting import DeliveryState, Receipt
from domain.errors import DatabaseBusy, DatabaseTooNew, StorageError
from domain.mentions import Mentions, Stage, Stance
from storage.articles import article_id
from storage.published import open_published, publish, published_path
from storage.queries import Queries
from storage.rows import Filters
from storage.store import ProcessedBatch, Run, open_store
from tests.storage_cases import (
    FOUND,
    NOTHING,
    NOW,
    REACTION,
    TRANSFER,
    alert,
    article,
    delivery,
    entry,
    feed,
    poll,
    story,
)

LATER = NOW + timedelta(hours=1)
SALE = replace(TRANSFER, supplier="US", recipient="PL", systems=(), stage=Stage.SIGNED)
PRAISE = replace(REACTION, country="PL", stance=Stance.SUPPORT, speaker="A minister")
MENTIONS = [
    FOUND,
    replace(FOUND, transfers=(SALE,), reactions=(PRAISE,)),
    replace(FOUND, transfers=(SALE, TRANSFER), reactions=()),
    NOTHING,
]


def store_batch(database: Path, mentions: list[Mentions]) -> None:
    """One article for each, at NOW but for the last, the first two of a story of their own."""
    with open_store(database) as store:
        store.record_poll([poll([entry(n) for n in range(len(mentions))])], NOW)
        stored = [
            article(pending, found)
            for pending, found in zip(store.pending_entries(), mentions, strict=True)
        ]
        stored[:2] = [replace(a, story_id=f"story {n}") for n, a in enumerate(stored[:2])]
        told = delivery(alert())
        first = ProcessedBatch(
            articles=stored[:-1],
            stories=[story("story 0"), story("story 1", version=2)],
            deliveries=[told],
        )
        store.commit_batch(first, NOW)
        store.commit_batch(ProcessedBatch(articles=stored[-1:]), LATER)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "monitor.duckdb"
    store_batch(path, MENTIONS)
    return path


@pytest.fixture
def queries(database: Path) -> Iterator[Queries]:
    publish(database)
    with open_published(database) as queries:
        yield queries


def test_articles_come_back_whole_and_newest_first(queries: Queries) -> None:
    """Text, origin, completeness, relevance and sketch, with aware times in UTC."""
    newest, *rest = queries.articles()
    assert [row.article.title for row in rest] == ["Report 2", "Report 1", "Report 0"]
    assert newest.stored_at == LATER
    assert newest.stored_at.tzinfo is UTC
    oldest = rest[-1]
    assert oldest.id == article_id("https://wire.example/0")
    assert (oldest.article.outlet, oldest.country, oldest.tier) == ("wire", "JP", "agency")
    assert (oldest.feed, oldest.story_id) == (feed().key, "story 0")
    assert (oldest.relevant, oldest.sketch) == (True, (2**64 - 1, 7))
    assert oldest.article.body == "Text of report 0.\n\nMore of it."
    assert oldest.article.published == NOW


def test_mentions_come_back_exactly(queries: Queries) -> None:
    """Systems with and without designation, confidence to the last bit, evidence; with their
    article."""
    rows = queries.transfers()
    assert [row.transfer for row in rows] == [SALE, TRANSFER, SALE, TRANSFER]
    assert [row.article.title for row in rows][::3] == ["Report 2", "Report 0"]
    assert [row.reaction for row in queries.reactions()] == [PRAISE, REACTION]


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        (Filters(), "3210"),
        (Filters(supplier="jp"), "20"),
        (Filters(supplier="JP", recipient="PL"), ""),
        (Filters(recipient="PL"), "21"),
        (Filters(system="patriot"), "20"),
        (Filters(system="MIM-104"), "20"),
        (Filters(stage=Stage.SIGNED), "21"),
        (Filters(country="RU"), "0"),
        (Filters(stance=Stance.SUPPORT), "1"),
        (Filters(supplier="US", stance=Stance.SUPPORT), "1"),
        (Filters(supplier="JP", stance=Stance.SUPPORT), ""),
        (Filters(since=NOW + timedelta(seconds=1)), "3"),
        (Filters(supplier="JP", since=LATER), ""),
    ],
)
def test_listings_are_narrowed(queries: Queries, filters: Filters, titles: str) -> None:
    """What is asked of a transfer must hold of one transfer, what is asked of a reaction of one
    reaction."""
    assert [row.article.title[-1] for row in queries.articles(filters)] == list(titles)


def test_mentions_and_stories_are_narrowed_alike(queries: Queries) -> None:
    """A listing of transfers shows the ones asked for, not the article's others."""
    assert [row.transfer for row in queries.transfers(Filters(supplier="JP"))] == [TRANSFER] * 2
    assert [row.transfer for row in queries.transfers(Filters(recipient="pl", country="PL"))] == [
        SALE
    ]
    assert [row.reaction for row in queries.reactions(Filters(system="Patriot"))] == [REACTION]
    assert queries.stories() == [story("story 1", version=2), story("story 0")]
    assert queries.stories(Filters(system="Patriot", country="RU")) == [story("story 0")]
    assert queries.stories(Filters(since=NOW + timedelta(minutes=2))) == queries.stories()[:1]
    assert len(queries.transfers(limit=2)) == 2


def test_a_watchs_first_alert_about_a_story(database: Path) -> None:
    """At whichever version the story became what the watch waits for."""
    told = [alert(1), alert(2), alert(2, watch="late"), alert(3, watch="late"), alert(2, of="k9")]
    with open_store(database) as store:
        store.commit_batch(ProcessedBatch(alerts=told), NOW)
    publish(database)
    with open_published(database) as queries:
        first = queries.first_alerts(queries.alerts())
    assert first == {"japan-patriots-1", "late-patriots-2", "japan-k9-2"}


def test_alerts_deliveries_feeds_and_counts(queries: Queries) -> None:
    """The rest of what can be asked."""
    assert queries.alerts() == queries.alerts(watch="japan") == [alert()]
    assert queries.alerts(watch="objections") == queries.alerts(since=LATER) == []
    (sent,) = queries.deliveries()
    assert (sent.message_id, sent.state) == (delivery(alert()).message_id, DeliveryState.PENDING)
    assert queries.deliveries(state=DeliveryState.DEAD) == []
    (row,) = queries.feeds()
    assert (row.name, row.tags, row.entries, row.articles) == ("wire", ("asia", "defence"), 4, 4)
    assert row.state.last_new_entry_at == NOW
    counts = queries.counts()
    assert (counts.articles, counts.relevant, counts.transfers, counts.reactions) == (4, 3, 4, 2)
    assert (counts.entries, counts.deliveries) == ({"done": 4}, {"pending": 1})


def test_runs_are_remembered(database: Path) -> None:
    """A run stored at its start is completed at its end."""
    with open_store(database) as store:
        store.record_run(Run(id="r1", started_at=NOW))
        store.record_run(Run(id="r2", started_at=LATER))
        done = Run(id="r1", started_at=NOW, finished_at=LATER, outcome={"articles": 4})
        store.record_run(done)
    publish(database)
    with open_published(database) as queries:
        assert queries.runs() == [Run(id="r2", started_at=LATER), done]


def test_a_reader_keeps_what_it_opened_and_the_next_one_sees_the_new(database: Path) -> None:
    """Publishing takes nothing from a reader that is open, in another process as analysts' readers
    are."""
    copy = publish(database)
    program = (
        "import sys, duckdb\n"
        "c = duckdb.connect(sys.argv[1], read_only=True)\n"
        "while sys.stdin.readline():\n"
        "    print(c.execute('SELECT count(*) FROM runs').fetchone()[0], flush=True)\n"
    )
    command, pipe = [sys.executable, "-c", program, str(copy)], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None

        def ask() -> str:
            reader.stdin.write("\n")
            reader.stdin.flush()
            return reader.stdout.readline()

        assert ask() == "0\n"
        with open_store(database) as store:
            store.record_run(Run(id="r1", started_at=NOW))
        publish(database)
        assert ask() == "0\n"
        reader.stdin.close()
    with open_published(database) as queries:
        assert queries.counts().runs == 1


def test_what_a_killed_run_left_in_the_log_is_published(database: Path, tmp_path: Path) -> None:
    """The write-ahead log is part of the database: a copy of the file alone would lack it."""
    program = (
        "import os, sys; from pathlib import Path\n"
        "from storage.store import Run, open_store; from tests.storage_cases import NOW\n"
        "store = open_store(Path(sys.argv[1])); store.record_run(Run(id='r1', started_at=NOW))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    root = Path(__file__).parent.parent
    killed = subprocess.run([sys.executable, "-c", program, str(database)], check=False, cwd=root)
    assert killed.returncode == -9
    assert database.with_name("monitor.duckdb.wal").exists()
    publish(database)
    with open_published(database) as queries:
        assert queries.counts().runs == 1


def test_readers_can_do_no_harm(database: Path, tmp_path: Path) -> None:
    """SQL reachable through the copy can neither write, nor read or write other files, nor lift
    these limits; and the file itself is write-protected."""
    copy = publish(database)
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with open_published(database) as queries:
        for sql in (
            "DELETE FROM articles",
            f"FROM read_csv('{secret}')",
            f"COPY articles TO '{tmp_path / 'out.csv'}'",
            f"ATTACH '{tmp_path / 'other.duckdb'}'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                queries._connection.execute(sql)
    assert copy.stat().st_mode & 0o222 == 0


def test_the_copy_is_all_that_publishing_leaves(database: Path) -> None:
    """No half copies, also after a publish that was killed, and no log of the earlier copy's."""
    database.with_name(".monitor.published.duckdb.new").write_bytes(b"torn")
    database.with_name(".monitor.published.duckdb.new").chmod(0o444)
    published_path(database).with_name("monitor.published.duckdb.wal").write_bytes(b"old")
    publish(database)
    names = {p.name for p in database.parent.iterdir()}
    assert names == {"monitor.duckdb", "monitor.published.duckdb"}


def test_publishing_waits_for_writers(database: Path) -> None:
    """A store that is open may be in the middle of a change; the copy made before stays."""
    publish(database)
    with open_store(database) as store:
        store.record_run(Run(id="r1", started_at=NOW))
        with pytest.raises(DatabaseBusy):
            publish(database, deadline=0.1)
    with open_published(database) as queries:
        assert queries.counts().runs == 0


def test_before_the_first_run_readers_are_told_so(tmp_path: Path) -> None:
    """And that `run` makes the copy; nothing is created by asking."""
    with pytest.raises(StorageError, match="no run has finished yet; `armswire run` makes it"):
        open_published(tmp_path / "monitor.duckdb")
    with pytest.raises(StorageError, match="does not exist"):
        publish(tmp_path / "monitor.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_of_another_version_is_refused(database: Path) -> None:
    """A newer one asks for a newer armswire, an older one for a run."""
    copy = publish(database)
    for change, error in (
        ("INSERT INTO schema_version VALUES (97, '0097_future', now())", DatabaseTooNew),
        ("DELETE FROM schema_version", StorageError),
    ):
        copy.unlink()
        shutil.copy(database, copy)
        with duckdb.connect(str(copy)) as connection:
            connection.execute(change)
        with pytest.raises(error, match="schema version"):
            open_published(database)


def test_times_are_utc_wherever_the_reader_is(database: Path) -> None:
    """The session's zone follows the machine in a locked connection; the rows do not."""
    publish(database)
    program = (
        "import sys; from pathlib import Path; from storage.published import open_published\n"
        "with open_published(Path(sys.argv[1])) as queries:\n"
        "    print(queries.articles()[0].stored_at.isoformat())\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, str(database)],
        check=True,
        cwd=Path(__file__).parent.parent,
        env=os.environ | {"TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
    )
    assert answer.stdout == "2026-03-01T13:00:00+00:00\n"


def test_a_sent_delivery_is_published_as_sent(database: Path) -> None:
    """The copy shows the ledger as of its making."""
    with open_store(database) as store:
        (claimed,) = store.ledger.claim(LATER, 10, owner="me", until=LATER + timedelta(minutes=5))
        receipt = Receipt(state=DeliveryState.SENT)
        store.ledger.record(claimed, receipt, receipt.state, LATER, None, owner="me")
    publish(database)
    with open_published(database) as queries:
        assert queries.counts().deliveries == {"sent": 1}
