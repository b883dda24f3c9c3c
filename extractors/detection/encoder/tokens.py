"""From windows to word-piece ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.detection.encoder.windows import RECIPIENT, SPEAKER, SUPPLIER

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CLS, SEP = 101, 102
_LONGEST_CHARACTERS = 6_000


def prepare(tokenizer: Tokenizer) -> Tokenizer:
    """Makes the three marks single tokens and leaves cutting and padding to us."""
    tokenizer.add_special_tokens([SUPPLIER, RECIPIENT, SPEAKER])
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def window_ids(tokenizer: Tokenizer, window: tuple[str, str], longest: int) -> list[int]:
    """[CLS] title [SEP] sentences [SEP], at most `longest` ids; a long title leaves a third of the room to the rest."""
    title, rest = (
        tokenizer.encode(_encodable(part), add_special_tokens=False).ids for part in window
    )
    title = title[: longest - 3 - min(len(rest), longest // 3)]
    rest = rest[: longest - 3 - len(title)]
    return [CLS, *title, SEP, *rest, SEP]


def _encodable(text: str) -> str:
    """The part that is read, without lone surrogates, which no encoding knows."""
    return text[:_LONGEST_CHARACTERS].encode("utf8", "replace").decode("utf8")
