"""What all records of settings share: unknown keys are refused, durations and sizes are read from words ("20s", "15MB")."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from domain.units import parse_duration, parse_size


def _duration(value: Any) -> Any:
    return parse_duration(str(value)) if isinstance(value, str | int) else value


def _size(value: Any) -> Any:
    return parse_size(value) if isinstance(value, str) else value


def one_or_many(value: Any) -> Any:
    """A text alone as a list of one."""
    return [value] if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Size = Annotated[int, BeforeValidator(_size)]
Names = Annotated[tuple[str, ...], BeforeValidator(one_or_many)]


class Settings(BaseModel):
    """A record of settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
