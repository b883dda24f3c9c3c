"""Digests: what a period's alerts told, a section a story, what is new first. Pure."""

from __future__ import annotations

from base64 import b64encode
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.digest_chart import Counts
from alerts.notices import notice
from alerts.views import AlertView, view_of
from alerts.wording import many
from domain.alerting import Alert, ChangeKind, Notice, Picture, Section
from domain.local_times import latest_due
from domain.settings_watches import DigestSettings, WatchSettings

LONGEST_PERIOD = timedelta(days=14)
"""After a longer pause a digest begins so long before its time: alerts are listed by `armswire alerts`."""
MOST_SECTIONS = 150
_MOST_REACTIONS = 5
_MOST_ARTICLES = 3


def due_period(
    settings: DigestSettings, last: datetime | None, now: datetime
) -> tuple[datetime, datetime] | None:
    """From when to when the digest that is due at `now` tells; None when it was made already.

    It begins where the last one ended (`last`), so that a day on which nothing ran is not left out.
    """
    until = latest_due(settings.at, settings.timezone, settings.days, now)
    if until is None or (last is not None and last >= until):
        return None
    return period_start(settings, last, until), until


def period_start(settings: DigestSettings, last: datetime | None, until: datetime) -> datetime:
    """Where a digest up to `until` begins: at the end of the last one; the first one a day before, or
    at the last time it would have been due."""
    if last is None:
        day_before = until - timedelta(days=1)
        due = latest_due(
            settings.at, settings.timezone, settings.days, until - timedelta(seconds=1)
        )
        last = min(due or day_before, day_before)
    return max(last, until - LONGEST_PERIOD)


def watches_of(settings: DigestSettings, watches: Sequence[WatchSettings]) -> list[str]:
    """The names of the watches whose alerts a digest tells."""
    if settings.watches:
        return list(settings.watches)
    kept = [watch.name for watch in watches if watch.mode != "immediate"]
    return kept or [watch.name for watch in watches]


def digest_of(
    settings: DigestSettings,
    alerts: Sequence[Alert],
    start: datetime,
    until: datetime,
    now: datetime,
    *,
    counts: Counts,
    png: bytes | None,
    footer: str | None,
) -> Notice:
    """The digest of `alerts`, made between `start` and `until`. It is the same notice however often
    it is made for one period."""
    groups: defaultdict[str, list[Alert]] = defaultdict(list)
    for alert in sorted(alerts, key=lambda a: (a.created_at, a.version)):
        groups[alert.story.id].append(alert)
    new = [group for group in groups.values() if _is_new(group)]
    updated = [group for group in groups.values() if not _is_new(group)]
    ordered = [*_newest_first(new), *_newest_first(updated)]
    shown = [_section(group) for group in ordered[:MOST_SECTIONS]]
    left_out = len(ordered) - len(shown)
    day = until.astimezone(settings.timezone)
    period = f"From {_moment(start, settings.timezone)} to {_moment(until, settings.timezone)}"
    return notice(
        f"digest {settings.name}",
        f"{settings.name} {until.isoformat()}",
        1,
        f"{settings.name}, {day.day} {day:%b %Y}: {many(len(new), 'new story', 'new stories')}, "
        f"{many(len(updated), 'update', 'updates')}",
        [
            f"{period} ({settings.timezone.key}).",
            *([] if groups else ["Nothing that the watches wait for was told."]),
            *([f"{left_out} more stories: see `armswire alerts`."] if left_out else []),
        ],
        now,
        sections=shown,
        picture=Picture(png=b64encode(png).decode(), text=counts.words) if png else None,
        footer=footer,
    )


def _is_new(group: Sequence[Alert]) -> bool:
    return any(c.kind is ChangeKind.NEW_STORY for alert in group for c in alert.changes)


def _newest_first(groups: Sequence[Sequence[Alert]]) -> list[Sequence[Alert]]:
    return sorted(groups, key=lambda group: group[-1].created_at, reverse=True)


def _section(group: Sequence[Alert]) -> Section:
    latest = max(group, key=lambda alert: alert.version)
    view = view_of(latest)
    changes = dict.fromkeys(change for alert in group for change in view_of(alert).changes)
    watches = ", ".join(dict.fromkeys(alert.watch for alert in group))
    told = list(changes) if not _is_new(group) else [*_reactions(view), *changes]
    return Section(
        heading=f"{'New' if _is_new(group) else 'Update'}: {view.title}",
        lines=(*told, *_sources(view), f"watch {watches}"),
        link=view.articles[0].link if view.articles else None,
    )


def _reactions(view: AlertView) -> list[str]:
    return [
        f"{r.speaker}{f' ({r.role})' if r.role else ''} {r.stance_words}"
        for r in view.reactions[:_MOST_REACTIONS]
    ]


def _sources(view: AlertView) -> list[str]:
    lines = [f"{a.outlet}, {a.time}: {a.title}" for a in view.articles[:_MOST_ARTICLES]]
    more = len(view.articles) - len(lines)
    return [*lines, f"and {many(more, 'more article', 'more articles')}"] if more else lines


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y, %H:%M}"
