"""What polls add to the queue: entries not known yet, and new versions of entries whose words were
changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.news import Entry, EntryTally
from storage.connection import Connection, Row, append, execute, fetch, storable
from storage.records import EntryState, FeedPoll

MAX_VERSIONS = 10
"""Of one entry; a feed that changes its words at every poll (a counter in the text, say) is not
followed further."""

_Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is remembered of an entry."""

    fingerprint: str | None
    state: EntryState
    version: int

    @property
    def next_version(self) -> int:
        """An entry that still waits is brought up to date; one that was read becomes a new version."""
        return self.version + (self.state is not EntryState.PENDING)


@dataclass
class _Intake:
    """What a transaction adds and changes: new entries, edited ones with their version, and those
    whose words are remembered for the first time."""

    new: list[tuple[Entry, bool]] = field(default_factory=list)
    edited: list[tuple[Entry, int]] = field(default_factory=list)
    unmarked: list[Entry] = field(default_factory=list)


def add_entries(
    connection: Connection, polls: Sequence[FeedPoll], now: datetime, run_id: str | None
) -> dict[str, EntryTally]:
    """Adds what is known neither by key within its feed nor by URL from any feed, and makes a known
    entry whose words have changed wait again; the first of equals counts. Returns what each feed
    brought, by feed key."""
    entries = [entry for poll in polls for entry in poll.entries]
    intake = _sorted_out(connection, polls, entries)
    append(connection, "entries", [_row(e, now, run_id, quiet=quiet) for e, quiet in intake.new])
    _make_wait_again(connection, intake.edited, now)
    _mark(connection, intake.unmarked)
    counted: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, found in enumerate(
        (entries, [e for e, _ in intake.new], [e for e, _ in intake.edited])
    ):
        for entry in found:
            counted[entry.feed][place] += 1
    return {
        poll.feed.key: EntryTally(entries=n, new=new, edited=edited)
        for poll in polls
        for n, new, edited in (counted[poll.feed.key],)
    }


def _sorted_out(
    connection: Connection, polls: Sequence[FeedPoll], entries: Sequence[Entry]
) -> _Intake:
    known = _known(connection, entries)
    urls = known_urls(connection, [entry.url for entry in entries if entry.url])
    intake, seen = _Intake(), set[_Key]()
    for entry, quiet in ((e, poll.is_quiet(e)) for poll in polls for e in poll.entries):
        key, url = _key(entry), entry.url and storable(entry.url)
        if key not in seen:
            _sort(intake, entry, known.get(key), is_new=url not in urls, quiet=quiet)
        seen.add(key)
        if url:
            urls.add(url)
    return intake


def _sort(
    intake: _Intake, entry: Entry, known: _Known | None, *, is_new: bool, quiet: bool
) -> None:
    if known is None:
        if is_new:
            intake.new.append((entry, quiet))
    elif known.fingerprint is None:
        intake.unmarked.append(entry)
    elif known.fingerprint != entry.fingerprint and known.next_version <= MAX_VERSIONS:
        intake.edited.append((entry, known.next_version))


def _known(connection: Connection, entries: Sequence[Entry]) -> dict[_Key, _Known]:
    rows = fetch(
        connection,
        """
        SELECT known.feed, known.key, known.fingerprint, known.state, known.version
        FROM entries AS known
        SEMI JOIN (
            SELECT unnest($feeds::VARCHAR[]) AS feed, unnest($keys::VARCHAR[]) AS key
        ) AS asked USING (feed, key)
        """,
        feeds=[entry.feed for entry in entries],
        keys=[entry.key for entry in entries],
    )
    return {
        (row["feed"], row["key"]): _Known(
            fingerprint=row["fingerprint"],
            state=EntryState(row["state"]),
            version=row["version"],
        )
        for row in rows
    }


def known_urls(connection: Connection, urls: Collection[str]) -> set[str]:
    """Those of `urls` (canonical) that an entry or an article has."""
    rows = fetch(
        connection,
        """
        WITH asked AS (SELECT unnest($urls::VARCHAR[]) AS url)
        SELECT url FROM entries SEMI JOIN asked USING (url)
        UNION
        SELECT url FROM articles SEMI JOIN asked USING (url)
        """,
        urls=list(urls),
    )
    return {row["url"] for row in rows}


def _make_wait_again(
    connection: Connection, edited: Sequence[tuple[Entry, int]], now: datetime
) -> None:
    """Gives entries the words their feed has for them now. One that waited stays as quiet as it was;
    what is added to one that was read is news, and alerts."""
    execute(
        connection,
        """
        UPDATE entries
        SET title = edited.title,
            text = edited.text,
            link = edited.link,
            published = coalesce(edited.published, entries.published),
            author = edited.author,
            language = edited.language,
            fingerprint = edited.fingerprint,
            version = edited.version,
            quiet = entries.quiet AND entries.state = 'pending',
            state = 'pending',
            attempts = 0,
            last_error = NULL,
            edited_at = $now
        FROM (
            SELECT
                unnest($feeds::VARCHAR[]) AS feed,
                unnest($keys::VARCHAR[]) AS key,
                unnest($titles::VARCHAR[]) AS title,
                unnest($texts::VARCHAR[]) AS text,
                unnest($links::VARCHAR[]) AS link,
                unnest($published::TIMESTAMPTZ[]) AS published,
                unnest($authors::VARCHAR[]) AS author,
                unnest($languages::VARCHAR[]) AS language,
                unnest($fingerprints::VARCHAR[]) AS fingerprint,
                unnest($versions::INTEGER[]) AS version
        ) AS edited
        WHERE entries.feed = edited.feed AND entries.key = edited.key
        """,
        now=now,
        feeds=[e.feed for e, _ in edited],
        keys=[e.key for e, _ in edited],
        titles=[e.title for e, _ in edited],
        texts=[e.text for e, _ in edited],
        links=[e.link for e, _ in edited],
        published=[e.published for e, _ in edited],
        authors=[e.author for e, _ in edited],
        languages=[e.language for e, _ in edited],
        fingerprints=[e.fingerprint for e, _ in edited],
        versions=[version for _, version in edited],
    )


def _mark(connection: Connection, entries: Sequence[Entry]) -> None:
    """Remembers the words of entries stored before there were versions."""
    execute(
        connection,
        """
        UPDATE entries
        SET fingerprint = marked.fingerprint
        FROM (
            SELECT
                unnest($feeds::VARCHAR[]) AS feed,
                unnest($keys::VARCHAR[]) AS key,
                unnest($fingerprints::VARCHAR[]) AS fingerprint
        ) AS marked
        WHERE entries.feed = marked.feed AND entries.key = marked.key
        """,
        feeds=[e.feed for e in entries],
        keys=[e.key for e in entries],
        fingerprints=[e.fingerprint for e in entries],
    )


def _key(entry: Entry) -> _Key:
    return storable(entry.feed), storable(entry.key)


def _row(entry: Entry, now: datetime, run_id: str | None, *, quiet: bool) -> Row:
    return {
        "feed": entry.feed,
        "key": entry.key,
        "url": entry.url,
        "link": entry.link,
        "guid": entry.guid,
        "title": entry.title,
        "text": entry.text,
        "published": entry.published,
        "author": entry.author,
        "language": entry.language,
        "state": EntryState.PENDING,
        "attempts": 0,
        "first_seen_at": now,
        "run_id": run_id,
        "fingerprint": entry.fingerprint,
        "quiet": quiet,
    }
