"""`armswire feeds health`: how the feeds are, the worst first, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from domain.health import FeedHealth
    from domain.news import PollRecord

POLLS_SHOWN = 12


def health(
    feed: Annotated[
        str | None,
        typer.Argument(help="One feed's name: all that is known of it.", metavar="FEED"),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json_output: JsonOption = False,
) -> None:
    """Shows how each feed is, the worst first: failing, silent, retired, moved, new or healthy, and why.

    What is usual for a feed is learnt from its own history. Read from the published copy, as of the last run.

    Example: armswire feeds health "Northern Wire World"
    """
    from extractors.fetch.health import HISTORY
    from flows.cli.console_feeds import print_health, print_one_feed
    from flows.cli.inputs import require_known
    from flows.configuration import load_configuration
    from flows.health import health_of_all
    from flows.run_context import utc_now
    from storage.published import open_published

    configuration = load_configuration(config)
    if feed is not None:
        require_known(feed, [one.name for one in configuration.feeds], "feed")
    now = utc_now()
    with open_published(configuration.settings.database) as queries:
        states = {row.state.key: row.state for row in queries.feeds()}
        history = queries.telling_polls(now - HISTORY)
        key = next((one.key for one in configuration.feeds if one.name == feed), None)
        polls = queries.polls(feed=key, since=now - HISTORY)[-POLLS_SHOWN:] if key else []
    rows = health_of_all(configuration.feeds, states, history, now, configuration.settings.health)
    if feed is not None:
        [row] = [row for row in rows if row.feed.name == feed]
        if json_output:
            told = [_poll_as_dict(poll) for poll in polls]
            print(json.dumps(_as_dict(row) | {"polls": told}, indent=2))
        else:
            print_one_feed(row, polls, now)
    elif json_output:
        print(json.dumps([_as_dict(row) for row in rows], indent=2))
    else:
        print_health(rows, now)


def _poll_as_dict(poll: PollRecord) -> dict[str, Any]:
    return {
        "at": poll.at.isoformat(),
        "outcome": poll.outcome.value,
        "status": poll.status,
        "seconds": round(poll.seconds, 3),
        "bytes": poll.size,
        "entries": poll.entries,
        "new": poll.new,
        "edited": poll.edited,
        "error": poll.error,
        "next_poll": _iso(poll.next_poll_at),
        "next_poll_reason": poll.next_poll_reason,
    }


def _as_dict(row: FeedHealth) -> dict[str, Any]:
    from extractors.urls import shown_url

    return {
        "name": row.feed.name,
        "url": shown_url(row.feed.url),
        "state": row.state.value,
        "why": row.why,
        "last_success": _iso(row.last_success_at),
        "last_new_entry": _iso(row.last_new_entry_at),
        "usual_gap_seconds": _seconds(row.usual_gap),
        "long_gap_seconds": _seconds(row.long_gap),
        "silent_for_seconds": _seconds(row.silent_for),
        "silent_after_seconds": _seconds(row.silent_after),
        "failing_since": _iso(row.failing_since),
        "failures": row.failures,
        "last_error": row.last_error,
        "next_poll": _iso(row.next_poll_at),
        "next_poll_reason": row.next_poll_reason,
        "moved_to": shown_url(row.moved_to) if row.moved_to else None,
    }


def _iso(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _seconds(length: timedelta | None) -> float | None:
    return length.total_seconds() if length is not None else None
