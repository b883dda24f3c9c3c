"""What one run knows of the hosts it asks, shared by feeds and pages: which wish to be left alone, which do not answer,
how far requests lie apart, and whether it is our own network that is down. No network here, and no waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from domain.news import UNANSWERED, FailureCode, HostPause
from domain.settings import PerHostSettings
from extractors.fetch.asked_waits import retry_after

LONGEST_PAUSE = timedelta(hours=24)
FORBIDDEN_IN_A_ROW = 3
"""So many 403 without a success between are a bot wall's, and no one page's."""
LOST_IN_A_ROW = 2
"""So many exchanges without an answer, or its end, and the host is not asked again in this run; an unknown name once."""
HOSTS_OF_AN_OUTAGE = 3
QUIET_SECONDS = 60.0
"""An outage is ours when several hosts fail and none has answered for longer than a dead host's time-outs take."""

Reason = tuple[FailureCode, str]


def utc_now() -> datetime:
    """The clock of real runs."""
    return datetime.now(UTC)


class Hosts:
    """The hosts of one run. One object for polling and for pages; of one event loop at a time.

    `now` tells the time of day, by which pauses last between runs; `passed`
    tells seconds, monotonic.
    """

    def __init__(
        self,
        per_host: PerHostSettings | None = None,
        *,
        now: Callable[[], datetime] = utc_now,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self.per_host = per_host or PerHostSettings()
        self.robots: dict[str, Protego | Reason | None] = {}
        """By site ("https://host:port"): its rules, why nothing may be fetched now, or None when all may."""
        self.next_start: dict[str, float] = {}
        """By host: when the next request may start, by the scheduler's clock."""
        self._now = now
        self._passed = passed
        self._pauses: dict[str, HostPause] = {}
        self._new: dict[str, HostPause] = {}
        self._spacing: dict[str, float] = {}
        self._forbidden: dict[str, int] = {}
        self._lost: dict[str, int] = {}
        self._down: dict[str, Reason] = {}
        self._lost_since_answer: set[str] = set()
        self._answered_at: float | None = None

    def recall(self, pauses: Iterable[HostPause]) -> None:
        """Takes over the pauses that earlier runs left; one known to this run is kept as it is."""
        self._pauses = {pause.host: pause for pause in pauses} | self._pauses

    def refusal(self, url: str) -> Reason | None:
        """Why `url` may not be asked for now, or None."""
        host, origin = _host(url), _origin(url)
        pause = self._pauses.get(host)
        if pause is not None and pause.until > self._now():
            until = pause.until.strftime("%d %b %H:%M UTC")
            return FailureCode.PAUSED, f"was not asked: {host} {pause.reason}; paused until {until}"
        return self._down.get(origin)

    def answered(self, url: str, status: int, headers: Mapping[str, str]) -> None:
        """Notes an answer, whatever its status."""
        host = _host(url)
        self._answered_at = self._passed()
        self._lost_since_answer.clear()
        self._forbidden[host] = self._forbidden.get(host, 0) + 1 if status == 403 else 0
        asked = retry_after(headers, self._now())
        if status == 429 or (status == 503 and asked):
            reason = asks_for_peace(status, headers.get("retry-after"))
            self._pause(host, reason, asked.length if asked else None)
        elif self._forbidden[host] >= FORBIDDEN_IN_A_ROW:
            self._pause(host, f"answered 403 {FORBIDDEN_IN_A_ROW} times in a row", None)

    def finished(self, url: str) -> None:
        """Notes an answer that came to its end."""
        self._lost.pop(_origin(url), None)

    def lost(self, url: str, code: FailureCode) -> None:
        """Notes an exchange that nobody answered (`code` is one of UNANSWERED), or not to the end (TOO_SLOW)."""
        host, origin = _host(url), _origin(url)
        if code in UNANSWERED:
            self._lost_since_answer.add(origin)
        self._lost[origin] = self._lost.get(origin, 0) + 1
        if code is FailureCode.UNKNOWN_HOST:
            self._down[origin] = code, f'was not asked again: the host name "{host}" is unknown'
        elif self._lost[origin] >= LOST_IN_A_ROW:
            reason = f"was not asked again: {host} did not answer {LOST_IN_A_ROW} times"
            self._down[origin] = code, reason

    @property
    def is_our_network(self) -> bool:
        """Whether several hosts failed and none has answered for long, or at all: then it is not they."""
        quiet = self._answered_at is None or self._passed() - self._answered_at > QUIET_SECONDS
        return quiet and len(self._lost_since_answer) >= HOSTS_OF_AN_OUTAGE

    def slow_down(self, url: str, delay: float) -> None:
        """Obeys a site's crawl delay, in seconds, as far as the settings bear."""
        longest = self.per_host.longest_spacing.total_seconds()
        host = _host(url)
        self._spacing[host] = max(self._spacing.get(host, 0.0), min(delay, longest))

    def spacing(self, host: str) -> float:
        """Seconds between two starts at `host`."""
        return max(self.per_host.spacing.total_seconds(), self._spacing.get(host, 0.0))

    def new_pauses(self) -> tuple[HostPause, ...]:
        """The pauses that began in this run, to be remembered for the next."""
        return tuple(self._new.values())

    def _pause(self, host: str, reason: str, length: timedelta | None) -> None:
        until = self._now() + min(length or self.per_host.pause, LONGEST_PAUSE)
        known = self._pauses.get(host)
        if known is None or known.until < until:
            pause = HostPause(host=host, until=until, reason=reason)
            self._pauses[host] = self._new[host] = pause


def asks_for_peace(status: int, after: str | None) -> str:
    """What a 429 says, or a 503 that names a time (`after`, its Retry-After)."""
    if not after:
        return f"answered {status} (too many requests)"
    wait = f"{after} s" if after.isdecimal() else after
    return f"answered {status} and asks to come back after {wait[:40]}"


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"
