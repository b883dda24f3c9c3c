"""How fast feeds are polled, beside lemon24/reader: `python -m tests.benchmarks.polling [FEEDS] [--peer PYTHON]`.

A server of its own process (tests/benchmarks/polling_site.py) gives every feed a host of its own, so that armswire's
limits per host stay as they are by default and slow nobody down. Measured in each round, one after the other:

    cold   the POLL stage (flows.poll.poll_feeds) on an empty database: fetch, parse, store all entries
    304    the same again: every server answers that nothing has changed
    peer   the same two by `reader.update_feeds`, if PYTHON is one with the packages reader and sgmllib3k

Prints feeds per second, their ratio to the peer's in the same round, and the most memory that armswire's processes held
together over both polls (proportional set size, sampled).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import yaml

from tests.benchmarks.polling_site import ENTRIES, addresses

ROUNDS = 3
PEER_WORKERS = 8
"""Threads; on two cores reader was as fast with 1, 2 and 16."""
SAMPLE_SECONDS = 0.25
"""Counting the shared pages takes the kernel milliseconds a process, on the cores that are measured."""


def main() -> None:
    """Prints one row a round and the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feeds", nargs="?", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--peer", type=Path, help="a Python with the packages reader and sgmllib3k")
    chosen = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.polling_site", str(chosen.feeds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        urls = addresses(int(server.stdout.readline()), chosen.feeds)
        rounds = [_round(number, urls, chosen.peer) for number in range(1, chosen.rounds + 1)]
    finally:
        server.communicate("")
    names = ("cold", "304", "peer cold", "peer 304")
    medians = dict(zip(names, map(statistics.median, zip(*rounds, strict=True)), strict=False))
    print(
        f"{chosen.feeds} feeds of {ENTRIES} entries, {len(os.sched_getaffinity(0))} cores, medians:"
    )
    print(", ".join(f"{name} {rate:.0f} feeds/s" for name, rate in medians.items()))
    if chosen.peer:
        cold, unchanged = (statistics.median(r[n] / r[n + 2] for r in rounds) for n in (0, 1))
        print(f"ratio to reader, median of the rounds: cold {cold:.1f}, 304 {unchanged:.1f}")
    else:
        print("no --peer was given: no ratio")


def _round(number: int, urls: list[str], peer: Path | None) -> list[float]:
    seconds, memory = _armswire(urls)
    seconds += _peer(urls, peer) if peer else []
    rates = [len(urls) / s for s in seconds]
    told = ", ".join(f"{rate:.0f}" for rate in rates)
    print(f"round {number}: {told} feeds/s; {memory / 1e6:.0f} MB", flush=True)
    return rates


def _armswire(urls: list[str]) -> tuple[list[float], int]:
    """Seconds of the cold poll and the 304 poll, and bytes of memory at their highest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        monitor = {"database": "monitor.duckdb", "fetch": {"allow_private": ["127.0.0.0/8"]}}
        rows = [{"url": url, "name": f"feed {n}"} for n, url in enumerate(urls)]
        (folder / "monitor.yaml").write_text(yaml.safe_dump(monitor), encoding="utf-8")
        (folder / "feeds.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")
        command = [sys.executable, "-m", "tests.benchmarks.polling_stage", str(folder)]
        stage = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        memory = _Memory(stage.pid)
        out, _ = stage.communicate()
        most = memory.most()
        told = json.loads(out)
        _check(told["entries"], urls)
    return told["seconds"], most


def _peer(urls: list[str], python: Path) -> list[float]:
    script = Path(__file__).with_name("polling_peer.py")
    done = subprocess.run(
        [python, script, str(PEER_WORKERS)],
        input="\n".join(urls),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    _check(told["entries"], urls)
    seconds: list[float] = told["seconds"]
    return seconds


def _check(entries: int, urls: list[str]) -> None:
    if entries != ENTRIES * len(urls):
        sys.exit(f"{entries} entries were stored of {ENTRIES * len(urls)}")


class _Memory:
    """Samples what a process and all below it hold, shared pages counted once, until it ends."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._most = 0
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def most(self) -> int:
        """Bytes; once the process has ended."""
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        while held := sum(map(_proportional_bytes, _family(self._process))):
            self._most = max(self._most, held)
            time.sleep(SAMPLE_SECONDS)


def _family(process: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{process}/task").iterdir()
        below = [int(c) for t in tasks for c in (t / "children").read_text().split()]
    except OSError:
        return []
    return [process, *(one for child in below for one in _family(child))]


def _proportional_bytes(process: int) -> int:
    try:
        rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(row.split()[1]) * 1_024 for row in rows if row.startswith("Pss:"))


if __name__ == "__main__":
    main()
