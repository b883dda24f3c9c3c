"""An evaluation kept in a file, and what has changed since: by figure, and by article."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from domain.errors import InputError
from extractors.detection.evaluation import ACCURACIES, SCORES, ArticleCounts, Evaluation
from extractors.detection.intervals import Difference, Figure, differences

VERSION = 1
_KIND = "armswire evaluation"
_TOLD_BY_OTHERS = ("suppliers", "recipients", "stanced_reactions", "polar", "quote")
"""Fields whose mistakes are mistakes of pairs, reactions or stance already."""


@dataclass(frozen=True, kw_only=True)
class ArticleChange:
    """An article read better or worse: by field, how many mistakes more (or fewer, below 0)."""

    id: str
    fields: Mapping[str, int]

    @property
    def mistakes(self) -> int:
        """Mistakes more, over all fields."""
        return sum(self.fields.values())


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What changed on the `common` articles of a saved evaluation and of a new one.

    `better` and `worse` hold those with fewer and with more mistakes, most changed first; `relabelled` is how many have
    other numbers of labels than when it was saved.
    """

    common: int
    only_before: int
    only_after: int
    relabelled: int
    figures: Mapping[Figure, Difference]
    better: tuple[ArticleChange, ...]
    worse: tuple[ArticleChange, ...]


def compare(before: Sequence[ArticleCounts], after: Sequence[ArticleCounts]) -> Comparison:
    """Compares article by article, by id; an id that occurs again is told apart by its turn."""
    old, new = _by_id(before), _by_id(after)
    shared = [name for name in new if name in old]
    changes = [_change(name, old[name], new[name]) for name in shared]
    ordered = sorted(changes, key=lambda c: -abs(c.mistakes))
    return Comparison(
        common=len(shared),
        only_before=len(old) - len(shared),
        only_after=len(new) - len(shared),
        relabelled=sum(_labels(old[name]) != _labels(new[name]) for name in shared),
        figures=differences([old[name] for name in shared], [new[name] for name in shared]),
        better=tuple(c for c in ordered if c.mistakes < 0),
        worse=tuple(c for c in ordered if c.mistakes > 0),
    )


def _by_id(articles: Sequence[ArticleCounts]) -> dict[str, ArticleCounts]:
    seen: Counter[str] = Counter()
    named: dict[str, ArticleCounts] = {}
    for article in articles:
        seen[article.id] += 1
        turn = seen[article.id]
        name = article.id if turn == 1 else f"{article.id} ({turn})"
        named[name] = replace(article, id=name)
    return named


def _change(name: str, old: ArticleCounts, new: ArticleCounts) -> ArticleChange:
    before, after = old.mistakes, new.mistakes
    fields = {
        f: after.get(f, 0) - before.get(f, 0)
        for f in (*SCORES, *ACCURACIES)
        if f not in _TOLD_BY_OTHERS
    }
    return ArticleChange(id=name, fields={f: n for f, n in fields.items() if n})


def _labels(article: ArticleCounts) -> dict[str, int]:
    return {name: article.counts.get(name, (0, 0, 0))[1] for name in SCORES}


def save(path: Path, evaluations: Mapping[str, Evaluation]) -> None:
    """Writes the counts of every article, by the name of its file of labels.

    Raises:
        OSError: the file cannot be written.
    """
    files = {
        name: [{"id": a.id, "counts": dict(a.counts)} for a in evaluation.articles]
        for name, evaluation in evaluations.items()
    }
    document = {"kind": _KIND, "version": VERSION, "files": files}
    path.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")


def read_saved(path: Path) -> dict[str, tuple[ArticleCounts, ...]]:
    """What `save` wrote.

    Raises:
        InputError: the file cannot be read, or is none that `save` wrote.
    """
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise InputError(f"{path}: {_FOREIGN}") from None
    if not isinstance(document, dict) or document.get("kind") != _KIND:
        raise InputError(f"{path}: {_FOREIGN}")
    if document.get("version") != VERSION:
        raise InputError(
            f"{path}: was saved by another version of armswire; save it anew with --save"
        )
    try:
        return {
            str(name): tuple(_article(row) for row in rows)
            for name, rows in document["files"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(f"{path}: {_FOREIGN}") from None


_FOREIGN = "is no saved evaluation; `armswire evaluate GOLD --save FILE` writes one"


def _article(row: Mapping[str, Any]) -> ArticleCounts:
    counts: dict[str, tuple[int, int, int]] = {}
    for name, numbers in row["counts"].items():
        hits, wanted, given = (int(n) for n in numbers)
        counts[str(name)] = (hits, wanted, given)
    return ArticleCounts(id=str(row["id"]), counts=counts)
