"""How feeds are is judged from their history alone: what fails or falls silent is named, what is merely slow is not."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.health import FeedHealth, HealthState
from domain.news import Feed, FeedState, PollOutcome, PollRecord
from domain.settings_health import HealthSettings
from extractors.fetch.health import health_of
from flows.cli.console_feeds import print_feeds, print_health
from flows.health import health_of_all

START = datetime(2026, 10, 5, 0, 0, tzinfo=UTC)
"""A Monday."""
FEED = Feed(key="https://a.example/feed", url="https://a.example/feed", name="A")
SETTINGS = HealthSettings()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Published = Callable[[datetime, datetime], bool]
"""Whether something was published between two moments."""


def at_moments(moments: Iterable[datetime]) -> Published:
    kept = sorted(moments)
    return lambda since, until: any(since < moment <= until for moment in kept)


def every(gap: timedelta, until: datetime | None = None) -> Published:
    return at_moments(
        START + n * gap for n in range(1, 3000) if until is None or START + n * gap <= until
    )


def watched(
    days: float,
    published: Published,
    *,
    down: Callable[[datetime], bool] = lambda at: False,
    step: timedelta = HOUR,
) -> tuple[FeedState, list[PollRecord], datetime]:
    """What is remembered of a feed polled every `step` for `days`; its first poll found something."""
    state, history = FeedState(key=FEED.key), []
    at, seen = START, START - 30 * DAY
    while at <= START + days * DAY:
        if down(at):
            outcome, new = PollOutcome.FAILED, 0
            since = state.failing_since or at
            state = replace(state, failures=state.failures + 1, failing_since=since)
            state = replace(state, last_error="answered 503 Service Unavailable")
        else:
            new = int(published(seen, at) or not history)
            outcome = PollOutcome.NEW if new else PollOutcome.UNCHANGED
            seen = at
            state = replace(state, failures=0, failing_since=None, last_error=None)
            state = replace(state, last_success_at=at)
            state = replace(state, last_new_entry_at=at) if new else state
        history.append(PollRecord(feed=FEED.key, at=at, outcome=outcome, new=new))
        state = replace(state, polls=state.polls + 1, last_polled_at=at)
        at += step
    return state, history, at - step


def judged(state: FeedState, history: list[PollRecord], now: datetime) -> FeedHealth:
    health = health_of(FEED, state, history, now, SETTINGS)
    # Polls that found nothing and stand beside no failure may be missing: the judgement is the same.
    fails = [poll.outcome is PollOutcome.FAILED for poll in history]
    thinned = [
        poll
        for n, poll in enumerate(history)
        if poll.new or any(fails[max(0, n - 1) : n + 2]) or n == 0
    ]
    assert health_of(FEED, state, thinned, now, SETTINGS) == health
    return health


def office_hours(since: datetime, until: datetime) -> bool:
    """A ministry: every hour from nine to five, Monday to Friday."""
    moments = (since + n * HOUR for n in range(int((until - since) / HOUR) + 1))
    return any(since < m <= until and m.weekday() < 5 and 9 <= m.hour < 17 for m in moments)


def test_a_feed_never_polled_is_new() -> None:
    """Nothing is known of it, and nothing is claimed."""
    health = health_of(FEED, None, (), START, SETTINGS)
    assert (health.state, health.why) == (HealthState.NEW, "has not been polled yet")


def test_a_feed_that_listed_only_old_entries_is_silent_within_days() -> None:
    """It need not be watched for weeks; but for two days, for its dates may be wrong."""
    never = at_moments([])
    for days, expected in ((1, HealthState.NEW), (2.5, HealthState.SILENT)):
        state, history, now = watched(days, never)
        health = judged(replace(state, stale_since=START - 40 * DAY), history, now)
        assert health.state is expected
    assert health.why == ("answers, but has had nothing new for 42 d, by the dates of its entries")


@pytest.mark.parametrize("days", [0, 3, 6.5, 13.9, 20, 27.2, 60])
def test_a_ministrys_weekend_alarms_nobody(days: float) -> None:
    """Neither the first weekend nor a later one is silence, whenever one looks."""
    health = judged(*watched(days, office_hours))
    assert health.state in (HealthState.HEALTHY, HealthState.NEW)


def test_a_ministry_that_stops_is_silent_within_a_week() -> None:
    """What was learnt of its weekends still lets silence be noticed, and the words say what was usual."""
    stop = START + 28 * DAY
    health = judged(*watched(34, lambda a, b: office_hours(a, min(b, stop)) if a < stop else False))
    assert health.state is HealthState.SILENT
    assert health.why.startswith("answers, but has had nothing new for 8 d; usually every ")


@pytest.mark.parametrize(
    ("gap", "stops_after", "noticed_after"),
    [(HOUR, 20, 2.1), (6 * HOUR, 20, 2.1), (DAY, 20, 2.1), (3 * DAY, 30, 6.1), (7 * DAY, 42, 14.1)],
)
def test_silence_is_noticed_by_the_feeds_own_measure(
    gap: timedelta, stops_after: int, noticed_after: float
) -> None:
    """A wire is silent after two days, a weekly after two weeks; before that nobody is told."""
    published = every(gap, until=START + stops_after * DAY)
    early = judged(*watched(stops_after + noticed_after - 0.5, published))
    late = judged(*watched(stops_after + noticed_after, published))
    assert (early.state, late.state) == (HealthState.HEALTHY, HealthState.SILENT)
    assert late.usual_gap == gap
    assert late.silent_after is not None
    assert late.silent_for > late.silent_after


def test_a_feed_that_never_changes_is_silent_in_the_end() -> None:
    """It answers 200 for ever with the same entries, or with none: the failure that nobody sees."""
    state, history, now = watched(15, lambda a, b: False)
    health = judged(state, history, now)
    assert health.state is HealthState.SILENT
    assert "its cadence is not known" in health.why
    empty = [replace(poll, new=0) for poll in history]
    assert judged(replace(state, last_new_entry_at=None), empty, now).state is HealthState.SILENT
    assert judged(*watched(13, lambda a, b: False)).state is HealthState.NEW


def test_irregular_feeds_raise_few_false_alarms() -> None:
    """Entries at random moments: of 300 healthy feeds looked at at a random moment, at most two are called silent."""
    chance = random.Random(7)
    called = 0
    for _ in range(300):
        mean = chance.choice([0.3, 0.7, 1.5, 3.0]) * DAY
        moments, at = [], START
        while at < START + 60 * DAY:
            at += mean * chance.expovariate(1.0)
            moments.append(at)
        days = chance.uniform(20, 60)
        health = judged(*watched(days, at_moments(moments), step=4 * HOUR))
        called += health.state is HealthState.SILENT
    assert called <= 2


def test_failing_begins_with_the_third_poll_and_ends_with_an_answer() -> None:
    """Two failures are told as a last error; an answer makes the feed healthy at once."""
    published = every(6 * HOUR)
    end = START + 20 * DAY

    def after(failures: int, answers: int = 0) -> FeedHealth:
        last = end + (failures + answers) * HOUR
        days = (last - START) / DAY
        return judged(*watched(days, published, down=lambda at: end < at <= end + failures * HOUR))

    two, three, back = after(2), after(3), after(3, 1)
    assert two.state is HealthState.HEALTHY
    assert two.why == "the last poll failed 2 times: answered 503 Service Unavailable"
    assert three.state is HealthState.FAILING
    assert three.why == "3 polls in a row: answered 503 Service Unavailable"
    assert three.failing_since == end + HOUR
    assert back.state is HealthState.HEALTHY


def test_an_outage_is_nobodys_silence() -> None:
    """Ten days in which the server was down are no sign that its feed has stopped."""
    down_from, down_to = START + 20 * DAY, START + 30 * DAY
    moments = [
        START + n * DAY for n in range(1, 60) if not down_from <= START + n * DAY <= down_to + DAY
    ]
    days = 31
    health = judged(*watched(days, at_moments(moments), down=lambda at: down_from <= at < down_to))
    assert health.state is HealthState.HEALTHY
    assert health.silent_for < 2 * DAY
    assert health.long_gap is not None
    assert health.long_gap < 3 * DAY


def test_a_single_failure_a_day_hides_no_silence() -> None:
    """Only the time that the feed could not be asked is taken off."""
    health = judged(*watched(30, every(DAY, START + 20 * DAY), down=lambda at: at.hour == 3))
    assert health.state is HealthState.SILENT


def test_retired_and_moved_feeds_say_what_to_do() -> None:
    """A retired feed is polled no more; a moved one works and names its new address, without secrets."""
    state, history, now = watched(20, every(DAY))
    retired = judged(replace(state, retired_at=now, next_poll_at=now), history, now)
    assert (retired.state, retired.next_poll_at) == (HealthState.RETIRED, None)
    elsewhere = replace(FEED, url="https://a.example/new")
    asked = replace(state, retired_at=now, asked_url=FEED.url)
    assert health_of(elsewhere, asked, history, now, SETTINGS).state is HealthState.HEALTHY
    moved = judged(replace(state, moved_to="https://b.example/f?token=s3cr3t"), history, now)
    assert moved.state is HealthState.MOVED
    assert moved.why == "has moved to https://b.example/f?token=***; change its url in feeds.yaml"


def test_a_feed_that_is_not_asked_any_more_is_not_healthy() -> None:
    """Its host wishes to be left alone for ever, or nothing runs: either way nobody knows what it says."""
    state, history, now = watched(20, every(6 * HOUR))
    due = replace(state, next_poll_at=now + HOUR)
    assert judged(due, history, now + DAY).state is HealthState.HEALTHY
    dark = judged(due, history, now + 2 * DAY)
    assert (dark.state, dark.failing_since) == (HealthState.FAILING, now + HOUR)
    assert dark.why.startswith("not asked since it was due at 25 Oct 01:00 UTC")


def test_the_second_row_of_one_feed_is_a_duplicate() -> None:
    """It names the row that counts."""
    state, history, now = watched(20, every(DAY))
    again = Feed(key="https://b.example/feed", url="https://b.example/feed", name="B")
    moved = FeedState(key=again.key, asked_url=again.url, moved_to=FEED.url)
    rows = health_of_all(
        [again, FEED], {FEED.key: state, again.key: moved}, {FEED.key: history}, now, SETTINGS
    )
    assert [(row.feed.name, row.state) for row in rows] == [
        ("B", HealthState.DUPLICATE),
        ("A", HealthState.HEALTHY),
    ]
    assert 'is the same feed as "A"' in rows[0].why


def test_health_and_list_fit_a_terminal_of_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever feeds are called and whatever was answered: no line is longer, and the why stands below its feed."""
    monkeypatch.setenv("COLUMNS", "80")
    long = replace(
        FEED, name="Bureau of [very] long names " * 4, tier="state_media", country="NATO"
    )
    state, history, now = watched(30, every(6 * HOUR))
    broken = replace(state, failures=9, failing_since=now - DAY, last_error="answered 503 " * 9)
    rows = [health_of(long, broken, history, now, SETTINGS), judged(state, history, now)]
    print_health(rows, now)
    health = capsys.readouterr().out
    print_feeds([long, FEED], {FEED.key: broken})
    assert health.startswith("2 feeds: 1 failing, 1 healthy\n")
    for line in (health + capsys.readouterr().out).splitlines():
        assert len(line) <= 80
    assert "9 polls in a row: answered 503" in health
    assert re.search(r"^healthy +A +0 ms +6 h", health, re.M)
