"""Words around a mention of a weapon that tell whether it changes hands, is used, or is only compared with."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.detection.reading import Reading
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set

_NEAR = (
    (
        "using",
        word_set(
            "fired fire fires firing launched launching launch shot downed used using uses use hit"
            " destroyed crashed crash struck strike strikes attack attacks attacked bombed bombing"
            " deployed deploy deployment flown flew flying operate operates operating operated test"
            " tested lost captured"
        ),
        (6, 6),
    ),
    (
        "against",
        word_set("against defend intercept stop counter shoot down threat threats from"),
        (4, 0),
    ),
    (
        "listed",
        word_set("including include includes included namely comprising comprises : such"),
        (10, 0),
    ),
    ("similar", word_set("like as similar than unlike instead rather"), (3, 1)),
    ("own", word_set("its their his our own"), (2, 0)),
    (
        "object",
        word_set(
            "sell sells sold selling supply supplies supplied deliver delivers delivered delivery"
            " deliveries sale sales buy buys bought purchase order orders ordered send sends sent"
            " sending ship shipped shipment shipments export exports exported provide provided"
            " provides donate donated transfer transferred give given gave receive received acquire"
            " acquired contract deal arms approved request requested offer offered lease"
            " acquisition procurement consignment package handed hand import imported"
        ),
        (8, 6),
    ),
    (
        "lost_bid",
        word_set(
            "over beat beats rival rivals loser losers lost competing ahead bid instead nor not"
            " unlike against"
        ),
        (3, 1),
    ),
    (
        "fleet",
        word_set(
            "fleet existing ageing aging operates operate already inventory replace replaces"
            " replacing old soviet-era backbone current previously has have had"
        ),
        (6, 5),
    ),
    ("denied", word_set("no without neither nor lack lacks lacking"), (2, 0)),
    (
        "outgoing",
        word_set(
            "replace replaces replaced replacing replacement supersede supersedes superseding retire"
            " retires retiring retired scrap scrapped succeed succeeds place"
        ),
        (5, 0),
    ),
    ("definite", word_set("the these those such that this"), (2, 0)),
    ("of", word_set("of"), (2, 0)),
    ("for", word_set("for"), (2, 2)),
    ("and", word_set("and , or as well"), (1, 1)),
    (
        "maker",
        word_set(
            "maker makers manufacturer factory plant producer company firm produces produce built"
        ),
        (6, 6),
    ),
    (
        "aboard",
        word_set("on aboard onto from with carried carry fitted mounted equipped armed fires"),
        (2, 0),
    ),
    (
        "parts",
        word_set(
            "parts components spare maintenance training engines upgrade upgrades support software"
        ),
        (3, 3),
    ),
)
"""Name of the feature, the words, and how many tokens before and after a mention they are looked for in."""
_PAST = word_set(
    "earlier previously already ago formerly 1970s 1980s 1990s 2000s decade decades since once"
    " former past history historically last"
)
_LIST_MARKS = word_set(", and & / ; or")
_LONGEST_GAP = 7
"""Tokens between two members of a list, with their numbers and adjectives. JUDGEMENT."""


def surroundings(reading: Reading, mentions: Sequence[Weapon]) -> dict[str, float]:
    """The share of `mentions` that have each kind of word near, stand in quotes or in a sentence about the past."""
    found = {name: 0.0 for name, _, _ in _NEAR} | {"past": 0.0, "quoted": 0.0}
    for weapon in mentions:
        for name, words, (before, behind) in _NEAR:
            low = reading.low[max(0, weapon.start - before) : weapon.start]
            low += reading.low[weapon.end : weapon.end + behind]
            found[name] += not words.isdisjoint(low)
        sentence = reading.sentences[reading.sentence_of[weapon.start]]
        found["past"] += not _PAST.isdisjoint(reading.low[sentence.start : sentence.end])
        found["quoted"] += reading.quote_of[weapon.start] >= 0
    return {name: total / len(mentions) for name, total in found.items()}


def lists_of(reading: Reading, weapons: Sequence[Weapon]) -> dict[int, list[int]]:
    """For the start of each weapon the starts of those it is listed with: "tanks, combat ships and a radar", and lines of
    which each names little else.
    """
    table: dict[int, list[int]] = {}
    run: list[int] = []
    end = 0
    lines = _lines_of(reading, weapons)
    for weapon in weapons:
        between = reading.low[end : weapon.start] if run else []
        here = reading.sentence_of[weapon.start]
        before = reading.sentence_of[run[-1]] if run else here
        joined = (
            bool(run)
            and len(between) <= _LONGEST_GAP
            and (
                not _LIST_MARKS.isdisjoint(between)
                if before == here
                else here == before + 1 and here in lines and before in lines
            )
        )
        run = [*run, weapon.start] if joined else [weapon.start]
        for start in run:
            table[start] = run
        end = weapon.end
    return table


def _lines_of(reading: Reading, weapons: Sequence[Weapon]) -> set[int]:
    """The sentences of the body at least half of whose words name weapons: the lines of a list."""
    named: dict[int, int] = {}
    for weapon in weapons:
        number = reading.sentence_of[weapon.start]
        words = reading.words[weapon.start : weapon.end]
        named[number] = named.get(number, 0) + sum(w[0].isalnum() for w in words)
    return {
        number
        for number, count in named.items()
        if not (sentence := reading.sentences[number]).is_title
        and 2 * count >= sum(w[0].isalpha() for w in reading.words[sentence.start : sentence.end])
    }
