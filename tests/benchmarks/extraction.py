"""How good and how fast extraction is: `python -m tests.benchmarks.extraction [--peers PYTHON]`.

On three sets of pages in tests/data/pages (a page NAME.html, its text in NAME.txt, set down before any program read it):

    articles              written along with the rules
    site_types            in the markup of real publishers and systems; by these the rules were put right
    site_types_held_out   of the same kind, read only once the rules stood

For armswire, for trafilatura as it comes and favouring precision, and for readability-lxml and newspaper4k where PYTHON (of
an environment in which they are installed) is given:

    F1, P, R   the mean over the pages of how well the body's runs of four words match the text's
    pages/s    by the processor's time, the median of several rounds, and as a ratio to trafilatura's

The text of a page is its article alone: no title, byline, date, caption, advertisement, teaser, comment.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import trafilatura

from extractors.articles import extract_html

PAGES = Path(__file__).parents[1] / "data" / "pages"
SETS = ("articles", "site_types", "site_types_held_out")
ROUNDS = 5
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")

PEERS = r"""
import json, re, sys
from pathlib import Path

def readability(html):
    from readability import Document
    from lxml import html as parser
    return parser.fromstring(Document(html).summary()).text_content()

def newspaper(html):
    from newspaper import Article
    article = Article("https://news.example/2026/story")
    article.download(input_html=html)
    article.parse()
    return article.text

for name, read in (("readability-lxml", readability), ("newspaper4k", newspaper)):
    bodies = {}
    for path in sorted(Path(sys.argv[1]).glob("*.html")):
        try:
            bodies[path.stem] = read(path.read_text(encoding="utf-8"))
        except Exception:
            bodies[path.stem] = ""
    print(json.dumps([name, bodies]))
"""


@dataclass(frozen=True)
class Score:
    """Precision and recall of runs of four words, 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def main() -> None:
    """Prints one line a reader, and the pages that armswire reads worst."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", metavar="PYTHON", help="with readability-lxml and newspaper4k")
    parser.add_argument("--worst", type=int, default=5, help="how many of our pages to list")
    arguments = parser.parse_args()
    sets = {name: read_pages(name) for name in SETS}
    pages = {f"{name}/{page}": markup for name in SETS for page, markup in sets[name][0].items()}
    truths = {f"{name}/{page}": text for name in SETS for page, text in sets[name][1].items()}
    readers = {
        "armswire": armswire,
        "trafilatura": trafilatura_default,
        "trafilatura, precision": trafilatura_precision,
    }
    for name, (markups, texts) in sets.items():
        print(f"{name}: {len(texts)} pages")
        for reader, read in readers.items():
            print(line(reader, {page: read(markup) for page, markup in markups.items()}, texts))
        for reader, bodies in peers(arguments.peers, name) if arguments.peers else ():
            print(line(reader, bodies, texts))
    print(f"speed on all {len(pages)} pages")
    took = {name: [seconds(reader, pages)] for name, reader in readers.items()}
    for _ in range(ROUNDS):  # in turn, so that what else the machine does weighs on all alike
        for name, reader in readers.items():
            took[name].append(seconds(reader, pages))
    for name in readers:
        rounds = list(zip(took[name], took["trafilatura"], strict=True))[1:]
        ratio = statistics.median(bare / own for own, bare in rounds)
        rate = len(pages) / statistics.median(own for own, _ in rounds)
        print(f"    {name:24} {rate:.0f} pages/s, {ratio:.2f} of trafilatura's")
    ranked = sorted((score(truths[name], armswire(page)).f1, name) for name, page in pages.items())
    for f1, name in ranked[: arguments.worst]:
        print(f"    {f1:.3f} {name}")


def read_pages(name: str) -> tuple[dict[str, bytes], dict[str, str]]:
    """The pages of a set and their texts, by name."""
    files = sorted((PAGES / name).glob("*.html"))
    pages = {file.stem: file.read_bytes() for file in files}
    return pages, {file.stem: file.with_suffix(".txt").read_text("utf-8") for file in files}


def armswire(page: bytes) -> str:
    """The body as `armswire extract` gives it, of a page of which nothing else is known."""
    return extract_html(page, "https://news.example/2026/story").body


def trafilatura_default(page: bytes) -> str:
    """trafilatura's text with its defaults."""
    return text_of(trafilatura.bare_extraction(page.decode()))


def trafilatura_precision(page: bytes) -> str:
    """trafilatura's text with the options that armswire uses."""
    return text_of(
        trafilatura.bare_extraction(page.decode(), favor_precision=True, include_comments=False)
    )


def text_of(document: object) -> str:
    """The text of trafilatura's document; none makes an empty one."""
    return getattr(document, "text", None) or ""


def peers(python: str, name: str) -> list[tuple[str, dict[str, str]]]:
    """What the others make of the pages of a set, read by another interpreter."""
    done = subprocess.run(
        [python, "-W", "ignore", "-c", PEERS, str(PAGES / name)],
        check=True,
        capture_output=True,
        text=True,
    )
    return [tuple(json.loads(row)) for row in done.stdout.splitlines() if row.startswith("[")]


def score(truth: str, body: str) -> Score:
    """How well a body's runs of four words match those of the text, each as often as it occurs."""
    wanted, got = runs(truth), runs(body)
    common = (wanted & got).total()
    return Score(common / got.total() if got else 0.0, common / wanted.total())


def runs(text: str) -> Counter[tuple[str, ...]]:
    """A text's runs of four words; a character of Chinese or Japanese is a word."""
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(len(words) - 3, bool(words))))


def line(name: str, bodies: Mapping[str, str], truths: Mapping[str, str]) -> str:
    """Mean figures over all pages."""
    scores = [score(truth, bodies.get(page, "")) for page, truth in truths.items()]
    figures = {
        "F1": statistics.mean(s.f1 for s in scores),
        "P": statistics.mean(s.precision for s in scores),
        "R": statistics.mean(s.recall for s in scores),
    }
    return f"    {name:24} " + "  ".join(f"{key} {figure:.4f}" for key, figure in figures.items())


def seconds(reader: Callable[[bytes], str], pages: Mapping[str, bytes]) -> float:
    """Processor time for all pages once."""
    begin = time.process_time()
    for page in pages.values():
        reader(page)
    return time.process_time() - begin


if __name__ == "__main__":
    main()
