"""What a run's report says of each feed, in words for the ops engineer."""

from __future__ import annotations

from datetime import datetime

from domain.news import Feed, FeedState, PollOutcome, PollRecord
from extractors.fetch.lifecycle import is_retired
from extractors.urls import shown_url
from flows.reports import FeedOutcome


def outcome_of_poll(
    feed: Feed, state: FeedState | None, record: PollRecord, *, quiet: bool = False
) -> FeedOutcome:
    """A feed that was polled; `state` is as after the poll."""
    return FeedOutcome(
        feed=feed.name,
        url=shown_url(feed.url),
        outcome=record.outcome,
        entries=record.entries,
        new=record.new,
        edited=record.edited,
        quiet=quiet,
        seconds=record.seconds,
        note=record.error or _moved(state),
    )


def outcome_of_duplicate(feed: Feed, other: Feed) -> FeedOutcome:
    """A feed left alone because another one is the same."""
    note = f'is the same feed as "{other.name}"; remove one of the two rows from feeds.yaml'
    return _left_alone(feed, PollOutcome.DUPLICATE, note)


def outcome_unpolled(feed: Feed, state: FeedState | None) -> FeedOutcome:
    """A feed left alone this time; one that is gone or failing says so every time."""
    if state is not None and is_retired(feed, state):
        note = (
            f"is gone for good: {state.last_error}; change its address in feeds.yaml, or remove it"
        )
        return _left_alone(feed, PollOutcome.RETIRED, note)
    note = ""
    if state is not None and state.failures and state.failing_since:
        note = f"failing since {_shown(state.failing_since)} ({state.last_error})"
        if state.next_poll_at:
            note += f"; next try {_shown(state.next_poll_at)}"
    return _left_alone(feed, PollOutcome.NOT_DUE, note)


def _left_alone(feed: Feed, outcome: PollOutcome, note: str) -> FeedOutcome:
    return FeedOutcome(feed=feed.name, url=shown_url(feed.url), outcome=outcome, note=note)


def _shown(when: datetime) -> str:
    return when.strftime("%d %b %H:%M UTC")


def _moved(state: FeedState | None) -> str:
    if state is None or state.moved_to is None:
        return ""
    return f"has moved for good; put {shown_url(state.moved_to)} into its row of feeds.yaml"
