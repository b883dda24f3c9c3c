"""Values and quantities as articles word them: which of them mean the same number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.alerting import Figure

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = (
    {word: n for n, word in enumerate(_ONES)}
    | {word: 10 * n for n, word in enumerate(_TENS, 2)}
    | {
        "a": 1,
        "an": 1,
        "dozen": 12,
    }
)
_MULTIPLES_OF_TEN = frozenset(range(20, 100, 10))
_MAGNITUDES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
}
_NUMBER = re.compile(r"(?P<digits>\d[\d,]*(?:\.\d+)?)|(?P<word>[^\W\d_]+)")
_CURRENCY = re.compile(
    r"[$€£¥₩₹₽]|\b(?:dollars?|euros?|pounds?|yen|won|rupees?|roubles?|rubles?)\b"
)
_SIGNS = {
    "dollar": "$",
    "euro": "€",
    "pound": "£",
    "yen": "¥",
    "won": "₩",
    "rupee": "₹",
    "rouble": "₽",
    "ruble": "₽",
}


def unite_figures(known: Iterable[Figure], found: Iterable[Figure]) -> tuple[Figure, ...]:
    """All figures, those that mean the same number once, as first worded, with every outlet."""
    united = list(known)
    for figure in found:
        place = next((i for i, k in enumerate(united) if same_figure(k.text, figure.text)), None)
        if place is None:
            united.append(figure)
        else:
            outlets = (*united[place].outlets, *figure.outlets)
            united[place] = replace(united[place], outlets=tuple(dict.fromkeys(outlets)))
    return tuple(united)


def figures_words(figures: Sequence[Figure]) -> str:
    """ "six launchers"; where outlets differ "six launchers (Wire, Herald); eight (Courier)"."""
    if len(figures) < 2:
        return figures[0].text if figures else ""
    return "; ".join(f"{figure.text} ({_named(figure.outlets)})" for figure in figures)


def _named(outlets: Sequence[str]) -> str:
    more = f" and {len(outlets) - 2} more" if len(outlets) > 2 else ""
    return ", ".join(outlets[:2]) + more


def same_figure(a: str, b: str) -> bool:
    """Whether two wordings mean one number of one currency: "$1bn" and "1 billion dollars", "six
    batteries" and "6". Without a number the words decide."""
    numbers = _number(a), _number(b)
    if None in numbers:
        return " ".join(a.casefold().split()) == " ".join(b.casefold().split())
    currencies = {_currency(a), _currency(b)} - {None}
    return numbers[0] == numbers[1] and len(currencies) < 2


def _number(text: str) -> float | None:
    """The first number, with the magnitudes that follow it: 24 in "two dozen tanks"."""
    value: float | None = None
    for found in _NUMBER.finditer(text.casefold()):
        word = found["word"]
        if found["digits"]:
            if value is not None:
                break
            value = float(found["digits"].replace(",", ""))
        elif value is not None and word in _MAGNITUDES:
            value *= _MAGNITUDES[word]
        elif word in _WORDS and (value is None or (value in _MULTIPLES_OF_TEN and word in _ONES)):
            value = (value or 0) + _WORDS[word]
        elif value is not None:
            break
    return value


def _currency(text: str) -> str | None:
    found = _CURRENCY.search(text.casefold())
    return found and _SIGNS.get(found[0].removesuffix("s"), found[0])
