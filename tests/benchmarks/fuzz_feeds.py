"""Fuzzes the feed parser's boundary with atheris, which watches the coverage of the parsers.

atheris is not among the project's dependencies; install it (`pip install atheris`) in an
environment that also sees them, then

    python -m tests.benchmarks.fuzz_feeds -max_total_time=300

It starts from the golden feeds. Any answer but a value, one that hides a surprise, one that takes
longer than `SLOWEST`, a file opened or an address dialled ends the run and leaves the body behind.
"""

from __future__ import annotations

import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["feedparser", "extractors"]):
    import feedparser

    from domain.news import Failed, Fetched
    from extractors.feeds import parse_feed
    from tests.golden_feeds import FEED, NOW, URL, golden_feeds, read

SLOWEST = 5.0
"""Seconds of processor time; instrumented code is several times slower than the second allowed in use."""
KINDS = ("", "text/xml; charset=utf-8", "application/rss+xml; charset=windows-1251")
_WATCHED = ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system")
# Codecs and the parsers' own parts are loaded from there when they are first needed.
_LIBRARIES = (sysconfig.get_path("stdlib"), str(Path(feedparser.__file__).parents[1]))
_armed = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _armed and event in _WATCHED and not str(arguments[0]).startswith(_LIBRARIES):
        msg = f"a feed's body made the parser call {event}{arguments!r}"
        raise RuntimeError(msg)


def try_one(data: bytes) -> None:
    """Parses one body: its first byte picks the Content-Type, the rest is the body."""
    global _armed
    kind = KINDS[data[0] % len(KINDS)] if data else ""
    fetched = Fetched(url=URL, status=200, headers={"content-type": kind}, body=data[1:])
    _armed, started = True, time.process_time()
    try:
        result = parse_feed(fetched, FEED, now=NOW)
    finally:
        _armed = False
    seconds = time.process_time() - started
    if seconds > SLOWEST:
        msg = f"{seconds:.1f} s"
        raise RuntimeError(msg)
    if isinstance(result, Failed):
        if "could not be parsed" in result.reason and "RecursionError" not in result.reason:
            raise RuntimeError(result.reason)
        return
    for entry in result.entries:
        f"{entry.key}{entry.title}{entry.text}{entry.link}{entry.author}".encode()


def main() -> None:
    """Runs libFuzzer over the golden feeds and what it makes of them."""
    with tempfile.TemporaryDirectory() as folder:
        for number, body in enumerate(golden_feeds()):
            Path(folder, str(number)).write_bytes(b"\0" + body.read_bytes())
            read(body)  # what is slow to load is loaded
        sys.addaudithook(_watch)
        atheris.Setup([*sys.argv, folder, "-timeout=20", "-rss_limit_mb=2048"], try_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
