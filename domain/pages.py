"""Pages as they are kept: what an article was extracted from, to be extracted again."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class KeptPage:
    """A page fetched for an article: the answer's `url` (after redirects), the two of its headers that extraction
    reads (empty where it had none), and `packed`, its body compressed by zstd. `extractor` is the version of the
    extractor that last read it."""

    url: str
    content_type: str
    served: str
    """The header Date, as it came."""
    packed: bytes = field(repr=False)
    extractor: int
