"""What speaks for a weapon that an article names being one of its transfers: named numbers for a regression."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractors.detection.frames import Frame
from extractors.detection.named_weapons import NamedWeapon
from extractors.detection.pairs import Pair, is_loose
from extractors.detection.parties import Party
from extractors.detection.reading import Reading, Sentence
from extractors.detection.system_surroundings import lists_of, surroundings
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set

LEAD = 2
"""Paragraphs of the lead."""
_LATE = 6
_FAR = 99


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules read in an article, as far as its weapons are concerned. `pairs`: the chosen ones, best first."""

    reading: Reading
    weapons: Sequence[Weapon]
    frames: Sequence[Frame]
    pairs: Sequence[Pair]
    parties: Mapping[int, Party]


class SystemFeatures:
    """The features of the weapons `named` in one article; they compare each weapon with the others."""

    def __init__(self, told: Told, named: Sequence[NamedWeapon]) -> None:
        self._told = told
        self._reading = told.reading
        self._named = named
        self._rank = {id(n): k for k, n in enumerate(named)}
        self._headline = told.reading.size.headline
        self._chosen = _frames_at(f for p in told.pairs for f in p.frames)
        self._best = _frames_at(f for p in told.pairs[:1] for f in p.frames)
        self._any = _frames_at(told.frames)
        self._acts: dict[int, list[int]] = {}
        for frame in told.frames:
            self._acts.setdefault(frame.sentence.index, []).append(frame.start)
        self._pair_sentences = {f.sentence.index for p in told.pairs for f in p.frames}
        self._suppliers = {p.supplier for p in told.pairs} - {None}
        self._recipients = {p.recipient for p in told.pairs} - {None}
        self._lists = lists_of(told.reading, told.weapons)

    def of(self, named: NamedWeapon) -> dict[str, float]:
        """All features of one weapon; those of nouns and of headlines count once more under names of their own."""
        mentions = [w for w, _ in named.mentions]
        found = self._what(named) | self._where(named, mentions) | self._framing(mentions)
        found |= self._rivals(named, found)
        found |= surroundings(self._reading, mentions) | self._beside_parties(mentions)
        if self._headline:
            found |= {f"h_{k}": v for k, v in found.items() if k in _IN_HEADLINES}
            found["headline"] = 1.0
        if not named.is_named:
            found |= {f"n_{k}": v for k, v in found.items() if k in _OF_NOUNS}
            found["definite_kin"] = found["definite"] * found["kind_named"]
        return found

    def _sentence(self, weapon: Weapon) -> Sentence:
        return self._reading.sentences[self._reading.sentence_of[weapon.start]]

    def _framed(self, named: NamedWeapon) -> bool:
        return any(w.start in self._chosen for w, _ in named.mentions)

    def _titled(self, named: NamedWeapon) -> bool:
        return any(self._sentence(w).is_title for w, _ in named.mentions)

    def _what(self, named: NamedWeapon) -> dict[str, float]:
        first = named.mentions[0][0]
        unseen = named.is_named and not named.designated
        features = {
            "designated": float(named.designated),
            "unseen": float(unseen),
            f"unseen_{first.rules[-1].split('.')[1]}": float(unseen),
            "general": float(not first.systems),
            "strong": float(first.strong),
            f"kind_{named.kind.value if named.kind else 'none'}": 1.0,
            "quantity": float(any(w.quantity for w, _ in named.mentions)),
        }
        if named.noun is not None and not first.systems:
            features[f"noun_{named.noun}"] = 1.0
        return features

    def _where(self, named: NamedWeapon, mentions: Sequence[Weapon]) -> dict[str, float]:
        paragraphs = [self._sentence(w).paragraph for w in mentions]
        rank = self._rank[id(named)]
        counts = [len(n.mentions) for n in self._named]
        return {
            "title": float(0 in paragraphs),
            "lead": float(min(paragraphs) <= LEAD),
            "late": float(min(paragraphs) > _LATE),
            "mentions": math.log(len(mentions)),
            "share": len(mentions) / sum(counts),
            "less": len(mentions) / max(counts),
            "first": float(rank == 0),
            "rank": math.log1p(rank),
            "only": float(len(counts) == 1),
            "many": math.log(len(counts)),
            "place": mentions[0].start / len(self._reading.words),
        }

    def _framing(self, mentions: Sequence[Weapon]) -> dict[str, float]:
        """How the frames of the chosen pairs, and those of others, hold the mentions."""
        chosen = [f for w in mentions for f in self._chosen.get(w.start, ())]
        anyhow = [f for w in mentions for f in self._any.get(w.start, ())]
        listed = [o for w in mentions for o in self._lists[w.start] if o != w.start]
        sentences = {self._sentence(w).index for w in mentions}
        pairs = self._told.pairs
        return {
            "framed": float(bool(chosen)),
            "framed_strict": float(any(not f.rule.startswith("loose.") for f in chosen)),
            "framed_whole": float(any(f.suppliers and f.recipients for f in chosen)),
            "framed_title": float(any(f.sentence.is_title for f in chosen)),
            "framed_best": float(any(w.start in self._best for w in mentions)),
            "framed_often": math.log1p(len(chosen)),
            "framed_other": float(bool(anyhow) and not chosen),
            "list_framed": float(any(o in self._chosen for o in listed)),
            "list_length": math.log1p(len(listed)),
            "with_pair": float(bool(sentences & self._pair_sentences)),
            "near_act": max(1.0 / (1 + self._distance(w)) for w in mentions),
            "pairs": math.log1p(len(pairs)),
            "loose_pairs": float(bool(pairs) and all(map(is_loose, pairs))),
        }

    def _distance(self, weapon: Weapon) -> int:
        """Words to the nearest predicate of transfer in the same sentence; far where there is none."""
        acts = self._acts.get(self._sentence(weapon).index, ())
        return min((abs(weapon.start - a) for a in acts), default=_FAR)

    def _rivals(self, named: NamedWeapon, found: Mapping[str, float]) -> dict[str, float]:
        """What others have that this weapon has not: a place in the title or in a frame, a name of their own."""
        others = [n for n in self._named if n is not named]
        framed = [n for n in others if self._framed(n)]
        named_framed = [n for n in framed if n.is_named]
        titled = [n for n in others if self._titled(n)]
        named_titled = any(n.is_named for n in titled)
        alike = [n for n in others if n.kind == named.kind]
        bare, low = not found["framed"], not found["title"]
        return {
            "rival_framed": float(bare and bool(named_framed)),
            "rival_framed_low": float(bare and bool(named_framed) and not found["lead"]),
            "rival_titled": float(low and bool(titled)),
            "rival_titled_named": float(low and named_titled),
            "rival_titled_bare": float(low and bare and named_titled),
            "rivals_framed": math.log1p(len(named_framed)),
            "none_framed": float(bare and not framed),
            "none_framed_named": float(not named_framed and not (named.is_named and not bare)),
            "named_bare": float(named.is_named and bare and not found["lead"]),
            "named_framed": float(named.is_named and not bare),
            "sole_named": float(named.is_named and not any(n.is_named for n in others)),
            "kind_framed": float(bare and any(self._framed(n) for n in alike)),
            "kind_named": float(any(n.is_named for n in alike)),
            "kind_named_framed": float(
                any(n.is_named and (self._framed(n) or self._titled(n)) for n in alike)
            ),
            "kind_title": float(any(self._titled(n) for n in alike)),
        }

    def _beside_parties(self, mentions: Sequence[Weapon]) -> dict[str, float]:
        """The share of mentions with the chosen suppliers, recipients, both, other states or none in their sentence."""
        names = ("with_supplier", "with_recipient", "with_both", "with_others", "with_none")
        found = dict.fromkeys(names, 0.0)
        for weapon in mentions:
            sentence = self._sentence(weapon)
            codes = {
                code
                for i in range(sentence.start, sentence.end)
                if (party := self._told.parties.get(i)) is not None
                for code in party.codes
            }
            supplier, recipient = bool(codes & self._suppliers), bool(codes & self._recipients)
            found["with_supplier"] += supplier
            found["with_recipient"] += recipient
            found["with_both"] += supplier and recipient
            found["with_others"] += bool(codes - self._suppliers - self._recipients)
            found["with_none"] += not codes
        ever = float(found["with_both"] > 0)
        return {k: v / len(mentions) for k, v in found.items()} | {"ever_both": ever}


_IN_HEADLINES = word_set("designated general framed kind_named unseen strong")
_OF_NOUNS = word_set(
    "title lead framed framed_whole framed_title framed_best quantity mentions first many with_pair"
    " only general kind_named_framed kind_title near_act definite"
)


def _frames_at(frames: Iterable[Frame]) -> dict[int, list[Frame]]:
    """The frames by the start of the weapons they hold."""
    table: dict[int, list[Frame]] = {}
    for frame in frames:
        for weapon in frame.weapons:
            table.setdefault(weapon.start, []).append(frame)
    return table
