"""Why a condition holds of a story or does not, part by part, in the words of monitor.yaml. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.watches import matches
from domain.alerting import Story
from domain.conditions import (
    AllOf,
    AnyOf,
    ArticleHas,
    Condition,
    Is,
    IsAll,
    IsAny,
    IsNot,
    Not,
    ReactionHas,
    Test,
    TextHas,
    TransferHas,
)


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One part of a condition, whether it holds, and the parts it is made of. Parts of "one
    transfer with" are told alone: each may hold of another transfer, and the whole then does not."""

    words: str
    holds: bool
    parts: tuple[Reason, ...] = ()


def reasons(condition: Condition, story: Story, texts: Sequence[str]) -> Reason:
    """What of `condition` holds of `story`; arguments as those of `matches`."""
    holds = matches(condition, story, texts)
    match condition:
        case AllOf(parts=parts):
            return Reason(words="all of", holds=holds, parts=_of(parts, story, texts))
        case AnyOf(parts=parts):
            return Reason(words="any of", holds=holds, parts=_of(parts, story, texts))
        case Not(part=part):
            return Reason(words="not", holds=holds, parts=_of((part,), story, texts))
        case TransferHas(fields=fields):
            return _record("one transfer with", TransferHas, fields, holds, story)
        case ReactionHas(fields=fields):
            return _record("one reaction with", ReactionHas, fields, holds, story)
        case ArticleHas(fields=fields):
            return _record("one article with", ArticleHas, fields, holds, story)
        case TextHas(keywords=keywords):
            return Reason(words=f"text: {keywords.source}", holds=holds)
    msg = f"{type(condition).__name__} is no condition"
    raise TypeError(msg)


def _of(parts: Sequence[Condition], story: Story, texts: Sequence[str]) -> tuple[Reason, ...]:
    return tuple(reasons(part, story, texts) for part in parts)


def _record(
    words: str,
    kind: type[TransferHas] | type[ReactionHas] | type[ArticleHas],
    fields: tuple[tuple[str, Test], ...],
    holds: bool,
    story: Story,
) -> Reason:
    """Each field alone as well, for the one that fails is what the reader looks for."""
    alone = tuple(
        Reason(words=f"{name}: {_shown(test)}", holds=matches(kind(((name, test),)), story, ()))
        for name, test in fields
    )
    return alone[0] if len(alone) == 1 else Reason(words=words, holds=holds, parts=alone)


def _shown(test: Test) -> str:
    match test:
        case Is(value=value):
            return "not stated" if value is None else str(value)
        case IsNot(test=inner):
            return f"not {_shown(inner)}"
        case IsAny(tests=tests):
            return " or ".join(_shown(inner) for inner in tests)
        case IsAll(tests=tests):
            return " and ".join(_shown(inner) for inner in tests)
