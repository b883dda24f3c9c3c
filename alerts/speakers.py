"""When two articles name the same speaker: "Zakharova" and "Maria Zakharova", a ministry and its
spokeswoman."""

from __future__ import annotations

from domain.countries import country_name
from domain.keywords import folded_words
from domain.mentions import Reaction

# Words that stand in one paper's name of an institution and are missing in the next paper's.
_FILLING = frozenset(("the", "of", "for", "and", "a", "an", "s", "u", "official", "officials"))
_FILLING |= {"affairs", "spokesperson", "spokesman", "spokeswoman"}


def same_speaker(a: Reaction, b: Reaction) -> bool:
    """Whether `a` and `b` are one voice.

    Persons by name, where a surname is enough within one country. Institutions by country and name;
    an institution and a person who speaks for it are one voice too, two persons never.
    """
    named = _full_name(a) and _full_name(b)
    if named and folded_words(a.speaker) == folded_words(b.speaker):
        # Within one story a full name in office is one person: two countries are one article's misreading.
        return True
    if a.country and b.country and a.country != b.country:
        return False
    if _ends(a.speaker, b.speaker) or _ends(b.speaker, a.speaker):
        return True
    if not (is_institution(a) or is_institution(b)):
        return False
    return bool(a.country) and a.country == b.country and _institution(a) == _institution(b)


def _full_name(reaction: Reaction) -> bool:
    return not is_institution(reaction) and len(folded_words(reaction.speaker).split()) > 1


def is_institution(reaction: Reaction) -> bool:
    """Whether the speaker is no person but a body, or people without a name ("Japanese
    officials")."""
    if reaction.affiliation is None:
        return True
    speaker = _institution_words(reaction.speaker, reaction.country)
    return speaker <= _institution_words(reaction.affiliation, reaction.country)


def _ends(short: str, long: str) -> bool:
    """Whether `short` is the end of `long`, as a surname is; "Japan" is not that of "Japan's
    army"."""
    words = folded_words(short)
    return bool(words.strip()) and folded_words(long).endswith(words)


def _institution(reaction: Reaction) -> frozenset[str]:
    return _institution_words(reaction.affiliation or reaction.speaker, reaction.country)


def _institution_words(name: str, country: str | None) -> frozenset[str]:
    """What sets the institution apart within its country: "Russia's Foreign Ministry" and "Russian
    Ministry of Foreign Affairs" both leave {foreign, ministry}."""
    code = (country or "").casefold()
    # Four letters are shared by a country's name and its adjective: Russia, Russian; Japan,
    # Japanese.
    stem = folded_words(country_name(country))[1:5] if country else "\0"
    words = folded_words(name).replace(" defence ", " defense ").split()
    own = frozenset(w for w in words if w not in _FILLING and w != code and not w.startswith(stem))
    return own or frozenset(words)
