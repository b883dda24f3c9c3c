"""Quiet hours and times of day, on ordinary days and when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.local_times import QuietHours, latest_due

BERLIN = ZoneInfo("Europe/Berlin")  # sets its clocks at 01:00 UTC on 29 March and 25 October 2026
TOKYO = ZoneInfo("Asia/Tokyo")
ALL_DAYS = frozenset(range(7))
NIGHT = QuietHours(zone=BERLIN, start=time(22), end=time(7))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "over"),
    [
        (NIGHT, "2026-02-02 20:59", None),
        (NIGHT, "2026-02-02 21:00", "2026-02-03 06:00"),
        (NIGHT, "2026-02-03 05:59", "2026-02-03 06:00"),
        (NIGHT, "2026-02-03 06:00", None),
        # The night the clock is set forward is an hour shorter, the one it is set back longer.
        (NIGHT, "2026-03-28 21:30", "2026-03-29 05:00"),
        (NIGHT, "2026-10-24 20:30", "2026-10-25 06:00"),
        # Within one day.
        (
            QuietHours(zone=TOKYO, start=time(12), end=time(13)),
            "2026-02-02 03:30",
            "2026-02-02 04:00",
        ),
        (QuietHours(zone=TOKYO, start=time(12), end=time(13)), "2026-02-02 02:59", None),
        # An end that the clock shows twice is over the second time; one it never shows, an hour on.
        (
            QuietHours(zone=BERLIN, start=time(1), end=time(2, 30)),
            "2026-10-25 00:45",
            "2026-10-25 01:30",
        ),
        (
            QuietHours(zone=BERLIN, start=time(1), end=time(2, 30)),
            "2026-03-29 00:45",
            "2026-03-29 01:30",
        ),
        # A weekend, and the night that follows it.
        (QuietHours(zone=BERLIN, days=frozenset({5, 6})), "2026-02-07 12:00", "2026-02-08 23:00"),
        (
            QuietHours(zone=BERLIN, start=time(22), end=time(7), days=frozenset({5, 6})),
            "2026-02-06 22:00",
            "2026-02-09 06:00",
        ),
        (QuietHours(zone=BERLIN, days=frozenset({5, 6})), "2026-02-06 22:59", None),
    ],
)
def test_when_quiet_is_over(quiet: QuietHours, now: str, over: str | None) -> None:
    """By the clock on the wall, whatever it was set to."""
    assert quiet.over_at(utc(now)) == (utc(over) if over else None)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 365 * 24 * 60),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
    st.times(),
    st.times(),
    st.frozensets(st.integers(0, 6), max_size=6),
)
def test_quiet_hours_end_and_leave_no_gap(
    minutes: int, zone: str, start: time, end: time, days: frozenset[int]
) -> None:
    """What is held is let go within eight days, at a moment that is not quiet itself."""
    quiet = QuietHours(
        zone=ZoneInfo(zone),
        start=None if start == end else start,
        end=None if start == end else end,
        days=days,
    )
    moment = utc("2026-01-01 00:00") + timedelta(minutes=minutes)
    over = quiet.over_at(moment)
    if over is not None:
        assert moment < over <= moment + timedelta(days=8)
        assert quiet.over_at(over) is None


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"]
)
@pytest.mark.parametrize("at", [time(7, 30), time(2, 15), time(1, 45), time(0), time(23, 59)])
@pytest.mark.parametrize("start", ["2026-03-01 00:00", "2026-10-01 00:00"])
def test_a_daily_time_comes_once_a_day_whatever_the_clock_does(
    start: str, zone: str, at: time
) -> None:
    """Asked every quarter of an hour while clocks change, it is due once on each date of the zone."""
    dates: list[date] = []
    now, last = utc(start), None
    while now < utc(start) + timedelta(days=45):
        due = latest_due(at, ZoneInfo(zone), ALL_DAYS, now)
        if due != last:
            assert due is not None
            dates.append(due.astimezone(ZoneInfo(zone)).date())
            last = due
        now += timedelta(minutes=15)
    first = dates[0]
    assert len(dates) >= 45
    assert dates == [first + timedelta(days=n) for n in range(len(dates))]


def test_only_some_days() -> None:
    """The latest of the days named; none without any."""
    monday = frozenset({0})
    assert latest_due(time(8), TOKYO, monday, utc("2026-02-04 12:00")) == utc("2026-02-01 23:00")
    assert latest_due(time(8), TOKYO, monday, utc("2026-02-01 22:59")) == utc("2026-01-25 23:00")
    assert latest_due(time(8), TOKYO, frozenset(), utc("2026-02-01 22:59")) is None
