"""Durations and sizes as people write them in settings: "20s", "10m", "1h30m", "7d"; "15MB", "500 kB"."""

from __future__ import annotations

import re
from datetime import timedelta

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_BYTES = {"b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "kib": 1 << 10, "mib": 1 << 20}
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")
_LONGEST = timedelta(days=36_500)
"""Still within the calendar when it is taken from today, or added."""
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?i?b)", re.IGNORECASE)


def parse_duration(text: str) -> timedelta:
    """ "1h30m" to a timedelta.

    Raises:
        ValueError: `text` is not made of numbers with ms, s, m, h, d or w, or is longer than a century.
    """
    compact = text.strip().lower()
    if compact == "0":
        return timedelta(0)
    if not compact or _DURATION_PART.sub("", compact).strip():
        msg = (
            f'"{text}" is no duration; write a number and ms, s, m, h, d or w, such as 20s or 1h30m'
        )
        raise ValueError(msg)
    seconds = sum(float(n) * _SECONDS[unit] for n, unit in _DURATION_PART.findall(compact))
    if seconds > _LONGEST.total_seconds():
        msg = f'"{text}" is too long a duration; the longest is {_LONGEST.days}d'
        raise ValueError(msg)
    return timedelta(seconds=seconds)


def write_duration(length: timedelta) -> str:
    """A duration as `parse_duration` reads it, exactly: 90 minutes to "90m"."""
    seconds = length.total_seconds()
    for unit in ("w", "d", "h", "m"):
        if seconds and seconds % _SECONDS[unit] == 0:
            return f"{seconds / _SECONDS[unit]:.0f}{unit}"
    return f"{seconds:g}s"


def parse_size(text: str) -> int:
    """ "15MB" to bytes.

    Raises:
        ValueError: `text` is not a number with B, kB, MB, GB, KiB or MiB.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None or found[2].lower() not in _BYTES:
        msg = f'"{text}" is no size; write a number and kB, MB, KiB or MiB, such as 15MB'
        raise ValueError(msg)
    return int(float(found[1]) * _BYTES[found[2].lower()])


def show_duration(seconds: float) -> str:
    """Seconds as people read them: "850 ms", "12 s", "3 min", "2 h", "4 d"."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
