"""Two hundred publishers of a month that never was: what each publishes when, and how its server behaves.

Nothing here knows how armswire decides; it only answers. Times are seconds since the month's start.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

from domain.news import (
    Failed,
    FailureCode,
    FailureKind,
    Feed,
    FeedHints,
    FeedState,
    Fetched,
    Unchanged,
)

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
DAYS = 30
END = DAYS * DAY

Outcome = Fetched | Unchanged | Failed

DOWN = (FailureKind.TEMPORARY, FailureCode.BAD_STATUS, "answered 503", 503)
SLOW = (FailureKind.TEMPORARY, FailureCode.NO_ANSWER, "did not answer", None)
NOT_FOUND = (FailureKind.SOFT, FailureCode.BAD_STATUS, "answered 404 Not Found", 404)
NO_NAME = (FailureKind.SOFT, FailureCode.UNKNOWN_HOST, "has an unknown host name", None)
LOGIN = (FailureKind.HARD, FailureCode.NOT_A_FEED, "is a web page, not a feed", 200)
GONE = (FailureKind.HARD, FailureCode.BAD_STATUS, "answered 410 Gone", 410)
Trouble = tuple[FailureKind, FailureCode, str, int | None]


@dataclass(frozen=True)
class Outage:
    """From when to when a source cannot be had, and how that shows."""

    start: float
    end: float
    trouble: Trouble


@dataclass
class Source:
    """One feed's server: the times of what it publishes, how many entries it lists, its outages and
    its manners.

    `asked` holds the times it was asked, of all feeds of a host that counts; `lies304`: it answers
    304 to every conditional request. `patience`: for so many seconds it may be missed, because it
    lies.
    """

    feed: Feed
    times: list[float]
    window: int
    outages: Sequence[Outage] = ()
    headers: Callable[[datetime], dict[str, str]] = lambda _: {}
    hints: FeedHints = field(default_factory=FeedHints)
    validators: bool = True
    lies304: bool = False
    per_hour: int = 0
    patience: float = 0.0
    falls_silent: bool = False
    moves_at: float = END
    moves_to: str | None = None
    asked: list[float] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.feed.url.split("/")[2]

    def listed(self, at: float) -> int:
        """How many entries it has published by then."""
        return bisect_right(self.times, at)

    def outage(self, at: float) -> Outage | None:
        return next((o for o in self.outages if o.start <= at < o.end), None)

    def answer(
        self, url: str, state: FeedState | None, at: float, *, conditional: bool
    ) -> tuple[Outcome, FeedHints]:
        """What it says to a request for `url`, and the hints of the feed it sends, if it sends it."""
        now = START + timedelta(seconds=at)
        self.asked.append(at)
        if trouble := self.outage(at):
            return _failed(url, trouble.trouble), FeedHints()
        if self.per_hour and sum(t > at - HOUR for t in self.asked[-50:]) > self.per_hour:
            busy = (FailureKind.TEMPORARY, FailureCode.BAD_STATUS, "answered 429", 429)
            headers = {"retry-after": "5400"} | self.headers(now)
            return replace(_failed(url, busy), headers=headers), FeedHints()
        moved = self._moved_to(url, at)
        if moved == "":
            return _failed(url, NOT_FOUND), FeedHints()
        return self._feed(moved or url, state, at, conditional, moved), self.hints

    def _moved_to(self, url: str, at: float) -> str | None:
        """Where its old address leads: nowhere else before it moves, and to nothing ("") in the end."""
        if self.moves_to is None or url == self.moves_to or at < self.moves_at:
            return None
        return self.moves_to if at < self.moves_at + 15 * DAY else ""

    def _feed(
        self, url: str, state: FeedState | None, at: float, conditional: bool, moved: str | None
    ) -> Outcome:
        headers = self.headers(START + timedelta(seconds=at))
        tag = str(self.listed(at))
        if conditional and state is not None and state.etag and (self.lies304 or state.etag == tag):
            return Unchanged(url=url, reason="answered 304", headers=headers, moved_to=moved)
        if self.validators:
            headers["etag"] = tag
        return Fetched(url=url, status=200, headers=headers, body=tag.encode(), moved_to=moved)


def _failed(url: str, trouble: Trouble) -> Failed:
    kind, code, reason, status = trouble
    return Failed(url=url, kind=kind, code=code, reason=reason, status=status)


# ---- cadences: the times at which a publisher publishes


def wire(dice: Random) -> list[float]:
    """All day and night, some six an hour."""
    return sorted(dice.uniform(0, END) for _ in range(DAYS * 144))


def newsroom(dice: Random) -> list[float]:
    """Forty a day, mostly by day, fewer at weekends."""
    return _daily(dice, lambda day: 40 if day % 7 < 5 else 15, 6, 22)


def ministry(dice: Random) -> list[float]:
    """Some four on weekdays in office hours, often two at once."""
    return _daily(dice, lambda day: dice.randint(2, 6) if day % 7 < 5 else 0, 8, 18)


def institute(dice: Random) -> list[float]:
    """One on most weekdays."""
    return _daily(dice, lambda day: int(day % 7 < 5 and dice.random() < 0.8), 9, 17)


def weekly(dice: Random) -> list[float]:
    """A handful every Thursday."""
    return _daily(dice, lambda day: 5 if day % 7 == 3 else 0, 10, 12)


def _daily(
    dice: Random, count: Callable[[int], int], first_hour: int, last_hour: int
) -> list[float]:
    times = [
        day * DAY + dice.uniform(first_hour, last_hour) * HOUR
        for day in range(DAYS)
        for _ in range(count(day))
    ]
    return sorted(times)


CADENCES = {wire: 40, newsroom: 20, ministry: 10, institute: 10, weekly: 10}
"""How many entries each kind lists."""


# ---- the two hundred


def two_hundred(seed: int) -> list[Source]:
    """The month's sources: half of them plain, the others with troubles, bad manners and lies."""
    dice = Random(seed)
    sources = [source for group in _groups(dice) for source in group]
    assert len(sources) == 200
    return sources


def _groups(dice: Random) -> Iterator[list[Source]]:
    kinds = [wire, newsroom, newsroom, ministry, ministry, ministry, institute, institute, weekly]
    yield [_source(dice, f"plain{n}", kinds[n % 9], host=f"shared{n // 6}") for n in range(100)]
    yield [_with_outages(dice, n) for n in range(20)]
    yield [source for n in range(0, 12, 2) for source in _busy_pair(dice, n)]
    yield [_moving(dice, n) for n in range(12)]
    yield [_dying(dice, n) for n in range(12)]
    yield [_falling_silent(dice, n) for n in range(12)]
    yield [_source(dice, f"frozen{n}", newsroom, window=60, lies304=True) for n in range(10)]
    yield [_with_wrong_clock(dice, n) for n in range(10)]
    yield [_with_nonsense(dice, n) for n in range(12)]


def _source(
    dice: Random,
    name: str,
    kind: Callable[[Random], list[float]],
    *,
    host: str | None = None,
    window: int | None = None,
    lies304: bool = False,
) -> Source:
    url = f"https://{host or name}.example/{name}"
    return Source(
        feed=Feed(key=url, url=url, name=name),
        times=kind(dice),
        window=window or CADENCES[kind],
        validators=dice.random() < 0.7 or lies304,
        lies304=lies304,
        patience=12 * HOUR if lies304 else 0.0,
    )


def _with_outages(dice: Random, n: int) -> Source:
    """Some last an hour, some three days; the last three have one that goes on at the month's end."""
    source = _source(dice, f"shaky{n}", (newsroom, ministry, institute)[n % 3])
    outages, at = [], dice.uniform(2, 5) * DAY
    while at < END - 4 * DAY:
        length = dice.choice([1, 3, 12, 30, 72]) * HOUR
        trouble = dice.choice([DOWN, SLOW, NOT_FOUND, NO_NAME, LOGIN])
        outages.append(Outage(at, at + length, trouble))
        at += length + dice.uniform(3, 8) * DAY
    if n >= 17:
        outages.append(Outage(END - 1.5 * DAY, END + DAY, DOWN))
    source.outages = outages
    return source


def _busy_pair(dice: Random, n: int) -> list[Source]:
    one, other = _busy(dice, n), _busy(dice, n + 1)
    other.asked = one.asked
    return [one, other]


def _busy(dice: Random, n: int) -> Source:
    """Two feeds of one host, which answers 429 to whoever asks more than three times an hour."""
    source = _source(dice, f"busy{n}", newsroom if n % 2 else wire, host=f"busy{n // 2}")
    source.per_hour = 3
    return source


def _moving(dice: Random, n: int) -> Source:
    """Redirects for good on some day; half a month later the old address is gone."""
    source = _source(dice, f"moving{n}", newsroom if n % 2 else ministry)
    source.moves_at = dice.uniform(2, 8) * DAY
    source.moves_to = f"https://new-home{n}.example/feed"
    return source


def _dying(dice: Random, n: int) -> Source:
    source = _source(dice, f"dying{n}", (newsroom, ministry, institute)[n % 3])
    death = dice.uniform(8, 24) * DAY
    source.outages = [Outage(death, END + DAY, (GONE, NOT_FOUND, NO_NAME, LOGIN)[n % 4])]
    return source


def _falling_silent(dice: Random, n: int) -> Source:
    """Answers 200 or 304 as ever, and publishes nothing more."""
    source = _source(dice, f"mute{n}", (newsroom, ministry, institute, wire)[n % 4])
    last = dice.uniform(8, 12) * DAY
    source.times = [t for t in source.times if t < last]
    source.falls_silent = True
    return source


def _with_wrong_clock(dice: Random, n: int) -> Source:
    """Its Date is years off, its Expires by the same clock; or Expires is a fixed date of long ago."""
    source = _source(dice, f"timeless{n}", newsroom)
    skew = timedelta(days=dice.choice([-4000, -400, 400, 4000]))
    if n % 2:
        source.headers = lambda now: {
            "date": format_datetime(now + skew),
            "expires": format_datetime(now + skew + timedelta(minutes=30)),
        }
    else:
        source.headers = lambda now: {"expires": "Mon, 26 Jul 1997 05:00:00 GMT"}
    return source


def _with_nonsense(dice: Random, n: int) -> Source:
    """Says that it changes once a year, or is fresh for one, or sleeps all week."""
    source = _source(dice, f"sleepy{n}", newsroom if n % 2 else wire)
    source.patience = 3 * HOUR
    if n % 3 == 0:
        source.hints = FeedHints(ttl=timedelta(days=365), skip_days=frozenset(range(6)))
    elif n % 3 == 1:
        source.hints = FeedHints(update_every=timedelta(days=30), skip_hours=frozenset(range(23)))
    else:
        source.headers = lambda _: {"cache-control": "public, max-age=31536000"}
    return source
