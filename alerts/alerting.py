"""Which watches hear of a story that changed, and who is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.deliver import alert_of, deliveries_for
from alerts.seen_stories import sure_enough, without_muted
from alerts.story_changes import combine
from alerts.watches import matches
from domain.alerting import Alert, Change, Delivery, Mute, Story
from domain.settings_channels import ChannelSettings
from domain.settings_watches import WatchSettings


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A story before (None: it is new) and after articles joined it, and what that changed."""

    before: Story | None
    after: Story
    changes: tuple[Change, ...]


def alerts_on(
    changed: Iterable[Changed],
    texts: Mapping[str, Sequence[str]],
    watches: Sequence[WatchSettings],
    channels: Mapping[str, ChannelSettings],
    mutes: Sequence[Mute],
    now: datetime,
) -> tuple[list[Alert], list[Delivery]]:
    """An alert for each watch that waits for one of the stories, and a delivery to each recipient
    of those that are told at once.

    `texts` are title and body of the stories' articles at hand, by the story's id.
    """
    alerts: list[Alert] = []
    deliveries: list[Delivery] = []
    for change in changed:
        for watch in watches:
            heard = heard_by(watch, change, texts.get(change.after.id, ()), mutes)
            if heard is None:
                continue
            alert = alert_of(watch, heard.after, heard.changes, now)
            alerts.append(alert)
            if watch.mode != "digest":
                deliveries += deliveries_for(alert, watch.send, channels)
    return alerts, deliveries


def heard_by(
    watch: WatchSettings, change: Changed, texts: Sequence[str], mutes: Sequence[Mute]
) -> Changed | None:
    """The change as the watch sees it, without what is muted or too unsure for it; None when it is
    not what the watch waits for, or changes nothing of what it sees."""
    after = seen_by(watch, change.after, mutes)
    if after is None:
        return None
    if after == change.after:
        seen = change
    else:
        before = change.before and seen_by(watch, change.before, mutes)
        seen = Changed(before=before, after=after, changes=combine(before, after))
    return seen if seen.changes and matches(watch.when, after, texts) else None


def seen_by(watch: WatchSettings, story: Story, mutes: Sequence[Mute]) -> Story | None:
    """What is left of a story for a watch; None: nothing.

    Reactions count once it is known to what: before, an official's words stand in a story without a transfer.
    """
    heard = without_muted(story, mutes)
    if heard is not None and not heard.transfers:
        heard = replace(heard, reactions=())
    return heard and sure_enough(heard, watch.min_confidence)
