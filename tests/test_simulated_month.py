"""A month of polling two hundred feeds with outages, bad manners and lies: what is missed, how often anybody is asked, and
whether the health report tells the truth."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path

from domain.health import TOLD_TO_OPS
from extractors.fetch.lifecycle import address_of, is_retired
from extractors.fetch.politeness import BACK_OFF
from storage.connection import connect
from storage.store import open_store
from tests.simulated_month import LONGEST, OUR_OUTAGE, TICK, Month
from tests.simulated_sources import DAY, DAYS, END, GONE, HOUR, Outage, Source, two_hundred


def test_a_month_of_two_hundred_feeds(tmp_path: Path) -> None:
    """The claims below, of one simulation."""
    database = tmp_path / "monitor.duckdb"
    open_store(database).close()
    connection = connect(database, deadline=5.0)
    month = Month(sources=two_hundred(seed=7))
    asyncio.run(month.pass_by(connection))
    connection.close()
    _no_entry_is_missed_that_could_be_had(month)
    _nobody_is_asked_too_often(month)
    _the_health_report_names_whom_it_should_and_nobody_else(month)
    _moves_and_ends_are_remembered(month)


def _no_entry_is_missed_that_could_be_had(month: Month) -> None:
    """Every entry that a feed listed for longer than any wait in order, while it could be had, was taken in; after an
    outage the longest wait is the back-off's."""
    lost = [
        (source.feed.name, entry)
        for source in month.sources
        for entry in month.missed[source.feed.key]
        if _could_be_had(month, source, entry)
    ]
    assert lost == []
    published = sum(source.listed(END) for source in month.sources)
    assert sum(month.seen.values()) > 0.95 * published
    assert sum(len(missed) for missed in month.missed.values()) < 0.01 * published


def _could_be_had(month: Month, source: Source, entry: int) -> bool:
    start = source.times[entry]
    pushed_out = entry + source.window
    end = source.times[pushed_out] if pushed_out < len(source.times) else END
    away = sorted(
        (o for o in (*source.outages, *month.paused[source.host], OUR_OUTAGE) if o.end > start),
        key=lambda outage: outage.start,
    )
    wait = max(LONGEST, source.patience)
    for outage in away:
        if min(outage.start, end) - start > wait:
            return True
        start = max(start, outage.end)
        wait = max(LONGEST, source.patience, _longest_back_off(outage))
    return end - start > wait


def _longest_back_off(outage: Outage) -> float:
    kind = outage.trouble[0]
    _, most = BACK_OFF[kind]
    return most.total_seconds() + TICK


def _nobody_is_asked_too_often(month: Month) -> None:
    """Requests to one host lie a second apart; nobody is asked in a pause; a server that allows three requests an hour
    is seldom brought to say so; a feed costs some thirty requests a day."""
    assert month.too_close == []
    assert month.asked_in_a_pause == []
    busy = [source.feed.key for source in month.sources if source.per_hour]
    refused = sum(month.refusals[key] for key in busy)
    assert 0 < refused < sum(month.polls[key] for key in busy) / 10
    assert sum(month.polls.values()) < 40 * DAYS * len(month.sources)


def _the_health_report_names_whom_it_should_and_nobody_else(month: Month) -> None:
    """At the month's end exactly the feeds that are gone, fail or have fallen silent; on no day one that was well, and
    on some day each that was out of order for a day or longer."""
    ill = {
        source.feed.name for source in month.sources if source.outage(END) or source.falls_silent
    }
    last = month.reports[-1]
    assert {s.feed.name for s in month.sources if last[s.feed.key] in TOLD_TO_OPS} == ill
    told: defaultdict[str, list[float]] = defaultdict(list)
    for day, report in enumerate(month.reports, start=1):
        for key, state in report.items():
            if state in TOLD_TO_OPS:
                told[key].append(day * DAY)
    wrong = [
        (s.feed.name, at / DAY)
        for s in month.sources
        for at in told[s.feed.key]
        if not _was_ill(s, at)
    ]
    assert wrong == []
    unnoticed = [
        source.feed.name
        for source in month.sources
        for outage in source.outages
        if outage.end - outage.start > DAY + 6 * HOUR
        and not any(outage.start <= at <= outage.end for at in told[source.feed.key])
    ]
    assert unnoticed == []


def _was_ill(source: Source, at: float) -> bool:
    """Whether a report at that time may name it: in an outage, or until it is asked again after one; or silent."""
    if source.falls_silent and at > source.times[-1]:
        return True
    return any(o.start <= at <= o.end + _longest_back_off(o) for o in source.outages)


def _moves_and_ends_are_remembered(month: Month) -> None:
    """Who moved is asked at the new address, also when the old one is gone; who said 410 is retired."""
    for source in month.sources:
        state = month.states[source.feed.key]
        assert address_of(source.feed, state) == (source.moves_to or source.feed.url)
        gone = source.outage(END)
        assert is_retired(source.feed, state) == (gone is not None and gone.trouble == GONE)
