"""When two names mean the same weapon system, whatever the hyphens, spaces and capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from domain.keywords import fold
from domain.mentions import System

# "F-16C" is f, 16, c: letters and digits part where a name's hyphen would stand.
_PART = re.compile(r"\d+|[^\W\d_]+")
_PLURAL = re.compile(r"(?<=[^\W\d_]{3})s$")


def names_system(wanted: str, name: str) -> bool:
    """Whether `wanted` stands in `name` in whole parts.

    "Patriot" stands in "Patriot PAC-3", "pac3" too, "F-16" in "F-16C"; "F-1" not in "F-16".
    """
    sought = "".join(_parts(wanted))
    parts = _parts(name)
    return bool(sought) and any(_starts_with(parts[i:], sought) for i in range(len(parts)))


def is_system(wanted: str, system: System) -> bool:
    """Whether `wanted` names `system`, by its name or its designation."""
    return names_system(wanted, system.name) or (
        system.designation is not None and names_system(wanted, system.designation)
    )


def same_system(a: System, b: System) -> bool:
    """Whether two articles mean the same system: one designation, or one name within the other and
    no two categories that contradict."""
    if a.designation and b.designation:
        return _parts(a.designation) == _parts(b.designation)
    if a.category and b.category and a.category is not b.category:
        return False
    return is_system(a.name, b) or is_system(b.name, a)


def share_system(a: Iterable[System], b: Iterable[System]) -> bool:
    """Whether any system stands in both lists."""
    others = tuple(b)
    return any(same_system(one, other) for one in a for other in others)


def _starts_with(parts: tuple[str, ...], sought: str) -> bool:
    joined = ""
    for part in parts:
        joined += part
        if len(joined) >= len(sought):
            break
    return joined == sought


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, ...]:
    return tuple(_PLURAL.sub("", part) for part in _PART.findall(fold(name)))
