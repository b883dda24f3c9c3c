"""Both routes weighed together: what the rules' regressions and the encoder say of one pair or article, as features.

The regressions over these features (models/both_*.json) are fitted on answers of encoders that had not learned
from the article (`fitting`), so that an encoder's confidence counts for what it is worth on unseen text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.detection.encoder.heads import Answers, PairAnswer
from extractors.detection.frames import Frame
from extractors.detection.pairs import Pair, is_code, is_loose, same_actor
from extractors.detection.reading import Size
from extractors.detection.relations import Relations

ABSENT = -6.0
"""Lowest logit that counts; also of pairs and speakers beyond the page, which the encoder was not asked about."""
ASKED = -3.0
"""Logit from which on what only the encoder sees is a candidate: four in five of the labelled pairs that the rules
miss.
"""
Key = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class PairCase:
    """One candidate: the rules' pair with its probability, or None; the encoder's answer, or None.

    `standing` tells whether the two side with each other (1) or are rivals (-1), `seats` are the states in which a movement
    that receives fights, `at_home` tells whether one of the two fights in the other,
    `customary` whether the one has armed the other before; `kin` are other names likely said of the recipient; `alone` is
    the encoder's best logit where it reads a passage by itself, `alone_both` the best that a passage's relevance bears out.
    """

    supplier: str | None
    recipient: str | None
    pair: Pair | None
    odds: float
    answer: PairAnswer | None
    standing: float = 0.0
    seats: frozenset[str] = frozenset()
    at_home: bool = False
    customary: bool = False
    kin: frozenset[str] = frozenset()
    alone: float = ABSENT
    alone_both: float = ABSENT

    @property
    def logit(self) -> float:
        return clipped(self.answer.logit) if self.answer is not None else ABSENT

    @property
    def complete(self) -> bool:
        return self.supplier is not None and self.recipient is not None


def pair_cases(
    scored: Sequence[tuple[Pair, float]],
    answers: Answers,
    frames: Sequence[Frame],
    relations: Relations,
) -> list[PairCase]:
    """The rules' candidates, and those that only the encoder sees; who seizes arms on their way has not sent them."""
    seized = {
        (seizer.code, recipient.code)
        for frame in frames
        for seizer in frame.seizers
        for recipient in frame.recipients
    }
    cases = [
        PairCase(p.supplier, p.recipient, p, odds, _answer(answers.pairs, p.supplier, p.recipient))
        for p, odds in scored
    ]
    for (supplier, recipient), answer in answers.pairs.items():
        if answer.logit >= ASKED and not any(
            same_actor(c.supplier, supplier) and same_actor(c.recipient, recipient) for c in cases
        ):
            cases.append(PairCase(supplier, recipient, None, 0.0, answer))
    return [
        _read_alone(_placed(c, relations), answers.passages)
        for c in cases
        if (c.supplier, c.recipient) not in seized
    ]


def _placed(case: PairCase, relations: Relations) -> PairCase:
    """`case` with what is known of its parties beside the text."""
    home = (relations.seat(case.recipient), relations.seat(case.supplier))
    return replace(
        case,
        standing=relations.standing(case.supplier, case.recipient),
        seats=relations.seats(case.recipient),
        customary=relations.customary(case.supplier, case.recipient),
        kin=relations.kin(case.recipient),
        at_home=case.complete and (case.supplier == home[0] or case.recipient == home[1]),
    )


def _read_alone(case: PairCase, passages: Sequence[Answers]) -> PairCase:
    """`case` with what the encoder says of it in passages without their article."""
    read = [
        (clipped(answer.logit), clipped(passage.relevance))
        for passage in passages
        if (answer := _answer(passage.pairs, case.supplier, case.recipient)) is not None
    ]
    return replace(
        case,
        alone=max((logit for logit, _ in read), default=ABSENT),
        alone_both=max((min(one) for one in read), default=ABSENT),
    )


def _answer(
    pairs: Mapping[Key, PairAnswer], sender: str | None, receiver: str | None
) -> PairAnswer | None:
    exact = pairs.get((sender, receiver))
    if exact is not None:
        return exact
    for (supplier, recipient), answer in pairs.items():
        if same_actor(supplier, sender) and same_actor(recipient, receiver):
            return answer
    return None


def pair_evidence(case: PairCase, cases: Sequence[PairCase], size: Size) -> dict[str, float]:
    """Features of one candidate among all of its article."""
    others = [c for c in cases if c is not case]
    best = max((c.logit for c in cases), default=ABSENT)
    surest = max((c.odds for c in cases), default=0.0)
    turned = max(
        (c.logit for c in others if (c.supplier, c.recipient) == (case.recipient, case.supplier)),
        default=ABSENT,
    )
    same_end = max((c.logit for c in others if c.complete and shares(case, c)), default=ABSENT)
    ruled, asked = case.pair is not None, case.answer is not None
    shown = case.alone > ABSENT
    rules = logit(case.odds) if ruled else 0.0
    encoder = case.logit if asked else 0.0
    return {
        "ruled": float(ruled),
        "rules": rules,
        "loose": float(case.pair is not None and is_loose(case.pair)),
        "surest": float(ruled and case.odds >= surest),
        "behind_rules": surest - case.odds,
        "asked": float(asked),
        "encoder": encoder,
        "encoder_first": float(case.logit >= best),
        "behind_encoder": best - case.logit if asked else 0.0,
        "turned": max(0.0, turned - case.logit),
        "shared": max(0.0, same_end - case.logit),
        "headline": float(size.headline),
        "headline_rules": float(size.headline) * rules,
        "headline_encoder": float(size.headline) * encoder,
        "half": float(not case.complete),
        "half_encoder": float(asked and not case.complete) * case.logit,
        "nobody_sends": float(case.supplier is None),
        "movement": float(
            any(a is not None and not is_code(a) for a in (case.supplier, case.recipient))
        ),
        "both": float(ruled) * max(0.0, case.logit + 2.0) * case.odds,
        "friends": float(case.standing > 0),
        "rivals": float(case.standing < 0),
        "at_home": float(case.at_home),
        "customary": float(case.customary),
        "shown_alone": float(shown),
        "alone": shown * case.alone,
        "alone_both": shown * case.alone_both,
        "cases": math.log1p(sum(c.logit > -1.0 or c.odds > 0.3 for c in cases)),
    }


def shares(a: PairCase, b: PairCase) -> bool:
    """Whether two pairs have one party in the same role."""
    if a.supplier is not None and a.supplier == b.supplier:
        return True
    return a.recipient is not None and a.recipient == b.recipient


def article_evidence(score: float, answers: Answers, cases: Sequence[PairCase]) -> dict[str, float]:
    """Features of an article: `score` is the rules' relevance in [0, 1], `cases` are its candidate pairs.

    The best pair and the best passages speak for articles that mention a transfer in passing: read as a whole they are
    about something else. A short text is its own passage.
    """
    whole = [c for c in cases if c.complete and c.standing >= 0 and not c.at_home]
    agreed = [min(c.logit, logit(c.odds)) for c in whole]
    pair = max((c.logit for c in whole), default=ABSENT)
    read = clipped(answers.relevance)
    close = [(clipped(p.relevance), best_pair(p)) for p in answers.passages] or [(read, pair)] * 2
    relevances = sorted((relevance for relevance, _ in close), reverse=True)
    return {
        "rules": logit(score),
        "encoder": read,
        "pair_rules": logit(max((c.odds for c in whole), default=0.0)),
        "pair_encoder": pair,
        "pair_both": max(logit(0.0), max(agreed, default=ABSENT)),
        "long": float(bool(answers.passages)),
        "passage": relevances[0],
        "passage_second": relevances[1] if len(relevances) > 1 else ABSENT,
        "passage_pair": max(pair for _, pair in close),
        "passage_both": max(min(of_passage) for of_passage in close),
    }


def best_pair(answers: Answers) -> float:
    """The logit of the likeliest pair that has both parties."""
    found = [p.logit for (s, r), p in answers.pairs.items() if s is not None and r is not None]
    return clipped(max(found, default=ABSENT))


def logit(probability: float) -> float:
    """The logarithm of the odds, within +-5."""
    p = min(max(probability, 1e-9), 1 - 1e-9)
    return max(-5.0, min(5.0, math.log(p / (1 - p))))


def clipped(value: float) -> float:
    """A logit within +-6."""
    return max(ABSENT, min(-ABSENT, value))
