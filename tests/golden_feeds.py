"""The golden feeds: files of tests/data/feeds, each with what must be read from it beside it.

`news.xml` is a body as fetched, `news.xml.want.json` its entries (or why it is refused), and
`news.xml.type` the Content-Type it came with, if any. Adding a case adds files, no code:

    python -m tests.golden_feeds

writes what the parser reads today; what is new or has changed is then judged by eye (git diff).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from domain.news import Entry, Failed, Feed, Fetched
from extractors.feeds import ParsedFeed, parse_feed

FOLDER = Path(__file__).parent / "data" / "feeds"
URL = "https://wire.example/feeds/news"
FEED = Feed(key=URL, url=URL, name="wire")
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def golden_feeds() -> list[Path]:
    """The bodies, sorted."""
    files = (path for path in FOLDER.rglob("*") if path.is_file())
    return sorted(path for path in files if not path.name.endswith((".want.json", ".type")))


def want_of(body: Path) -> Path:
    """The file of what must be read from `body`."""
    return body.with_name(body.name + ".want.json")


def read(body: Path) -> ParsedFeed | Failed:
    """What the parser makes of a golden feed."""
    kind = body.with_name(body.name + ".type")
    headers = {"content-type": kind.read_text(encoding="utf-8").strip()} if kind.exists() else {}
    fetched = Fetched(url=URL, status=200, headers=headers, body=body.read_bytes())
    return parse_feed(fetched, FEED, now=NOW)


def as_json(result: ParsedFeed | Failed) -> dict[str, object]:
    """A result as JSON holds it; what is not there is left out."""
    if isinstance(result, Failed):
        return {"failed": result.kind.value, "reason": result.reason}
    return _stated(
        {
            "title": result.title,
            "language": result.language,
            "entries": [_entry(entry) for entry in result.entries],
        }
    )


def _entry(entry: Entry) -> dict[str, object]:
    known = {name: value for name, value in asdict(entry).items() if name != "feed"}
    return _stated(known | {"published": entry.published and entry.published.isoformat()})


def _stated(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _regenerate() -> None:
    for body in golden_feeds():
        text = json.dumps(as_json(read(body)), ensure_ascii=False, indent=1) + "\n"
        want_of(body).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _regenerate()
