"""What a watch waits for (`when:` in monitor.yaml), as records; alerts/watches.py asks stories.

    {supplier: JP, system: [Patriot, NASAMS]}            all of a mapping must hold; a list: any of
    {reaction: {stance: oppose, country: {not: [US]}}}   of one and the same reaction
    {text: 'Patriot AND (Japan OR "air defence")'}       boolean keywords, see domain/keywords.py
    {any: [{…}, {…}]}  {all: [{…}, {…}]}  {not: {…}}     conditions combined

The transfer fields of one mapping must hold of the same transfer, the fields of `reaction` of the
same reaction, the article fields of the same article. null means "not stated".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from domain.condition_values import (
    ConditionError,
    Reader,
    read_code,
    read_party,
    read_word,
    read_yes_or_no,
    reader_of,
    shown,
)
from domain.keywords import Keywords, KeywordsError, parse_keywords
from domain.mentions import Category, Stage, Stance


@dataclass(frozen=True)
class Is:
    """The field has this value; None: it has none."""

    value: str | bool | None


@dataclass(frozen=True)
class IsNot:
    """The test does not hold of the field; so a field without a value is not "US"."""

    test: Test


@dataclass(frozen=True)
class IsAny:
    """At least one of the tests holds of the field."""

    tests: tuple[Test, ...]


@dataclass(frozen=True)
class IsAll:
    """Every test holds of the field, which may have several values (a transfer's systems)."""

    tests: tuple[Test, ...]


Test = Is | IsNot | IsAny | IsAll


class Condition:
    """A parsed `when`: one of the classes below."""


@dataclass(frozen=True)
class AllOf(Condition):
    """Every part holds of the story."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf(Condition):
    """At least one part holds of the story."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not(Condition):
    """The part does not hold of the story."""

    part: Condition


@dataclass(frozen=True)
class TransferHas(Condition):
    """One transfer of the story satisfies all of `fields`."""

    fields: tuple[tuple[str, Test], ...]


@dataclass(frozen=True)
class ReactionHas(Condition):
    """One reaction of the story satisfies all of `fields`."""

    fields: tuple[tuple[str, Test], ...]


@dataclass(frozen=True)
class ArticleHas(Condition):
    """One article of the story satisfies all of `fields`."""

    fields: tuple[tuple[str, Test], ...]


@dataclass(frozen=True)
class TextHas(Condition):
    """The keywords match the text of one article."""

    keywords: Keywords


def parse_condition(value: object) -> Condition:
    """Reads what `when` holds in monitor.yaml; an already parsed condition comes back as it is.

    Raises:
        ConditionError: an unknown key or value, or a wrong shape.
    """
    if isinstance(value, Condition):
        return value
    if not isinstance(value, Mapping):
        msg = f"expected fields such as {{supplier: JP, system: Patriot}}, not {shown(value)}"
        raise ConditionError(msg)
    if not value:
        raise ConditionError("is empty: name at least one field, such as supplier: JP")
    keys = [str(key) for key in value]
    for key in keys:
        _require_known(key, [*_TRANSFER, *_ARTICLE, *_COMBINED], "")
    parts: list[Condition] = []
    transfer = _fields(value, _TRANSFER)
    article = _fields(value, _ARTICLE)
    if transfer:
        parts.append(TransferHas(transfer))
    if article:
        parts.append(ArticleHas(article))
    parts += [_COMBINED[key](value[key]) for key in keys if key in _COMBINED]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _reaction(value: object) -> Condition:
    if not isinstance(value, Mapping) or not value:
        msg = f"reaction: expected fields such as {{stance: oppose}}, not {shown(value)}"
        raise ConditionError(msg)
    for key in value:
        _require_known(str(key), _REACTION, "reaction.")
    return ReactionHas(_fields(value, _REACTION, "reaction."))


def _text(value: object) -> Condition:
    if not isinstance(value, str):
        raise ConditionError(f"text: expected keywords, not {shown(value)}")
    try:
        return TextHas(parse_keywords(value))
    except KeywordsError as error:
        raise ConditionError(f"text: {error}") from None


def _not(value: object) -> Condition:
    return Not(parse_condition(value))


def _any(value: object) -> Condition:
    return AnyOf(_conditions(value, "any"))


def _all(value: object) -> Condition:
    return AllOf(_conditions(value, "all"))


def _conditions(value: object, key: str) -> tuple[Condition, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise ConditionError(f"{key}: expected a list of conditions, not {shown(value)}")
    return tuple(parse_condition(item) for item in value)


def _fields(
    value: Mapping[object, object], known: Mapping[str, Reader], where: str = ""
) -> tuple[tuple[str, Test], ...]:
    return tuple(
        (str(key), _test(found, known[str(key)], f"{where}{key}"))
        for key, found in value.items()
        if str(key) in known
    )


def _test(value: object, read: Reader, field: str) -> Test:
    if isinstance(value, Mapping):
        for key in value:
            _require_known(str(key), _VALUE_WORDS, f"{field}.")
        tests = tuple(_worded(str(k), _test_list(v, read, field)) for k, v in value.items())
        if not tests:
            raise ConditionError(f"{field}: is empty; write a value, a list, or {{not: …}}")
        return tests[0] if len(tests) == 1 else IsAll(tests)
    if isinstance(value, list | tuple):
        return _worded("any", _test_list(value, read, field))
    return Is(None if value is None else read(value, field))


def _test_list(value: object, read: Reader, field: str) -> tuple[Test, ...]:
    if not isinstance(value, list | tuple):
        return (_test(value, read, field),)
    if not value:
        raise ConditionError(f"{field}: the list is empty")
    return tuple(_test(item, read, field) for item in value)


def _worded(word: str, tests: tuple[Test, ...]) -> Test:
    if word == "not":
        return IsNot(_worded("any", tests))
    if len(tests) == 1:
        return tests[0]
    return IsAny(tests) if word == "any" else IsAll(tests)


def _require_known(key: str, known: Iterable[str], where: str) -> None:
    names = sorted(known)
    if key not in names:
        close = get_close_matches(key, names, n=1, cutoff=0.5)
        hint = f'did you mean "{close[0]}"?' if close else f"known keys: {', '.join(names)}"
        raise ConditionError(f'unknown key "{where}{key}"; {hint}')


_TRANSFER: Mapping[str, Reader] = {
    "supplier": read_party,
    "recipient": read_party,
    "system": read_word,
    "category": reader_of(Category, {member.label: member for member in Category}),
    "stage": reader_of(Stage, {}),
    "alleged": read_yes_or_no,
}
_REACTION: Mapping[str, Reader] = {
    "stance": reader_of(Stance, {}),
    "country": read_code,
    "speaker": read_word,
    "affiliation": read_word,
}
_ARTICLE: Mapping[str, Reader] = {
    "outlet": read_word,
    "publisher": read_word,
    "outlet_country": read_code,
    "tier": read_word,
    "language": read_word,
}
_COMBINED: Mapping[str, Callable[[object], Condition]] = {
    "reaction": _reaction,
    "text": _text,
    "not": _not,
    "any": _any,
    "all": _all,
}
_VALUE_WORDS = ("not", "any", "all")
