"""Whether a publisher's articles have suddenly become shorter: its pages are made anew, or a wall went up.

Medians, because one short bulletin says nothing, and of the publisher's own articles alone, because nobody else's say
what is usual for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from domain.news import Completeness

LATEST, EARLIER = 8, 16
"""Articles that are compared with those before them, and how many of these it takes to know what is usual."""
_SHRUNKEN = 1 / 3
_LONG = 800
"""Characters below which a publisher's usual article is a bulletin, whose length says nothing."""
_MOSTLY, _SELDOM = 0.75, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class BodySize:
    """How long a stored article's body is, in characters, and how much of the article that is."""

    characters: int
    completeness: Completeness


def body_drift(sizes: Mapping[str, Sequence[BodySize]]) -> dict[str, str]:
    """The outlets whose latest articles have less of a body than those before, with what has changed in words for an ops
    engineer. `sizes` are each outlet's articles, the oldest first.
    """
    told = {outlet: _change(of_outlet) for outlet, of_outlet in sizes.items()}
    return {outlet: change for outlet, change in told.items() if change is not None}


def _change(sizes: Sequence[BodySize]) -> str | None:
    before, latest = sizes[:-LATEST], sizes[-LATEST:]
    if len(before) < EARLIER:
        return None
    whole_before, whole_latest = _whole(before), _whole(latest)
    if whole_before >= _MOSTLY and whole_latest <= _SELDOM:
        return (
            f"only {whole_latest:.0%} of its latest {LATEST} articles could be read whole,"
            f" {whole_before:.0%} of those before: its pages may be blocked or made anew"
        )
    usual, now = (median(s.characters for s in part) for part in (before, latest))
    if usual >= _LONG and now <= _SHRUNKEN * usual:
        return (
            f"its latest {LATEST} articles have {now:,.0f} characters, those before {usual:,.0f}:"
            " its pages may have been made anew"
        )
    return None


def _whole(sizes: Sequence[BodySize]) -> float:
    return sum(size.completeness is Completeness.FULL for size in sizes) / len(sizes)
