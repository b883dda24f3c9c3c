"""How fast the whole line is, as a ratio to bare trafilatura: `python -m tests.benchmarks.line [PAGES]`.

A generated newsroom (2 % relevant, 10 % past the gate, as in a day's stream) is served by a process of its own on loopback.
Measured over the same pages, one after the other, several rounds:

    bare   trafilatura.extract on one core, pages in memory, library imported and warm
    line   `armswire run` as a user starts it, all of its process: start, poll, fetch, extract, detect, store, publish

Prints articles per second of both and their ratio, the median of the rounds.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import feedparser
import trafilatura
import yaml

ROUNDS = 3
MENU = 400
"""Links in the site map of every page: so bare trafilatura takes as long (20 to 40 ms) as on real newspapers' pages."""


def main() -> None:
    """Prints one row a round and the median ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="?", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="armswire-bench-"))
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "flows.demo.standalone", str(folder)),
            *("--pages", str(chosen.pages), "--menu", str(MENU)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        config = configure(folder, told["feeds"])
        pages = fetch_pages([feed["url"] for feed in told["feeds"]])
        ratios = []
        for number in range(1, chosen.rounds + 1):
            bare = bare_rate(pages)
            line = line_rate(config, len(pages))
            ratios.append(line / bare)
            print(f"round {number}: bare {bare:.1f}/s, line {line:.1f}/s, ratio {ratios[-1]:.2f}")
        cores = len(os.sched_getaffinity(0))
        print(f"{len(pages)} pages, {cores} cores: median ratio {statistics.median(ratios):.2f}")
    finally:
        server.communicate("")
        shutil.rmtree(folder)


def configure(folder: Path, feeds: Sequence[dict[str, str]]) -> Path:
    """A configuration with one watch; its channel's messages go nowhere, as hardly any are sent."""
    monitor = {
        "database": "monitor.duckdb",
        "feeds": "feeds.yaml",
        "fetch": {
            "allow_private": ["127.0.0.0/8"],
            "per_host": {"concurrent": 16, "spacing": "0s"},
        },
    }
    rows = [{"url": feed["url"], "name": feed["name"]} for feed in feeds]
    (folder / "monitor.yaml").write_text(yaml.safe_dump(monitor), encoding="utf-8")
    (folder / "feeds.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
    return folder / "monitor.yaml"


def fetch_pages(feeds: Sequence[str]) -> list[bytes]:
    """Every page the feeds link to."""
    return [fetch(link) for feed in feeds for link in links_of(fetch(feed))]


def links_of(feed: bytes) -> list[str]:
    """The links of a feed's entries. feedparser reads everything but JSON Feed."""
    if feed.startswith(b"{"):
        return [item["url"] for item in json.loads(feed)["items"]]
    return [entry.link for entry in feedparser.parse(io.BytesIO(feed)).entries]


def fetch(url: str) -> bytes:
    """The body at `url`, which is on our own server."""
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
        return body


def bare_rate(pages: Sequence[bytes]) -> float:
    """Articles per second of trafilatura alone, on the one core a single thread can use."""
    for page in pages[:20]:
        trafilatura.extract(page)
    started = time.perf_counter()
    for page in pages:
        trafilatura.extract(page)
    return len(pages) / (time.perf_counter() - started)


def line_rate(config: Path, pages: int) -> float:
    """Articles per second of a whole `armswire run` on an empty database."""
    for left in config.parent.glob("monitor*.duckdb*"):
        left.unlink()
    command = [sys.executable, "-m", "flows.cli.main", "run", "--json", "--config", str(config)]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    seconds = time.perf_counter() - started
    stored = json.loads(done.stdout)["articles"]
    if stored != pages:
        sys.exit(f"{stored} articles were stored of {pages}")
    return pages / seconds


if __name__ == "__main__":
    main()
