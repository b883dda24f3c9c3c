"""When a feed is polled next: what may be promised whatever feeds and servers say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.news import (
    EntryTally,
    Failed,
    FailureKind,
    Feed,
    FeedHints,
    FeedState,
    Fetched,
    Unchanged,
)
from domain.settings_polling import PollingSettings
from extractors.fetch.lifecycle import state_after
from extractors.fetch.pace import FIRST_TURNOVER, START, pace_after, turnover_after
from extractors.fetch.politeness import (
    LONGEST_WAIT,
    MOST_JITTER,
    NextPoll,
    Outcome,
    is_due,
    next_poll,
)

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)  # a Tuesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
POLLING = PollingSettings()
FEED = Feed(key="https://a.example/f", url="https://a.example/f", name="f")
STATE = FeedState(key=FEED.key, asked_url=FEED.url, pace=15 * MINUTE, last_polled_at=NOW)

keys = st.text(min_size=1, max_size=40)
waits = st.timedeltas(timedelta(0), timedelta(days=400))
seconds = st.integers(0, 10**9)
kinds = st.sampled_from(FailureKind)
failure_counts = st.integers(1, 100_000)
hints = st.builds(
    FeedHints,
    ttl=st.none() | waits,
    update_every=st.none() | waits,
    skip_hours=st.frozensets(st.integers(0, 23), max_size=23),
    skip_days=st.frozensets(st.integers(0, 6), max_size=6),
)
states = st.builds(
    lambda pace, turnover, failures: replace(
        STATE, pace=pace, turnover=turnover, failures=failures
    ),
    st.none() | st.timedeltas(timedelta(0), DAY),
    st.none() | waits,
    failure_counts,
)
header_texts = st.text(max_size=60) | seconds.map(str) | seconds.map("max-age={}".format)
header_sets = st.dictionaries(
    st.sampled_from(["retry-after", "cache-control", "expires", "date", "age"]), header_texts
)


def answered(headers: Mapping[str, str]) -> Fetched:
    return Fetched(url="u", status=200, headers=headers, body=b"x")


def refused(headers: Mapping[str, str], kind: FailureKind = FailureKind.TEMPORARY) -> Failed:
    return Failed(url="u", kind=kind, reason="answered 503", status=503, headers=headers)


outcomes = st.builds(answered, header_sets) | st.builds(refused, header_sets, kinds)


def following(
    outcome: Outcome,
    state: FeedState = STATE,
    said: FeedHints | None = None,
    feed: Feed = FEED,
    polling: PollingSettings = POLLING,
) -> NextPoll:
    return next_poll(feed, state, outcome, said or FeedHints(), NOW, polling)


def about(poll: NextPoll, wait: timedelta) -> bool:
    """Whether a poll is `wait` from now, give or take the jitter."""
    return abs(poll.at - NOW - wait) <= min(wait / 10, MOST_JITTER)


# ---- whatever is said


@given(outcomes, states, hints, keys)
def test_a_feed_is_never_left_alone_for_longer_than_a_day(
    outcome: Outcome, state: FeedState, said: FeedHints, key: str
) -> None:
    """Nor polled before now, nor without a reason."""
    poll = following(outcome, state, said, replace(FEED, key=key))
    assert NOW <= poll.at <= NOW + LONGEST_WAIT
    assert poll.reason


@given(
    st.builds(answered, st.just({})) | st.builds(refused, st.just({}), kinds),
    seconds,
    states,
    hints,
    keys,
    st.booleans(),
    st.integers(-10 * 365 * 86_400, 10 * 365 * 86_400),
)
def test_never_before_retry_after_by_the_servers_own_clock(
    outcome: Fetched | Failed,
    after: int,
    state: FeedState,
    said: FeedHints,
    key: str,
    as_date: bool,
    skew: int,
) -> None:
    """In seconds or as a date, whatever else is said, however wrong the server's clock is."""
    server_now = NOW + timedelta(seconds=skew)
    when = server_now + timedelta(seconds=min(after, 10**7))
    headers = {"retry-after": str(after), "date": format_datetime(server_now)}
    if as_date:
        headers["retry-after"] = format_datetime(when)
        after = min(after, 10**7)
    asked = min(timedelta(seconds=after), LONGEST_WAIT)
    poll = following(replace(outcome, headers=headers), state, said, replace(FEED, key=key))
    assert poll.at >= NOW + asked


@given(header_sets, states, kinds, keys, failure_counts, failure_counts)
def test_the_more_failures_the_longer_the_wait(
    headers: Mapping[str, str], state: FeedState, kind: FailureKind, key: str, a: int, b: int
) -> None:
    """In a row and of one kind; a feed that fails is never polled sooner than one that fails less."""
    fewer, more = sorted((a, b))
    feed = replace(FEED, key=key)
    sooner, later = (
        following(refused(headers, kind), replace(state, failures=n), feed=feed)
        for n in (fewer, more)
    )
    assert sooner.at <= later.at


@given(states, keys)
def test_jitter_is_bounded_and_the_feeds_own(state: FeedState, key: str) -> None:
    """At most a tenth of the pace and five minutes, always early, and the same each time."""
    feed = replace(FEED, key=key)
    pace = state.pace or timedelta(0)
    poll = following(answered({}), state, feed=feed)
    early = NOW + pace - poll.at
    assert min(pace / 50, MOST_JITTER / 5) <= early <= min(pace / 10, MOST_JITTER)
    assert following(answered({}), state, feed=feed) == poll


def test_jitter_spreads_feeds() -> None:
    """A hundred feeds of one host are due at a hundred times."""
    feeds = [replace(FEED, key=f"https://a.example/{n}") for n in range(100)]
    assert len({following(answered({}), feed=feed).at for feed in feeds}) == 100


# ---- what each wish is worth


@pytest.mark.parametrize(
    ("headers", "said", "wait", "words"),
    [
        ({}, FeedHints(), 15 * MINUTE, "its news calls for every 15 min"),
        ({"cache-control": "public, max-age=1800"}, FeedHints(), 30 * MINUTE, "Cache-Control"),
        ({"cache-control": "max-age=1800", "age": "1700"}, FeedHints(), 15 * MINUTE, "news"),
        ({"cache-control": "no-cache, max-age=1800"}, FeedHints(), 15 * MINUTE, "news"),
        (
            {
                "expires": "Sun, 01 Mar 2020 10:40:00 GMT",
                "date": "Sun, 01 Mar 2020 10:00:00 GMT",
            },
            FeedHints(),
            40 * MINUTE,
            "Expires calls it fresh for 40 min",
        ),
        ({"expires": "0"}, FeedHints(), 15 * MINUTE, "news"),
        ({"expires": "Tue, 03 Mar 2026 12:40:00 GMT"}, FeedHints(), 40 * MINUTE, "Expires"),
        (
            {"expires": "Tue, 03 Mar 2026 13:40:00 GMT", "cache-control": "max-age=60"},
            FeedHints(),
            15 * MINUTE,
            "news",
        ),
        ({}, FeedHints(ttl=HOUR), HOUR, "ttl calls it fresh for 60 min"),
        ({}, FeedHints(ttl=5 * MINUTE), 15 * MINUTE, "news"),
        ({}, FeedHints(update_every=HOUR / 2), HOUR / 2, "says that it changes every 30 min"),
        ({}, FeedHints(ttl=400 * DAY), 2 * HOUR, "ttl"),
        ({"retry-after": "10800"}, FeedHints(ttl=DAY), 3 * HOUR, "asks to come back after 3 h"),
        ({"retry-after": "soon"}, FeedHints(), 15 * MINUTE, "news"),
        ({}, FeedHints(skip_hours=frozenset({12})), HOUR, "left alone until then"),
        ({}, FeedHints(skip_days=frozenset({1})), 15 * MINUTE, "news"),
    ],
)
def test_wishes(headers: dict[str, str], said: FeedHints, wait: timedelta, words: str) -> None:
    """The longest wish counts, and says so; those that are only advice for two hours at most as
    long as nobody knows what the feed loses by it."""
    poll = following(answered(headers), said=said)
    assert about(poll, wait), poll
    assert words in poll.reason


def test_advice_is_followed_as_far_as_no_entry_is_lost() -> None:
    """A ttl of twelve hours is obeyed by a feed that lists what it published in a week, and not by
    one that lists an hour's; Retry-After is by both."""
    said = FeedHints(ttl=12 * HOUR)
    slow, fast = (replace(STATE, turnover=t, pace=5 * MINUTE) for t in (7 * DAY, HOUR))
    assert about(following(answered({}), slow, said), 12 * HOUR)
    assert about(following(answered({}), fast, said), HOUR / 3)
    assert following(answered({"retry-after": "43200"}), fast, said).at >= NOW + 12 * HOUR
    deaf = PollingSettings(longest_advice=timedelta(0))
    assert about(following(answered({}), slow, said, polling=deaf), 5 * MINUTE)


def test_a_304_carries_wishes_too() -> None:
    """Unchanged answers are as good as whole ones for being told when to come back."""
    unchanged = Unchanged(url="u", reason="304", headers={"cache-control": "max-age=2400"})
    assert about(following(unchanged), 40 * MINUTE)


@pytest.mark.parametrize(
    ("kind", "failures", "wait"),
    [
        (FailureKind.TEMPORARY, 1, 15 * MINUTE),
        (FailureKind.TEMPORARY, 3, 30 * MINUTE),
        (FailureKind.TEMPORARY, 1000, 2 * HOUR),
        (FailureKind.SOFT, 1, 30 * MINUTE),
        (FailureKind.SOFT, 1000, 12 * HOUR),
        (FailureKind.HARD, 1, 2 * HOUR),
        (FailureKind.HARD, 1000, DAY),
    ],
)
def test_back_off_by_kind_of_failure(kind: FailureKind, failures: int, wait: timedelta) -> None:
    """Linear, steeper the less hope there is, and never sooner than the feed's pace."""
    poll = following(refused({}, kind), replace(STATE, failures=failures))
    assert about(poll, wait)
    assert ("once" if failures == 1 else f"{failures} times in a row") in poll.reason


def test_a_feeds_own_interval_counts() -> None:
    """`every` is the pace, longer than a day too; what the feed asks for beyond it is heard."""
    weekly = replace(FEED, every=7 * DAY)
    state = replace(STATE, pace=pace_after(weekly, STATE, EntryTally(), NOW, POLLING))
    poll = following(answered({}), state, feed=weekly)
    assert about(poll, 7 * DAY)
    assert "feeds.yaml calls for every 7 d" in poll.reason


def test_a_pace_of_zero_is_not_spoken_of() -> None:
    """Nothing is said of a feed that may be asked at any time; other wishes say why as ever."""
    eager = replace(STATE, pace=timedelta(0))
    assert following(answered({}), eager) == NextPoll(at=NOW, reason="it may be asked at any time")
    assert "ttl" in following(answered({}), eager, FeedHints(ttl=HOUR)).reason


# ---- when a feed is due


def test_when_a_feed_is_due() -> None:
    """At once when new or when its address or interval was changed, then by its time; a schedule of ten minutes
    meets a feed of ten minutes every time; a clock set back does not silence it."""
    feed = replace(FEED, every=10 * MINUTE)
    found = EntryTally(entries=5, new=5)
    state = state_after(feed, None, answered({}), found, FeedHints(), NOW, POLLING)
    assert is_due(feed, None, NOW)
    assert not is_due(feed, state, NOW + 8 * MINUTE)
    assert is_due(feed, state, NOW + 10 * MINUTE)
    assert is_due(replace(feed, url="https://a.example/f?"), state, NOW)
    assert is_due(replace(feed, every=5 * MINUTE), state, NOW)
    assert not is_due(replace(feed, every=5 * MINUTE), replace(state, failures=1), NOW)
    assert not is_due(feed, replace(state, retired_at=NOW), NOW + 400 * DAY)
    assert is_due(feed, state, NOW - 400 * DAY)
    assert is_due(feed, FeedState(key=feed.key, last_polled_at=NOW, asked_url=feed.url), NOW)


# ---- the pace


def paces(*found: EntryTally, polling: PollingSettings = POLLING) -> list[timedelta]:
    """The pace after each of several polls, a quarter of an hour apart."""
    state, told, now = FeedState(key=FEED.key), [], NOW
    for tally in found:
        state = state_after(FEED, state, answered({}), tally, FeedHints(), now, polling)
        told.append(state.pace or timedelta(0))
        now += 15 * MINUTE
    return told


def test_the_pace_follows_the_news() -> None:
    """A first poll teaches nothing; much news quickens, none slows, within the bounds set."""
    first, some = EntryTally(entries=20, new=20), EntryTally(entries=20, new=1)
    most, none = EntryTally(entries=20, new=15), EntryTally(entries=20)
    assert paces(first) == [START]
    [_, quick, quicker] = paces(first, some, most)
    assert START > quick > quicker
    assert paces(first, *[most] * 9)[-1] == POLLING.fastest
    assert paces(first, *[none] * 20)[-1] == POLLING.slowest
    at_once = PollingSettings(fastest=timedelta(0), slowest=timedelta(0))
    assert paces(first, none, polling=at_once) == [timedelta(0)] * 2


@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(0, 50)).map(
            lambda n: EntryTally(entries=max(n), new=min(n))
        ),
        min_size=1,
        max_size=30,
    )
)
def test_the_pace_stays_within_its_bounds(found: list[EntryTally]) -> None:
    """Whatever the polls bring."""
    assert all(POLLING.fastest <= pace <= POLLING.slowest for pace in paces(*found))


def test_the_turnover_is_learnt_from_the_share_of_new_entries() -> None:
    """Five new of twenty in an hour: four hours. All new: entries may have been missed, so less
    than the time passed. It falls at once and doubles in a quiet week; nothing new tells nothing."""
    known = FeedState(key="f", last_success_at=NOW - HOUR, turnover=5 * HOUR)
    assert turnover_after(known, EntryTally(entries=20, new=5), NOW) == 4 * HOUR
    assert turnover_after(known, EntryTally(entries=20, new=20), NOW) == HOUR / 2
    assert 5 * HOUR < turnover_after(known, EntryTally(entries=20, new=1), NOW) < 5.1 * HOUR
    assert 5 * HOUR < turnover_after(known, EntryTally(), NOW) < 5.1 * HOUR
    a_week_later = NOW - HOUR + 7 * DAY
    assert turnover_after(known, EntryTally(), a_week_later) == 10 * HOUR
    assert turnover_after(known, EntryTally(), NOW + 4000 * DAY) == 7 * DAY
    first = turnover_after(FeedState(key="f"), EntryTally(entries=3, new=3), NOW)
    assert first == FIRST_TURNOVER
