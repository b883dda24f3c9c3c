"""From frames to pairs: the frames of one supplier and recipient speak of one transfer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.mentions import Stage
from extractors.detection.frames import Frame
from extractors.detection.parties import Party
from extractors.detection.wordsets import word_set

TITLE_WEIGHT = 3.0


LEAD_WEIGHT = 1.5


KEEP = 0.9
"""Weight below which a pair that the title does not name is background."""


PARTIAL = 0.5


WEAK = 0.7


_VAGUE = word_set(
    "the group militia militias rebel rebels forces fighters opposition movement government army s"
)


@dataclass(slots=True)
class Pair:
    """All frames that speak of one supplier and one recipient (either may be None)."""

    supplier: str | None
    recipient: str | None
    frames: list[Frame] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    parties: list[tuple[str, Party]] = field(default_factory=list)
    joined: bool = False
    loose: list[Frame] = field(default_factory=list)

    @property
    def weight(self) -> float:
        return sum(self.weights)

    @property
    def in_title(self) -> bool:
        return any(f.sentence.is_title for f in self.frames)

    @property
    def complete(self) -> bool:
        return self.supplier is not None and self.recipient is not None


def without_supplier(pair: Pair) -> Pair:
    """The same half: nobody is named as the one who sends."""
    parties = [(role, party) for role, party in pair.parties if role != "supplier"]
    return replace(pair, supplier=None, parties=parties)


def position_weight(frame: Frame) -> float:
    """How much a frame counts by where it stands and how whole it is."""
    weight = frame.weight
    if not (frame.suppliers and frame.recipients):
        weight *= PARTIAL
    if frame.weapons and not any(w.strong for w in frame.weapons):
        weight *= WEAK
    if frame.sentence.is_title:
        return TITLE_WEIGHT * weight
    if frame.sentence.paragraph <= 2:
        return LEAD_WEIGHT * weight
    return weight


def gather(frames: Sequence[Frame]) -> list[Pair]:
    """One Pair per supplier and recipient, in order of first mention; partial frames join the pair they fit."""
    pairs: list[Pair] = []
    for frame in frames:
        suppliers: Sequence[Party | None] = frame.suppliers[:4] or [None]
        recipients: Sequence[Party | None] = frame.recipients[:4] or [None]
        for supplier in suppliers:
            for recipient in recipients:
                _add(pairs, frame, supplier, recipient)
    full = [p for p in pairs if p.complete]
    for partial in [p for p in pairs if not p.complete]:
        fits = [p for p in full if _fits(partial, p)]
        if fits:
            best = max(fits, key=lambda p: p.weight)
            best.frames += partial.frames
            best.weights += [w * 0.5 for w in partial.weights]
            best.parties += partial.parties
            pairs.remove(partial)
    return pairs


def _add(pairs: list[Pair], frame: Frame, supplier: Party | None, recipient: Party | None) -> None:
    s = supplier.code if supplier else None
    r = recipient.code if recipient else None
    if s is not None and s == r:
        return
    for pair in pairs:
        if same_actor(pair.supplier, s) and same_actor(pair.recipient, r):
            break
    else:
        pair = Pair(s, r)
        pairs.append(pair)
    pair.frames.append(frame)
    pair.weights.append(position_weight(frame))
    for role, party in (("supplier", supplier), ("recipient", recipient)):
        if party is not None:
            pair.parties.append((role, party))


def same_actor(a: str | None, b: str | None) -> bool:
    """Codes are equal or not; names are the same when their telling words meet ("Houthi rebels", "the Houthis")."""
    if a is None or b is None or is_code(a) or is_code(b):
        return a == b
    return bool(_telling(a) & _telling(b))


def is_code(name: str) -> bool:
    return name in ("EU", "UN", "NATO") or (len(name) == 2 and name.isupper())


def _telling(name: str) -> frozenset[str]:
    words = {w.rstrip("s") for w in re.findall(r"[a-z0-9]+", name.lower())}
    return frozenset(words - _VAGUE) or frozenset(words)


def _fits(partial: Pair, full: Pair) -> bool:
    if partial.supplier is None and partial.recipient is None:
        return True
    if partial.supplier is not None:
        return same_actor(partial.supplier, full.supplier)
    return same_actor(partial.recipient, full.recipient)


def propose(
    frames: Sequence[Frame], named: Counter[str], loose: Sequence[Frame] = ()
) -> list[Pair]:
    """Every candidate: whole pairs, halves, halves completed by the other half or a state much named, and `loose` ones."""
    strict = _proposed(frames, named)
    found = list(strict)
    for frame in loose:
        s = frame.suppliers[0].code if frame.suppliers else None
        r = frame.recipients[0].code if frame.recipients else None
        pair = next((p for p in found if p.supplier == s and p.recipient == r), None)
        if pair is None:
            if None in (s, r) and any(_covers(p, s, r) for p in found):
                continue
            pair = Pair(s, r)
            for role, parties in (("supplier", frame.suppliers), ("recipient", frame.recipients)):
                pair.parties += [(role, party) for party in parties]
            found.append(pair)
        pair.loose.append(frame)
    for pair in found:
        if not pair.frames:
            pair.frames = list(pair.loose)
            pair.weights = [position_weight(f) for f in pair.loose]
    return found


def _covers(pair: Pair, supplier: str | None, recipient: str | None) -> bool:
    """Whether the half that `supplier` or `recipient` is has a place in a pair already found."""
    return (supplier is not None and pair.supplier == supplier) or (
        recipient is not None and pair.recipient == recipient
    )


def _proposed(frames: Sequence[Frame], named: Counter[str]) -> list[Pair]:
    pairs = gather(frames)
    halves = sorted((p for p in pairs if not p.complete), key=lambda p: -p.weight)
    supplied = [p for p in halves if p.supplier is not None][:2]
    received = [
        p
        for p in halves
        if p.recipient is not None and not all(f.rule == "frame.embargo" for f in p.frames)
    ][:2]
    known = {(p.supplier, p.recipient) for p in pairs}
    joined: list[Pair] = []

    def join(supplier: str, recipient: str, *parts: Pair) -> None:
        if supplier == recipient or (supplier, recipient) in known:
            return
        known.add((supplier, recipient))
        pair = Pair(supplier, recipient, joined=True)
        for part in parts:
            pair.frames += part.frames
            pair.weights += [w * JOINED for w in part.weights]
            pair.parties += part.parties
        joined.append(pair)

    for s in supplied:
        for r in received:
            join(str(s.supplier), str(r.recipient), s, r)
    salient = [code for code, _ in named.most_common(3)]
    for code in salient:
        for s in supplied:
            join(str(s.supplier), code, s)
        for r in received:
            if is_code(code) and code != "UN":
                join(code, str(r.recipient), r)
    return [p for p in pairs if p.supplier or p.recipient] + joined


JOINED = 0.6


def choose(scored: Sequence[tuple[Pair, float]], threshold: float) -> list[tuple[Pair, float]]:
    """The pairs the article is about, best first: whole ones above the threshold, none the reverse of a better one.

    Below the first paragraph a loose pair counts only where nothing better was found. A half pair is kept only where
    no whole pair has the same half.
    """
    kept: list[tuple[Pair, float]] = []
    for pair, probability in sorted(scored, key=lambda x: -x[1]):
        if probability < threshold and kept:
            break
        others = [p for p, _ in kept]
        if others and is_loose(pair) and _is_unlikely(pair, others):
            continue
        if any(p.supplier == pair.recipient and p.recipient == pair.supplier for p in others):
            continue
        if not pair.complete and any(_overlaps(pair, p) for p in others):
            continue
        if pair.complete and any(not p.complete and _overlaps(p, pair) for p in others):
            continue
        kept.append((pair, probability))
    return kept[:8]


def policies(frames: Sequence[Frame], chosen: Sequence[Pair]) -> list[Pair]:
    """Rule changes with no particular deal: a state's own, beside whatever deals the article is about."""
    found: list[Pair] = []
    for frame in frames:
        if not frame.policy or frame.recipients or frame.stage.stage is not Stage.POLICY:
            continue
        for party in frame.suppliers[:1]:
            code = party.code
            if code is None or not is_code(code) or any(p.supplier == code for p in found):
                continue
            if any(p.supplier == code and p.recipient is None for p in chosen):
                continue
            pair = Pair(code, None, [frame], [position_weight(frame)], [("supplier", party)])
            found.append(pair)
    return found[:1]


def _is_unlikely(pair: Pair, others: Sequence[Pair]) -> bool:
    """Whether a loose pair stands low in the text, has a mere speaker supply, or turns a strict pair round."""
    if all(f.sentence.paragraph > 1 for f in pair.frames):
        return True
    strict = [p for p in others if not is_loose(p)]
    if strict and all(f.rule.split(".")[2] == "says" for f in pair.loose):
        return True
    return any(
        (p.supplier is not None and p.supplier == pair.recipient)
        or (p.recipient is not None and p.recipient == pair.supplier)
        for p in strict
    )


def is_loose(pair: Pair) -> bool:
    """Whether nothing but loose frames speaks for a pair."""
    return bool(pair.loose) and pair.frames[0].rule.startswith("loose.")


def _overlaps(half: Pair, other: Pair) -> bool:
    if half.supplier is not None and same_actor(half.supplier, other.supplier):
        return True
    return half.recipient is not None and same_actor(half.recipient, other.recipient)
