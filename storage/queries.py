"""What readers can ask of the published copy; every listing is newest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.alerting import Alert, DeliveryState, Mute, Story
from domain.closing import Closing
from domain.feedback import Feedback
from domain.latency import SentMessage
from domain.news import PollRecord
from storage import feedback, health, latency, listings, mutes, polls, proposals, replays, runs
from storage.articles import article_from
from storage.connection import Connection, Row, fetch
from storage.feeds import state_from
from storage.outbox import alert_from
from storage.records import Decision, Run
from storage.rows import (
    ArticleRow,
    Counts,
    DeliveryRow,
    DisabledChannel,
    FeedRow,
    Filters,
    MentionKind,
    ProposalRow,
    ReactionRow,
    ReviewedArticle,
    TransferRow,
)

EVERYTHING = Filters()
"""Filters that narrow nothing."""

_ALERTS = """
SELECT *
FROM alerts
WHERE ($watch IS NULL OR watch = $watch)
  AND ($since IS NULL OR created_at >= $since::TIMESTAMPTZ)
ORDER BY created_at DESC, version DESC, id
LIMIT $limit
"""
_FIRST_ALERTS = """
SELECT id
FROM alerts
WHERE id IN (SELECT unnest($ids::VARCHAR[]))
  AND NOT EXISTS (
      FROM alerts AS earlier
      WHERE earlier.watch = alerts.watch
        AND earlier.story_id = alerts.story_id
        AND earlier.version < alerts.version
  )
"""
_DELIVERIES = """
SELECT
    deliveries.*,
    coalesce(json_extract_string(alerts.snapshot, '$.headline'), notices.title) AS headline
FROM deliveries
LEFT JOIN alerts ON alerts.id = deliveries.alert_id
LEFT JOIN notices ON notices.id = deliveries.alert_id
WHERE ($state IS NULL OR state = $state)
  AND ($channel IS NULL OR channel = $channel)
  AND starts_with(deliveries.id, $start)
  AND ($since IS NULL OR updated_at >= $since::TIMESTAMPTZ)
ORDER BY updated_at DESC, deliveries.version DESC, deliveries.id
LIMIT $limit
"""
_FEEDS = """
SELECT
    feeds.*,
    (SELECT count(*) FROM entries WHERE entries.feed = feeds.key) AS entries,
    (SELECT count(*) FROM articles WHERE articles.feed = feeds.key) AS articles
FROM feeds
ORDER BY last_new_entry_at DESC NULLS LAST, name, key
"""
_COUNTS = """
SELECT
    (SELECT count(*) FROM feeds) AS feeds,
    (SELECT count(*) FROM articles) AS articles,
    (SELECT count(*) FROM articles WHERE relevant) AS relevant,
    (SELECT count(*) FROM transfers) AS transfers,
    (SELECT count(*) FROM reactions) AS reactions,
    (SELECT count(*) FROM stories) AS stories,
    (SELECT count(*) FROM alerts) AS alerts,
    (SELECT count(*) FROM runs) AS runs
"""
_BODIES = "SELECT url, body FROM articles WHERE url IN (SELECT unnest($urls::VARCHAR[]))"
_ENTRIES_BY_STATE = "SELECT state, count(*) AS n FROM entries GROUP BY state ORDER BY state"
_DELIVERIES_BY_STATE = "SELECT state, count(*) AS n FROM deliveries GROUP BY state ORDER BY state"


class Queries(Closing):
    """An open read-only copy. Of one thread. `limit` None lists everything."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def close(self) -> None:
        """Lets go of the copy."""
        self._connection.close()

    def articles(
        self, filters: Filters = EVERYTHING, *, limit: int | None = None
    ) -> list[ArticleRow]:
        """Articles, the last stored first."""
        return listings.articles(self._connection, filters, limit)

    def article_at(self, url: str) -> ArticleRow | None:
        """The article whose canonical URL is `url`."""
        sql = "SELECT * FROM articles WHERE url = $url"
        rows = fetch(self._connection, sql, url=url)
        return article_from(rows[0]) if rows else None

    def story_articles(self, story: str) -> list[ArticleRow]:
        """The articles that tell a story (by id), the first stored first."""
        sql = "SELECT * FROM articles WHERE story_id = $story ORDER BY stored_at, id"
        return [article_from(row) for row in fetch(self._connection, sql, story=story)]

    def transfers(
        self, filters: Filters = EVERYTHING, *, limit: int | None = None
    ) -> list[TransferRow]:
        """Transfers the filters allow, of articles that have the reaction asked for, if one is."""
        return listings.transfers(self._connection, filters, limit)

    def reactions(
        self, filters: Filters = EVERYTHING, *, limit: int | None = None
    ) -> list[ReactionRow]:
        """Reactions the filters allow, of articles that have the transfer asked for, if one is."""
        return listings.reactions(self._connection, filters, limit)

    def stories(self, filters: Filters = EVERYTHING, *, limit: int | None = None) -> list[Story]:
        """Stories as they stand now, the last changed first."""
        return listings.stories(self._connection, filters, limit)

    def alerts(
        self,
        *,
        watch: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[Alert]:
        """Alerts, the last made first, each with the story as it stood then."""
        rows = fetch(self._connection, _ALERTS, watch=watch, since=since, limit=limit)
        return [alert_from(row) for row in rows]

    def first_alerts(self, alerts: Sequence[Alert]) -> set[str]:
        """The ids of those that are their watch's first about their story, at whichever version."""
        ids = [alert.id for alert in alerts]
        return {row["id"] for row in fetch(self._connection, _FIRST_ALERTS, ids=ids)}

    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        channel: str | None = None,
        since: datetime | None = None,
        start: str = "",
        limit: int | None = None,
    ) -> list[DeliveryRow]:
        """The ledger, the last touched first; `start` is what the ids begin with."""
        rows = fetch(
            self._connection,
            _DELIVERIES,
            state=state,
            channel=channel,
            since=since,
            start=start,
            limit=limit,
        )
        return [DeliveryRow(**row | {"state": DeliveryState(row["state"])}) for row in rows]

    def disabled_channels(self) -> list[DisabledChannel]:
        """The channels that are gone."""
        return replays.disabled_channels(self._connection)

    def sent_messages(
        self, *, watch: str | None = None, since: datetime | None = None
    ) -> list[SentMessage]:
        """Alerts that reached a recipient, the first sent first, with the times of their way."""
        return latency.sent_messages(self._connection, watch=watch, since=since)

    def alerts_named(self, start: str) -> list[Alert]:
        """The alerts whose id begins so, two at most."""
        return feedback.alerts_named(self._connection, start)

    def judged_alerts(self) -> list[tuple[Alert, Feedback]]:
        """Every alert that an analyst judged, with the last verdict, the first judged first."""
        return feedback.judged_alerts(self._connection)

    def bodies(self, urls: Collection[str]) -> dict[str, str]:
        """The texts of the articles with these URLs, by URL; those that are not stored are left out."""
        rows = fetch(self._connection, _BODIES, urls=list(urls))
        return {row["url"]: row["body"] for row in rows}

    def proposals(
        self,
        *,
        decision: Decision | None = None,
        kind: MentionKind | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[ProposalRow]:
        """The review list, the last proposed first: what waits, or what was decided so."""
        return proposals.proposals(self._connection, decision, kind, since, limit)

    def proposals_named(self, start: str) -> list[ProposalRow]:
        """The proposals whose id begins so, decided or not."""
        return proposals.proposals_named(self._connection, start)

    def reviewed(self) -> list[ReviewedArticle]:
        """Articles with a decided proposal, the first stored first."""
        return proposals.reviewed(self._connection)

    def feeds(self) -> list[FeedRow]:
        """Every feed ever polled, the one with the latest entry first."""
        return [_feed_from(row) for row in fetch(self._connection, _FEEDS)]

    def polls(self, *, feed: str | None = None, since: datetime | None = None) -> list[PollRecord]:
        """The history of one feed (by key) or of all, the first poll first."""
        return polls.poll_history(self._connection, feed, since)

    def telling_polls(self, since: datetime) -> dict[str, list[PollRecord]]:
        """By feed key, the polls at `since` or later that its health is judged from, oldest
        first."""
        return health.telling_polls(self._connection, since)

    def mutes(self, now: datetime | None = None) -> list[Mute]:
        """The mutes that hold at `now` (None: all there ever were), the one that ends first first."""
        return mutes.mutes(self._connection, now)

    def runs(self, *, limit: int | None = None) -> list[Run]:
        """Runs, the last begun first."""
        return runs.latest_runs(self._connection, limit)

    def counts(self) -> Counts:
        """How much there is of everything."""
        return Counts(
            **fetch(self._connection, _COUNTS)[0],
            entries=self._by_state(_ENTRIES_BY_STATE),
            deliveries=self._by_state(_DELIVERIES_BY_STATE),
        )

    def _by_state(self, sql: str) -> dict[str, int]:
        return {row["state"]: row["n"] for row in fetch(self._connection, sql)}


def _feed_from(row: Row) -> FeedRow:
    return FeedRow(
        url=row["url"],
        name=row["name"],
        publisher=row["publisher"],
        country=row["country"],
        language=row["language"],
        tier=row["tier"],
        tags=tuple(row["tags"]),
        state=state_from(row),
        entries=row["entries"],
        articles=row["articles"],
    )
