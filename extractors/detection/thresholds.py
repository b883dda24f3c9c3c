"""Choosing thresholds: F1 by labelled file, and the threshold with the best mean over the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from extractors.detection.linear import Linear

BACKGROUND = "background"
"""The source of ordinary news, which has no labelled mentions."""


class Sourced(Protocol):
    """Something that comes from a file."""

    @property
    def source(self) -> str:
        """The file's name without ending."""


S = TypeVar("S", bound=Sourced)


def f1(hits: int, wanted: int, found: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * hits / max(1, wanted + found)


def mean_over_files(items: Sequence[S], figure: Callable[[Sequence[S]], float]) -> float:
    """The mean of `figure` over the labelled files, so that a large one does not decide alone."""
    parts: dict[str, list[S]] = {}
    for item in items:
        if item.source != BACKGROUND:
            parts.setdefault(item.source, []).append(item)
    return sum(map(figure, parts.values())) / max(1, len(parts))


def best_threshold(
    model: Linear, thresholds: Sequence[float], quality: Callable[[float], float]
) -> Linear:
    """`model` with the threshold of the highest `quality`, the lowest of equals."""
    return replace(model, threshold=max(thresholds, key=quality))
