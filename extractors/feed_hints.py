"""What a feed says of how often it changes: RSS's ttl, skipHours and skipDays, and the syndication
module's updatePeriod and updateFrequency, read leniently from the text itself."""

from __future__ import annotations

import re
from datetime import timedelta
from difflib import get_close_matches

from domain.news import FeedHints

_TAG = re.compile(
    r"<(?:\w{1,20}:)?(ttl|updatePeriod|updateFrequency|skipHours|skipDays)\b[^<>]{0,200}>"
    r"((?:[^<]|<(?!/\w{0,20}:?(?:ttl|update|skip))){0,2000})",
    re.IGNORECASE,
)
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
"""http://purl.org/rss/1.0/modules/syndication/"""

_WORDPRESS = (timedelta(hours=1), 1)
"""What WordPress writes unless its owner says otherwise, so in most feeds: it tells nothing."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_MINUTES = 60 * 24 * 365


def read_hints(text: str) -> FeedHints:
    """The hints in the text of a feed; of several of one kind the first, and none of nonsense."""
    found: dict[str, str] = {}
    for tag in _TAG.finditer(text):
        found.setdefault(tag[1].lower(), tag[2])
    return FeedHints(
        ttl=_ttl(found.get("ttl", "")),
        update_every=_update_every(found.get("updateperiod", ""), found.get("updatefrequency", "")),
        skip_hours=_skip_hours(found.get("skiphours", "")),
        skip_days=_skip_days(found.get("skipdays", "")),
    )


def _ttl(text: str) -> timedelta | None:
    minutes = _number(text)
    return timedelta(minutes=minutes) if minutes and minutes <= _MOST_MINUTES else None


def _update_every(period: str, frequency: str) -> timedelta | None:
    """The time between two updates. Misspelt periods ("dialy", "hour") are understood."""
    close = get_close_matches(_plain(period).lower()[:20], _PERIODS, n=1, cutoff=0.6)
    if not close:
        return None
    length, times = _PERIODS[close[0]], max(_number(frequency) or 1, 1)
    return None if (length, times) == _WORDPRESS else length / times


def _skip_hours(text: str) -> frozenset[int]:
    """RSS counts from 0 to 23; older versions from 1 to 24. All day long is nonsense."""
    hours = {int(n) % 24 for n in re.findall(r">\s*(\d{1,2})\s*<", text) if int(n) <= 24}
    return frozenset(hours) if len(hours) < 24 else frozenset()


def _skip_days(text: str) -> frozenset[int]:
    words = re.findall(r">\s*(\w{3})", text.lower())
    days = {_DAYS.index(word) for word in words if word in _DAYS}
    return frozenset(days) if len(days) < 7 else frozenset()


def _number(text: str) -> int | None:
    found = re.match(r"\s*(\d{1,9})\b", _plain(text))
    return int(found[1]) if found else None


def _plain(text: str) -> str:
    return re.sub(r"<!\[CDATA\[|\]\]>|<[^<>]{0,200}>", "", text).strip()
