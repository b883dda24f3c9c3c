"""The heads over an encoded page, in numpy: what the encoder answers when articles are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from extractors.detection.encoder.questions import Questions, lie
from extractors.detection.encoder.tokens import OPENS, Marked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

UNLIKELY = -4.0
"""Pair logit below which no stage is read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PairAnswer:
    """Logit that `supplier` sends arms to `recipient`, the probabilities of the ten stages in their order, and the two
    mentions that speak most for it (None for nobody)."""

    supplier: str | None
    recipient: str | None
    logit: float
    stages: tuple[float, ...]
    best: tuple[Marked | None, Marked | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeakerAnswer:
    """Logit that the speaker officially reacts, and the probabilities of the three stances in their order."""

    logit: float
    stances: tuple[float, ...]
    best: Marked


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestAnswer:
    """Logit that the official of a digest reacts, and the probabilities of the three stances in their order."""

    logit: float
    stances: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """All that the encoder says of one article: logits, by name; and what it says of single passages read alone."""

    relevance: float
    pairs: Mapping[tuple[str | None, str | None], PairAnswer]
    speakers: Mapping[str, SpeakerAnswer]
    weapons: Mapping[int, float]
    passages: tuple[Answers, ...] = ()


def together(sheets: Sequence[Answers]) -> Answers:
    """The answers to all sheets of one article as one: of each pair, speaker and weapon the surest yes, the relevance of
    the first sheet.
    """
    first, *others = sheets
    pairs, speakers, weapons = dict(first.pairs), dict(first.speakers), dict(first.weapons)
    for sheet in others:
        for key, pair in sheet.pairs.items():
            if key not in pairs or pair.logit > pairs[key].logit:
                pairs[key] = pair
        for name, speaker in sheet.speakers.items():
            if name not in speakers or speaker.logit > speakers[name].logit:
                speakers[name] = speaker
        for number, logit in sheet.weapons.items():
            weapons[number] = max(logit, weapons.get(number, logit))
    return Answers(relevance=first.relevance, pairs=pairs, speakers=speakers, weapons=weapons)


class Heads:
    """Dense layers by name, as `network.HEAD_SHAPES` lists them."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._weights = weights

    def answer(self, states: Array, questions: Questions) -> Answers:
        """`states`: length x width, of the page whose tokens `questions` holds."""
        whole = states.mean(0)
        marked = questions.tokens.marked
        marks = states[[m.place for m in marked]]
        return Answers(
            relevance=float(self._linear(whole, "relevance")[0]),
            pairs=self._pairs(whole, marks, states, questions) if questions.parties else {},
            speakers=self._speakers(whole, marks, states, questions) if questions.speakers else {},
            weapons=self._arms(whole, marks, states, questions) if questions.weapons else {},
        )

    def judge(self, states: Array, ids: Sequence[int]) -> DigestAnswer:
        """`states`: length x width, of the digest whose tokens are `ids`."""
        marks = [i for i, piece in enumerate(ids) if piece == OPENS] or [0]
        seen = np.concatenate([states[0], states.mean(0), states[marks].mean(0)])
        hidden = gelu(self._linear(seen, "digest_hidden"))
        return DigestAnswer(
            logit=float(self._linear(hidden, "digest_reaction")[0]),
            stances=softmax(self._linear(hidden, "digest_stance")),
        )

    def _linear(self, value: Array, name: str) -> Array:
        product: Array = value @ self._weights[f"{name}.weight"].T
        return product + self._weights[f"{name}.bias"]

    def _pairs(
        self, whole: Array, marks: Array, states: Array, questions: Questions
    ) -> dict[tuple[str | None, str | None], PairAnswer]:
        names: list[str | None] = [*questions.parties, None]
        groups = list(questions.parties.values())
        at = [i for group in groups for i in group]
        owner = np.array([k for k, group in enumerate(groups) for _ in group] + [len(groups)])
        nobody = self._weights["nobody"]
        here = self._linear(_sentences(states, questions)[0][at], "pair_here")
        suppliers = np.concatenate([self._linear(marks[at], "pair_supplier") + here, nobody[:1]])
        recipients = np.concatenate([self._linear(marks[at], "pair_recipient") + here, nobody[1:2]])
        giving = np.concatenate([self._linear(marks[at], "pair_giving"), nobody[2:3]])
        getting = np.concatenate([self._linear(marks[at], "pair_getting"), nobody[3:]])
        place = np.array(lie(questions.tokens.marked, at))
        hidden = suppliers[:, None] + recipients[None] + self._weights["places"][place]
        hidden = hidden + giving[:, None] * getting[None]
        hidden = gelu(hidden + self._linear(whole, "pair_whole"))
        scores = self._linear(hidden, "pair")[..., 0]
        people: list[Marked | None] = [*(questions.tokens.marked[i] for i in at), None]
        found: dict[tuple[str | None, str | None], PairAnswer] = {}
        for s, supplier in enumerate(names):
            for r, recipient in enumerate(names):
                if s == r:
                    continue
                rows, columns = np.flatnonzero(owner == s), np.flatnonzero(owner == r)
                block = scores[np.ix_(rows, columns)]
                share, logit = _pooled(block)
                stages: Sequence[float] = ()
                if logit > UNLIKELY:
                    mean = (hidden[np.ix_(rows, columns)] * share[..., None]).sum((0, 1))
                    stages = softmax(self._linear(mean, "stage"))
                i, j = np.unravel_index(int(block.argmax()), block.shape)
                found[supplier, recipient] = PairAnswer(
                    supplier=supplier,
                    recipient=recipient,
                    logit=logit,
                    stages=tuple(stages),
                    best=(people[rows[i]], people[columns[j]]),
                )
        return found

    def _speakers(
        self, whole: Array, marks: Array, states: Array, questions: Questions
    ) -> dict[str, SpeakerAnswer]:
        here, following = _sentences(states, questions)
        found: dict[str, SpeakerAnswer] = {}
        for name, group in questions.speakers.items():
            at = list(group)
            hidden = self._linear(marks[at], "said_speaker") + self._linear(here[at], "said_here")
            hidden = hidden + self._linear(following[at], "said_next")
            hidden = gelu(hidden + self._linear(whole, "said_whole"))
            scores = self._linear(hidden, "reaction")[:, 0]
            share, logit = _pooled(scores)
            stances = softmax(self._linear((hidden * share[:, None]).sum(0), "stance"))
            best = questions.tokens.marked[at[int(scores.argmax())]]
            found[name] = SpeakerAnswer(logit=logit, stances=stances, best=best)
        return found

    def _arms(
        self, whole: Array, marks: Array, states: Array, questions: Questions
    ) -> dict[int, float]:
        here, _ = _sentences(states, questions)
        at = list(questions.weapons.values())
        hidden = self._linear(marks[at], "arms_named") + self._linear(here[at], "arms_here")
        scores = self._linear(gelu(hidden + self._linear(whole, "arms_whole")), "arms")[:, 0]
        return dict(zip(questions.weapons, map(float, scores), strict=True))


def _sentences(states: Array, questions: Questions) -> tuple[Array, Array]:
    """For each mark the mean state of its sentence, and of the next."""
    tokens = questions.tokens
    means = np.stack([states[a:b].mean(0) for a, b in tokens.sentences] or [states.mean(0)])
    last = len(means) - 1
    here = means[[min(m.sentence, last) for m in tokens.marked]]
    following = means[[min(m.sentence + 1, last) for m in tokens.marked]]
    return here, following


def _pooled(scores: Array) -> tuple[Array, float]:
    """Shares that sum to one, and the logarithm of the summed exponentials."""
    top = scores.max()
    powers = np.exp(scores - top)
    total = powers.sum()
    return powers / total, float(np.log(total) + top)


def gelu(x: Array) -> Array:
    """The Gaussian error linear unit in its tanh form, as trained."""
    inner: Any = 0.7978845608 * (x + 0.044715 * x * x * x)
    result: Array = 0.5 * x * (1.0 + np.tanh(inner))
    return result


def softmax(values: Array) -> tuple[float, ...]:
    """Probabilities that sum to one."""
    powers = np.exp(values - values.max())
    return tuple(map(float, powers / powers.sum()))
