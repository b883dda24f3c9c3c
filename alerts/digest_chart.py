"""The chart of a digest: what was reported of transfers and reactions over its period, as a PNG.

Run as a process of its own (`python -m alerts.digest_chart`): the renderer takes 150 MB, and a process
that has used it hangs when it is forked. It reads the counts as JSON and writes the picture.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from alerts.wording import many
from domain.alerting import Story, StoryArticle
from domain.mentions import Stage, Stance

TIMEOUT = 60.0
"""Seconds; a cold process takes about two."""
_STANCE_COLOURS = {"oppose": "#b3382c", "support": "#2f7d4f", "neutral": "#8a94a3"}
_WIDTH, _HEIGHT = 420, 150
"""Small enough for a telephone to show the words at nearly their size."""
_DAYS = timedelta(days=2)
"""Longer periods are counted by day, shorter ones by three hours."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How often what was reported when: `steps` are the names of the times, in order; rows are (step,
    stage or stance, how many)."""

    steps: tuple[str, ...]
    transfers: tuple[tuple[str, str, int], ...]
    reactions: tuple[tuple[str, str, int], ...]

    @property
    def words(self) -> str:
        """ "Reported: 3 transfers (2 approved, 1 signed); 2 reactions (2 oppose)"."""
        told = [_told("transfer", self.transfers), _told("reaction", self.reactions)]
        return "Reported: " + "; ".join(told)


def count(stories: Iterable[Story], start: datetime, until: datetime, zone: tzinfo) -> Counts:
    """Counts what the articles seen after `start`, up to `until`, tell; copies of one text once."""
    by_day = until - start > _DAYS
    transfers: Counter[tuple[str, str]] = Counter()
    reactions: Counter[tuple[str, str]] = Counter()
    for article in _articles(stories, start, until):
        step = _step(article.seen_at.astimezone(zone), by_day=by_day)
        transfers.update({(step, told.transfer.stage.value) for told in article.transfers})
        reactions.update((step, told.reaction.stance.value) for told in article.reactions)
    return Counts(
        steps=tuple(_steps(start.astimezone(zone), until.astimezone(zone), by_day=by_day)),
        transfers=tuple((step, name, n) for (step, name), n in sorted(transfers.items())),
        reactions=tuple((step, name, n) for (step, name), n in sorted(reactions.items())),
    )


def render(counts: Counts) -> bytes | None:
    """The picture, by a process of its own; None where it cannot be had: a digest reads without it."""
    if not counts.transfers and not counts.reactions:
        return None
    given = json.dumps({"steps": counts.steps, "panels": [counts.transfers, counts.reactions]})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "alerts.digest_chart"],
            input=given.encode(),
            capture_output=True,
            timeout=TIMEOUT,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.stdout.startswith(b"\x89PNG") else None


def _articles(stories: Iterable[Story], start: datetime, until: datetime) -> Iterator[StoryArticle]:
    seen: set[str] = set()
    for story in stories:
        for article in story.articles:
            if article.url not in seen and not article.copy_of and start < article.seen_at <= until:
                seen.add(article.url)
                yield article


def _step(at: datetime, *, by_day: bool) -> str:
    if by_day:
        return f"{at.day} {at:%b}"
    return f"{at.day} {at:%b} {at.hour // 3 * 3:02}:00"


def _steps(start: datetime, until: datetime, *, by_day: bool) -> Iterator[str]:
    at, last = start, ""
    while at <= until:
        if (step := _step(at, by_day=by_day)) != last:
            yield step
        last = step
        at += timedelta(hours=1)


def _told(what: str, rows: Sequence[tuple[str, str, int]]) -> str:
    names: Counter[str] = Counter()
    for _, name, n in rows:
        names[name] += n
    each = ", ".join(f"{n} {name}" for name, n in names.most_common())
    return many(names.total(), what, f"{what}s") + (f" ({each})" if each else "")


def _main() -> None:
    import altair
    import vl_convert

    given = json.load(sys.stdin)
    stages = altair.Scale(domain=[stage.value for stage in Stage], scheme="tableau20")
    colours = [_STANCE_COLOURS[stance.value] for stance in Stance]
    stances = altair.Scale(domain=[stance.value for stance in Stance], range=colours)
    titles = ("Transfers reported, by stage", "Reactions reported, by stance")
    panels = []
    for title, scale, rows in zip(titles, (stages, stances), given["panels"], strict=True):
        values = [{"when": when, "what": what, "n": n} for when, what, n in rows]
        shown = {row["what"] for row in values}
        data = altair.Data(values=values)  # type: ignore[no-untyped-call]
        panels.append(
            altair.Chart(data, title=title, width=_WIDTH, height=_HEIGHT)
            .mark_bar()
            .encode(
                x=altair.X(
                    "when:N", sort=None, title=None, scale=altair.Scale(domain=given["steps"])
                ),
                y=altair.Y("sum(n):Q", title=None, axis=altair.Axis(tickMinStep=1)),
                color=altair.Color(
                    "what:N",
                    title=None,
                    scale=scale,
                    legend=altair.Legend(
                        values=[v for v in scale.domain if v in shown], orient="bottom", columns=4
                    ),
                ),
            )
        )
    chart = (
        altair.vconcat(*panels, background="white")
        .resolve_scale(color="independent")
        .configure_axis(labelFontSize=13)
        .configure_axisX(labelAngle=-40)
        .configure_legend(labelFontSize=14)
        .configure_title(fontSize=15, anchor="start")
    )
    sys.stdout.buffer.write(vl_convert.vegalite_to_png(chart.to_json(), scale=2))


if __name__ == "__main__":
    _main()
