"""Run by tests/benchmarks/polling.py as `python -m tests.benchmarks.polling_stage FOLDER`: the POLL stage, twice.

Prints the seconds of both and the entries stored. Counted is what a run does between its start and the end of its poll:
starting the workers too, but not importing Python modules.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.reports import PollReport


def main() -> None:
    """Polls all feeds, cold and again."""
    # Not above: like the command line's, this module is imported once more by every worker.
    from domain.settings_files import read_configuration
    from extractors.urls import canonical_url
    from flows.poll import poll_feeds
    from flows.run_context import RunContext
    from flows.workers import Workers
    from storage.store import open_store

    configuration = read_configuration(Path(sys.argv[1]) / "monitor.yaml", canonical_url)
    open_store(configuration.settings.database).close()
    names = [feed.name for feed in configuration.feeds]
    seconds = []
    for kind in ("new", "unchanged"):
        started = time.perf_counter()
        with Workers() as workers:
            report = poll_feeds(RunContext(configuration, workers), names)
            seconds.append(time.perf_counter() - started)
        _check(report, kind)
    with open_store(configuration.settings.database) as store:
        entries = store.count_pending()
    print(json.dumps({"seconds": seconds, "entries": entries}))


def _check(report: PollReport, kind: str) -> None:
    for feed in report.feeds:
        if feed.outcome != kind:
            sys.exit(f"{feed.feed} is {feed.outcome}, not {kind}: {feed.note}")


if __name__ == "__main__":
    main()
