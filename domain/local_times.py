"""Times of day in a time zone: quiet hours, and the moment a digest is due. Pure; right on the days
when clocks change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """From `start` to `end` every day (past midnight when `end` is the earlier), and all of `days`
    (Monday is 0), by the clock of `zone`. `start` and `end` are both None where only days are quiet.

    On the day the clock is set back, an hour that it shows twice is quiet both times if it is at
    all.
    """

    zone: ZoneInfo
    start: time | None = None
    end: time | None = None
    days: frozenset[int] = frozenset()

    def over_at(self, now: datetime) -> datetime | None:
        """When the quiet that holds at `now` is over, in UTC; None when none does."""
        until = now.astimezone(UTC)
        # Quiet hours may end within a quiet day and the other way round; two weeks hold any chain,
        # for one day of the week at least is not quiet.
        for _ in range(14):
            ends = [end for start, end in self._near(until) if start <= until < end]
            if not ends:
                break
            until = max(ends)
        return until if until > now else None

    def _near(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        today = moment.astimezone(self.zone).date()
        for day in (today - _DAY, today, today + _DAY):
            if day.weekday() in self.days:
                yield _first(day, _MIDNIGHT, self.zone), _first(day + _DAY, _MIDNIGHT, self.zone)
            if self.start is not None and self.end is not None:
                last = day + _DAY if self.end < self.start else day
                yield _first(day, self.start, self.zone), _last(last, self.end, self.zone)


def latest_due(at: time, zone: ZoneInfo, days: frozenset[int], now: datetime) -> datetime | None:
    """The latest moment, not after `now`, at which the clock of `zone` showed `at` on one of `days`
    (Monday is 0), in UTC; None when `days` is empty.

    Once a day whatever the clock does: the first of two, and where the clock skips `at`, the moment
    as long after the change as `at` is.
    """
    today = now.astimezone(zone).date()
    for back in range(9):
        day = today - back * _DAY
        moment = datetime.combine(day, at, zone).astimezone(UTC)
        if day.weekday() in days and moment <= now:
            return moment
    return None


def _first(day: date, at: time, zone: ZoneInfo) -> datetime:
    return min(_both(day, at, zone))


def _last(day: date, at: time, zone: ZoneInfo) -> datetime:
    return max(_both(day, at, zone))


def _both(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments that a wall clock's time can mean: two, where the clock is changed."""
    local = datetime.combine(day, at, zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
