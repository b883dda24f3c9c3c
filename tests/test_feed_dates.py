"""Dates of feeds: as the formats want them, and with the slips that publishers make."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.feed_dates import read_date

ZONES = st.builds(
    lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-12 * 60, 14 * 60)
)
MOMENTS = st.datetimes(datetime(1991, 1, 1), datetime(2100, 1, 1), timezones=ZONES).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)


@given(moment=MOMENTS)
@settings(max_examples=200, deadline=None)
def test_a_moment_is_the_same_however_it_is_written(moment: datetime) -> None:
    """Properly, and with slips that only the lenient reading forgives."""
    rfc = format_datetime(moment)
    iso = moment.isoformat()
    for written in (rfc, rfc.lower(), rfc.replace(",", ""), iso, iso.replace("T", "  "), f"{iso}."):
        assert read_date(written) == moment


@pytest.mark.parametrize(
    "written", ["2026-02-30T10:00:00Z", "Mon, 30 Feb 2026 10:00:00 GMT", "32 Jan 2026 10:00:00 GMT"]
)
def test_a_day_that_is_none_is_no_date(written: str) -> None:
    """However properly it is written."""
    assert read_date(written) is None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-01T24:00:00Z", datetime(2026, 3, 2, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 23:59:60 GMT", datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 10:00:00 JST", datetime(2026, 3, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_at_the_edge_are_read_leniently(written: str, moment: datetime) -> None:
    """Midnight at a day's end, a leap second, a zone by name."""
    assert read_date(written) == moment
