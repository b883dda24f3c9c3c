"""What ops are told of feeds: once when a trouble begins, once when it is over, however many feeds in one message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.health import TOLD_TO_OPS, Episode, FeedHealth, HealthState

MOST = 20
"""Feeds told one by one in a message; of more the rest is counted."""

_TROUBLE = {
    HealthState.FAILING: ("fails", "fail"),
    HealthState.SILENT: ("is silent", "are silent"),
    HealthState.RETIRED: ("is gone", "are gone"),
}
_SINCE = {
    HealthState.FAILING: "has been failing",
    HealthState.SILENT: "has been silent",
    HealthState.RETIRED: "has been gone",
}
_TO_DO = {
    HealthState.FAILING: (
        "It is tried again by itself, ever more seldom. `armswire feeds test NAME` shows what it answers now; if it "
        "stays like this, give it another url in feeds.yaml or set enabled: false."
    ),
    HealthState.SILENT: (
        "Look whether the site still publishes. If it does, its feed has another address by now: "
        "`armswire feeds add SITE` finds it."
    ),
    HealthState.RETIRED: (
        "Give it another url in feeds.yaml, or take it out with `armswire feeds remove NAME`."
    ),
}


@dataclass(frozen=True, kw_only=True)
class HealthChanges:
    """What has changed since ops were last told: troubles that begin, troubles that are over (a feed's entry comes or
    its poll succeeds again), and those that ended without a word (the feed was taken out, or its trouble is another one
    now, or the same as before)."""

    begun: tuple[Episode, ...] = ()
    recovered: tuple[Episode, ...] = ()
    unsaid: tuple[Episode, ...] = ()

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """All that changed, as they stand now."""
        return (*self.unsaid, *self.recovered, *self.begun)


def health_changes(
    health: Sequence[FeedHealth], known: Sequence[Episode], now: datetime
) -> HealthChanges:
    """What begins and ends at `now`, given the episodes that ops know of (those that ended a while ago may be missing).

    A silence that was told, then covered by failing polls, and goes on after them is the same silence.
    """
    by_feed = {one.feed.key: one for one in health}
    open_ones = {(e.feed, e.state): e for e in known if e.ended_at is None}
    over = {(e.feed, e.state, e.began_at): e for e in known if e.ended_at is not None}
    begun: list[Episode] = []
    recovered: list[Episode] = []
    unsaid: list[Episode] = []
    for one in health:
        episode = _episode_of(one, now)
        if episode is None:
            continue
        if (episode.feed, episode.state) in open_ones:
            del open_ones[episode.feed, episode.state]
            continue
        again = over.get((episode.feed, episode.state, episode.began_at))
        if again is None:
            begun.append(episode)
        else:
            unsaid.append(replace(again, ended_at=None))
    for episode in open_ones.values():
        current = by_feed.get(episode.feed)
        is_well = current is not None and current.state not in TOLD_TO_OPS
        (recovered if is_well else unsaid).append(replace(episode, ended_at=now))
    return HealthChanges(begun=tuple(begun), recovered=tuple(recovered), unsaid=tuple(unsaid))


def _episode_of(health: FeedHealth, now: datetime) -> Episode | None:
    if health.state not in TOLD_TO_OPS:
        return None
    began = {
        HealthState.FAILING: health.failing_since,
        HealthState.SILENT: health.last_new_entry_at or health.known_since,
        HealthState.RETIRED: health.retired_at,
    }[health.state]
    return Episode(
        feed=health.feed.key,
        name=health.feed.name,
        state=health.state,
        began_at=began or now,
        told_at=now,
        why=health.why,
    )


def health_title(changes: HealthChanges, feeds: int) -> str:
    """The subject: "Feed fails: Harbour News", "12 of 80 feeds fail, 1 is silent, 2 are well again"."""
    counted = Counter(episode.state for episode in changes.begun)
    if len(changes.begun) == 1 and not changes.recovered:
        [episode] = changes.begun
        return f"Feed {_TROUBLE[episode.state][0]}: {episode.name}"
    if len(changes.recovered) == 1 and not changes.begun:
        return f"Feed is well again: {changes.recovered[0].name}"
    parts = [f"{n} {_TROUBLE[state][n > 1]}" for state in _TROUBLE if (n := counted[state])]
    if well := len(changes.recovered):
        parts.append(f"{well} {'is' if well == 1 else 'are'} well again")
    first, *rest = parts
    number, _, words = first.partition(" ")
    return ", ".join([f"{number} of {feeds} feeds {words}", *rest])


def health_lines(changes: HealthChanges, feeds: int) -> Iterator[str]:
    """The paragraphs: for each feed what happened, since when and what it said, and for each kind of trouble what to do."""
    failing = sum(episode.state is HealthState.FAILING for episode in changes.begun)
    if failing > 2 and 2 * failing >= feeds:
        yield (
            "Half of all feeds or more began to fail at once: it may be this machine's network, its name server or a "
            "proxy rather than the feeds."
        )
    for state, words in _TO_DO.items():
        these = [episode for episode in changes.begun if episode.state is state]
        for episode in these[:MOST]:
            since = _moment(episode.began_at)
            yield f"{episode.name} {_SINCE[state]} since {since}: {episode.why}."
        yield from _rest(len(these) - MOST)
        if these:
            yield words
    for episode in changes.recovered[:MOST]:
        since, until = _moment(episode.began_at), _moment(episode.ended_at or episode.told_at)
        yield f"{episode.name} is well again; it was {episode.state.value} from {since} to {until}."
    yield from _rest(len(changes.recovered) - MOST)
    yield "`armswire feeds health` shows all feeds."


def _rest(number: int) -> Iterator[str]:
    if number > 0:
        yield f"… and {number} more"


def _moment(when: datetime) -> str:
    return when.strftime("%d %b %H:%M UTC")
