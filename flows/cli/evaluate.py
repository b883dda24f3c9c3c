"""`armswire evaluate`: how well detection reads labelled articles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import JsonOption, SettingsOption

if TYPE_CHECKING:
    from extractors.detection.evaluation import ArticleCounts, Evaluation
    from extractors.detection.saved_evaluation import Comparison


def evaluate(
    gold: Annotated[
        list[Path],
        typer.Argument(help="Labelled articles, one JSON object a line.", metavar="GOLD..."),
    ],
    misses: Annotated[
        int, typer.Option("--misses", min=0, help="Show so many of the worst misses.")
    ] = 5,
    save: Annotated[
        Path | None, typer.Option("--save", help="Keep the result in this file.", metavar="FILE")
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", help="Tell what changed since this was saved.", metavar="FILE"),
    ] = None,
    config: SettingsOption = None,
    json_output: JsonOption = False,
) -> None:
    """Measures precision, recall and F1 of detection against labelled articles, with 95 % intervals.

    Intervals are bootstrap intervals over articles. With --compare, differences are of the same articles (paired).

    Example: armswire evaluate tests/data/newsroom_gold.jsonl --misses 10
    """
    from extractors.detection import build_detector
    from extractors.detection.evaluation import evaluate as score
    from extractors.detection.evaluation import together
    from extractors.detection.gold import read_gold
    from extractors.detection.misses import worst_misses
    from extractors.detection.saved_evaluation import read_saved
    from extractors.detection.saved_evaluation import save as save_to
    from flows.cli import console_evaluation as shown
    from flows.cli.console import progress_bars
    from flows.cli.evaluation_json import result_as_dict
    from flows.cli.inputs import extra_lexicons

    # Everything is read before the minutes of detection: a wrong file is told at once.
    _check_place(save, gold)
    files = {name: read_gold(path) for name, path in _named(gold).items()}
    saved = read_saved(compare) if compare else None
    labelled = [article for articles in files.values() for article in articles]
    detector = build_detector(extra_lexicons(config))
    with progress_bars() as progress:
        predicted = []
        for article in labelled:
            predicted.append(detector.detect(article.title, article.text))
            progress("detect", len(predicted), len(labelled))
    results: dict[str, Evaluation] = {}
    done = 0
    for name, articles in files.items():
        results[name] = score(articles, predicted[done : done + len(articles)])
        done += len(articles)
    result = together(list(results.values()))
    worst = worst_misses(labelled, predicted, misses)
    changes = _compared(results, saved, compare) if saved is not None and compare else {}
    if save:
        save_to(save, results)
    if json_output:
        print(json.dumps(result_as_dict(result, results, worst, changes), indent=2))
        return
    for name, one in results.items():
        shown.print_evaluation(one, name if len(results) > 1 else "")
    if len(results) > 1:
        shown.print_summary(results, result)
    shown.print_misses(worst)
    for name, change in changes.items():
        shown.print_comparison(change, name, compare)


def _check_place(save: Path | None, gold: Sequence[Path]) -> None:
    """Makes sure that the result will have a place that is no file of labels."""
    from domain.errors import InputError

    if save is None:
        return
    if any(save.exists() and path.exists() and save.samefile(path) for path in gold):
        msg = f"{save}: is a file of labels that is read; give --save another one"
        raise InputError(msg)
    if save.is_dir() or not save.absolute().parent.is_dir():
        msg = f"{save}: no file can be written there"
        raise InputError(msg)


def _named(paths: Sequence[Path]) -> dict[str, Path]:
    """The files by name; by their paths where two have one name."""
    names = [path.name for path in paths]
    return {str(path) if names.count(path.name) > 1 else path.name: path for path in paths}


def _compared(
    results: dict[str, Evaluation], saved: dict[str, tuple[ArticleCounts, ...]], path: Path
) -> dict[str, Comparison]:
    """What changed in each file that was saved under the same name; a single one may have had another."""
    from domain.errors import InputError
    from extractors.detection.saved_evaluation import compare

    if len(results) == len(saved) == 1:
        [(name, result)], [before] = results.items(), saved.values()
        pairs = {name: (before, result.articles)}
    else:
        pairs = {n: (saved[n], r.articles) for n, r in results.items() if n in saved}
    changes = {name: compare(before, after) for name, (before, after) in pairs.items()}
    if not any(change.common for change in changes.values()):
        msg = (
            f"{path}: holds no article of {', '.join(results)}; it was saved of {', '.join(saved)}"
        )
        raise InputError(msg)
    return changes
