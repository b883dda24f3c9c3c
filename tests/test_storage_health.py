"""The history that health is judged from is short, and tells as much as the whole one."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.health import Episode, HealthState
from domain.news import FeedState, PollOutcome, PollRecord
from domain.settings_health import HealthSettings
from extractors.fetch.health import health_of
from storage import polls
from storage.store import open_store
from tests.storage_cases import feed

START = datetime(2026, 10, 1, tzinfo=UTC)
STEP = timedelta(minutes=30)


def test_health_is_the_same_by_the_short_history(tmp_path: Path) -> None:
    """Forty days of polls every half hour, with finds and outages at random: the few that are read back lead to the
    same gaps, up to the six hours within which finds are taken together."""
    chance = random.Random(3)
    share = {"wire": 0.3, "daily": 0.02, "broken": 0.05}
    feeds = [feed(name) for name in share]
    written = []
    for one in feeds:
        down = 0
        for n in range(40 * 48):
            down = down or (chance.randint(1, 60) if chance.random() < 0.005 else 0)
            new = int(not down and chance.random() < share[one.name])
            outcome = PollOutcome.NEW if new else PollOutcome.UNCHANGED
            outcome = PollOutcome.FAILED if down else outcome
            written.append(PollRecord(feed=one.key, at=START + n * STEP, outcome=outcome, new=new))
            down = max(0, down - 1)
    with open_store(tmp_path / "m.duckdb") as store, store.transaction():
        polls.add_records(store._connection, written, None)
        short = store.telling_polls(START)
    now = START + 40 * 48 * STEP
    for one in feeds:
        whole = [poll for poll in written if poll.feed == one.key]
        state = FeedState(key=one.key, last_polled_at=now, last_success_at=now)
        a, b = (
            health_of(one, state, history, now, HealthSettings())
            for history in (whole, short[one.key])
        )
        assert a.long_gap is not None
        assert b.long_gap is not None
        assert abs(a.long_gap - b.long_gap) <= timedelta(hours=6)
        assert len(short[one.key]) < len(whole) / 3


def test_episodes_are_kept_until_they_end_and_a_while_longer(tmp_path: Path) -> None:
    """What goes on is always read back, what ended before the time asked for is not."""
    one = Episode(
        feed="https://a.example/feed",
        name="A",
        state=HealthState.SILENT,
        began_at=START,
        told_at=START + timedelta(days=3),
        why="answers, but has had nothing new for 3 d",
    )
    over = Episode(
        feed="https://b.example/feed",
        name="B",
        state=HealthState.FAILING,
        began_at=START,
        told_at=START,
        why="3 polls in a row",
        ended_at=START + timedelta(days=1),
    )
    with open_store(tmp_path / "m.duckdb") as store:
        store.record_episodes([one, over])
        assert store.episodes(START) == [over, one]
        assert store.episodes(START + timedelta(days=2)) == [one]
