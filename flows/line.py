"""The whole line, once: feeds are polled, entries processed, alerts delivered, and the copy for readers published.

The three stages are parameters so that Prefect (flows/monitor.py) can run them as tasks and the command line as they are.
The database is the queue between them: a run killed anywhere is finished by the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import uuid4

from domain.latency import latency_of
from domain.secret_texts import SecretLookup, from_environment
from domain.settings_files import Configuration, check_secrets
from flows.delivery import deliver_pending
from flows.digest import make_due_digests
from flows.health import tell_of_drift, watch_over_feeds
from flows.poll import poll_feeds
from flows.process import process_pending
from flows.reports import DeliveryReport, PollReport, ProcessReport, RunReport
from flows.run_context import Clock, Progress, RunContext, no_progress, run_alone, utc_now
from storage.published import publish
from storage.records import Run
from storage.store import open_store


def run_line(
    configuration: Configuration,
    *,
    only: Collection[str] = (),
    poll: Callable[[RunContext, Collection[str]], PollReport] = poll_feeds,
    process: Callable[[RunContext], ProcessReport] = process_pending,
    deliver: Callable[[RunContext], DeliveryReport] = deliver_pending,
    clock: Clock = utc_now,
    secrets: SecretLookup = from_environment,
    progress: Progress = no_progress,
) -> RunReport:
    """One run. `only` names the feeds to poll; empty means all that are due.

    Raises:
        ConfigError: a channel's secret is set nowhere (before anything is fetched).
        RunInProgress: another run works on this database.
        StorageError: the database cannot be used.
    """
    settings = configuration.settings
    check_secrets(configuration, secrets)
    with run_alone(configuration, clock=clock, secrets=secrets, progress=progress) as run:
        started = clock()
        polled = poll(run, only)
        processed = process(run)
        health = watch_over_feeds(run)
        tell_of_drift(run, processed.drift)
        make_due_digests(run)
        delivered = deliver(run)
        with open_store(settings.database) as store:
            sent = store.sent_messages(started)
        report = RunReport(
            started_at=started,
            finished_at=clock(),
            poll=polled,
            process=processed,
            delivery=delivered,
            health=health,
            latency=latency_of(sent),
        )
        with open_store(settings.database) as store:
            store.record_run(_run_of(report))
            store.pages.forget(report.finished_at - settings.pages.keep)
        publish(settings.database)
        return report


def _run_of(report: RunReport) -> Run:
    """What the database remembers of a run."""
    return Run(
        id=uuid4().hex,
        started_at=report.started_at,
        finished_at=report.finished_at,
        outcome=report.counts(),
    )
