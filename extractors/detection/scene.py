"""Everything the rules see of one article, layer by layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.detection.clauses import Clause
from extractors.detection.frames import Frame
from extractors.detection.pairs import Pair
from extractors.detection.parties import PartyTable
from extractors.detection.predicates import Pred
from extractors.detection.reading import Reading
from extractors.detection.system_features import Told
from extractors.detection.systems import Weapon


@dataclass(slots=True)
class Scene:
    """Everything the rules see of one article."""

    reading: Reading
    table: PartyTable
    weapons: list[Weapon]
    preds: list[Pred]
    clauses: list[Clause]
    frames: list[Frame]
    loose: list[Frame]
    named: Counter[str]
    """How often each party is named (`features.salience`)."""


def told_of(scene: Scene, pairs: Sequence[Pair]) -> Told:
    """What the choice of systems needs to know of an article about `pairs`."""
    return Told(scene.reading, scene.weapons, scene.frames, pairs, scene.table.at)
