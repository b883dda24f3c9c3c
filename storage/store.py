"""The one door to the database: every change is a method here, and every method one transaction.

Open late, close early: while a Store is open, no other process can open the file, not even to read.

    with open_store(settings.database) as store:
        states = store.feed_states()

Many short transactions in a row: storage/kept_store.py. Readers (the analysts' commands, notebooks,
BI tools) use the read-only copy instead: storage/published.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from domain.alerting import Alert, Mute, Story
from domain.closing import Closing
from domain.feedback import Feedback
from domain.health import Episode
from domain.latency import SentMessage
from domain.mentions import Mention
from domain.news import Article, Completeness, EntryTally, FeedState, HostPause, PollRecord
from storage import (
    articles,
    digests,
    entries,
    feedback,
    feeds,
    health,
    hosts,
    intake,
    latency,
    mutes,
    outbox,
    pages,
    polls,
    proposals,
    revisions,
    runs,
    stories,
)
from storage.connection import Connection, connect, transaction
from storage.ledger import Ledger
from storage.records import (
    Committed,
    Decision,
    EntryState,
    FailedEntry,
    FeedPoll,
    PendingEntry,
    ProcessedBatch,
    Run,
    StoredArticle,
)
from storage.schema import ensure_database, migrate

__all__ = [
    "Committed",
    "Decision",
    "EntryState",
    "FailedEntry",
    "FeedPoll",
    "PendingEntry",
    "ProcessedBatch",
    "Run",
    "Store",
    "StoredArticle",
    "open_store",
]


def open_store(path: Path, *, deadline: float = 30.0) -> Store:
    """Opens the database for writing: makes it and its folder when they are not there, waits up to
    `deadline` seconds while another process holds it, and migrates it.

    Raises:
        DatabaseBusy: another process held it for the whole time; the message names its PID.
        DatabaseTooNew: a newer armswire wrote it.
        StorageError: it cannot be opened, or is not armswire's.
    """
    ensure_database(path, deadline=deadline)
    connection = connect(path, deadline=deadline)
    try:
        migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return Store(connection, path)


class Store(Closing):
    """An open database. Of one thread; not of two at once."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._in_transaction = False

    def close(self) -> None:
        """Writes everything into the one file and lets other processes at it."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Makes one transaction of several methods; they are each their own otherwise.

        Raises:
            StorageError: the file cannot be written (a full disk, for one).
        """
        if self._in_transaction:
            yield
            return
        self._in_transaction = True
        try:
            with transaction(self._connection, self._path):
                yield
        finally:
            self._in_transaction = False

    # POLL

    def feed_states(self) -> dict[str, FeedState]:
        """The memory of every feed ever polled, by key."""
        return feeds.feed_states(self._connection)

    def feed_names(self) -> dict[str, str]:
        """What every feed ever polled was called then, by key."""
        return feeds.feed_names(self._connection)

    def rename_feeds(self, keys: Mapping[str, str]) -> None:
        """Gives feeds another key (`keys`: new by old), under which nothing is remembered yet: their
        state, entries, articles, polls and episodes are the new one's."""
        with self.transaction():
            feeds.rename_feeds(self._connection, keys)

    def record_poll(
        self,
        polled: Sequence[FeedPoll],
        now: datetime,
        *,
        settle: feeds.Settle = lambda poll, _: poll,
        run_id: str | None = None,
    ) -> dict[str, EntryTally]:
        """Stores the feeds' new states together with the entries they cover.

        An entry known by its key within the feed, or by its canonical URL from any feed, is not
        added again; one whose words have changed since waits again, as a new version. `settle` is
        told what a feed's poll brought and may give it another state and line of history. Returns
        what each feed brought, by feed key.

        Raises:
            ValueError: a poll's feed, state and entries do not name the same feed.
        """
        with self.transaction():
            return feeds.record_polls(self._connection, polled, now, run_id, settle)

    def forget_polls(self, before: datetime) -> None:
        """Drops the history of polls older than `before`."""
        with self.transaction():
            polls.forget_polls(self._connection, before)

    def poll_history(
        self, *, feed: str | None = None, since: datetime | None = None
    ) -> list[PollRecord]:
        """The polls of one feed (by key) or of all, the first one first."""
        return polls.poll_history(self._connection, feed, since)

    # HOSTS

    def host_pauses(self, now: datetime) -> list[HostPause]:
        """The hosts to be left alone beyond `now`."""
        return hosts.host_pauses(self._connection, now)

    def put_pauses(self, pauses: Sequence[HostPause], now: datetime) -> None:
        """Notes hosts that asked to be left alone, and forgets the pauses that are over."""
        with self.transaction():
            hosts.put_pauses(self._connection, pauses, now)

    # HEALTH

    def telling_polls(self, since: datetime) -> dict[str, list[PollRecord]]:
        """By feed key, the polls at `since` or later that its health is judged from, oldest
        first."""
        return health.telling_polls(self._connection, since)

    def episodes(self, since: datetime) -> list[Episode]:
        """The troubles of feeds that go on, and those that ended at `since` or later."""
        return health.episodes(self._connection, since)

    def record_episodes(self, changed: Sequence[Episode]) -> None:
        """Stores episodes as they stand now."""
        with self.transaction():
            health.put_episodes(self._connection, changed)

    # PROCESS

    def pending_entries(self, limit: int | None = None) -> list[PendingEntry]:
        """The entries that wait to become articles, oldest first, at most `limit`."""
        return entries.pending_entries(self._connection, limit)

    def wait_for_late_pages(self, now: datetime) -> None:
        """Makes the entries wait again whose page could not be had and is to be asked for again by
        `now`."""
        with self.transaction():
            entries.wait_for_late_pages(self._connection, now)

    def count_pending(self) -> int:
        """How many entries wait."""
        return entries.count_pending(self._connection)

    def known_urls(self, urls: Collection[str]) -> set[str]:
        """Those of `urls` (canonical) that an article or an entry has."""
        return intake.known_urls(self._connection, urls)

    def body_sizes(
        self, outlets: Sequence[str], latest: int
    ) -> dict[str, list[tuple[int, Completeness]]]:
        """Of each of `outlets`, length (characters) and completeness of its `latest` articles, the
        oldest first."""
        return articles.body_sizes(self._connection, outlets, latest)

    def recent_stories(self, since: datetime) -> list[Story]:
        """The stories that changed at `since` or later, oldest change first."""
        return stories.recent_stories(self._connection, since)

    def stories_of_articles(self, urls: Sequence[str]) -> list[Story]:
        """The stories that the articles at `urls` (canonical) tell, whenever they changed."""
        return stories.stories_of_articles(self._connection, urls)

    def refused_versions(self, versions: Sequence[Article]) -> set[str]:
        """The URLs of those new versions of articles that `commit_batch` does not put in the place of
        the stored ones: of articles that a person judged, and poorer ones than the whole article."""
        return revisions.refused_versions(self._connection, versions)

    def commit_batch(self, batch: ProcessedBatch, now: datetime) -> Committed:
        """Stores articles, mentions, stories, alerts and deliveries, and takes the entries out of
        the queue.

        Harmless when repeated: an entry that no longer waits is skipped, an article whose URL is
        stored is not stored again unless it is a new version (its entry is done all the same), alerts and deliveries that
        exist are left alone, and a story never goes back to an earlier version.
        """
        with self.transaction():
            connection = self._connection
            revised = revisions.revise_articles(connection, batch.articles, now)
            stored = articles.add_articles(connection, batch.articles, now)
            proposals.add_proposals(connection, revised, now)
            proposals.add_proposals(connection, stored, now)
            pages.put_pages(connection, [*revised, *stored], now)
            entries.mark_failed(connection, batch.failed)
            entries.put_off(connection, batch.late)
            stories.put_stories(connection, batch.stories)
            told = [
                *batch.alerts,
                *(d.content for d in batch.deliveries if isinstance(d.content, Alert)),
            ]
            return Committed(
                articles=len(stored),
                revised=len(revised),
                alerts=outbox.add_alerts(connection, told),
                deliveries=outbox.add_deliveries(connection, batch.deliveries, now),
            )

    @property
    def pages(self) -> pages.Pages:
        """The pages kept of articles, to be extracted again."""
        return pages.Pages(self._connection, self.transaction)

    # DIGESTS

    def last_digest(self, name: str) -> datetime | None:
        """Up to when the digest `name` has told; None: it never has."""
        return digests.last_digest(self._connection, name)

    def digest_alerts(
        self, watches: Sequence[str], start: datetime, until: datetime
    ) -> list[Alert]:
        """The alerts of `watches` made after `start` and not after `until`, the first first."""
        return digests.digest_alerts(self._connection, watches, start, until)

    def add_digest(self, name: str, until: datetime, now: datetime) -> bool:
        """Notes that the digest `name` has told up to `until`; False, and nothing done, when it had
        told that far."""
        with self.transaction():
            return digests.add_digest(self._connection, name, until, now)

    # MUTES

    def mutes(self, now: datetime) -> list[Mute]:
        """The mutes that hold at `now`."""
        return mutes.mutes(self._connection, now)

    def add_mute(self, mute: Mute) -> None:
        """Stores a mute; one of the same id is replaced."""
        with self.transaction():
            mutes.add_mute(self._connection, mute)

    def remove_mute(self, mute: str) -> bool:
        """Forgets a mute (by id); False when there is none."""
        with self.transaction():
            return mutes.remove_mute(self._connection, mute)

    # REVIEW

    def refuse_proposal(self, proposal: str, now: datetime) -> bool:
        """Notes that a person refused a proposal (by id); False, and nothing done, when it was
        accepted before."""
        with self.transaction():
            return proposals.decide(self._connection, proposal, Decision.REFUSED, now)

    def accept_proposal(
        self, proposal: str, mention: Mention, placed: ProcessedBatch, now: datetime
    ) -> bool:
        """Makes a mention of its article of what a person accepted, with the story, alerts and
        deliveries of `placed`; False, and nothing done, when it was accepted before."""
        with self.transaction():
            if not proposals.decide(self._connection, proposal, Decision.ACCEPTED, now):
                return False
            story = placed.stories[0].id if placed.stories else None
            article = proposals.article_of(self._connection, proposal)
            articles.add_mention(self._connection, article, mention, story)
            self.commit_batch(placed, now)
            return True

    # DELIVER

    @property
    def ledger(self) -> Ledger:
        """The outbox: claims, answers, and what a person does with them."""
        return Ledger(self._connection, self.transaction)

    def sent_messages(self, since: datetime) -> list[SentMessage]:
        """Alerts that reached a recipient at `since` or later, with the times of their way."""
        return latency.sent_messages(self._connection, since=since)

    def add_feedback(self, given: Feedback) -> None:
        """Keeps an analyst's verdict on an alert."""
        with self.transaction():
            feedback.add_feedback(self._connection, given)

    # RUNS

    def record_run(self, run: Run) -> None:
        """Stores a run as it stands: at its start, and again at its end."""
        with self.transaction():
            runs.put_run(self._connection, run)
