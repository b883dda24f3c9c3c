"""The settings of watching over the feeds."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from domain.settings_types import Duration, Names, Settings


class HealthSettings(Settings):
    """`send` names the channels of the ops: they hear once when a feed falls silent or fails, and once when it is well
    again. A feed fails after `failing_after` polls in a row without an answer; it is silent after `silent_after` without
    a new entry, and later than that when its own cadence is slower."""

    send: Names = ()
    silent_after: Duration = timedelta(days=2)
    failing_after: int = Field(default=3, ge=1)
