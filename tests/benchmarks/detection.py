"""How fast detection is: `python -m tests.benchmarks.detection [PAGES]`.

Prints, each as the median of several rounds:

    gate      megabytes of article text a second that the gate reads, on one core
    stream    detection over a generated newsroom (2 % relevant, 10 % past the gate, as in a day's stream), as a share of
              trafilatura's time on the pages of the same articles
    article   milliseconds for a relevant article of 600 words
    load      seconds from the start of a process to a detector, and to the first relevant article read

All on one core, to which the process is bound: else the linear algebra library starts a second thread that spins beside the
first and counts as processor time.

Pages and texts are those of the demo newsroom; see tests.benchmarks.line for how they are served.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import trafilatura

from extractors.detection import Detector, build_detector
from tests.benchmarks.line import MENU, fetch_pages

ROUNDS = 5
LOADS = 3
ARTICLE_WORDS = 600
Article = tuple[str, str]

_LOAD = "from extractors.detection import build_detector; d = build_detector()"
_RELEVANT = ("Norway delivers four NASAMS launchers to Lithuania", "The defence ministry said so.")
_READ = f"{_LOAD}; d.detect({_RELEVANT[0]!r}, {_RELEVANT[1]!r})"


def main() -> None:
    """Prints one line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="?", type=int, default=500)
    pages = served_pages(parser.parse_args().pages)
    detector = build_detector()
    articles = [article for page in pages if (article := extracted(page)) is not None]
    relevant = [a for a in articles if detector.detect(*a).relevant]
    passing = sum(detector.passes_gate(*a) for a in articles)
    if not relevant:
        sys.exit("none of these pages is relevant; take more of them")
    print(f"{len(articles)} articles, {passing} past the gate, {len(relevant)} relevant")
    size = sum(len(title) + len(body) for title, body in articles) / 1e6
    seconds = median_time(lambda: gate_all(detector, articles))
    print(f"gate: {size / seconds:.1f} MB/s")
    bare = median_time(lambda: extract_all(pages))
    found = median_time(lambda: detect_all(detector, articles))
    print(f"stream: {1000 * found / len(articles):.2f} ms an article, {found / bare:.1%} of bare")
    long_one = lengthened(relevant)
    print(f"article: {1000 * median_time(lambda: detect_all(detector, [long_one])):.0f} ms")
    print(f"load: {load_seconds(_LOAD):.2f} s, with the first article {load_seconds(_READ):.2f} s")


def served_pages(count: int) -> list[bytes]:
    """The pages of a generated newsroom, fetched from its server on loopback."""
    folder = Path(tempfile.mkdtemp(prefix="armswire-bench-"))
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "flows.demo.standalone", str(folder)),
            *("--pages", str(count), "--menu", str(MENU)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        return fetch_pages([feed["url"] for feed in told["feeds"]])
    finally:
        server.communicate("")
        shutil.rmtree(folder)


def extracted(page: bytes) -> Article | None:
    """Title and text of a page; None for a page without an article."""
    found = trafilatura.bare_extraction(page, with_metadata=True)
    if found is None or isinstance(found, dict) or not found.text:
        return None
    return found.title or "", found.text


def lengthened(articles: Sequence[Article]) -> Article:
    """A relevant article of 600 words: paragraphs of all of them, again where they are few, under the first's title."""
    paragraphs: list[str] = []
    words = 0
    for paragraph in itertools.cycle(p for _, body in articles for p in body.split("\n") if p):
        paragraphs.append(paragraph)
        words += len(paragraph.split())
        if words >= ARTICLE_WORDS:
            break
    return articles[0][0], "\n\n".join(paragraphs)


def median_time(act: Callable[[], None]) -> float:
    """Seconds of processor time of `act`, the median of the rounds after one to warm up."""
    act()
    spent = []
    for _ in range(ROUNDS):
        started = time.process_time()
        act()
        spent.append(time.process_time() - started)
    return statistics.median(spent)


def gate_all(detector: Detector, articles: Sequence[Article]) -> None:
    for title, body in articles:
        detector.passes_gate(title, body)


def detect_all(detector: Detector, articles: Sequence[Article]) -> None:
    for title, body in articles:
        detector.detect(title, body)


def extract_all(pages: Sequence[bytes]) -> None:
    for page in pages:
        trafilatura.extract(page)


def load_seconds(code: str) -> float:
    """Seconds of a fresh process that runs `code`, the median of a few starts."""
    spent = []
    for _ in range(LOADS):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def bind_to_one_core() -> None:
    """Begins again on one core when there are more: libraries count the cores when they are loaded."""
    cores = os.sched_getaffinity(0)
    if len(cores) > 1:
        os.sched_setaffinity(0, {min(cores)})
        again = [sys.executable, "-m", "tests.benchmarks.detection", *sys.argv[1:]]
        os.execv(sys.executable, again)  # noqa: S606


if __name__ == "__main__":
    bind_to_one_core()
    main()
