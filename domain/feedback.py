"""What analysts say of alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """An analyst's word on an alert."""

    RELEVANT = "relevant"
    """It tells a transfer, a policy or a reaction, and tells it right."""
    IRRELEVANT = "irrelevant"
    """It is not about arms transfers at all."""
    WRONG = "wrong"
    """It is about them, and tells something wrong."""


class Field(StrEnum):
    """What of an alert can be wrong."""

    SUPPLIER = "supplier"
    RECIPIENT = "recipient"
    SYSTEMS = "systems"
    STAGE = "stage"
    VALUE = "value"
    QUANTITY = "quantity"
    SPEAKER = "speaker"
    STANCE = "stance"
    STORY = "story"
    """Articles of two developments in one story, or one development told twice."""


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """A verdict on an alert; the last one given counts. `fields` are what is wrong."""

    alert: str
    verdict: Verdict
    fields: tuple[Field, ...] = ()
    note: str | None = None
    given_at: datetime
