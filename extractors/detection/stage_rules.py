"""The stage of a pair among all that its frames say: title first, whole frames first, the furthest of what is left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.mentions import Stage
from extractors.detection.frames import Frame
from extractors.detection.pairs import Pair
from extractors.detection.reading import YEAR, Reading, Sentence
from extractors.detection.stage import StageReading, furthest
from extractors.detection.wordsets import word_set

NOTICE_PARAGRAPHS = 3
"""A notice to a legislature that stands lower down is history or another deal. JUDGEMENT."""

_UNCLEARED = (Stage.CONSIDERED, Stage.REQUESTED, Stage.ANNOUNCED)


@dataclass(slots=True)
class RuledStage:
    """What the rules say: the stage, whether only alleged, the frames that say so, and what each frame tells by its id."""

    stage: Stage
    alleged: bool
    frames: list[Frame]
    told: dict[int, StageReading]


def ruled_stage(pair: Pair, reading: Reading) -> RuledStage:
    """The stage by the rules alone, each frame read with its whole sentence and history left out where there is news."""
    told = {id(f): told_stage(reading, f) for f in pair.frames}
    current = [f for f in pair.frames if not is_history(reading, f)] or pair.frames
    ruled = _ruled(current, told)
    bare = (
        ruled.stage is Stage.SIGNED
        and pair.recipient is not None
        and all(told[id(f)].rule == "stage.noun" for f in ruled.frames)
    )
    if (bare or ruled.stage in _UNCLEARED) and pair.supplier == "US" and _is_notified(reading):
        ruled.stage = Stage.APPROVED
    return ruled


def stage_of(pair: Pair) -> tuple[Stage, bool, list[Frame]]:
    """The stage, whether only alleged, and the frames that say so, by nothing but the frames of a pair."""
    ruled = _ruled(pair.frames, {id(f): f.stage for f in pair.frames})
    return ruled.stage, ruled.alleged, ruled.frames


def _ruled(current: Sequence[Frame], told: dict[int, StageReading]) -> RuledStage:
    """The stage of the title's frames, else the furthest of what stands highest up and is most surely read.

    Whole frames come before halves, verbs before gerunds and bare nouns of transfer, which say little of the stage.
    """
    lead = [f for f in current if f.sentence.paragraph <= 3]
    pool = [f for f in current if f.sentence.is_title] or lead or current

    def sure(frames: Sequence[Frame]) -> list[Frame]:
        return [f for f in frames if not is_vague(told[id(f)])]

    for better in (
        [f for f in sure(pool) if is_whole(f)],
        [f for f in sure(lead) if is_whole(f)],
        [f for f in sure(current) if is_whole(f)],
        sure(pool),
        pool,
    ):
        if better:
            pool = better
            break
    plain = [f for f in pool if not told[id(f)].alleged] or pool
    stage = furthest([told[id(f)].stage for f in plain])
    alleged = all(told[id(f)].alleged for f in pool)
    return RuledStage(stage, alleged, [f for f in pool if told[id(f)].stage is stage], told)


def told_stage(reading: Reading, frame: Frame) -> StageReading:
    """The stage of a frame as its whole sentence puts it: asked, denied to anyone ("no shells for"), seized on the way."""
    own, rule = frame.stage, frame.stage.rule
    bare = rule in ("stage.noun", "stage.gerund")
    if rule in _UNDONE and own.stage in _COMING and _conditional(reading, frame):
        return StageReading(stage=Stage.CONSIDERED, alleged=own.alleged, rule="stage.on-condition")
    if rule == "stage.noun" and own.stage is Stage.SIGNED and _drops(reading, frame):
        return StageReading(stage=Stage.REJECTED, rule="stage.dropped")
    if own.stage is Stage.SUSPENDED and _cargo_stopped(reading, frame.sentence):
        return StageReading(stage=Stage.REJECTED, rule="stage.seized")
    if bare and _seized(reading, frame.sentence):
        return StageReading(stage=Stage.REJECTED, rule="stage.seized")
    if bare and _none_of(reading, frame):
        return StageReading(stage=Stage.REJECTED, rule="stage.none-of")
    if _asks(reading, frame.sentence) and own.stage in (
        Stage.ANNOUNCED,
        Stage.SIGNED,
        Stage.APPROVED,
    ):
        return StageReading(stage=Stage.CONSIDERED, rule="stage.question")
    if rule == "stage.noun" and frame.rule.startswith("loose.") and own.stage is Stage.ANNOUNCED:
        return StageReading(stage=Stage.DELIVERED, alleged=own.alleged, rule=rule)
    return own


def _asks(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence asks if something is so; "why" and "how" take it as so."""
    opening = set(reading.low[sentence.start : sentence.start + 2])
    return reading.low[sentence.end - 1] == "?" and not opening & {"why", "how", "who", "what"}


def is_whole(frame: Frame) -> bool:
    """Whether both parties of a frame are known."""
    return bool(frame.suppliers and frame.recipients)


def is_vague(reading: StageReading) -> bool:
    """Whether a frame names a transfer without telling how far it has come, as "Patriot exports" does as a topic."""
    if reading.rule == "stage.block-asked":
        return True
    return reading.rule in ("stage.gerund", "stage.noun") and reading.stage in (
        Stage.DELIVERED,
        Stage.ANNOUNCED,
    )


def is_history(reading: Reading, frame: Frame) -> bool:
    """Whether a year long past stands right after the predicate: "the boats that France sold in 2015"."""
    if frame.sentence.is_title or frame.end <= frame.start:
        return False
    for i in range(frame.end, min(frame.end + 12, frame.sentence.end)):
        if reading.low[i] in (",", ";", "and", "but"):
            return False
        if YEAR.match(reading.words[i]):
            return int(reading.words[i]) < reading.latest_year - 1
    return False


_UNDONE = ("stage.future", "stage.will-not", "stage.stopped", "stage.governor")
_COMING = (Stage.ANNOUNCED, Stage.REJECTED, Stage.SUSPENDED)
_CONDITIONS = frozenset(["if", "unless", "provided"])
_NOT_CONDITIONS = frozenset(["even", "as", "what", "only"])
_WITHIN = 20
"""Tokens after a predicate in which its condition is looked for. JUDGEMENT."""


def _conditional(reading: Reading, frame: Frame) -> bool:
    """Whether what is to come hangs on something: "will deliver them if", "to suspend exports, unless"."""
    low = reading.low
    for i in range(frame.end, min(frame.end + _WITHIN, frame.sentence.end)):
        if low[i] in (";", ":", "."):
            return False
        if low[i] in _CONDITIONS and low[i - 1] not in _NOT_CONDITIONS:
            return True
    return False


_DROPS = word_set(
    "ditches ditched scraps scrapped axes axed cancels cancelled canceled drops dropped cuts ends"
    " terminates terminated"
)


def _drops(reading: Reading, frame: Frame) -> bool:
    """ "London cuts Riyadh weapons contracts": the verb stands inside the phrase of the noun."""
    return bool(_DROPS & set(reading.low[frame.start : frame.end]))


_VEHICLES = word_set(
    "ship ships vessel vessels boat boats dhow truck trucks lorry lorries plane planes aircraft train"
    " freighter trawler tanker convoy"
)
_LADEN = word_set("carrying laden loaded transporting bringing hauling smuggling with full")


def _cargo_stopped(reading: Reading, sentence: Sentence) -> bool:
    """ "halts a freighter carrying arms": the vehicle and its load are stopped on the way, not the supply as such."""
    low = reading.low
    laden = any(
        low[i] in _VEHICLES and _LADEN & set(low[i + 1 : min(i + 4, sentence.end)])
        for i in range(sentence.start, sentence.end)
    )
    return laden and bool(_STOPPED & set(low[sentence.start : sentence.end]))


_SEIZURE = word_set(
    "seize seizes seized seizing seizure intercept intercepts intercepted interception confiscate"
    " confiscates confiscated nabbed impound impounded foil foils foiled thwart thwarts thwarted"
    " downed boarded detains detained detain captured caught"
)
_CARRIERS = word_set(
    "ship ships vessel boat dhow truck trucks lorry lorries plane aircraft train cargo container"
    " containers convoy shipment freighter trawler trawlers tanker captain crew consignment"
)
_STOPPED = word_set(
    "stop stops stopped halt halts halted found diverted searched bombed bombs hit struck"
    " destroyed raided"
)


_MODALS = word_set("will would could can may might must should shall to 'll 'd")


def _seized(reading: Reading, sentence: Sentence) -> bool:
    low = reading.low
    done = {
        low[i]
        for i in range(sentence.start, sentence.end)
        if not _MODALS & set(low[max(sentence.start, i - 2) : i])
    }
    return bool(done & _SEIZURE) or bool(done & _CARRIERS and done & _STOPPED)


_DOUBTS = word_set("problem proof evidence decision date limit objection doubt question secret")


def _none_of(reading: Reading, frame: Frame) -> bool:
    """ "no F-35 parts to Israel": none is to go."""
    before = reading.low[max(frame.sentence.start, frame.start - 2) : frame.start]
    return "no" in before and not set(before) & _DOUBTS


_NOTICE = re.compile(
    r"notif(?:y|ied|ies|ication)\b(?:[^.]|(?<=[A-Z])\.){0,60}\bCongress|Congress\b[^.]{0,40}\bnotif"
    r"|determination approving|Defen[sc]e Security Cooperation Agency|possible Foreign Military Sale"
    r"|\bDSCA\b|notice to Congress|congressional notification",
    re.I,
)


def _is_notified(reading: Reading) -> bool:
    """Whether title or lead tells of the notice by which the United States clears a sale (ANNOTATION: approved)."""
    stop = 0
    for sentence in reading.sentences:
        if sentence.paragraph > NOTICE_PARAGRAPHS:
            break
        stop = reading.ends[sentence.end - 1]
    return _NOTICE.search(reading.text[:stop]) is not None
