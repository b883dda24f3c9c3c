"""How often feeds are polled, what becomes of a feed's first entries, and how long polls are remembered."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.settings_types import Duration, Settings


class PollingSettings(Settings):
    """A feed without `every` is polled between `fastest` and `slowest`, as its news calls for, and later when caching
    headers or the feed itself advise it, by `longest_advice` at most (Retry-After is no advice: it is obeyed).

    `first_poll`: the entries that a new feed lists when first polled are stored without alerting anybody ("store"), or
    alert like any other ("alert"). The history of polls is kept for `keep_history`.
    """

    first_poll: Literal["store", "alert"] = "store"
    fastest: Duration = timedelta(minutes=5)
    slowest: Duration = Field(default=timedelta(hours=1), le=timedelta(days=1))
    longest_advice: Duration = Field(default=timedelta(days=1), le=timedelta(days=1))
    keep_history: Duration = timedelta(days=90)

    @model_validator(mode="after")
    def _fastest_is_not_slower(self) -> Self:
        if self.fastest > self.slowest:
            msg = "fastest must not be longer than slowest"
            raise ValueError(msg)
        return self
