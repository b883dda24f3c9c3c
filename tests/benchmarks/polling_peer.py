"""Run by tests/benchmarks/polling.py in the peer's own Python: lemon24/reader updates the same feeds, twice.

`python polling_peer.py WORKERS < URLS` prints the seconds of each round as a JSON list. Its start, its imports and the
adding of the feeds are not counted.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Times `update_feeds`, cold and again."""
    from reader import make_reader  # type: ignore[import-not-found]  # only in the peer's Python

    with tempfile.TemporaryDirectory() as folder:
        reader = make_reader(str(Path(folder) / "reader.sqlite"))
        for url in sys.stdin.read().split():
            reader.add_feed(url)
        rounds = []
        for _ in range(2):
            started = time.perf_counter()
            reader.update_feeds(scheduled=False, workers=int(sys.argv[1]))
            rounds.append(time.perf_counter() - started)
        entries = reader.get_entry_counts().total
    print(json.dumps({"seconds": rounds, "entries": entries}))


if __name__ == "__main__":
    main()
