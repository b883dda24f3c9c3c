"""What becomes of a feed: its memory after each poll, its moves, its end, its doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.news import (
    EntryTally,
    Failed,
    FailureKind,
    Feed,
    FeedHints,
    FeedState,
    Fetched,
    PollOutcome,
    PollRecord,
    Unchanged,
)
from domain.settings_polling import PollingSettings
from extractors.fetch.lifecycle import address_of, is_retired, moved_here, same_feeds, state_after
from extractors.fetch.politeness import Outcome, body_hash, is_conditional, is_due
from flows.feed_outcomes import outcome_of_duplicate, outcome_of_poll, outcome_unpolled

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = Feed(key="https://a.example/feed", url="https://a.example/feed", name="A")
NEW_HOME = "https://new.example/feed"
GOOD = Fetched(url=FEED.url, status=200, headers={"etag": '"1"'}, body=b"x")
MOVED = replace(GOOD, url=NEW_HOME, moved_to=NEW_HOME)
GONE = Failed(url=FEED.url, kind=FailureKind.HARD, reason="answered 410 Gone", status=410)
BUSY = Failed(url=FEED.url, kind=FailureKind.TEMPORARY, reason="answered 503", status=503)


def after(
    outcomes: Sequence[Outcome],
    *,
    feed: Feed = FEED,
    state: FeedState | None = None,
    apart: timedelta = DAY,
) -> FeedState:
    """The memory after polls that lie `apart`."""
    now = state.last_polled_at + apart if state and state.last_polled_at else NOW
    for outcome in outcomes:
        found, hints = EntryTally(), FeedHints()
        state = state_after(feed, state, outcome, found, hints, now, PollingSettings())
        now += apart
    assert state is not None
    return state


def test_what_is_remembered_after_a_poll() -> None:
    """Validators and hash advance with a whole answer only; failures count and keep their
    beginning; success clears."""
    twice = after([BUSY, BUSY], state=FeedState(key=FEED.key, etag='"0"'), apart=HOUR)
    assert (twice.failures, twice.failing_since, twice.etag) == (2, NOW, '"0"')
    assert twice.last_error == "answered 503"
    assert not is_conditional(twice)
    well = after([GOOD], state=twice)
    assert (well.failures, well.failing_since, well.last_error, well.etag) == (0, None, None, '"1"')
    assert (well.body_hash, well.polls) == (body_hash(b"x"), 3)
    quiet = after([Unchanged(url="u", reason="304")], state=well, apart=HOUR)
    assert quiet.last_success_at == quiet.last_polled_at
    assert quiet.etag == '"1"'
    assert quiet.next_poll_at is not None
    assert quiet.next_poll_reason


def test_a_server_that_is_asked_too_often_is_asked_half_as_often() -> None:
    """After 429; after another failure the pace stays."""
    well = after([GOOD])
    assert well.pace is not None
    assert after([replace(BUSY, status=429)], state=well).pace == 2 * well.pace
    assert after([BUSY], state=well).pace == well.pace
    fixed = replace(FEED, every=HOUR)
    assert after([GOOD, replace(BUSY, status=429)], feed=fixed).pace == HOUR


def test_a_permanent_redirect_is_saved_once_it_has_lasted() -> None:
    """Over three polls and two days; a day's mistake, or a redirect that comes and goes, is not."""
    assert address_of(FEED, after([MOVED] * 2)) == FEED.url
    assert address_of(FEED, after([MOVED] * 9, apart=HOUR)) == FEED.url
    assert address_of(FEED, after([MOVED, MOVED, GOOD, MOVED, MOVED])) == FEED.url
    elsewhere = replace(MOVED, moved_to="https://b.example/feed")
    assert address_of(FEED, after([MOVED, MOVED, elsewhere])) == FEED.url
    assert address_of(FEED, after([MOVED, BUSY, MOVED, MOVED])) == NEW_HOME
    assert address_of(FEED, after([MOVED] * 3)) == NEW_HOME


def test_a_move_that_fails_is_taken_back() -> None:
    """After three failures at the new address the configured one is asked again."""
    moved = after([MOVED] * 3)
    assert address_of(FEED, after([BUSY] * 2, state=moved)) == NEW_HOME
    assert address_of(FEED, after([BUSY] * 3, state=moved)) == FEED.url
    back = after([GONE] * 3, state=moved)
    assert address_of(FEED, back) == FEED.url
    assert not is_retired(FEED, back)


def test_a_feed_is_where_another_one_moved_to() -> None:
    """Unless it answered under its own key; of several that moved there, the one that answered last
    was it."""
    home = Feed(key=NEW_HOME, url=NEW_HOME, name="A")
    state = after([MOVED] * 3)
    later = replace(after([MOVED] * 4), key="https://b.example/feed")
    states = {s.key: s for s in (later, state)}
    assert moved_here([home, FEED], states) == {NEW_HOME: later.key}
    assert moved_here([home], {state.key: state}) == {NEW_HOME: state.key}
    assert moved_here([home], {FEED.key: after([MOVED] * 2)}) == {}
    failed, well = (replace(after([o], feed=home), key=NEW_HOME) for o in (BUSY, GOOD))
    assert moved_here([home], states | {NEW_HOME: failed}) == {NEW_HOME: later.key}
    assert moved_here([home], states | {NEW_HOME: well}) == {}


def test_a_feed_with_a_login_keeps_its_address() -> None:
    """Its password is sent to nobody its user did not name, and is not remembered."""
    feed = replace(FEED, url="https://me:secret@a.example/feed")
    state = after([MOVED] * 9, feed=feed)
    assert address_of(feed, state) == feed.url
    assert "secret" not in repr(state)
    assert not is_due(feed, state, NOW + 8 * DAY)


def test_a_feed_that_is_gone_is_retired() -> None:
    """Two answers 410 in a row end it; one, or two with another between, do not; asked by hand, one
    good answer revives it."""
    assert not is_retired(FEED, after([GONE]))
    assert not is_retired(FEED, after([GONE, BUSY, GONE]))
    gone = after([GONE, GONE])
    assert is_retired(FEED, gone)
    assert not is_due(FEED, gone, NOW + 400 * DAY)
    assert not is_retired(FEED, after([GOOD], state=gone))


def test_a_changed_address_is_asked_afresh() -> None:
    """What the old address said of being gone or having moved is forgotten with it."""
    changed = replace(FEED, url="http://a.example/feed")
    gone, moved = after([GONE, GONE]), after([MOVED] * 3)
    assert is_due(changed, gone, NOW)
    assert not is_retired(changed, gone)
    assert address_of(changed, moved) == changed.url
    again = after([GOOD], feed=changed, state=gone)
    assert (again.retired_at, again.asked_url, again.polls) == (None, changed.url, 3)


def test_feeds_that_are_one_are_told() -> None:
    """One that moved to another's address is that other; of two that moved to one place the first
    counts; feeds apart are not told."""
    home = Feed(key=NEW_HOME, url=NEW_HOME, name="Home")
    other = Feed(key="https://b.example/feed", url="https://b.example/feed", name="B")
    moved = {feed.key: after([MOVED] * 3, feed=feed) for feed in (FEED, other)}
    assert same_feeds([FEED, home, other], {}) == {}
    assert same_feeds([FEED, home], moved) == {FEED.key: home}
    assert same_feeds([FEED, other], moved) == {other.key: FEED}
    assert same_feeds([FEED, other, home], moved) == {FEED.key: home, other.key: home}


def test_what_a_run_says_of_each() -> None:
    """Each row says what to do; a token in an address is not shown."""
    gone = outcome_unpolled(FEED, after([GONE, GONE]))
    assert (gone.outcome, gone.was_polled) == (PollOutcome.RETIRED, False)
    assert gone.note == (
        "is gone for good: answered 410 Gone; change its address in feeds.yaml, or remove it"
    )
    double = outcome_of_duplicate(FEED, replace(FEED, name="Other"))
    assert 'the same feed as "Other"' in double.note
    failing = outcome_unpolled(FEED, after([BUSY, BUSY], apart=HOUR))
    assert failing.note == (
        "failing since 03 Mar 12:00 UTC (answered 503); next try 03 Mar 13:18 UTC"
    )
    token = "?token=0123456789abcdef0123456789"
    state = after([replace(MOVED, moved_to=NEW_HOME + token)] * 3)
    line = PollRecord(feed=FEED.key, at=NOW, outcome=PollOutcome.NEW, entries=9, new=2)
    row = outcome_of_poll(FEED, state, line)
    assert (row.entries, row.new) == (9, 2)
    assert row.note == f"has moved for good; put {NEW_HOME}?token=*** into its row of feeds.yaml"


@pytest.mark.parametrize(
    ("ages", "stale"),
    [
        ([40 + n for n in range(20)], 40),
        ([40 + 21 * n for n in range(20)], None),  # a newsletter
        ([3 + n / 24 for n in range(20)], None),  # a weekend
        ([5 + n / 24 for n in range(20)], 5),
        ([40, *(41 + n for n in range(12)), 900], 40),  # one that stays on top for ever
        ([40] * 20, None),  # all of one date
        ([-2, *(40 + n for n in range(20))], 40),  # one announced
        ([40 + n for n in range(9)], None),
        ([None] * 20, None),
    ],
)
def test_a_feed_that_lists_only_old_entries_at_first_is_remembered_as_stale(
    ages: list[float | None], stale: float | None
) -> None:
    """Old for how close they lie together, in days; something new at any later poll proves the dates wrong."""
    dates = [None if age is None else NOW - age * DAY for age in ages]

    def polled(state: FeedState | None, new: int, now: datetime) -> FeedState:
        found = EntryTally(entries=20, new=new)
        polling = PollingSettings()
        return state_after(FEED, state, GOOD, found, FeedHints(), now, polling, dates)

    first = polled(None, 20, NOW)
    assert first.stale_since == (None if stale is None else NOW - stale * DAY)
    assert polled(first, 0, NOW + DAY).stale_since == first.stale_since
    assert polled(first, 1, NOW + DAY).stale_since is None
