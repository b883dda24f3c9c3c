"""What speaks for each stage of one pair: its frames, the cues told around them, and the words beside its predicates.

Features of a stage share their weights with all stages (a frame in the title counts for whatever stage it tells); the
regression adds small weights per stage, and weights per stage for the words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.mentions import STAGE_ORDER, Stage
from extractors.detection.frames import Frame
from extractors.detection.pairs import Pair
from extractors.detection.reading import Reading
from extractors.detection.stage import StageReading
from extractors.detection.stage_cues import stage_cues
from extractors.detection.stage_rules import RuledStage, is_history, is_vague, is_whole

SHORT = 60
"""Words up to which a text is a headline or an item of news in brief."""

WORDS_BEFORE, WORDS_AFTER = 8, 12
"""Tokens left and right of a predicate whose words count."""

STAGES = tuple(Stage)


@dataclass(slots=True)
class StageFeatures:
    """`of[stage]`: features that speak for one stage; `shared`: what holds of the pair whatever its stage."""

    of: dict[Stage, dict[str, float]]
    shared: dict[str, float]


def stage_features(pair: Pair, reading: Reading, ruled: RuledStage) -> StageFeatures:
    """The features of `pair`, of which the rules say `ruled`."""
    found: dict[Stage, dict[str, float]] = {stage: {} for stage in STAGES}
    best = ruled.frames[0] if ruled.frames else pair.frames[0]
    told = ruled.told[id(best)]
    short = len(reading.words) < SHORT
    vague = is_vague(told) or told.rule == "stage.noun"
    loose = best.rule.startswith("loose.")
    found[ruled.stage].update(
        {
            "rule": 1.0,
            "rule_short" if short else "rule_long": 1.0,
            "rule_vague": float(vague),
            "rule_loose": float(loose),
            "rule_partial": float(not is_whole(best)),
            "rule_title": float(best.sentence.is_title),
            f"rule:{told.rule}": 1.0,
        }
    )
    _add_frames(found, pair.frames, ruled.told, reading)
    _add_cues(found, pair.frames, reading)
    present = [s for s in STAGE_ORDER if "cue_whole" in found[s] or "frame_whole" in found[s]]
    if present:
        found[present[-1]]["furthest"] = 1.0
    shared = {
        "no_supplier": float(pair.supplier is None),
        "no_recipient": float(pair.recipient is None),
        "short": float(short),
        "no_title": float(not any(s.is_title for s in reading.sentences)),
        "alleged": float(ruled.alleged),
        "vague": float(vague),
        "loose": float(loose),
    }
    shared.update({f"word:{word}": 1.0 for word in _words(pair.frames, reading)})
    return StageFeatures(found, shared)


def _add_frames(
    found: Mapping[Stage, dict[str, float]],
    frames: Sequence[Frame],
    told: Mapping[int, StageReading],
    reading: Reading,
) -> None:
    """Which frames tell each stage, where they stand, how whole and how sure they are."""
    total = 0.0
    counts: dict[Stage, int] = {}
    first = min(frames, key=lambda f: f.sentence.index)
    for frame in frames:
        own = told[id(frame)]
        row = found[own.stage]
        weight = 3.0 if frame.sentence.is_title else 1.5 if frame.sentence.paragraph <= 2 else 1.0
        weight *= (0.4 if is_vague(own) else 1.0) * (1.0 if is_whole(frame) else 0.5)
        row["frame_share"] = row.get("frame_share", 0.0) + weight
        total += weight
        counts[own.stage] = counts.get(own.stage, 0) + 1
        marks = {
            "frame_title": frame.sentence.is_title,
            "frame_lead": frame.sentence.paragraph <= 2 and not frame.sentence.is_title,
            "frame_whole": is_whole(frame) and not is_vague(own),
            "frame_plain": own.rule == "stage.asserted",
            "frame_history": is_history(reading, frame),
            "frame_first": frame is first,
            f"frame:{own.rule}": True,
        }
        row.update({name: 1.0 for name, holds in marks.items() if holds})
    for stage, count in counts.items():
        found[stage]["frame_share"] /= total
        found[stage]["frame_count"] = math.log1p(count)


def _add_cues(
    found: Mapping[Stage, dict[str, float]], frames: Sequence[Frame], reading: Reading
) -> None:
    """Which stages the words of title, lead and the pair's sentences tell, and how near the predicates."""
    whole = {f.sentence.index for f in frames if is_whole(f)}
    anchors: dict[int, list[int]] = {}
    for frame in frames:
        at = frame.start if frame.end > frame.start else frame.sentence.start
        anchors.setdefault(frame.sentence.index, []).append(at)
    counts: dict[Stage, int] = {}
    for sentence in reading.sentences:
        for cue in stage_cues(reading, sentence):
            row = found[cue.stage]
            kind = "" if cue.rule == "plain" else f"_{cue.rule}"
            if sentence.is_title:
                row[f"cue_title{kind}"] = 1.0
            elif sentence.paragraph <= 2:
                row[f"cue_lead{kind}"] = 1.0
            if sentence.index in anchors:
                row[f"cue_{'whole' if sentence.index in whole else 'part'}{kind}"] = 1.0
                distance = min(abs(cue.position - a) for a in anchors[sentence.index])
                name = f"near{kind}"
                row[name] = max(row.get(name, 0.0), 1.0 / (1.0 + distance / 3.0))
            if cue.sure:
                counts[cue.stage] = counts.get(cue.stage, 0) + 1
    total = sum(counts.values())
    for stage, count in counts.items():
        found[stage]["cue_share"] = count / total
        found[stage]["cue_count"] = math.log1p(count) / 3.0


def _words(frames: Sequence[Frame], reading: Reading) -> Iterator[str]:
    """The stems of the title and around the predicates; names and weapons are hidden behind what they are."""
    hidden = {
        i: kind
        for layer, kind in (("weapons", "*arms"), ("names", "*name"))
        for start, (end, _) in reading.spans[layer].items()
        for i in range(start, end)
    }
    places: set[int] = set()
    for frame in frames:
        at = frame.start if frame.end > frame.start else frame.sentence.start
        begin = max(frame.sentence.start, at - WORDS_BEFORE)
        places.update(range(begin, min(frame.sentence.end, at + WORDS_AFTER)))
    for sentence in reading.sentences:
        if sentence.is_title:
            places.update(range(sentence.start, sentence.end))
    seen: set[str] = set()
    for i in sorted(places):
        low = reading.low[i]
        word = hidden.get(i) or (_stem(low) if low.isalpha() or low in _KEPT else "")
        if word and word not in seen:
            seen.add(word)
            yield word


_KEPT = frozenset(["n't", "'ll", "?"])


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            return word[: -len(ending)]
    return word
