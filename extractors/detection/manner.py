"""How a voice speaks: the tone of its words, and whether it argues or tells facts.

Tones ("suffering", "good", "refusal") are looser than the phrases that carry a stance of their own: what they mean depends
on who speaks, so they are counted here and weighed by the regression.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from extractors.detection.lexicon_entries import WORD_CLASSES
from extractors.detection.reading import Reading
from extractors.detection.stance import StanceReader
from extractors.detection.utterances import Utterance
from extractors.detection.wordsets import word_set

_TONES = (
    "suffering", "danger", "enemy", "bad", "good", "refusal", "aim", "request", "fact", "deny", "threat", "law"
)  # fmt: skip
_MANNERS = {
    "we": word_set("we our us ours i my me"),
    "must": word_set("should must need needs ought cannot never always have"),
    "would": word_set("would could might may"),
    "will": word_set("will 'll shall"),
    "not": word_set("not n't no never none nothing nobody neither nor without cannot"),
    "reasons": word_set("because since so therefore thus"),
    "but": word_set("but however though although yet while"),
}
_DUTIES = word_set("should must need needs ought")
_GIVING = (WORD_CLASSES["<give>"] | WORD_CLASSES["<given>"]) - word_set("buy go back help made")
_STOPPING = WORD_CLASSES["<stop>"] | WORD_CLASSES["<stopped>"]
_NEGATED = frozenset(["not", "n't", "never"])


def tone_features(
    reading: Reading, said: Sequence[Utterance], stances: StanceReader
) -> dict[str, float]:
    """How dense each tone is in what is said, 0 to 1."""
    counts = dict.fromkeys(_TONES, 0.0)
    for part in said:
        for kind, count in stances.tones(reading, part.start, part.end).items():
            counts[kind] = counts.get(kind, 0.0) + count
    length = sum(part.end - part.start for part in said)
    return {f"tone_{kind}": math.tanh(counts[kind] * 8 / (length + 20)) for kind in _TONES}


def manner_features(reading: Reading, said: Sequence[Utterance]) -> dict[str, float]:
    """Figures tell facts; "we", "must" and "because" take sides; duties to give or to stop are told apart."""
    words = [w for part in said for w in reading.low[part.start : part.end]]
    quoted = sum(reading.quote_of[i] >= 0 for part in said for i in range(part.start, part.end))
    length = len(words)
    shares = {name: sum(w in some for w in words) for name, some in _MANNERS.items()}
    shares["figures"] = sum(any(c.isdigit() for c in w) for w in words)
    should, should_not = _duties(words)
    return {
        **{name: math.tanh(count * 4 / (length + 8)) for name, count in shares.items()},
        "asks": float("?" in words),
        "exclaims": float("!" in words),
        "quoted_share": quoted / max(1, length),
        "should": float(should),
        "should_not": float(should_not),
    }


def _duties(words: Sequence[str]) -> tuple[bool, bool]:
    """Whether it is said that somebody should give arms, and that somebody should not."""
    give = stop = False
    for i, word in enumerate(words):
        if word not in _DUTIES:
            continue
        near = words[i + 1 : i + 6]
        negated = bool(_NEGATED & set(near[:2]))
        first = next((w for w in near if w in _GIVING or w in _STOPPING), None)
        if first in _GIVING:
            give, stop = give or not negated, stop or negated
        elif first in _STOPPING:
            give, stop = give or negated, stop or not negated
    return give, stop
