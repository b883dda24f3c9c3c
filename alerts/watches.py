"""Whether a story is what a watch waits for. Pure: a condition, a story and the texts at hand
decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, assert_never

from alerts.system_names import is_system
from domain.alerting import Story, StoryArticle
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
from domain.keywords import fold, folded_words
from domain.mentions import Reaction, Transfer

Record = TypeVar("Record")


@dataclass(frozen=True)
class _Field(Generic[Record]):
    """How one field is asked: whether the record states it, and whether it is as wanted."""

    stated: Callable[[Record], bool]
    holds: Callable[[Record, str | bool], bool]


def matches(condition: Condition, story: Story, texts: Sequence[str]) -> bool:
    """Whether `condition` holds of `story`.

    `texts` are title and body of those of the story's articles that are at hand; with none, the
    headlines of its articles are searched. Keywords must all be found in one article.
    """
    match condition:
        case AllOf(parts=parts):
            return all(matches(part, story, texts) for part in parts)
        case AnyOf(parts=parts):
            return any(matches(part, story, texts) for part in parts)
        case Not(part=part):
            return not matches(part, story, texts)
        case TransferHas(fields=fields):
            return _one_has(fields, (told.transfer for told in story.transfers), _TRANSFER)
        case ReactionHas(fields=fields):
            return _one_has(fields, (told.reaction for told in story.reactions), _REACTION)
        case ArticleHas(fields=fields):
            return _one_has(fields, story.articles, _ARTICLE)
        case TextHas(keywords=keywords):
            # Not both: to `NOT drill` a headline without the word would answer for a body that
            # has it.
            return any(keywords.matches(t) for t in texts or [a.title for a in story.articles])
    msg = f"{type(condition).__name__} is no condition"
    raise TypeError(msg)


def _one_has(
    fields: tuple[tuple[str, Test], ...],
    records: Iterable[Record],
    known: Mapping[str, _Field[Record]],
) -> bool:
    return any(
        all(_passes(test, record, known[name]) for name, test in fields) for record in records
    )


def _passes(test: Test, record: Record, field: _Field[Record]) -> bool:
    match test:
        case Is(value=value):
            if value is None:
                return not field.stated(record)
            return field.stated(record) and field.holds(record, value)
        case IsNot(test=inner):
            return not _passes(inner, record, field)
        case IsAny(tests=tests):
            return any(_passes(inner, record, field) for inner in tests)
        case IsAll(tests=tests):
            return all(_passes(inner, record, field) for inner in tests)
    assert_never(test)


def _equal(read: Callable[[Record], str | bool | None]) -> _Field[Record]:
    def holds(record: Record, wanted: str | bool) -> bool:
        value = read(record)
        if isinstance(value, str) and isinstance(wanted, str):
            return fold(value) == fold(wanted)
        return value == wanted

    return _Field(lambda record: read(record) is not None, holds)


def _words(read: Callable[[Record], str | None]) -> _Field[Record]:
    """A field that holds the wanted words somewhere: Zakharova in "Maria Zakharova"."""
    return _Field(
        lambda record: read(record) is not None,
        lambda record, wanted: folded_words(str(wanted)) in folded_words(read(record) or ""),
    )


_TRANSFER: Mapping[str, _Field[Transfer]] = {
    "supplier": _equal(lambda t: t.supplier),
    "recipient": _equal(lambda t: t.recipient),
    "system": _Field(
        lambda t: bool(t.systems),
        lambda t, wanted: any(is_system(str(wanted), s) for s in t.systems),
    ),
    "category": _Field(
        lambda t: any(s.category for s in t.systems),
        lambda t, wanted: any(s.category == wanted for s in t.systems),
    ),
    "stage": _equal(lambda t: t.stage.value),
    "alleged": _equal(lambda t: t.alleged),
}
_REACTION: Mapping[str, _Field[Reaction]] = {
    "stance": _equal(lambda r: r.stance.value),
    "country": _equal(lambda r: r.country),
    "speaker": _words(lambda r: r.speaker),
    "affiliation": _words(lambda r: r.affiliation),
}
_ARTICLE: Mapping[str, _Field[StoryArticle]] = {
    "outlet": _equal(lambda a: a.outlet),
    "publisher": _equal(lambda a: a.outlet),
    "outlet_country": _equal(lambda a: a.country),
    "tier": _equal(lambda a: a.tier),
    "language": _equal(lambda a: a.language),
}
