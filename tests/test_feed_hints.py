"""What feeds say of their own cadence, as badly written as it is found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.news import Feed, FeedHints, Fetched
from extractors.feed_hints import read_hints
from extractors.feeds import ParsedFeed, parse_feed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "ttl"),
    [
        ("<ttl>60</ttl>", HOUR),
        ("<ttl> 1440\n</ttl>", DAY),
        ("<ttl><![CDATA[60]]></ttl>", HOUR),
        ("<ttl>60</ttl><ttl>5</ttl>", HOUR),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999999999999999</ttl>", None),
        ("<ttl/>", None),
    ],
)
def test_ttl_counts_minutes(text: str, ttl: timedelta | None) -> None:
    """Blanks and CDATA are read through; zero, negative, wordy and absurd values are none."""
    assert read_hints(f"<rss><channel>{text}</channel></rss>") == FeedHints(ttl=ttl)


@pytest.mark.parametrize(
    ("period", "frequency", "every"),
    [
        ("daily", "1", DAY),
        ("hourly", "4", HOUR / 4),
        ("dialy", "2", DAY / 2),
        ("Hour", "2", HOUR / 2),
        ("Weekly ", None, 7 * DAY),
        ("daily", "0", DAY),
        ("daily", "often", DAY),
        ("now and then", "1", None),
        ("hourly", "1", None),
        ("hourly", None, None),
    ],
)
def test_the_syndication_module_is_read_leniently(
    period: str, frequency: str | None, every: timedelta | None
) -> None:
    """Misspelt periods are understood; WordPress's default (hourly, once) tells nothing."""
    times = f"<sy:updateFrequency>{frequency}</sy:updateFrequency>" if frequency else ""
    text = f"<channel><sy:updatePeriod>{period}</sy:updatePeriod>{times}</channel>"
    assert read_hints(text) == FeedHints(update_every=every)


def test_hours_and_days_to_skip() -> None:
    """Both counts of hours are taken, days by their first letters; a feed that asks to be left
    alone for ever is not obeyed."""
    hours = "<skipHours><hour>0</hour><hour> 24 </hour><hour>5</hour><hour>77</hour></skipHours>"
    days = "<skipDays><day>Saturday</day><day>sunday</day><day>Caturday</day></skipDays>"
    found = read_hints(f"<channel>{hours}<x/>{days}</channel>")
    assert (found.skip_hours, found.skip_days) == ({0, 5}, {5, 6})
    always = "".join(f"<hour>{n}</hour>" for n in range(24))
    assert read_hints(f"<skipHours>{always}</skipHours>") == FeedHints()


def test_a_feed_that_is_parsed_brings_its_hints() -> None:
    """Also one whose hints come after its entries."""
    body = (
        b"<rss version='2.0'><channel><title>T</title><item><title>A</title>"
        b"<link>https://a.example/1</link></item><ttl>30</ttl></channel></rss>"
    )
    fetched = Fetched(url="https://a.example/f", status=200, headers={}, body=body)
    parsed = parse_feed(fetched, Feed(key="f", url="https://a.example/f", name="f"))
    assert isinstance(parsed, ParsedFeed)
    assert parsed.hints == FeedHints(ttl=HOUR / 2)


@pytest.mark.parametrize("piece", ["<ttl>", "<skipHours><hour>", "<ttl " + "<" * 50, "<ttl>5<"])
def test_hostile_text_ends(piece: str) -> None:
    """Unclosed tags and endless runs of them are read through to the end."""
    wanted = FeedHints(ttl=timedelta(minutes=5)) if "5" in piece else FeedHints()
    assert read_hints(piece * (400_000 // len(piece))) == wanted
