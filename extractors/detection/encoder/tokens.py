"""From the shown sentences to word-piece ids, with the place of every mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.detection.encoder.page import PARTY, WEAPON, Mention, Shown

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CLS, SEP = 101, 102
MARKS = (2, 3)
"""Ids of the marks in the vocabulary: party, weapon."""
SPEAKER_OPENS, SPEAKER_ENDS = "[unused5]", "[unused6]"
"""Marks around the official of a digest; spare entries of the vocabulary."""
OPENS, ENDS = 6, 7
"""Their ids."""
ABOUT, SAID = 72, 170
"""Most ids of either part of a digest."""
LONGEST = 480
"""Most ids of one page; the base model has places for 512."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One mention as the encoder sees it: where its mark stands among the ids, and which shown sentence it is in."""

    mention: Mention
    place: int
    sentence: int
    is_title: bool


@dataclass(frozen=True, slots=True)
class Tokens:
    """One page as ids. `sentences` are their [start, end) places, in order."""

    ids: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    marked: tuple[Marked, ...]


def prepare(tokenizer: Tokenizer) -> Tokenizer:
    """Makes the marks single tokens and leaves cutting and padding to us."""
    tokenizer.add_special_tokens([PARTY, WEAPON, SPEAKER_OPENS, SPEAKER_ENDS])
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def tokens_of(tokenizer: Tokenizer, shown: Sequence[Shown]) -> Tokens:
    """[CLS] title [SEP] sentences [SEP]; what is beyond `LONGEST` ids is left out."""
    ids: list[int] = [CLS]
    sentences: list[tuple[int, int]] = []
    marked: list[Marked] = []
    in_title = True
    for one in shown:
        if in_title and not one.is_title:
            ids.append(SEP)
            in_title = False
        pieces = tokenizer.encode(_encodable(one.words), add_special_tokens=False).ids
        pieces = pieces[: max(0, LONGEST - 2 - len(ids))]
        places = [len(ids) + i for i, piece in enumerate(pieces) if piece in MARKS]
        for mention, place in zip(one.mentions, places, strict=False):
            marked.append(Marked(mention, place, len(sentences), one.is_title))
        if pieces:
            sentences.append((len(ids), len(ids) + len(pieces)))
            ids += pieces
    ids.append(SEP)
    return Tokens(tuple(ids), tuple(sentences), tuple(marked))


def digest_tokens(tokenizer: Tokenizer, about: str, said: str) -> tuple[int, ...]:
    """[CLS] about [SEP] said [SEP]; what is beyond `ABOUT` and `SAID` ids is left out."""
    first = tokenizer.encode(_encodable(about), add_special_tokens=False).ids[:ABOUT]
    second = tokenizer.encode(_encodable(said), add_special_tokens=False).ids[:SAID]
    return (CLS, *first, SEP, *second, SEP)


def _encodable(text: str) -> str:
    """`text` without lone surrogates, which no encoding knows."""
    return text.encode("utf8", "replace").decode("utf8")
