"""What is judged apart in long texts: there most parties and officials are named on other matters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from extractors.detection.linear import FOLDER, Linear, load_linear
from extractors.detection.reading import Size

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sized(Generic[T]):
    """One thing for long texts, one for all others."""

    short: T
    long: T

    def of(self, size: Size) -> T:
        """The one for texts of that size."""
        return self.long if size.is_long else self.short


def load_sized(name: str, folder: Path = FOLDER) -> Sized[Linear]:
    """Reads `folder`/NAME.json and `folder`/long_NAME.json. Raises ConfigError when one is missing or malformed."""
    return Sized(short=load_linear(name, folder), long=load_linear(f"long_{name}", folder))
