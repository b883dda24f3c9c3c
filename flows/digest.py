"""Digests: made when they are due, once a period, and put into the outbox in the transaction that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.deliver import deliveries_for
from alerts.digest_chart import count, render
from alerts.digests import digest_of, due_period, period_start, watches_of
from domain.alerting import Notice
from domain.errors import InputError
from domain.latency import latency_of
from domain.settings import MonitorSettings
from domain.settings_files import Configuration
from domain.settings_watches import DigestSettings
from flows.run_context import Clock, RunContext, utc_now
from storage.published import publish
from storage.run_lock import run_lock
from storage.store import open_store


@dataclass(frozen=True, kw_only=True)
class Digest:
    """A digest with the period it tells and how many alerts it holds."""

    settings: DigestSettings
    start: datetime
    until: datetime
    alerts: int
    notice: Notice


def make_due_digests(run: RunContext) -> list[Digest]:
    """Puts every digest that is due into the outbox. Harmless when repeated: a period is told once.

    Raises:
        StorageError: the database cannot be used.
    """
    made: list[Digest] = []
    for digest in run.settings.digests:
        now = run.clock()
        with open_store(run.settings.database) as store:
            period = due_period(digest, store.last_digest(digest.name), now)
        if period is not None:
            written = _written(run.settings, digest, *period, now)
            if _put_into_outbox(run.settings, written, now):
                made.append(written)
    return made


def find_digest(configuration: Configuration, name: str) -> DigestSettings:
    """The digest of that name.

    Raises:
        InputError: there is none.
    """
    for digest in configuration.settings.digests:
        if digest.name == name:
            return digest
    known = ", ".join(d.name for d in configuration.settings.digests) or "none is configured"
    msg = f'no digest is named "{name}"; digests: {known}'
    raise InputError(msg)


def digest_so_far(
    configuration: Configuration, digest: DigestSettings, *, send: bool, clock: Clock = utc_now
) -> Digest:
    """What `digest` has to tell since the last one, up to now. `send`: puts it into the outbox, for the next run to
    deliver, and the next digest begins where this one ends; one without alerts is not sent.

    Raises:
        RunInProgress: a run works on this database.
        StorageError: the database cannot be used.
    """
    settings, now = configuration.settings, clock()
    with run_lock(settings.database):
        with open_store(settings.database) as store:
            last = store.last_digest(digest.name)
        written = _written(settings, digest, period_start(digest, last, now), now, now)
        if send and written.alerts:
            _put_into_outbox(settings, written, now)
            publish(settings.database)
    return written


def _written(
    settings: MonitorSettings,
    digest: DigestSettings,
    start: datetime,
    until: datetime,
    now: datetime,
) -> Digest:
    watches = watches_of(digest, settings.watches)
    with open_store(settings.database) as store:
        alerts = store.digest_alerts(watches, start, until)
        latency = latency_of(store.sent_messages(start))
    stories = {alert.story.id: alert.story for alert in alerts}
    counts = count(stories.values(), start, until, digest.timezone)
    notice = digest_of(
        digest,
        alerts,
        start,
        until,
        now,
        counts=counts,
        png=render(counts),
        footer=latency.words if latency else None,
    )
    return Digest(settings=digest, start=start, until=until, alerts=len(alerts), notice=notice)


def _put_into_outbox(settings: MonitorSettings, digest: Digest, now: datetime) -> bool:
    """Whether the period was not told before. A digest of nothing is only noted, unless it is asked for."""
    tells = bool(digest.alerts) or digest.settings.empty
    send: Sequence[str] = digest.settings.send if tells else ()
    with open_store(settings.database) as store, store.transaction():
        if not store.add_digest(digest.settings.name, digest.until, now):
            return False
        store.ledger.add(deliveries_for(digest.notice, send, settings.channels), now)
    return tells
