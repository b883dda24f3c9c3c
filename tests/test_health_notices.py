"""Ops are told once when a feed's trouble begins and once when it is over, in one message for all feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.health_notices import HealthChanges, health_changes, health_lines, health_title
from domain.health import Episode, FeedHealth, HealthState
from domain.news import Feed

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BEGAN = NOW - timedelta(hours=5)


def health(name: str, state: HealthState, why: str = "because", **facts: object) -> FeedHealth:
    url = f"https://{name}.example/feed"
    feed = Feed(key=url, url=url, name=name)
    given = {"failing_since": BEGAN, "last_new_entry_at": BEGAN - timedelta(days=9)}
    return FeedHealth(feed=feed, state=state, why=why, **given | facts)  # type: ignore[arg-type]


class Ops:
    """What ops remember, run after run."""

    def __init__(self) -> None:
        self.known: list[Episode] = []
        self.now = NOW

    def hear(self, *feeds: FeedHealth) -> HealthChanges:
        changes = health_changes(feeds, self.known, self.now)
        changed = {(e.feed, e.state, e.began_at): e for e in (*self.known, *changes.episodes)}
        self.known = list(changed.values())
        self.now += timedelta(minutes=10)
        return changes


def names(episodes: Sequence[Episode]) -> list[str]:
    return [episode.name for episode in episodes]


def test_an_episode_is_told_once_and_its_end_once() -> None:
    """However often the feeds are judged in between."""
    ops = Ops()
    failing, well = health("a", HealthState.FAILING), health("a", HealthState.HEALTHY)
    assert ops.hear(well) == HealthChanges()
    assert names(ops.hear(failing).begun) == ["a"]
    assert ops.hear(replace(failing, why="still")) == HealthChanges()
    assert names(ops.hear(well).recovered) == ["a"]
    assert ops.hear(well) == HealthChanges()
    again = replace(failing, failing_since=NOW + timedelta(hours=1))
    assert names(ops.hear(again).begun) == ["a"]


def test_a_silence_that_failing_polls_cover_is_not_told_twice() -> None:
    """Silent, failing, silent again since the same entry: two troubles are told, and one recovery at the end."""
    ops = Ops()
    silent = health("a", HealthState.SILENT)
    assert names(ops.hear(silent).begun) == ["a"]
    changes = ops.hear(health("a", HealthState.FAILING))
    assert ([e.state for e in changes.begun], changes.recovered) == ([HealthState.FAILING], ())
    changes = ops.hear(silent)
    assert (changes.begun, changes.recovered) == ((), ())
    assert [e.state for e in ops.hear(health("a", HealthState.HEALTHY)).recovered] == [
        HealthState.SILENT
    ]


def test_a_feed_taken_out_ends_its_episode_without_a_word() -> None:
    """Nobody waits for a feed that is not configured any more; one trouble that turns into another is told as that."""
    ops = Ops()
    ops.hear(health("a", HealthState.FAILING), health("b", HealthState.SILENT))
    changes = ops.hear(health("b", HealthState.RETIRED, retired_at=NOW))
    assert ([(e.name, e.state) for e in changes.begun], changes.recovered) == (
        [("b", HealthState.RETIRED)],
        (),
    )
    assert all(e.ended_at for e in ops.known if e.state is not HealthState.RETIRED)


def test_a_silence_since_ever_stays_the_same() -> None:
    """Where no entry was ever seen, the beginning of the history moves on; the trouble does not begin anew by it."""
    ops = Ops()
    silent = health("a", HealthState.SILENT, last_new_entry_at=None, known_since=BEGAN)
    assert len(ops.hear(silent).begun) == 1
    assert ops.hear(replace(silent, known_since=NOW)) == HealthChanges()


def test_words_for_one_feed() -> None:
    """The subject names it; the text says what, since when, what it said, and what to do."""
    changes = Ops().hear(health("Harbour", HealthState.FAILING, "3 polls in a row: answered 503"))
    assert health_title(changes, 80) == "Feed fails: Harbour"
    lines = list(health_lines(changes, 80))
    assert (
        lines[0]
        == "Harbour has been failing since 20 Nov 04:00 UTC: 3 polls in a row: answered 503."
    )
    assert "`armswire feeds test NAME`" in lines[1]


def test_words_for_many_feeds_at_once() -> None:
    """One message counts them, tells the first twenty, and wonders about the own network when half of all fail."""
    ops = Ops()
    ops.hear(health("old", HealthState.SILENT), health("gone", HealthState.SILENT))
    changes = ops.hear(
        *(health(f"f{n}", HealthState.FAILING) for n in range(30)),
        health("old", HealthState.HEALTHY),
        health("gone", HealthState.HEALTHY),
        health("quiet", HealthState.SILENT),
    )
    assert health_title(changes, 33) == "30 of 33 feeds fail, 1 is silent, 2 are well again"
    lines = list(health_lines(changes, 33))
    assert "this machine's network" in lines[0]
    assert sum(" has been failing since " in line for line in lines) == 20
    assert "… and 10 more" in lines
    assert sum("is well again" in line for line in lines) == 2


def test_words_for_a_recovery() -> None:
    """The subject says so at a glance."""
    ops = Ops()
    ops.hear(health("Harbour", HealthState.SILENT))
    changes = ops.hear(health("Harbour", HealthState.HEALTHY))
    assert health_title(changes, 80) == "Feed is well again: Harbour"
    assert next(iter(health_lines(changes, 80))) == (
        "Harbour is well again; it was silent from 11 Nov 04:00 UTC to 20 Nov 09:10 UTC."
    )
