"""`armswire evaluate`: how well detection reads labelled articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Labelled articles, one JSON object a line.")],
    json_output: JsonOption = False,
) -> None:
    """Measures precision, recall and F1 of detection against labelled articles.

    Example: armswire evaluate tests/data/newsroom_gold.jsonl
    """
    from extractors.detection import build_detector
    from extractors.detection.evaluation import evaluate as score
    from extractors.detection.evaluation import read_gold
    from flows.cli.console import evaluation_as_dict, print_evaluation, progress_bars

    labelled = read_gold(gold)
    detector = build_detector()
    with progress_bars() as progress:
        predicted = []
        for article in labelled:
            predicted.append(detector.detect(article.title, article.text))
            progress("detect", len(predicted), len(labelled))
    result = score(labelled, predicted)
    if json_output:
        print(json.dumps(evaluation_as_dict(result), indent=2))
    else:
        print_evaluation(result)
