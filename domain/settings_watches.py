"""The settings of watches, their quiet hours and throttles, and of digests."""

from __future__ import annotations

import calendar
import re
from datetime import time, timedelta
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, model_validator

from domain.conditions import Condition, parse_condition
from domain.local_times import QuietHours
from domain.settings_types import Duration, Names, Settings, one_or_many

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = {name: n for n, name in enumerate(DAY_NAMES)} | {
    name.lower(): n for n, name in enumerate(calendar.day_name)
}
_EVERY_DAY = frozenset(range(7))


def _time_of_day(value: Any) -> Any:
    # YAML 1.1 reads an unquoted 22:30 as the number 1350, its minutes.
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * 60:
        return time(value // 60, value % 60)
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", value) if isinstance(value, str) else None
    if isinstance(value, time):
        return value
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        msg = f'"{value}" is no time of day; write it as "07:30"'
        raise ValueError(msg)
    return time(int(found[1]), int(found[2]))


def _zone(value: Any) -> Any:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        msg = f'"{value}" is no time zone; write one such as "Asia/Tokyo" or "UTC"'
        raise ValueError(msg) from None


def _days(value: Any) -> Any:
    names = one_or_many(value)
    if isinstance(names, frozenset):
        return names
    days = {str(name).strip().lower(): str(name) for name in names}
    if unknown := [name for day, name in days.items() if day not in _DAYS]:
        msg = f'"{unknown[0]}" is no day; write {", ".join(DAY_NAMES)}'
        raise ValueError(msg)
    return frozenset(_DAYS[day] for day in days)


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Days = Annotated[frozenset[int], BeforeValidator(_days)]


class QuietSettings(Settings):
    """When nobody is to be disturbed: daily from `from` to `to`, and all day on `days`. Alerts wait until it is over."""

    start: TimeOfDay | None = Field(default=None, alias="from")
    end: TimeOfDay | None = Field(default=None, alias="to")
    days: Days = frozenset()
    timezone: Zone = ZoneInfo("UTC")

    @model_validator(mode="after")
    def _leaves_some_time(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError('give both "from" and "to", such as {from: "22:00", to: "07:00"}')
        if self.start is None and not self.days:
            raise ValueError('name hours or days, such as {from: "22:00", to: "07:00"}')
        if self.start is not None and self.start == self.end:
            raise ValueError(
                '"from" and "to" are the same time: leave quiet out for no quiet hours, or list '
                "whole days under days"
            )
        if self.days == _EVERY_DAY:
            raise ValueError("days names the whole week: nothing would ever be sent")
        return self

    @property
    def hours(self) -> QuietHours:
        """The same, to be asked."""
        return QuietHours(zone=self.timezone, start=self.start, end=self.end, days=self.days)


class ThrottleSettings(Settings):
    """At most `messages` in any `per` to one recipient of a watch: what is more waits, and is told together."""

    messages: int = Field(ge=1)
    per: Duration = Field(gt=timedelta(0))


class WatchSettings(Settings):
    """A saved interest: what must hold of a story (`when`) and which channels hear of it (`send`).

    `mode`: alerts are sent at once (immediate), kept for digests (digest), or both. Mentions less sure than
    `min_confidence` do not count for this watch.
    """

    name: str = Field(min_length=1, pattern=r"^[\w.-]+$")
    when: Annotated[Condition, BeforeValidator(parse_condition)]
    send: Names = ()
    mode: Literal["immediate", "digest", "both"] = "immediate"
    min_confidence: float = Field(default=0.0, ge=0.0, le=1.0)
    quiet: QuietSettings | None = None
    throttle: ThrottleSettings | None = None

    @model_validator(mode="after")
    def _tells_somebody(self) -> Self:
        if not self.send and self.mode != "digest":
            raise ValueError(f'watch {self.name}: name at least one channel under "send"')
        return self


class DigestSettings(Settings):
    """What happened since the last one, told to `send` at `at` by the clock of `timezone`, on `days`.

    `watches` names whose alerts go in; none named: all whose mode is digest or both, or all when no watch is.
    """

    name: str = Field(min_length=1, pattern=r"^[\w.-]+$")
    at: TimeOfDay
    timezone: Zone = ZoneInfo("UTC")
    days: Days = _EVERY_DAY
    watches: Names = ()
    send: Names = Field(min_length=1)
    empty: bool = False
    """Whether it is sent when nothing happened."""

    @model_validator(mode="after")
    def _is_due_some_day(self) -> Self:
        if not self.days:
            raise ValueError(f"digest {self.name}: days is empty, so it would never be sent")
        return self
