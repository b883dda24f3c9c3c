"""What texts of the same words share, however they are set."""

from __future__ import annotations

import re
from hashlib import sha256


def words_fingerprint(*texts: str) -> str:
    """32 hexadecimal digits, the same for texts of the same words: white space, punctuation and
    capitals aside."""
    return sha256("\n".join(map(_words, texts)).encode("utf-8", "replace")).hexdigest()[:32]


_GAPS = {c: " " for c in range(128) if not re.match(r"\w", chr(c))}


def _words(text: str) -> str:
    if text.isascii():  # ten times as fast, and every entry of every feed comes this way
        return " ".join(text.lower().translate(_GAPS).split())
    return " ".join(re.findall(r"\w+", text.casefold()))
