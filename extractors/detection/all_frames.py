"""All transfer frames of an article, sentence by sentence: of verbs and nouns, and the loose ones where these fall short."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.detection.arrivals import arrival_frames
from extractors.detection.clauses import Clause
from extractors.detection.frames import Frame
from extractors.detection.nearby import loose_frames
from extractors.detection.nominals import nominal_frames
from extractors.detection.parties import Party
from extractors.detection.supplier_nouns import supplier_frames
from extractors.detection.verb_frames import verbal_frames


def strict_frames(clauses: Sequence[Clause]) -> list[Frame]:
    """The frames of verbs and nouns."""
    frames: list[Frame] = []
    previous: list[Party] = []
    for clause in clauses:
        verbal = [*arrival_frames(clause), *verbal_frames(clause, previous)]
        told = {f.start for f in verbal if f.recipients}
        frames.extend(f for f in verbal if f.recipients or f.start not in told)
        frames.extend(nominal_frames(clause, previous))
        frames.extend(supplier_frames(clause))
        first = next(
            (
                i.party
                for i in clause.items
                if i.party and i.party.codes and i.party.case == "name" and i.party.kind != "place"
            ),
            None,
        )
        previous = [first] if first is not None else previous
    return frames


def other_frames(clauses: Sequence[Clause], frames: Sequence[Frame]) -> list[Frame]:
    """The loose frames, beside the strict `frames`."""
    strict: dict[int, list[Frame]] = {}
    for frame in frames:
        strict.setdefault(frame.sentence.index, []).append(frame)
    return [f for c in clauses for f in loose_frames(c, strict.get(c.sentence.index, []))]
