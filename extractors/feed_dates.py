"""Dates as feeds write them: ISO 8601, RFC 822 with every usual slip, and the languages of the
outlets we poll.

feedparser knows only American zone names and takes every other one for UTC: "18:00 JST" would be
nine hours late.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

LONGEST_DATE = 120
"""Characters; what is longer is no date."""

_MONTHS = (
    "jan january januar januari janvier janv jän jänner gennaio gen enero ene janeiro ocak oca"
    " január ianuarie leden ledna января янв январь січня січ styczeń stycznia sty ιαν",
    "feb february februar februari février févr fév fevrier febbraio febrero fevereiro fev şubat"
    " şub február februarie únor února февраля фев февр февраль лютого лют lutego luty lut φεβ",
    "mar march märz mär mrz maart mrt mars marzo março mart március martie březen března марта мар март березня бер marca"
    " marzec μαρ",
    "apr april avril avr aprile abril abr nisan nis április aprilie duben dubna апреля апр апрель квітня квіт kwietnia"
    " kwiecień kwi απρ",
    "may mai mei maggio mag mayo maio mayıs május květen května мая май травня трав maja maj μαϊ μαι",
    "jun june juni juin giugno giu junio junho haziran haz június iunie červen června июня июн июнь червня черв czerwca"
    " czerwiec cze ιουν",
    "jul july juli juillet juil luglio lug julio julho temmuz tem július iulie červenec července июля июл июль"
    " липня лип lipca lipiec lip ιουλ",
    "aug august augustus août aout agosto ago ağustos ağu augusti augusztus srpen srpna августа авг август серпня серп"
    " sierpnia sierpień sie αυγ",
    "sep sept september septembre settembre set septiembre setembro eylül eyl szeptember septembrie září сентября сен сент"
    " сентябрь вересня вер września wrzesień wrz σεπ",
    "oct october oktober okt octobre ottobre ott octubre outubro out ekim eki október octombrie říjen října октября окт"
    " октябрь жовтня жовт października październik paź οκτ",
    "nov november novembre noviembre novembro kasım kas noiembrie ноября ноя ноябрь листопада лист"
    " listopada listopad lis νοε",
    "dec december dezember dez décembre déc decembre dicembre dic diciembre dezembro aralık ara"
    " decembrie prosinec prosince декабря дек декабрь грудня груд grudnia grudzień gru δεκ",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
# Of names used twice the one that feeds use: IST is India's, BST Britain's, CST America's (RFC 822).
_ZONES = {
    0: "z ut utc gmt wet",
    60: "cet met mez bst west wat",
    120: "cest mest mesz eet sast cat",
    180: "eest msk мск trt eat",
    240: "gst",
    300: "pkt",
    330: "ist",
    345: "npt",
    420: "ict wib",
    480: "hkt sgt awst pht myt",
    540: "jst kst",
    570: "acst",
    600: "aest",
    630: "acdt",
    660: "aedt",
    720: "nzst",
    780: "nzdt",
    -180: "brt art adt",
    -240: "edt ast",
    -300: "est cdt",
    -360: "cst mdt",
    -420: "mst pdt",
    -480: "pst",
}
_ZONE_MINUTES = {name: minutes for minutes, names in _ZONES.items() for name in names.split()}

_CLOCK = r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)"
_ISO = re.compile(rf"\d{{4}}-\d\d-\d\dT{_CLOCK}(?:Z|[+-][01]\d:[0-5]\d)")
_RFC = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(\d\d?) ([A-Z][a-z]{{2}}) (\d{{4}}) {_CLOCK} (?:GMT|Z|([+-])([01]\d)([0-5]\d))"
)
_TIME = re.compile(
    r"(?<![\d.])(\d{1,2})[:h時](\d{2})(?:[:分](\d{2}))?(?:[.,]\d+)?秒?(?:\s*([ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:gmt|utc)?\s*([+-])\s*(\d{1,2}):?(\d{2})?\b", re.IGNORECASE)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s*[-/.年년]\s*(\d{1,2})(?:\s*[-/.月월]\s*(\d{1,2}))?(?!\d)"
)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(?!\d)")
_UNIX = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<![\d:+])(\d{1,4})(?![\d:])")


def read_date(text: str) -> datetime | None:
    """The moment a feed's date names, in UTC; None when it names none.

    Without a zone, or with one that nobody knows, it is read as UTC; without a time, as midnight. A
    date of which day and month cannot be told apart ("03/02/2026") is none.
    """
    written = " ".join(text.split())
    if not written or len(written) > LONGEST_DATE:
        return None
    try:
        # Most are proper, and to see that takes a fifth of the time.
        return _proper(written) or _unix(written) or _compact(written) or _written(written)
    except (ValueError, OverflowError):
        return None


def _proper(text: str) -> datetime | None:
    """A date as the formats want it: RFC 3339 (Atom) or RFC 822 with a year of four digits (RSS)."""
    if _ISO.fullmatch(text):
        return datetime.fromisoformat(text).astimezone(UTC)
    found = _RFC.fullmatch(text)
    if not found or found[2].lower() not in _MONTH:
        return None
    day, year, hour, minute, second = (int(found[n]) for n in (1, 3, 4, 5, 6))
    moment = datetime(year, _MONTH[found[2].lower()], day, hour, minute, second, tzinfo=UTC)
    if found[7] is None:
        return moment
    offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
    return moment - offset if found[7] == "+" else moment + offset


def _unix(text: str) -> datetime | None:
    found = _UNIX.fullmatch(text)
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None


def _compact(text: str) -> datetime | None:
    found = _COMPACT.match(text)
    if not found:
        return None
    day = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=_zone(text[found.end() :]))
    return (day + _since_midnight(found[4], found[5], found[6])).astimezone(UTC)


def _written(text: str) -> datetime | None:
    time = _TIME.search(text)
    rest = f"{text[: time.start()]} " if time else text
    zone = _zone(text[time.end() :] if time else "")
    # "Mon Mar 2 10:00:00 CET 2026": the year may follow the time.
    day = _day(rest) or (_day(rest + " " + _OFFSET.sub(" ", text[time.end() :])) if time else None)
    if day is None:
        return None
    moment = day.replace(tzinfo=zone)
    if time:
        moment += _since_midnight(time[1], time[2], time[3], half=time[4])
    return moment.astimezone(UTC)


def _since_midnight(
    hour: str | None, minute: str | None, second: str | None, *, half: str | None = None
) -> timedelta:
    hours, minutes = int(hour or 0), int(minute or 0)
    if half and hours <= 12:
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    seconds = min(int(second or 0), 59)  # a leap second
    if hours > 24 or minutes > 59 or (hours == 24 and (minutes or seconds)):
        msg = "not a time of day"
        raise ValueError(msg)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _zone(text: str) -> timezone:
    if offset := _OFFSET.search(text):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    words = (word.lower() for word in _WORD.findall(text))
    return timezone(
        timedelta(minutes=next((_ZONE_MINUTES[w] for w in words if w in _ZONE_MINUTES), 0))
    )


def _day(text: str) -> datetime | None:
    """The date in a text without its time, as naive midnight."""
    if found := _YEAR_FIRST.search(text):
        return datetime(int(found[1]), int(found[2]), int(found[3] or 1))  # noqa: DTZ001 -- zone follows
    if found := _DAY_FIRST.search(text):
        first, second = int(found[1]), int(found[3])
        if found[2] == "/" and first <= 12 and second <= 12 and first != second:
            return None  # the American or the European order
        day, month = (second, first) if second > 12 else (first, second)
        return datetime(int(found[4]), month, day)  # noqa: DTZ001
    return _day_in_words(text)


def _day_in_words(text: str) -> datetime | None:
    # The weekday may be abbreviated like a month (Italian "mar", Turkish "Pazar"): the last one wins.
    words = [word.casefold() for word in _WORD.findall(text)]
    month = next((_MONTH[word] for word in reversed(words) if word in _MONTH), None)
    numbers = _NUMBER.findall(text)
    if month is None or len(numbers) < 2:
        return None
    day, year = numbers[0], numbers[1]
    if len(day) > 2:
        day, year = year, day
    if len(year) == 2:
        year = ("19" if int(year) >= 90 else "20") + year
    return datetime(int(year), month, int(day))  # noqa: DTZ001
