"""The `monitor` flow: the line of flows/line.py as three coarse Prefect tasks.

    poll      due feeds -> pending entries          (network)
    process   pending entries -> articles, alerts   (network, all cores)
    deliver   outbox -> email, Slack                (network)

Coarse on purpose: the database is the queue between the stages and remembers every entry and delivery, so a retried or
restarted task goes on where the last one stopped, at no cost per article.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows.artifacts import show_run
from flows.configuration import load_configuration
from flows.delivery import deliver_pending
from flows.line import run_line
from flows.poll import poll_feeds
from flows.process import process_pending
from flows.reports import DeliveryReport, PollReport, ProcessReport
from flows.run_context import RunContext
from flows.secret_blocks import from_environment_or_block


@task(retries=2, retry_delay_seconds=[5, 30], timeout_seconds=900, cache_policy=NO_CACHE)
def poll(run: RunContext, only: Collection[str]) -> PollReport:
    """Fetches the feeds that are due and stores their new entries as pending."""
    return poll_feeds(run, only)


@task(retries=2, retry_delay_seconds=[5, 30], timeout_seconds=3600, cache_policy=NO_CACHE)
def process(run: RunContext) -> ProcessReport:
    """Turns pending entries into articles, mentions, stories and alerts."""
    return process_pending(run)


@task(retries=2, retry_delay_seconds=[5, 30], timeout_seconds=900, cache_policy=NO_CACHE)
def deliver(run: RunContext) -> DeliveryReport:
    """Sends what the outbox holds."""
    return deliver_pending(run)


@flow(log_prints=False, timeout_seconds=5400, validate_parameters=True)
def monitor(
    config: Annotated[
        Path, Field(description="monitor.yaml, an absolute path for a worker")
    ] = Path("monitor.yaml"),
    only: Annotated[
        list[str] | None,
        Field(description="Names of the feeds to poll now, due or not; empty: all that are due"),
    ] = None,
) -> dict[str, int]:
    """Polls the feeds, reads the news, and alerts analysts to arms transfers and official reactions.

    Returns counts: feeds, failed, entries, articles, relevant, alerts, sent.
    """
    report = run_line(
        load_configuration(config),
        only=only or (),
        poll=poll,
        process=process,
        deliver=deliver,
        secrets=from_environment_or_block,
    )
    return show_run(report)
