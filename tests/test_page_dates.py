"""When a page was published: what it states, how precisely, and never later than it was served."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.news import Entry, Fetched, Precision
from extractors.articles import extract_article
from extractors.page_dates import date_in_text, page_date

URL = "https://news.example/ships"


@pytest.mark.parametrize(
    ("stated", "time", "precision"),
    [
        ("2026-03-12T08:15:00+01:00", datetime(2026, 3, 12, 7, 15, tzinfo=UTC), Precision.MINUTE),
        ("2026-03-12T08:15:00Z", datetime(2026, 3, 12, 8, 15, tzinfo=UTC), Precision.MINUTE),
        (
            "Thu, 12 Mar 2026 08:15:00 +0100",
            datetime(2026, 3, 12, 7, 15, tzinfo=UTC),
            Precision.MINUTE,
        ),
        ("20260312T0815", datetime(2026, 3, 12, 8, 15, tzinfo=UTC), Precision.MINUTE),
        ("2026-03-12", datetime(2026, 3, 12, tzinfo=UTC), Precision.DAY),
        ("2026/3/12", datetime(2026, 3, 12, tzinfo=UTC), Precision.DAY),
        ("2026-03-12T00:00:00+09:00", datetime(2026, 3, 12, tzinfo=UTC), Precision.DAY),
    ],
)
def test_times_with_their_precision(stated: str, time: datetime, precision: Precision) -> None:
    """Zones are heeded; midnight to the second is a day."""
    date = page_date([stated], URL)
    assert date is not None
    assert (date.time, date.precision, date.raw) == (time, precision, stated)


def test_a_time_of_the_same_day_wins_over_the_day_alone() -> None:
    """Sites state the day in one vocabulary and the time in another."""
    date = page_date(["2026-03-12", "2026-03-12T08:15:00Z"], URL)
    assert date is not None
    assert date.precision is Precision.MINUTE


@pytest.mark.parametrize("stated", ["", "yesterday", "0001-01-01", "2026-13-45", "9" * 60])
def test_what_is_no_date_is_none_and_the_address_may_tell(stated: str) -> None:
    """Nothing is made up."""
    assert page_date([stated], URL) is None
    date = page_date([stated], "https://news.example/2026/03/12/ships")
    assert date is not None
    assert date.time == datetime(2026, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "12 March 2026",
        "Mar 12, 2026",
        "12. März 2026",
        "le 12 mars 2026",
        "12 de marzo de 2026",
        "12.03.2026",
        "2026年3月12日",
        "12 марта 2026",
    ],
)
def test_days_written_out(text: str) -> None:
    """In the languages of the feeds."""
    date = date_in_text(f"By Lars Quist | {text} | 3 min read")
    assert date is not None
    assert date.time == datetime(2026, 3, 12, tzinfo=UTC)


def test_an_ambiguous_day_is_none() -> None:
    """Nobody knows whether 3/4/2026 is in March or in April."""
    assert date_in_text("3/4/2026") is None


def test_nothing_is_published_after_it_was_served() -> None:
    """A time in the future is cut to the server's clock; what was stated is kept."""
    text = "<p>The committee put the ships off until the spring, its chair told reporters.</p>" * 5
    head = '<title>Ships</title><meta property="article:published_time" content="2026-03-12T20:15:00Z">'
    page = Fetched(
        url=URL,
        status=200,
        headers={"date": "Thu, 12 Mar 2026 12:00:00 GMT"},
        body=f"<html><head>{head}</head><body><article>{text}</article></body></html>".encode(),
    )
    entry = Entry(
        feed="f", key=URL, url=URL, link=URL, guid=None, title="Ships", text="", published=None
    )
    article = extract_article(page, entry, outlet=None)
    assert article.published == datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
    assert article.stated == "2026-03-12T20:15:00Z"
    assert article.precision is Precision.MINUTE
