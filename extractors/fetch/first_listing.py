"""What the dates of the entries tell that a feed lists when it first answers: some feeds answer for years after their
last entry, and there is no history yet to see it by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

LEAST_DATES = 10
"""Fewer different dates tell no cadence."""
WIDE = 0.85
"""The share of the gaps that are no longer than the one measured by: an old entry on top for ever makes one long gap."""
TOLERANCE = 3.0
LEAST_AGE = timedelta(days=4)
"""A weekend with its eves."""


def stale_since(dates: Iterable[datetime | None], now: datetime) -> datetime | None:
    """The newest of the dates when it is older than the entries' own gaps let expect; None where they tell nothing."""
    known = sorted({date for date in dates if date is not None and date <= now})
    if len(known) < LEAST_DATES:
        return None
    gaps = sorted(after - before for before, after in pairwise(known))
    expected = max(LEAST_AGE, TOLERANCE * gaps[int(WIDE * len(gaps))])
    return known[-1] if now - known[-1] > expected else None
