"""Times as pages state them, with what is known of their precision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from domain.news import Precision

_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])[/-](0[1-9]|[12]\d|3[01])(?:/|-|$)")
_DAY = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?Z?)?$")
_MONTHS = (
    "january januar janvier enero janeiro gennaio januari styczeń stycznia января",
    "february februar février febrero fevereiro febbraio februari luty lutego февраля",
    "march märz mars marzo março maart marzec marca марта",
    "april avril abril aprile kwiecień kwietnia апреля",
    "may mai mayo maio maggio mei maj maja мая",
    "june juni juin junio junho giugno czerwiec czerwca июня",
    "july juli juillet julio julho luglio lipiec lipca июля",
    "august août agosto augustus augusti sierpień sierpnia августа",
    "september septembre septiembre setembro settembre wrzesień września сентября",
    "october oktober octobre octubre outubro ottobre październik października октября",
    "november novembre noviembre novembro listopad listopada ноября",
    "december dezember desember décembre diciembre dezembro dicembre grudzień grudnia декабря",
)
_NUMBERS = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_SHORT = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "okt",
    "dez",
    "des",
)
_NUMBERS |= {name[:3]: n for name, n in _NUMBERS.items() if name.startswith(_SHORT)}
_WRITTEN = re.compile(
    r"\b(?:(?P<day1>\d{1,2})(?:st|nd|rd|th|er)?\.?(?: de| of)? (?P<month1>[^\W\d]{3,12})\.?,?(?: de)?"
    r" (?P<year1>20\d\d|19\d\d)"
    r"|(?P<month2>[^\W\d]{3,12})\.? (?P<day2>\d{1,2})(?:st|nd|rd|th)?,? (?P<year2>20\d\d|19\d\d)"
    r"|(?P<day3>\d{1,2})\.\s?(?P<month3>\d{1,2})\.\s?(?P<year3>20\d\d|19\d\d)"
    r"|(?P<year4>20\d\d|19\d\d)(?:-|年)(?P<month4>\d{1,2})(?:-|月)(?P<day4>\d{1,2}))",
    re.IGNORECASE,
)
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No page is older than the web; what states an earlier date states something else."""


@dataclass(frozen=True, kw_only=True)
class PageDate:
    """When an article was published: an aware time in UTC, how precise it is, and the words it was
    read from.
    """

    time: datetime
    precision: Precision
    raw: str


def page_date(stated: Iterable[str], url: str) -> PageDate | None:
    """The first of several statements that can be read; one with a time of day wins over the same
    day without. Failing all, the day in the page's address.
    """
    found: PageDate | None = None
    for text in stated:
        date = _read(text.strip()[:60])
        if date is None or date.time < _OLDEST:
            continue
        if found is None:
            found = date
        elif is_finer(date, found) and abs(date.time - found.time) <= timedelta(hours=36):
            found = date
            break
    if found is not None:
        return found
    match = _IN_ADDRESS.search(url)
    return _day("-".join(match.groups())) if match else None


def date_in_text(text: str) -> PageDate | None:
    """The first day written out in a text, in the languages armswire knows best; 3/4/2026 is none,
    because nobody knows which.
    """
    for match in _WRITTEN.finditer(text):
        parts = match.groupdict()
        for n in "1234":
            year, month, day = (parts[f"{name}{n}"] for name in ("year", "month", "day"))
            if not (year and month and day):
                continue
            number = int(month) if month.isdigit() else _month(month)
            date = _day(f"{year}-{number:02}-{int(day):02}", match[0]) if number else None
            if date is not None:
                return date
    return None


def _month(name: str) -> int | None:
    name = name.casefold()
    return _NUMBERS.get(name) or _NUMBERS.get(name[:3] if len(name) in (3, 4) else "")


def is_finer(date: PageDate, other: PageDate) -> bool:
    """Whether `date` tells the time of day and `other` the day alone."""
    return other.precision is Precision.DAY and date.precision is Precision.MINUTE


def served_at(headers: Mapping[str, str]) -> datetime | None:
    """When an answer was given, by the server's own clock; None when it does not say. Header names
    are lower case.
    """
    try:
        time = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, IndexError):
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)


def _read(text: str) -> PageDate | None:
    if day := _DAY.match(text):
        return _day("-".join(part.zfill(2) for part in day.groups()), text)
    if compact := _COMPACT.match(text):
        year, month, date, hour, minute, _ = compact.groups()
        iso = f"{year}-{month}-{date}" + (f"T{hour}:{minute}" if hour else "")
        return _moment(iso, text) if hour else _day(iso, text)
    return _moment(text, text)


def _day(iso: str, raw: str | None = None) -> PageDate | None:
    try:
        time = datetime.fromisoformat(iso).replace(tzinfo=UTC)
    except ValueError:
        return None
    return PageDate(time=time, precision=Precision.DAY, raw=raw or iso)


def _moment(iso: str, raw: str) -> PageDate | None:
    try:
        time = datetime.fromisoformat(iso)
    except ValueError:
        try:
            time = parsedate_to_datetime(iso)
        except (ValueError, TypeError, IndexError):
            return None
    has_zone = time.tzinfo is not None
    try:
        time = (time if has_zone else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    # Midnight to the second is what systems write that know the day alone.
    is_midnight = re.search(r"[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:?\d\d)?$", raw) is not None
    if is_midnight:
        stated = datetime.fromisoformat(raw[:10]).replace(tzinfo=UTC)
        return PageDate(time=stated, precision=Precision.DAY, raw=raw)
    return PageDate(time=time, precision=Precision.MINUTE, raw=raw)
