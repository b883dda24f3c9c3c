"""Pages as they are kept: what an article was extracted from, to be extracted again."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.news import Entry

NO_FEED = ""
"""The feed of an entry that no feed named."""


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


def entry_of_page(url: str, link: str) -> Entry:
    """The entry that a feed with nothing to say of a page would have, for a page that no feed named. `url` is canonical,
    `link` as it was given."""
    return Entry(
        feed=NO_FEED,
        key=url,
        url=url,
        link=link,
        guid=None,
        title="",
        text="",
        published=None,
    )
