"""Which articles a fold holds out: whole files, and thirds of the background."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

THIRDS = 3


def is_held_out(source: str, article: str, hold_out: Sequence[str]) -> bool:
    """`source` is the name of the article's file without ending; "background=0" holds out a third, told by the
    article's id.
    """
    if source in hold_out:
        return True
    thirds = [int(name.split("=")[1]) for name in hold_out if name.startswith("background=")]
    return source == "background" and zlib.crc32(article.encode()) % THIRDS in thirds
