"""Packing fetched pages to be kept, and unpacking them to be extracted again."""

from __future__ import annotations

import zstandard

from domain.news import Fetched
from domain.pages import KeptPage
from extractors.urls import shown_url

EXTRACTOR_VERSION = 1
"""To be raised with every change that gives articles other bodies, titles or dates; kept with each page."""

LARGEST_KEPT = 1_000_000
"""Bytes compressed. News is far smaller: what is beyond this is mostly no text, and is not kept."""


def pack_page(page: Fetched) -> KeptPage | None:
    """The page as it is kept; None when it is too large to be."""
    packed = zstandard.ZstdCompressor().compress(page.body)
    if len(packed) > LARGEST_KEPT:
        return None
    return KeptPage(
        url=shown_url(page.url),
        content_type=page.headers.get("content-type", ""),
        served=page.headers.get("date", ""),
        packed=packed,
        extractor=EXTRACTOR_VERSION,
    )


def unpack_page(kept: KeptPage) -> Fetched:
    """The answer that `kept` was packed from, as far as extraction reads it.

    Raises:
        zstandard.ZstdError: the bytes are not what `pack_page` made.
    """
    headers = {"content-type": kept.content_type, "date": kept.served}
    return Fetched(
        url=kept.url,
        status=200,
        headers={name: value for name, value in headers.items() if value},
        body=zstandard.ZstdDecompressor().decompress(kept.packed),
    )
