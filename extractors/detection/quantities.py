"""How many of a weapon: the number before a noun phrase, over adjectives and states, as the text words it."""

from __future__ import annotations

import re

from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set

_NUMBER = re.compile(r"^\d[\d,.]*$")
_NUMBER_WORDS = word_set(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty"
    " fifty sixty seventy eighty ninety hundred hundreds thousand thousands dozen dozens million"
    " score scores several"
)
_QUALIFIERS = word_set(
    "up to at least about around some nearly almost over more than approximately of as many"
    " additional a"
)
MODIFIERS = word_set(
    "advanced new modern lethal heavy light used surplus old older sophisticated state-of-the-art"
    " precision guided precision-guided long range long-range short-range medium-range medium"
    " short armed unarmed attack combat military offensive defensive high tech high-tech made"
    " built supplied designed soviet-era soviet era second-hand secondhand second hand refurbished"
    " upgraded additional extra more small multirole multi-role stealth amphibious diesel"
    " diesel-electric nuclear-powered main battle self-propelled portable shoulder-fired mobile"
    " ballistic cruise smart cluster tactical strategic so called so-called american russian"
)

_OVER = word_set("hand hands handed handing turn turns turned turning sign signed take took")


def quantity_before(reading: Reading, phrase: int) -> str | None:
    """The number that counts the noun phrase at `phrase`, as written: "31", "up to 50", "dozens of"; None without one."""
    i = phrase - 1
    while (
        reading.same_sentence(i, phrase)
        and (reading.low[i] in MODIFIERS or reading.low[i] == "-" or i in reading.spans["names"])
        and phrase - i < 7
        and reading.low[i] not in ("of",)
    ):
        i -= 1
    end = i + 1
    while reading.same_sentence(i, phrase) and (
        _NUMBER.match(reading.low[i])
        or reading.low[i] in _NUMBER_WORDS
        or (reading.low[i] == "of" and i == end - 1)
        or (
            reading.low[i] == "-"
            and reading.word(i - 1) in _NUMBER_WORDS
            and reading.word(i + 1) in _NUMBER_WORDS
        )
    ):
        i -= 1
    start = i + 1
    if start >= end or all(w == "of" for w in reading.low[start:end]):
        return None
    if reading.word(start - 1) in ("$", "€", "£", "¥") or reading.word(end) in ("mm", "-mm"):
        return None
    while (
        reading.same_sentence(start - 1, phrase)
        and reading.low[start - 1] in _QUALIFIERS
        and start > 0
    ):
        if reading.low[start - 1] in ("a", "of"):
            break
        if reading.low[start - 1] == "over" and reading.word(start - 2) in _OVER:
            break
        start -= 1
    first = reading.low[start]
    if first in ("of", "to", "than", "as") or end - start > 6:
        return None
    text = reading.slice(start, end)
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return None
    return text.removesuffix(" of")


def is_counted(reading: Reading, start: int) -> bool:
    """Whether a number stands right before."""
    before = reading.word(start - 1)
    return bool(_NUMBER.match(before)) or before in _NUMBER_WORDS
