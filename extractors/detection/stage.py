"""The stage of one transfer, read off its predicate chain: the verb or noun itself, what governs it, and its modality.

The table follows the conventions of docs/annotation.md: "sold" is signed, "supplies" delivered, "to supply" announced,
"may" considered, a refused or blocked transfer rejected, one put on hold suspended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.mentions import STAGE_ORDER, Stage
from extractors.detection.wordsets import word_set

_CONDITIONAL = word_set(
    "would could may might if closer debate debating divided split consider considers considered"
    " considering mull mulls mulled mulling weigh weighs weighed weighing study studying discuss"
    " discusses discussed discussing poised close likely looking look possible potential possibly"
    " perhaps talks negotiations negotiating negotiate negotiates eyes eyeing eye hopes hope"
    " hoping hoped whether should unlikely keen eager think thinking try tries trying can"
    " threaten threatens threatened threatening possibly-of open hopeful working"
)
_REQUEST = word_set(
    "ask asks asked asking seek seeks sought seeking want wants wanted wanting urge urges urged"
    " call calls called request requests requested requesting need needs needed"
)
_OWN_WISH = word_set("want wants wanted wanting hopes hope")
_ASKED = word_set(
    "ask asks asked asking request requests requested requesting request-to appealed pleaded"
)
_OFFER = word_set(
    "offer offers offered offering propose proposes proposed proposing pitch pitches pitched"
    " ready willing readiness"
)
_AGREED = word_set("agreed agree agrees agreeing agreement deal contract deals contracts pact")
_CONTRACTED = word_set("contract contracts deal deals agreement pact")
_FUTURE = word_set(
    "will to 'll shall plan plans planned planning decide decided decides decision pledge pledges"
    " pledged pledging promise promises promised vow vows vowed set due going scheduled expected"
    " prepares preparing prepare intend intends committed announce announces announced begin soon"
    " wo rush rushes"
)
_BLOCK = word_set(
    "refuse refuses refused refusing refusal ban bans banned banning block blocks blocked"
    " blocking reject rejects rejected rejecting bar barred forbid forbids forbidden prevent"
    " prevented prevents ruled cancel cancels cancelled canceled cancelling scrap scraps scrapped"
    " deny veto vetoes vetoed abandon abandons abandoned drop drops dropped against decline"
    " declines declined rules"
)
_STOP = word_set(
    "stop stops stopped stopping suspend suspends suspended suspending halt halts halted halting"
    " freeze freezes froze frozen pause pauses paused cease ceases ceased end ends ended ending"
    " postpone postponed"
)
_APPROVE = word_set(
    "approve approves approved approving approval cleared clear clears authorised authorized"
    " authorize allow allows allowed permit permits permitted permission licence license licensed votes voted"
)
_URGED = word_set(
    "tells told tell urged urges urge urging asked asks ask call calls called calling demand"
    " demands demanded warned warns pressed presses wants want appeal appeals appealed pushed"
    " pushes demanding demands demanded confronted insist insists insisted pressing bid bids effort"
    " efforts attempt attempts motion campaign petition"
)
_STOP_BASE = word_set("stop suspend halt freeze pause cease end")
_FAILED = word_set("fail fails failed failing declined defeated")
_PROGRESSIVE = word_set(
    "is are was were been be 's 're am keep keeps kept continue continues continued start starts"
    " started begin begins began begun stop stops stopped admit admits admitted"
)
_NEGATION = word_set("not n't never no without neither nor wo ca")
_LIFT = word_set(
    "lift lifts lifted lifting scrap scraps scrapped end ends ended ending drop drops dropped"
)
_BANNED = word_set("ban bans")
_DID = frozenset(["did", "does", "do"])
_PERFECT = frozenset(["has", "have", "had", "'ve", "having"])
_DENYING = frozenset(["deny", "denies", "denied", "denying"])
_RESUME = frozenset(
    ["resume", "resumes", "resumed", "resuming", "restart", "restarts", "restarted"]
)
_DENIAL = word_set(
    "deny denies denied denying accuse accused accuses suspected allegedly alleged alleges"
    " alleging suspects accusing accusation accusations denial denials purportedly reportedly"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StageReading:
    """A stage with whether it is only alleged, whether it is negated, and the rule that says so."""

    stage: Stage
    alleged: bool = False
    rule: str = "stage.default"


def verb_stage(base: Stage | None, form: str, chain: Sequence[str], role: str) -> StageReading:
    """The stage of a verbal frame. `base`: the verb's own; `chain`: the words between subject and verb."""
    present: set[str] = set(chain)
    if "reported" in present and "would" in present:
        present = (present - {"would"}) | {"will"}
    own = base or (Stage.DELIVERED if role in ("give", "arm") else Stage.SIGNED)
    if present & _LIFT and present & _BANNED:
        own, chain = Stage.APPROVED, [w for w in chain if w not in _BANNED]
        present -= _BANNED | _LIFT | {"against"}
    if present & {"may", "might", "could"} and "have" in present and form == "past":
        return StageReading(stage=own, alleged=True, rule="stage.may-have")
    alleged = bool(present & _DENIAL)
    stage, rule = (
        _hindered(own, present, role, alleged=alleged)
        or _modal_stage(own, present, list(chain), role)
        or (own, "gerund" if form == "ing" and not present & _PROGRESSIVE else "asserted")
    )
    return StageReading(stage=stage, alleged=alleged, rule=f"stage.{rule}")


def _hindered(
    own: Stage, present: set[str], role: str, *, alleged: bool
) -> tuple[Stage, str] | None:
    """Stopped, blocked or negated, or asked to be."""
    negated = bool(present & _NEGATION) and "only" not in present
    if present & _STOP and present & _URGED:
        return _present_flow(own), "stop-urged"
    if present & _STOP and negated:
        return _present_flow(own), "not-stopped"
    if present & _STOP:
        if present & (_CONDITIONAL | _REQUEST):
            return _present_flow(own), "stop-not-yet"
        if present & _STOP_BASE and not present & (_FUTURE | _AGREED | _DID):
            return _present_flow(own), "stop-told"
        return Stage.SUSPENDED, "stopped"
    if present & _BLOCK and not negated and not (role == "get" and "rules" in present):
        if present & {"would", "could", "may", "might", "threaten", "threatens", "threatened"}:
            return Stage.CONSIDERED, "block-not-yet"
        return Stage.REJECTED, "blocked"
    if not negated:
        return None
    if present & {"ruled", "rule", "decided", "decide", "yet"}:
        return Stage.CONSIDERED, "undecided"
    if present & {"will", "wo", "would", "refuses"}:
        return Stage.REJECTED, "will-not"
    return (own if alleged else Stage.CONSIDERED), "negated"


def _modal_stage(
    own: Stage, present: set[str], words: Sequence[str], role: str
) -> tuple[Stage, str] | None:
    """Resumed, conditional, offered, asked for, cleared, agreed or still to come."""
    coming = _modal(present, words) or list(words[-1:]) == ["to"]
    if present & _RESUME:
        return (Stage.ANNOUNCED if coming else Stage.DELIVERED), "resumed"
    if present & _CONDITIONAL and not present & _AGREED:
        return Stage.CONSIDERED, "conditional"
    if present & _OWN_WISH and role in ("give", "arm") and "outer" not in present:
        return (Stage.OFFERED if own is Stage.SIGNED else Stage.CONSIDERED), "wished"
    if present & _OFFER and role in ("give", "arm", "offer"):
        return Stage.OFFERED, "offered"
    if present & _REQUEST:
        wish = role == "get" and not present & _ASKED
        return (Stage.CONSIDERED if wish else Stage.REQUESTED), "requested"
    if present & _APPROVE:
        return Stage.APPROVED, "cleared"
    if present & _AGREED:
        signed = own is Stage.SIGNED or bool(present & _CONTRACTED)
        return (Stage.SIGNED if signed else Stage.ANNOUNCED), "agreed"
    if coming:
        return (Stage.ANNOUNCED if own in STAGE_ORDER[3:] else own), "future"
    return None


def _modal(present: set[str], words: Sequence[str]) -> bool:
    return bool(present & (_FUTURE - {"to"})) and not (words[-1:] and words[-1] in _PERFECT)


def _present_flow(own: Stage) -> Stage:
    return own if own in (Stage.SIGNED, Stage.DELIVERED) else Stage.DELIVERED


def noun_stage(
    base: Stage | None,
    modifiers: Sequence[str],
    governor: Stage | None,
    governor_words: Sequence[str],
) -> StageReading:
    """The stage of a nominal frame: its own, unless modifiers ("possible") or the governing verb say otherwise."""
    own = base or Stage.SIGNED
    present = set(modifiers)
    words = set(governor_words)
    alleged = bool((present | words) & (_DENIAL | {"suspected", "alleged"}))
    if governor is not None:
        stopping = governor in (Stage.REJECTED, Stage.SUSPENDED)
        if stopping and words & _DENYING and own not in (Stage.APPROVED, Stage.REQUESTED):
            return StageReading(stage=own, alleged=True, rule="stage.denied")
        if stopping and words & _FAILED:
            return StageReading(stage=Stage.APPROVED, alleged=alleged, rule="stage.block-failed")
        if words & _NEGATION and governor in (Stage.REJECTED, Stage.SUSPENDED):
            return StageReading(stage=own, alleged=alleged, rule="stage.not-blocked")
        if words & _NEGATION and governor in (Stage.APPROVED, Stage.SIGNED, Stage.ANNOUNCED):
            return StageReading(
                stage=Stage.REJECTED if words & {"will", "wo"} else Stage.CONSIDERED,
                alleged=alleged,
                rule="stage.not-approved",
            )
        announced = "reported" in words and governor is Stage.SUSPENDED
        threats = {"threatens", "threatened", "threaten", "vows", "vowed"}
        if words & (_CONDITIONAL | threats) and not announced:
            fallback = (
                own
                if governor in (Stage.REJECTED, Stage.SUSPENDED) and own is not Stage.DELIVERED
                else Stage.CONSIDERED
            )
            return StageReading(stage=fallback, alleged=alleged, rule="stage.governor-conditional")
        asked = set(governor_words[:-1]) & (_REQUEST | _URGED)
        if asked and governor in (Stage.REJECTED, Stage.SUSPENDED):
            coming = own is Stage.SIGNED and governor is Stage.REJECTED
            stage = Stage.ANNOUNCED if coming else own
            return StageReading(stage=stage, alleged=alleged, rule="stage.block-asked")
        return StageReading(stage=governor, alleged=alleged, rule="stage.governor")
    if present & {"possible", "potential", "proposed", "prospective", "any", "eventual"}:
        return StageReading(stage=Stage.CONSIDERED, alleged=alleged, rule="stage.possible")
    if present & {"planned", "future", "expected", "upcoming", "promised"}:
        return StageReading(stage=Stage.ANNOUNCED, alleged=alleged, rule="stage.planned")
    if present & {
        "blocked",
        "cancelled",
        "canceled",
        "failed",
        "scrapped",
        "intercepted",
        "seized",
    }:
        return StageReading(stage=Stage.REJECTED, alleged=alleged, rule="stage.failed")
    return StageReading(stage=own, alleged=alleged, rule="stage.noun")


def furthest(stages: Sequence[Stage]) -> Stage:
    """The furthest of `stages`; suspended and rejected override what they followed."""
    for outside in (Stage.REJECTED, Stage.SUSPENDED):
        if outside in stages:
            return outside
    ordered = [s for s in stages if s in STAGE_ORDER]
    return max(ordered, key=STAGE_ORDER.index) if ordered else stages[0]
