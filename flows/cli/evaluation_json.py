"""An evaluation as the JSON that `armswire evaluate --json` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from extractors.detection.evaluation import ACCURACIES, SCORES, Evaluation
from extractors.detection.intervals import Interval, intervals
from extractors.detection.misses import Miss
from extractors.detection.saved_evaluation import Comparison
from flows.cli.console_evaluation import snippet_of


def result_as_dict(
    result: Evaluation,
    files: Mapping[str, Evaluation],
    misses: Iterable[Miss],
    changes: Mapping[str, Comparison],
) -> dict[str, Any]:
    """The JSON form of `evaluate --json`: the figures over all articles, then those of each file where there are
    several."""
    shown = evaluation_as_dict(result)
    if len(files) > 1:
        shown["files"] = [{"file": n, **evaluation_as_dict(one)} for n, one in files.items()]
    shown["misses"] = [_miss_as_dict(miss) for miss in misses]
    if changes:
        shown["comparison"] = [{"file": n, **_change_as_dict(c)} for n, c in changes.items()]
    return shown


def evaluation_as_dict(result: Evaluation) -> dict[str, Any]:
    """One evaluation; figures without anything to count are null."""
    scores = {name: getattr(result, name) for name in SCORES}
    return {
        "n": result.n,
        **{
            name: {
                "precision": round(score.precision, 4),
                "recall": round(score.recall, 4),
                "f1": round(score.f1, 4),
            }
            for name, score in scores.items()
        },
        **{name: _rounded(getattr(result, name).value) for name in ACCURACIES},
        "intervals": _intervals_as_dict(result),
        "stage_confusion": _confusion(result.stage_confusion),
        "stance_confusion": _confusion(result.stance_confusion),
    }


def _intervals_as_dict(result: Evaluation) -> dict[str, Any]:
    sure = intervals(result.articles)
    scores = {
        field: {k: _pair(sure.get((field, k))) for k in ("precision", "recall", "f1")}
        for field in SCORES
    }
    return scores | {field: _pair(sure.get((field, "value"))) for field in ACCURACIES}


def _miss_as_dict(miss: Miss) -> dict[str, Any]:
    snippet = snippet_of(miss)
    return {
        "kind": miss.kind.value,
        "id": miss.article.id,
        "title": miss.article.title,
        "found": miss.found,
        "labelled": miss.labelled,
        "sure": round(miss.sure, 3),
        "snippet": snippet.plain if snippet else "",
        "evidence": [
            {"field": e.field, "start": e.start, "end": e.end, "text": e.text, "rule": e.rule}
            for e in miss.evidence
        ],
    }


def _change_as_dict(change: Comparison) -> dict[str, Any]:
    return {
        "common": change.common,
        "only_before": change.only_before,
        "only_after": change.only_after,
        "relabelled": change.relabelled,
        "figures": [
            {
                "field": field,
                "figure": figure,
                "before": _rounded(difference.before),
                "after": _rounded(difference.after),
                "change": _rounded(difference.change),
                "interval": _pair(difference.interval),
            }
            for (field, figure), difference in change.figures.items()
        ],
        "better": [{"id": a.id, "mistakes": dict(a.fields)} for a in change.better],
        "worse": [{"id": a.id, "mistakes": dict(a.fields)} for a in change.worse],
    }


def _confusion(counted: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    rows = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
    return [{"gold": gold, "predicted": predicted, "n": n} for (gold, predicted), n in rows]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _pair(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(interval.low, 4), round(interval.high, 4)]
