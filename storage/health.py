"""What the health of feeds is judged from, and the episodes that ops were told of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from domain.health import Episode, HealthState
from domain.news import PollOutcome, PollRecord
from storage.connection import Connection, Row, fetch, upsert

# The polls that tell something: the first one, where failing begins and ends, and of those that
# found something new the first and the last of every six hours (a wire finds something at each).
_TELLING = """
WITH beside AS (
    SELECT
        feed,
        polled_at,
        outcome,
        new,
        row_number() OVER polls_of_feed AS n,
        outcome = 'failed' AS failed,
        coalesce(lag(outcome) OVER polls_of_feed = 'failed', failed) AS failed_before,
        coalesce(lead(outcome) OVER polls_of_feed = 'failed', failed) AS failed_after
    FROM polls
    WHERE polled_at >= $since::TIMESTAMPTZ
    WINDOW polls_of_feed AS (PARTITION BY feed ORDER BY polled_at)
)
SELECT feed, polled_at, outcome, new
FROM beside
QUALIFY n = 1
     OR failed <> failed_before
     OR failed <> failed_after
     OR (new > 0 AND 1 IN (
            row_number() OVER (
                PARTITION BY feed, new > 0, time_bucket(INTERVAL 6 HOURS, polled_at)
                ORDER BY polled_at
            ),
            row_number() OVER (
                PARTITION BY feed, new > 0, time_bucket(INTERVAL 6 HOURS, polled_at)
                ORDER BY polled_at DESC
            )
        ))
ORDER BY feed, polled_at
"""
_EPISODES = """
SELECT *
FROM episodes
WHERE ended_at IS NULL OR ended_at >= $since::TIMESTAMPTZ
ORDER BY told_at, feed
"""


def telling_polls(connection: Connection, since: datetime) -> dict[str, list[PollRecord]]:
    """By feed, the polls at `since` or later that its health is judged from, oldest first."""
    history: defaultdict[str, list[PollRecord]] = defaultdict(list)
    for row in fetch(connection, _TELLING, since=since):
        history[row["feed"]].append(
            PollRecord(
                feed=row["feed"],
                at=row["polled_at"],
                outcome=PollOutcome(row["outcome"]),
                new=row["new"],
            )
        )
    return dict(history)


def episodes(connection: Connection, since: datetime) -> list[Episode]:
    """The episodes that go on, and those that ended at `since` or later."""
    return [
        Episode(**row | {"state": HealthState(row["state"])})
        for row in fetch(connection, _EPISODES, since=since)
    ]


def put_episodes(connection: Connection, changed: Sequence[Episode]) -> None:
    """Stores episodes as they stand now."""
    upsert(connection, "episodes", [_row(episode) for episode in changed])


def _row(episode: Episode) -> Row:
    return {
        "feed": episode.feed,
        "name": episode.name,
        "state": episode.state,
        "began_at": episode.began_at,
        "told_at": episode.told_at,
        "why": episode.why,
        "ended_at": episode.ended_at,
    }
