"""How the feeds are: judged after every poll, and ops told of it once when it gets worse and once when it is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from alerts.deliver import deliveries_for
from alerts.health_notices import HealthChanges, health_changes, health_lines, health_title
from alerts.notices import notice
from domain.alerting import Delivery
from domain.health import FeedHealth, HealthState
from domain.news import Feed, FeedState, PollRecord
from domain.settings import MonitorSettings
from domain.settings_health import HealthSettings
from extractors.fetch.health import HISTORY, health_of
from extractors.fetch.lifecycle import same_feeds
from flows.feed_outcomes import outcome_of_duplicate
from flows.run_context import RunContext
from storage.store import open_store

REMEMBERED = timedelta(days=30)
"""An episode that ended is remembered so long: a silence that goes on after failing polls is not told twice."""
_WORST_FIRST = list(HealthState)


def health_of_all(
    feeds: Sequence[Feed],
    states: Mapping[str, FeedState],
    history: Mapping[str, Sequence[PollRecord]],
    now: datetime,
    settings: HealthSettings,
) -> tuple[FeedHealth, ...]:
    """How each of `feeds` is, the worst first; `states` and `history` are by feed key."""
    doubles = same_feeds(feeds, states)
    judged = (
        FeedHealth(
            feed=feed,
            state=HealthState.DUPLICATE,
            why=outcome_of_duplicate(feed, doubles[feed.key]).note,
        )
        if feed.key in doubles
        else health_of(feed, states.get(feed.key), history.get(feed.key, ()), now, settings)
        for feed in feeds
    )
    return tuple(sorted(judged, key=lambda health: _WORST_FIRST.index(health.state)))


def watch_over_feeds(run: RunContext) -> tuple[FeedHealth, ...]:
    """Judges the feeds, puts a notice for ops into the outbox when one is due, and returns how the feeds are."""
    now, settings = run.clock(), run.settings
    feeds = run.configuration.feeds
    with open_store(settings.database) as store:
        states = store.feed_states()
        history = store.telling_polls(now - HISTORY)
        health = health_of_all(feeds, states, history, now, settings.health)
        if settings.health.send:
            changes = health_changes(health, store.episodes(now - REMEMBERED), now)
            if changes.episodes:
                told = _deliveries(changes, len(feeds), settings, now)
                with store.transaction():
                    store.record_episodes(changes.episodes)
                    store.ledger.add(told, now)
    return health


def tell_of_drift(run: RunContext, drift: Mapping[str, str]) -> None:
    """Puts a notice for ops into the outbox for each outlet whose articles have suddenly become shorter (see
    extractors/body_drift.py), once a week and outlet for as long as it lasts."""
    now, settings = run.clock(), run.settings
    if not (drift and settings.health.send):
        return
    year, week, _ = now.isocalendar()
    told = [
        delivery
        for outlet, change in drift.items()
        for delivery in deliveries_for(
            notice(
                "health",
                f"articles of {outlet} in week {week} of {year}",
                1,
                f"Articles of {outlet} have become shorter",
                [
                    f"{outlet}: {change}.",
                    "Look at one of its pages with: armswire extract URL",
                ],
                now,
            ),
            settings.health.send,
            settings.channels,
        )
    ]
    with open_store(settings.database) as store:
        store.ledger.add(told, now)


def _deliveries(
    changes: HealthChanges, feeds: int, settings: MonitorSettings, now: datetime
) -> list[Delivery]:
    """The notice to every ops channel; none where there is nothing to say."""
    if not (changes.begun or changes.recovered):
        return []
    told = notice(
        "health",
        f"feeds {now.isoformat()}",
        1,
        health_title(changes, feeds),
        list(health_lines(changes, feeds)),
        now,
    )
    return deliveries_for(told, settings.health.send, settings.channels)
