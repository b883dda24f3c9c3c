"""How the trial of a watch looks in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text

from alerts.views import view_of
from alerts.watch_reasons import Reason
from alerts.wording import many
from domain.alerting import Alert
from flows.cli.console import stdout
from flows.watch_trial import Explained


def print_trial(watch: str, alerts: Sequence[Alert]) -> None:
    """A line an alert that would have been, and what changed."""
    console = stdout()
    for alert in alerts:
        view = view_of(alert)
        line = Text.assemble((view.time, "dim"), f"  {view.kind}: ", (view.title, "bold"))
        console.print(line)
        for change in view.changes:
            console.print(Text(f"    + {change}"))
    stories = len({alert.story.id for alert in alerts})
    console.print(
        f"{watch} would have alerted {many(len(alerts), 'time', 'times')} "
        f"about {many(stories, 'story', 'stories')}"
    )


def print_explained(watch: str, explained: Explained) -> None:
    """The verdict, and every part of the condition with yes or no."""
    console = stdout()
    console.print(Text(explained.title, style="bold"))
    if explained.reason is None:
        console.print(f"{watch} does not match: {explained.note}")
        return
    console.print(f"{watch} {'matches' if explained.reason.holds else 'does not match'}")
    for line in _lines(explained.reason, 1):
        console.print(line)


def explained_as_dict(explained: Explained) -> dict[str, Any]:
    """The JSON form of `watches test --article`."""
    reason = explained.reason
    return {
        "title": explained.title,
        "story": explained.story.id if explained.story else None,
        "matches": reason is not None and reason.holds,
        "note": explained.note,
        "reason": _as_dict(reason) if reason else None,
    }


def _lines(reason: Reason, depth: int) -> Iterator[Text]:
    mark = ("yes", "green") if reason.holds else ("no ", "red")
    yield Text.assemble("  " * depth, mark, "  ", reason.words)
    for part in reason.parts:
        yield from _lines(part, depth + 1)


def _as_dict(reason: Reason) -> dict[str, Any]:
    return {
        "words": reason.words,
        "holds": reason.holds,
        "parts": [_as_dict(part) for part in reason.parts],
    }
