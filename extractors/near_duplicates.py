"""Sketches of texts, by which copies of one text are recognised without keeping or reading the
texts again.

A sketch is a bottom-k min-hash: of all shingles (runs of four words) hashed to 63 bits, the k
smallest. Below the smaller of two sketches' largest values both are complete samples of their
texts, drawn by the same rule, so the shared values among them estimate how much of one text stands
in the other (Broder 1997, "On the resemblance and containment of documents").

Measured on 1,258 real news texts (790,653 pairs): a text cut to two thirds or to a half scores at
least 0.98; two words of a hundred changed 0.85, five of a hundred 0.71 (the lowest of 300 each);
other reports of the same event up to 0.66; texts that share only their site's furniture up to 0.74
(one pair); 99.96 % of all pairs below 0.05. Size 128 and shingles of four words: a
sketch is 1 kB, takes 0.7 ms for 4,000 characters, and two are compared in 20 µs.
"""

from __future__ import annotations

import re
from hashlib import blake2b

SHINGLE_WORDS = 4
SKETCH_SIZE = 128
LONGEST_SHORTENING = 3
"""A copy may be shortened to a third and still count in full. Shorter ones count less in
proportion: a round-up holds ten reports word for word, and is a copy of none of them."""

# Scripts without spaces are cut into characters, else a sentence would be one word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_MASK = (1 << 63) - 1


def sketch(text: str) -> tuple[int, ...]:
    """The sketch of a text: at most 128 ascending values in [0, 2**63), the same in every process
    and on every machine.

    Case and punctuation do not count. A text of fewer than four words is one shingle; a text
    without words has the empty sketch.
    """
    words = _WORD.findall(text.casefold())
    last = max(len(words) - SHINGLE_WORDS, 0) + 1 if words else 0
    shingles = {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(last)}
    return tuple(sorted(map(_hash, shingles))[:SKETCH_SIZE])


def similarity(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """How much of the shorter text stands in the longer one, in [0, 1]; symmetric. 0 when either is
    empty.

    The standard error is at most 0.05 (128 values; more only where both texts are cut differently).
    """
    if not a or not b:
        return 0.0
    bound = min((s[-1] for s in (a, b) if len(s) == SKETCH_SIZE), default=_MASK)
    sample_a = {v for v in a if v <= bound}
    sample_b = {v for v in b if v <= bound}
    shorter, longer = sorted((len(sample_a), len(sample_b)))
    return len(sample_a & sample_b) / max(shorter, longer / LONGEST_SHORTENING)


def _hash(shingle: str) -> int:
    digest = blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & _MASK
