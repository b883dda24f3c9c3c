"""The newsrooms the demo can serve: the bundled one, and one built from any file of articles.

The bundled one is data: newsroom/outlets.yaml and newsroom/articles/<outlet-id>/<nn>-<slug>.txt,
whose header is lines `key: value` (title, feed_title, author, section, wave, minutes_ago, relevant,
note), then a line `---`, then paragraphs separated by blank lines.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable

from domain.errors import InputError
from flows.demo.given_articles import newsroom_from_jsonl
from flows.demo.outlet_rows import read_outlets
from flows.demo.outlets import Newsroom, Outlet, SampleArticle, paragraphs_of

__all__ = [
    "Newsroom",
    "Outlet",
    "SampleArticle",
    "load_newsroom",
    "newsroom_from_jsonl",
    "read_newsroom",
]

_HEADER = ("title", "wave", "minutes_ago", "relevant")


def load_newsroom(start: datetime) -> Newsroom:
    """The bundled newsroom, its articles dated back from `start` (aware)."""
    return read_newsroom(files("flows.demo") / "newsroom", start)


def read_newsroom(root: Traversable, start: datetime) -> Newsroom:
    """The newsroom whose outlets.yaml and articles/ lie in `root`.

    Raises:
        InputError: a file is not of the format above.
    """
    outlets = read_outlets(root / "outlets.yaml")
    collection: list[SampleArticle] = []
    for outlet in outlets:
        pages = [p for p in (root / "articles" / outlet.id).iterdir() if p.name.endswith(".txt")]
        pages.sort(key=lambda page: page.name)
        collection += (_article(page, outlet, start) for page in pages)
    return Newsroom(start=start, outlets=outlets, collection=tuple(collection))


def _article(path: Traversable, outlet: Outlet, start: datetime) -> SampleArticle:
    head, rule, body = path.read_text(encoding="utf-8").partition("\n---\n")
    if not rule:
        raise InputError(f"{path}: no line --- between header and text")
    header: dict[str, str] = {}
    for line, row in enumerate(head.splitlines(), start=1):
        key, colon, value = row.partition(":")
        if not colon:
            raise InputError(f"{path}:{line}: a line of the header is `key: value`")
        header[key.strip()] = value.strip()
    if missing := [key for key in _HEADER if not header.get(key)]:
        raise InputError(f"{path}: the header lacks {', '.join(missing)}")
    if header["relevant"] not in ("true", "false"):
        raise InputError(f"{path}: `relevant` is true or false")
    feed_title = header.get("feed_title")
    number, _, slug = path.name.removesuffix(".txt").partition("-")
    try:
        return SampleArticle(
            outlet=outlet,
            number=int(number),
            slug=slug,
            title=header["title"],
            paragraphs=paragraphs_of(body),
            published=start - timedelta(minutes=int(header["minutes_ago"])),
            wave=int(header["wave"]),
            author=header.get("author") or None,
            section=header.get("section") or "news",
            feed_title="" if feed_title == "(none)" else feed_title,
            relevant=header["relevant"] == "true",
            note=header.get("note", ""),
        )
    except ValueError as error:
        raise InputError(f"{path}: {error}") from None
