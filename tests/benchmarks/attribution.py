"""How well armswire finds who says what: its cues and its speaker-content pairs against labelled attributions.

usage: python -m tests.benchmarks.attribution FILE.jsonl.gz

Each line: {"text", "attributions": [{"source", "cue", "content"}]}, all spans lists of [start, end) character offsets (the
form of PoLNeAR, which is not shipped). Counted are attributions whose source is official: an office, a ministry, a
named official or a state as armswire's own party table knows them, or a pronoun when the source named last before it
is one. A cue is right when it overlaps a labelled cue; a pair when speaker and content overlap those of one label.

Two operating points are told apart: all that armswire puts forward, and what it is sure of (`attributions.is_sure`).

PoLNeAR dev (84 US news articles), as measured last; the baseline of learned cues and the nearest phrase has a cue
recall of .633 at a precision of .805:

    cues, all sources      recall 0.593 of  2192   precision 0.737 of  1780
    cues, official         recall 0.690 of  1289   precision 0.727 of  1368
    cues, official, sure   recall 0.645 of  1289   precision 0.802 of  1151
    pairs, official        recall 0.682 of  1289   precision 0.714 of  1368
    pairs, official, sure  recall 0.645 of  1289   precision 0.779 of  1151
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.detection.attributions import Attribution, is_sure
from extractors.detection.detector import Detector, Scene, build_detector
from extractors.detection.voices import is_official

Span = tuple[int, int]
FIGURES = (
    "cues, all sources",
    "cues, official",
    "cues, official, sure",
    "pairs, official",
    "pairs, official, sure",
)
_PRONOUNS = frozenset(["he", "she", "they", "it", "who", "we", "i"])


@dataclass(frozen=True, kw_only=True)
class Said:
    """One attribution as character spans."""

    source: Sequence[Span]
    cue: Sequence[Span]
    content: Sequence[Span]


@dataclass(slots=True)
class Count:
    """Labels found and predictions right; `missed` keeps the texts of cues that were not found."""

    gold: int = 0
    reached: int = 0
    predicted: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        recall, precision = self.reached / max(1, self.gold), self.right / max(1, self.predicted)
        return f"{name:22s} recall {recall:.3f} of {self.gold:5d}   precision {precision:.3f} of {self.predicted:5d}"


def overlap(one: Iterable[Span], other: Sequence[Span]) -> bool:
    """Whether any span of one meets any of the other."""
    return any(a < d and c < b for a, b in one for c, d in other)


def measure(detector: Detector, rows: Iterable[Mapping[str, Any]]) -> dict[str, Count]:
    """Counts over labelled texts: cues and pairs of official sources, and cues of all sources."""
    counts = {name: Count() for name in FIGURES}
    for row in rows:
        title, _, body = row["text"].partition("\n\n")
        scene = detector.scene(
            title, body
        )  # joined as they were parted: offsets stay those of the text
        gold = [_labelled(label) for label in row["attributions"]]
        official = set(_official(scene, row["text"], gold))
        found = [
            a
            for a in detector.attributions(scene)
            if a.cue_end > a.cue_start and a.cue.id != "floating"
        ]
        every = [_said(scene, a) for a in found]
        said = [_said(scene, a) for a in found if any(is_official(p) for p in a.speakers)]
        sure = [_said(scene, a) for a in found if is_sure(a) and any(map(is_official, a.speakers))]
        _count_cues(counts["cues, all sources"], row["text"], gold, every, gold)
        chosen = [g for k, g in enumerate(gold) if k in official]
        _count_cues(counts["cues, official"], row["text"], chosen, said, gold)
        _count_cues(counts["cues, official, sure"], row["text"], chosen, sure, gold)
        _count_pairs(counts["pairs, official"], chosen, said, gold)
        _count_pairs(counts["pairs, official, sure"], chosen, sure, gold)
    return counts


def _count_pairs(
    count: Count, chosen: Sequence[Said], found: Sequence[Said], every: Sequence[Said]
) -> None:
    count.gold += len(chosen)
    count.predicted += len(found)
    count.reached += sum(any(_same(g, s) for s in found) for g in chosen)
    count.right += sum(any(_same(g, s) for g in every) for s in found)


def _same(gold: Said, found: Said) -> bool:
    return overlap(gold.source, found.source) and overlap(gold.content, found.content)


def _count_cues(
    count: Count, text: str, gold: Sequence[Said], found: Sequence[Said], every: Sequence[Said]
) -> None:
    with_cue = [g for g in gold if g.cue]
    count.gold += len(with_cue)
    count.predicted += len(found)
    spans = [span for said in found for span in said.cue]
    for label in with_cue:
        hit = overlap(label.cue, spans)
        count.reached += hit
        if not hit:
            count.missed.append(" ".join(text[a:b] for a, b in label.cue))
    labelled = [span for label in every for span in label.cue]
    count.right += sum(overlap(said.cue, labelled) for said in found)


def _official(scene: Scene, text: str, gold: Sequence[Said]) -> Iterator[int]:
    """The labels whose source is official, in text order so that a pronoun takes after the source before it."""
    reading = scene.reading
    parties = [
        (reading.begins[p.start], reading.ends[p.end - 1])
        for p in scene.table.parties
        if is_official(p) and p.case != "adjective"
    ]
    before = False
    for k in sorted((k for k, g in enumerate(gold) if g.source), key=lambda k: gold[k].source[0]):
        words = " ".join(text[a:b] for a, b in gold[k].source)
        if words.lower() not in _PRONOUNS:
            before = overlap(gold[k].source, parties)
        if before:
            yield k


def _labelled(label: Mapping[str, Any]) -> Said:
    spans = {
        name: [(int(a), int(b)) for a, b in label.get(name) or []]
        for name in ("source", "cue", "content")
    }
    return Said(source=spans["source"], cue=spans["cue"], content=spans["content"])


def _said(scene: Scene, attribution: Attribution) -> Said:
    reading = scene.reading
    places = [attribution.place] if attribution.place else []
    places += [(p.start, p.end) for p in attribution.speakers if attribution.place is None]

    def characters(spans: Iterable[Span]) -> list[Span]:
        return [(reading.begins[a], reading.ends[b - 1]) for a, b in spans if b > a]

    return Said(
        source=characters(places),
        cue=characters([(attribution.cue_start, attribution.cue_end)]),
        content=characters(attribution.content),
    )


def main() -> None:
    """Prints the figures for the file named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tests.benchmarks.attribution FILE.jsonl.gz")
    with gzip.open(Path(sys.argv[1]), "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for name, count in measure(build_detector(), rows).items():
        print(count.line(name))


if __name__ == "__main__":
    main()
