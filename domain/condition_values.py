"""How the values in a condition are read: country codes, actors, stages, stances, categories.

Every reader takes the value and the name of its field, and raises ConditionError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from domain.countries import code_meant, country_name, country_names


class ConditionError(ValueError):
    """The condition is wrong; the message names the key and the nearest right one."""


Reader = Callable[[object, str], str | bool]
_CODE_SHAPE = re.compile(r"[A-Za-z]{2}|EU|NATO|UN", re.IGNORECASE)


def read_word(value: object, field: str) -> str:
    """A free text, without the space around it."""
    # A tier or an outlet may well be a number; true and false are not meant as words.
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise ConditionError(f"{field}: expected a text, not {shown(value)}")
    return str(value).strip()


def read_code(value: object, field: str) -> str:
    """A country's code, EU, NATO or UN."""
    text = read_word(value, field)
    if text in country_names():
        return text
    meant = code_meant(text)
    hint = f'; did you mean "{meant}"?' if meant else "; write two letters, EU, NATO or UN"
    raise ConditionError(f'{field}: "{text}" is no country code{hint}')


def read_party(value: object, field: str) -> str:
    """A country's code or an actor's name. A country's name is refused: it would match nothing."""
    text = read_word(value, field)
    meant = code_meant(text)
    if text in country_names() or (meant is None and not _CODE_SHAPE.fullmatch(text)):
        return text
    if meant is not None and meant != text.upper():
        hint = f'write "{meant}" for {country_name(meant)}'
        raise ConditionError(f'{field}: "{text}" is no country code; {hint}')
    return read_code(value, field)


def read_yes_or_no(value: object, field: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ConditionError(f"{field}: expected true or false, not {shown(value)}")
    return value


Vocabulary = TypeVar("Vocabulary", bound=StrEnum)


def reader_of(vocabulary: type[Vocabulary], spellings: Mapping[str, Vocabulary]) -> Reader:
    """The reader of an enum's values, or of `spellings`; hyphens, spaces, underscores are one."""
    known = {_plain(member.value): member for member in vocabulary}
    known |= {_plain(text): member for text, member in spellings.items()}

    def read(value: object, field: str) -> str:
        text = read_word(value, field)
        if _plain(text) in known:
            return known[_plain(text)].value
        close = get_close_matches(_plain(text), known, n=1, cutoff=0.5)
        hint = (
            f'did you mean "{known[close[0]].value}"?'
            if close
            else f"known: {', '.join(member.value for member in vocabulary)}"
        )
        raise ConditionError(f'{field}: "{text}" is unknown; {hint}')

    return read


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def shown(value: object) -> str:
    """A wrong value as an error quotes it."""
    return f'"{value}"' if isinstance(value, str) else f"{value!r}"
