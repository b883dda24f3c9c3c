"""What a voice bids others do, and what it judges: the target's half of "sign of the cue times sign of the target"."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.detection.attributions import Attribution
from extractors.detection.lexicon_entries import WORD_CLASSES
from extractors.detection.reading import Reading
from extractors.detection.speakers_heard import Heard
from extractors.detection.stance import StanceReader
from extractors.detection.wordsets import word_set


def _cues(text: str) -> frozenset[str]:
    """Cue lemmas, some of several words, written with ";" between them."""
    return frozenset(cue.strip() for cue in text.split(";"))


_BIDDING = _cues(
    "call for;call on;demand;demands;ask;tell;want;wants;urge;press;press for;push;push for;appeal"
    ";appeal to;appeal for;exhort;implore;beg;ask for;request;plead;plead for;seek;advise;order;remind;warn;expects"
)
_TELLING = _cues("tell;advise;remind;warn;expects")
"""Of these, cues that more often report: they bid only with an infinitive or "against"."""
_REQUESTING = _cues(
    "ask;ask for;request;want;wants;beg;plead;plead for;seek;urge;press;press for;push;push for;call for;appeal for"
)
_NAMING = _cues(
    "calls;describe;describe as;brand as;branded;dubbed;deemed;label;labelled;characterised;characterized;denounce as"
    ";condemn as;criticise as;slam as;blast as;see as;term;termed;find;found;think;regard as;consider"
)
_STEPS = word_set(
    "decision move step ruling vote verdict judgment judgement announcement action act resolution"
)
_STOP = (
    WORD_CLASSES["<stop>"]
    | WORD_CLASSES["<stopped>"]
    | word_set(
        "stopping halting ending ceasing suspending suspension cancelling canceling cancellation banning embargo"
        " moratorium scrapping curtail curb restrictions stricter tighten tighter reconsider rethink reflect refrain"
        " withdrawal reverse shelve desist renounce return returned review investigate investigation inquiry"
        " guarantee guarantees transparency explain think"
    )
)
_GO = word_set(
    "deliver delivered delivery deliveries send supply provide give sell ship transfer hand lift lifted lifting ease"
    " eased easing relax loosen release released releasing unblock resume resumed resumption approve approved approval"
    " allow allowed speed speeded speedy faster sooner quicker accelerate expedite hurry fulfil fulfill honour honor"
    " keep more back arm help donate permit ratify"
)
_BIDS = frozenset(["to", "against"])
_TURNS = frozenset(["not", "n't", "never", "no", "against"])
_REACH = 14
"""Tokens after a bidding word in which what is bidden is looked for."""


def bid_features(reading: Reading, heard: Sequence[Heard]) -> dict[str, float]:
    """Whether a voice bids somebody stop ("urged Berlin to halt the sale") or go on ("asked Seoul for howitzers")."""
    signs = {_bid(reading, h.attribution) for h in heard}
    return {"bid_stop": float(-1 in signs), "bid_go": float(1 in signs)}


def bids_stop(reading: Reading, attribution: Attribution) -> bool:
    """Whether somebody is bidden to give the transfer up: "urged Tokyo to reconsider", "called on Oslo to curtail"."""
    return _bid(reading, attribution) == -1


def _bid(reading: Reading, attribution: Attribution) -> int:
    if attribution.cue.lemma not in _BIDDING or attribution.negated:
        return 0
    end = reading.sentences[attribution.sentence].end
    words = reading.low[attribution.cue_end : min(end, attribution.cue_end + _REACH)]
    for i, word in enumerate(words):
        if word in _STOP or word in _GO:
            if attribution.cue.lemma in _TELLING and not _BIDS & set(words[max(0, i - 2) : i]):
                return 0
            turned = bool(_TURNS & set(words[max(0, i - 3) : i]))
            return -1 if (word in _STOP) != turned else 1
    return int(attribution.cue.lemma in _REQUESTING and "for" in words[:6])


def judged_measures(
    reading: Reading, heard: Sequence[Heard], stopped: bool, stances: StanceReader
) -> set[int]:
    """Sentences that name a measure against the flow and then judge it: "called the halt an insult".

    Where the transfer is `stopped`, a bare "decision" or "ruling" is taken for such a measure.
    """
    found: set[int] = set()
    for h in heard:
        attribution = h.attribution
        if attribution.cue.lemma not in _NAMING:
            continue
        start = attribution.cue_end
        if stances.names_measure(reading, start, start + 6) or (
            stopped and _STEPS & set(reading.low[start : start + 4])
        ):
            found.add(attribution.sentence)
    return found
