"""When two articles name the same speaker: "Zakharova" and "Maria Zakharova", a ministry and its
spokeswoman."""

from __future__ import annotations

from domain.countries import country_name
from domain.keywords import folded_words
from domain.mentions import Reaction

# Words that stand in one paper's name of an institution and are missing in the next paper's.
_FILLING = frozenset(("the", "of", "for", "and", "a", "an", "s", "u", "official", "officials"))
_FILLING |= {"affairs", "spokesperson", "spokesman", "spokeswoman"}
# What papers put before a name: "President Trump" is Donald Trump.
_TITLES = frozenset(
    "mr mrs ms dr sir lord king prince crown emir sheikh ayatollah president vice prime minister "
    "premier chancellor foreign defence defense secretary state general gen col colonel lt maj "
    "adm admiral marshal sen senator rep representative congressman congresswoman gov governor "
    "speaker chairman ambassador mp us u s former then".split()
)
# "State Department" and "Defense Department" are not one Department.
_BODIES = frozenset(
    "s department ministry minister office official officials government administration committee "
    "council parliament cabinet agency command staff forces army navy house spokesman "
    "spokeswoman spokesperson adviser advisor party".split()
)


def same_speaker(a: Reaction, b: Reaction) -> bool:
    """Whether `a` and `b` are one voice.

    Persons by name, where a surname is enough within one country. Institutions by country and name;
    an institution and a person who speaks for it are one voice too, two persons never.
    """
    ours, theirs = bare_name(a.speaker), bare_name(b.speaker)
    if _full_name(a) and _full_name(b) and ours == theirs:
        # Within one story a full name in office is one person: two countries are one article's misreading.
        return True
    if a.country and b.country and a.country != b.country:
        return False
    if ours.endswith(theirs) or theirs.endswith(ours):
        return True
    if not (is_institution(a) or is_institution(b)):
        return False
    return bool(a.country) and a.country == b.country and _institution(a) == _institution(b)


def _full_name(reaction: Reaction) -> bool:
    return not is_institution(reaction) and len(bare_name(reaction.speaker).split()) > 1


def is_institution(reaction: Reaction) -> bool:
    """Whether the speaker is no person but a body, or people without a name ("Japanese
    officials")."""
    if reaction.affiliation is None:
        return True
    speaker = _institution_words(reaction.speaker, reaction.country)
    return speaker <= _institution_words(reaction.affiliation, reaction.country)


def bare_name(speaker: str) -> str:
    """Folded words, a space before and after each, without the titles before a name. A surname is
    the end of its full name, "Japan" is not that of "Japan's army"."""
    words = folded_words(speaker).split()
    at = next((i for i, word in enumerate(words) if word not in _TITLES), 0)
    name = words if _BODIES.intersection(words[at:]) else words[at:]
    return f" {' '.join(name)} "


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
