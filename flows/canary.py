"""The canary: one article of the sample newsroom travels the whole line, so that silence is proven to be silence.

It is served on loopback, polled, read, detected, matched and delivered by the code of every run, with the monitor's own
detection settings, in a database of its own that is gone afterwards: nothing of the analysts' is touched. It is delivered
to sinks on this machine or, when asked, to the channels that are configured, marked as a test.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.alerting import TEST_WATCH, DeliveryState
from domain.errors import ArmswireError, ConfigError
from domain.news import PollOutcome
from domain.settings_files import Configuration, check_secrets
from flows.delivery import deliver_pending
from flows.demo.newsroom import load_newsroom
from flows.demo.outlets import Newsroom
from flows.demo.stage import Stage, demo_stage
from flows.poll import poll_feeds
from flows.process import process_pending
from flows.reports import DeliveryReport, PollReport, ProcessReport
from flows.run_context import RunContext, utc_now
from flows.secret_blocks import secrets_at_hand
from flows.workers import Workers

ARTICLE = "patriot-export-decision"
_SUPPLIER = "JP"


@dataclass(frozen=True, kw_only=True)
class Station:
    """One station of the line: whether the canary came through, in words how, and the seconds it took (None where it
    was not timed by itself)."""

    name: str
    ok: bool
    text: str
    seconds: float | None = None


def send_canary(configuration: Configuration, *, for_real: bool) -> Iterator[Station]:
    """Sends the canary down the line and yields each station as it is reached; none comes after the first that failed,
    but for the other channels. `for_real`: through the configured channels, else into sinks on this machine.

    Raises:
        ConfigError: no channel is configured to send to.
        SecretMissing: a channel's secret is set nowhere.
    """
    if for_real:
        if not configuration.settings.channels:
            msg = "no channel is configured; add one under channels:"
            raise ConfigError(msg, path=configuration.path)
        check_secrets(_watched(configuration), secrets_at_hand())
    watch = {"name": TEST_WATCH, "when": {"supplier": _SUPPLIER}, "send": ["desk", "analysts"]}
    with (
        TemporaryDirectory(prefix="armswire-canary-") as folder,
        demo_stage(Path(folder), _newsroom(), [watch]) as stage,
    ):
        monitor = _monitor(configuration, stage, for_real=for_real)
        secrets = secrets_at_hand() if for_real else stage.secrets.get
        detection = monitor.settings.detection
        with Workers(count=1, lexicons=detection.lexicon) as workers:
            run = RunContext(monitor, workers, secrets=secrets)
            yield from _until_one_fails(
                lambda: _poll(poll_feeds(run)),
                lambda: _process(process_pending(run)),
                lambda: _deliver(deliver_pending(run)),
            )


def _newsroom() -> Newsroom:
    whole = load_newsroom(utc_now())
    [article] = [article for article in whole.collection if article.slug == ARTICLE]
    return Newsroom(start=whole.start, outlets=(article.outlet,), collection=(article,))


def _watched(configuration: Configuration) -> Configuration:
    """The monitor as if a watch sent to each of its channels."""
    health = configuration.settings.health.model_copy(
        update={"send": tuple(configuration.settings.channels)}
    )
    settings = configuration.settings.model_copy(update={"health": health})
    return replace(configuration, settings=settings)


def _monitor(configuration: Configuration, stage: Stage, *, for_real: bool) -> Configuration:
    """The stage's monitor with what is to be tested of the user's: detection, and the channels."""
    theirs, ours = configuration.settings, stage.configuration.settings
    changes: dict[str, object] = {"detection": theirs.detection}
    if for_real:
        [watch] = ours.watches
        # Whoever asks for a test does not wait for the morning.
        changes["channels"] = {
            name: channel.model_copy(update={"quiet": None})
            for name, channel in theirs.channels.items()
        }
        changes["delivery"] = theirs.delivery
        changes["watches"] = (watch.model_copy(update={"send": tuple(theirs.channels)}),)
        private = dict.fromkeys((*ours.fetch.allow_private, *theirs.fetch.allow_private))
        changes["fetch"] = ours.fetch.model_copy(update={"allow_private": tuple(private)})
    return replace(stage.configuration, settings=ours.model_copy(update=changes))


def _until_one_fails(*stages: Callable[[], Iterator[Station]]) -> Iterator[Station]:
    for stage in stages:
        started = time.monotonic()
        try:
            stations = list(stage())
        except ArmswireError as error:
            yield Station(name="the run", ok=False, text=str(error))
            return
        seconds = time.monotonic() - started
        for number, station in enumerate(stations):
            yield replace(station, seconds=seconds) if number == 0 else station
        if not all(station.ok for station in stations):
            return


def _poll(report: PollReport) -> Iterator[Station]:
    [row] = report.feeds
    ok = row.outcome is PollOutcome.NEW and row.new == 1
    text = (
        "its feed was polled and the entry stored"
        if ok
        else row.note or f"its feed is {row.outcome}"
    )
    yield Station(name="poll", ok=ok, text=text)


def _process(report: ProcessReport) -> Iterator[Station]:
    notes = ", ".join(report.notes) or "no article came out"
    read = report.articles == 1 and not report.partial
    yield Station(name="read", ok=read, text="its page was read in full" if read else notes)
    if not read:
        return
    found = report.relevant == 1
    text = "a transfer was found in it" if found else "detection found no transfer in it"
    yield Station(name="detect", ok=found, text=text)
    if not found:
        return
    told = len(report.alerts) == 1
    text = "a story was made and the watch matched" if told else "the watch did not match its story"
    yield Station(name="match", ok=told, text=text)


def _deliver(report: DeliveryReport) -> Iterator[Station]:
    if not report.deliveries:
        yield Station(name="deliver", ok=False, text="nothing was in the outbox")
    for row in report.deliveries:
        sent = row.state is DeliveryState.SENT
        whom = row.channel if row.recipient == row.channel else f"{row.channel}, {row.recipient}"
        text = f"sent to {whom}" if sent else f"{row.state.value} to {whom}: {row.note}"
        yield Station(name="deliver", ok=sent, text=text)
