"""How feeds look in a terminal of 80 columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from rich.markup import escape

from domain.health import FeedHealth, HealthState
from domain.news import Feed, FeedState, PollRecord
from domain.units import show_duration
from extractors.feeds import ParsedFeed
from extractors.urls import shown_url
from flows.cli.console import shown_time, stdout

_STYLES = {
    HealthState.FAILING: "bold red",
    HealthState.SILENT: "bold red",
    HealthState.RETIRED: "bold yellow",
    HealthState.MOVED: "yellow",
    HealthState.DUPLICATE: "yellow",
    HealthState.NEW: "dim",
    HealthState.HEALTHY: "green",
}
_OVERDUE = timedelta(days=1)
"""No poll of any feed for so long: the monitor itself does not run."""


def print_feeds(feeds: Sequence[Feed], states: Mapping[str, FeedState]) -> None:
    """The configured feeds and what is remembered of each."""
    console = stdout()
    width = _name_width([feed.name for feed in feeds], console.width - 42)
    console.print(f"[bold]{'feed':<{width}}  from  {'tier':<12} last good poll[/]")
    for feed in feeds:
        state = states.get(feed.key)
        last = state.last_success_at if state else None
        polled = shown_time(last) or ("never" if state else "not polled yet")
        name = escape(f"{_cut(feed.name, width):<{width}}")
        tier = escape(f"{_cut(feed.tier or '', 12):<12}")
        console.print(f"{name}  {feed.country or '':<5} {tier} {polled.removesuffix(' UTC')}")
        if state and (note := _note(state)):
            console.print(f"  [dim]{escape(note)}[/]")


def _note(state: FeedState) -> str:
    if state.retired_at:
        return "retired: it answered 410"
    if state.last_error:
        return state.last_error
    return f"moved to {shown_url(state.moved_to)}" if state.moved_to else ""


def print_health(rows: Sequence[FeedHealth], now: datetime) -> None:
    """The counts, then a line a feed, and below it why where it is not well."""
    console = stdout()
    counted = Counter(row.state for row in rows)
    parts = [f"[{_STYLES[s]}]{n} {s.value}[/]" for s in HealthState if (n := counted[s])]
    console.print(f"{len(rows)} feeds: {', '.join(parts) or 'none'}")
    polled = [row.last_success_at for row in rows if row.last_success_at]
    if polled and now - max(polled) > _OVERDUE:
        ago = show_duration((now - max(polled)).total_seconds())
        console.print(f"[red]No feed has answered for {ago}: does the monitor run?[/]")
    width = _name_width([row.feed.name for row in rows], console.width - 52)
    console.print(
        f"\n[bold]{'':<10}{'feed':<{width}}  {'last new':>8} {'usual gap':>10}  next poll[/]"
    )
    for row in rows:
        console.print(_line(row, width, now), no_wrap=True, overflow="ellipsis")
        if row.state not in (HealthState.HEALTHY, HealthState.NEW) or row.last_error:
            console.print(f"[dim]{'':<10}{escape(row.why)}[/]")


def print_one_feed(row: FeedHealth, polls: Sequence[PollRecord], now: datetime) -> None:
    """All that is known of one feed, and its last polls."""
    console = stdout()
    state = f"[{_STYLES[row.state]}]{row.state.value}[/]"
    console.print(f"[bold]{escape(row.feed.name)}[/]: {state}: {escape(row.why)}")
    limit = f"; silent after {_length(row.silent_after)}" if row.silent_after else ""
    cadence = (
        f"every {_length(row.usual_gap)}, at most after {_length(row.long_gap)}"
        if row.usual_gap is not None and row.long_gap is not None
        else "not known yet"
    )
    facts = {
        "address": shown_url(row.feed.url),
        "moved to": shown_url(row.moved_to) if row.moved_to else "",
        "last answer": shown_time(row.last_success_at) or "never",
        "last new entry": shown_time(row.last_new_entry_at) or "never",
        "something new": cadence + limit,
        "failing since": shown_time(row.failing_since),
        "next poll": ": ".join(filter(None, (_next(row, now), row.next_poll_reason))),
    }
    for name, value in facts.items():
        if value:
            console.print(f"  [dim]{name:<16}[/]{escape(value)}")
    for poll in polls:
        console.print(f"  {_poll_line(poll)}")


def _poll_line(poll: PollRecord) -> str:
    when = shown_time(poll.at).removesuffix(" UTC")
    took = show_duration(poll.seconds)
    line = f"{when}  {poll.outcome.value:<9} {poll.status or '':>3} {took:>7} {poll.size:>9,} B"
    if poll.error:
        return f"{line}  [red]{escape(poll.error)}[/]"
    edited = f", {poll.edited} edited" if poll.edited else ""
    return f"{line}  {poll.entries} entries, {poll.new} new{edited}" if poll.entries else line


def _line(row: FeedHealth, width: int, now: datetime) -> str:
    name = _cut(row.feed.name, width)
    last = _length(now - row.last_new_entry_at) if row.last_new_entry_at else "never"
    usual = _length(row.usual_gap) if row.usual_gap is not None else "?"
    state = f"[{_STYLES[row.state]}]{row.state.value:<10}[/]"
    return f"{state}{escape(f'{name:<{width}}')}  {last:>8} {usual:>10}  {_next(row, now)}"


def _name_width(names: Sequence[str], most: int) -> int:
    return max(20, min(max(map(len, names), default=0), most))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _next(row: FeedHealth, now: datetime) -> str:
    if row.next_poll_at is None:
        left_alone = row.state in (HealthState.RETIRED, HealthState.DUPLICATE)
        return "" if left_alone else "at the next run"
    wait = row.next_poll_at - now
    return f"in {_length(wait)}" if wait > timedelta(0) else "at the next run"


def _length(length: timedelta) -> str:
    return show_duration(length.total_seconds())


def print_parsed_feed(url: str, parsed: ParsedFeed) -> None:
    """What `feeds test` found."""
    console = stdout()
    dated = sum(e.published is not None for e in parsed.entries)
    console.print(f"[bold]{escape(parsed.title or url)}[/]")
    console.print(f"{len(parsed.entries)} entries, {dated} of them dated")
    for entry in parsed.entries[:10]:
        when = shown_time(entry.published) if entry.published else "no date"
        console.print(f"  [dim]{when:<20}[/]  {escape(entry.title)}")
    if len(parsed.entries) > 10:
        console.print(f"  … and {len(parsed.entries) - 10} more")
