"""What a server and a feed ask for: how long to wait before the next poll, each wish with its reason.

A server's times count from its own clock (its Date header), so that neither clock need be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from domain.news import FeedHints
from domain.units import show_duration

_NUMBER = re.compile(r"\s*(\d{1,99}(?:\.\d{0,9})?)\s*")
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,99})", re.IGNORECASE)
_MOST_SECONDS = 10**9
"""Some thirty years; a timedelta cannot hold what some servers write."""
_NO_CACHE = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class AskedWait:
    """A wish to be left alone for `length`; `reason` says who wishes it."""

    length: timedelta
    reason: str


def retry_after(headers: Mapping[str, str], now: datetime) -> AskedWait | None:
    """The Retry-After header, in seconds or as a date (RFC 9110, section 10.2.3); None where there
    is none, or none that can be read."""
    said = headers.get("retry-after", "")
    length = _seconds(said) or _until(said, headers, now)
    if length is None or length <= timedelta(0):
        return None
    shown = show_duration(length.total_seconds())
    return AskedWait(length=length, reason=f"its server asks to come back after {shown}")


def hinted_waits(
    headers: Mapping[str, str], hints: FeedHints, now: datetime
) -> tuple[AskedWait, ...]:
    """The other wishes: how long the answer may be cached (RFC 9111; max-age counts before Expires),
    and how often the feed says it changes."""
    waits = (*_cached(headers, now), *_declared(hints))
    return tuple(wait for wait in waits if wait.length > timedelta(0))


def _cached(headers: Mapping[str, str], now: datetime) -> Iterator[AskedWait]:
    control = headers.get("cache-control", "")
    if _NO_CACHE.search(control):
        return
    age = _MAX_AGE.search(control)
    if age:
        spent = _seconds(headers.get("age", "")) or timedelta(0)
        yield _fresh(timedelta(seconds=min(int(age[1]), _MOST_SECONDS)) - spent, "Cache-Control")
    elif expires := _until(headers.get("expires", ""), headers, now):
        yield _fresh(expires, "Expires")


def _declared(hints: FeedHints) -> Iterator[AskedWait]:
    if hints.ttl:
        yield _fresh(hints.ttl, "ttl")
    if hints.update_every:
        shown = show_duration(hints.update_every.total_seconds())
        yield AskedWait(length=hints.update_every, reason=f"it says that it changes every {shown}")


def _fresh(length: timedelta, says: str) -> AskedWait:
    shown = show_duration(length.total_seconds())
    return AskedWait(length=length, reason=f"its {says} calls it fresh for {shown}")


def _until(text: str, headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The time from the server's present to the date in `text`."""
    when = _date(text) if text else None
    return None if when is None else when - (_date(headers.get("date", "")) or now)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _seconds(text: str) -> timedelta | None:
    found = _NUMBER.fullmatch(text) if text else None
    return timedelta(seconds=min(float(found[1]), _MOST_SECONDS)) if found else None
