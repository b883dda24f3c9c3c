"""Which of the weapons an article names are those of its transfers, and of which one: a regression, then the frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.mentions import Category, System
from extractors.detection.linear import Linear
from extractors.detection.makers import Makers
from extractors.detection.named_weapons import NamedWeapon, named_weapons
from extractors.detection.pairs import Pair
from extractors.detection.system_features import SystemFeatures, Told
from extractors.detection.system_surroundings import lists_of
from extractors.detection.systems import Weapon

_BOTH = 2
MOST_SYSTEMS = 8
"""Systems told of one transfer; whoever lists more surveys an arsenal."""


def system_rows(told: Told) -> list[tuple[NamedWeapon, dict[str, float]]]:
    """Every weapon an article names, in text order, with its features."""
    named = named_weapons(told.reading, told.weapons)
    features = SystemFeatures(told, named)
    return [(weapon, features.of(weapon)) for weapon in named]


def scored_systems(told: Told, model: Linear) -> list[tuple[NamedWeapon, float]]:
    """Every weapon an article names with the probability by `model` that it is of one of the transfers."""
    return [(weapon, model.probability(row)) for weapon, row in system_rows(told)]


def share_out(
    weapons: Sequence[NamedWeapon], told: Told, makers: Makers
) -> list[list[tuple[Weapon, System]]]:
    """For each of `told.pairs` its systems among `weapons` (likeliest first, what its frames hold before the rest), each
    with the mention that ties it to the pair.

    What a rival of the supplier makes is the pair's only where a frame says so; what is everywhere, where the supplier is
    named beside it and its maker is not. A noun for the kind of a weapon that has a name is that weapon, unless the two are
    listed together: "the Zarogun ... these vehicles", but "Zaroguns and lighter vehicles".
    """
    by_pair: list[list[tuple[bool, Weapon, NamedWeapon]]] = [[] for _ in told.pairs]
    for weapon in weapons:
        framed = [_is_framed(weapon, pair) for pair in told.pairs]
        open_to = [
            k
            for k, pair in enumerate(told.pairs)
            if framed[k] or not _is_foreign(weapon, pair, told, makers)
        ]
        makers_of = makers.of(weapon.system)
        made = [k for k in open_to if told.pairs[k].supplier in makers_of]
        for k in _pairs_of(weapon, told, open_to, made):
            by_pair[k].append((framed[k], _mention_of(weapon, told.pairs[k]), weapon))
    lists = lists_of(told.reading, told.weapons)
    shares: list[list[tuple[Weapon, System]]] = []
    for rows in by_pair:
        everything = [weapon for _, _, weapon in rows]
        kept = [row for row in rows if not _is_told_by_name(row[2], everything, lists)]
        ordered = sorted(kept, key=lambda row: not row[0])
        shares.append([(mention, w.system) for _, mention, w in ordered[:MOST_SYSTEMS]])
    return shares


def _is_told_by_name(
    weapon: NamedWeapon, others: Sequence[NamedWeapon], lists: Mapping[int, Sequence[int]]
) -> bool:
    """Whether `weapon` is a noun for the kind of one of `others` that has a name and is never listed with it."""
    kind = weapon.system.category
    if weapon.is_named or kind in (None, Category.OTHER):
        return False
    beside = {start for mention, _ in weapon.mentions for start in lists[mention.start]}
    return any(
        other.is_named
        and other.system.category is kind
        and beside.isdisjoint(mention.start for mention, _ in other.mentions)
        for other in others
    )


def _is_foreign(weapon: NamedWeapon, pair: Pair, told: Told, makers: Makers) -> bool:
    """Whether the pair's supplier hardly has the weapon to send."""
    system = weapon.system
    if not makers.is_rivals(system, pair.supplier):
        return False
    named = [_codes(told, mention) for mention, _ in weapon.mentions]
    beside = any(pair.supplier in codes and not codes & makers.of(system) for codes in named)
    return not (beside and makers.is_everywhere(system))


def _is_framed(weapon: NamedWeapon, pair: Pair) -> bool:
    """Whether a frame with both parties of the pair holds the weapon."""
    held = {w.start for f in pair.frames if f.suppliers and f.recipients for w in f.weapons}
    return any(w.start in held for w, _ in weapon.mentions)


def _pairs_of(
    weapon: NamedWeapon, told: Told, open_to: Sequence[int], made: Sequence[int]
) -> list[int]:
    """Of the pairs `open_to` the weapon those of which a frame with both parties holds it. Else, among those whose supplier
    makes it (`made`) if there are any: those of which a frame holds it; those whose parties its sentences name; the best.
    """
    starts = {w.start for w, _ in weapon.mentions}
    framed = {
        k: any(f.suppliers and f.recipients for f in frames)
        for k in open_to
        if (
            frames := [f for f in told.pairs[k].frames if any(w.start in starts for w in f.weapons)]
        )
    }
    whole = [k for k, is_whole in framed.items() if is_whole]
    if whole:
        return whole
    left = made or open_to
    held = [k for k in left if k in framed]
    if held:
        return held
    named = [(k, _parties_named(weapon, told.pairs[k], told)) for k in left]
    most = max((count for _, count in named), default=0)
    if most == 0:
        return list(left[:1])
    best = [k for k, count in named if count == most]
    return best if most == _BOTH else best[:1]


def _parties_named(weapon: NamedWeapon, pair: Pair, told: Told) -> int:
    """How many of a pair's parties (0 to 2) stand in a sentence with the weapon, at best."""
    return max(
        len(_codes(told, mention) & ({pair.supplier, pair.recipient} - {None}))
        for mention, _ in weapon.mentions
    )


def _codes(told: Told, weapon: Weapon) -> set[str | None]:
    sentence = told.reading.sentences[told.reading.sentence_of[weapon.start]]
    places = range(sentence.start, sentence.end)
    return {code for i in places if i in told.parties for code in told.parties[i].codes}


def _mention_of(weapon: NamedWeapon, pair: Pair) -> Weapon:
    """The mention that the pair's frames hold, else the first."""
    starts = {w.start for f in pair.frames for w in f.weapons}
    mentions = [w for w, _ in weapon.mentions]
    return next((w for w in mentions if w.start in starts), mentions[0])
