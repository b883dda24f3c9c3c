"""What every stage of a run is given: configuration, workers, clock, secrets, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol

from domain.secret_texts import SecretLookup, from_environment
from domain.settings import MonitorSettings
from domain.settings_files import Configuration
from extractors.fetch.hosts import Hosts
from flows.background import load_register
from flows.workers import Workers
from storage.run_lock import run_lock

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of real runs."""
    return datetime.now(UTC)


class Progress(Protocol):
    """Told how far a stage has come. `total` of a stage may grow."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` pieces of `stage` are finished."""


def no_progress(stage: str, done: int, total: int) -> None:
    """For runs that nobody watches."""


class RunContext:
    """One run's surroundings. A plain class, so that Prefect hands it to tasks as it is."""

    def __init__(
        self,
        configuration: Configuration,
        workers: Workers,
        *,
        clock: Clock = utc_now,
        secrets: SecretLookup = from_environment,
        progress: Progress = no_progress,
    ) -> None:
        self.configuration = configuration
        self.workers = workers
        self.clock = clock
        self.secrets = secrets
        self.progress = progress
        self.register = load_register(configuration)
        self.hosts = Hosts(configuration.settings.fetch.per_host, now=clock)

    @property
    def settings(self) -> MonitorSettings:
        """The settings of monitor.yaml."""
        return self.configuration.settings


@contextmanager
def run_alone(
    configuration: Configuration,
    *,
    clock: Clock = utc_now,
    secrets: SecretLookup = from_environment,
    progress: Progress = no_progress,
) -> Iterator[RunContext]:
    """A run that has its database to itself, with as many workers as the settings say.

    Raises:
        RunInProgress: another run works on this database.
        StorageError: the database cannot be used.
    """
    settings = configuration.settings
    with (
        run_lock(settings.database),
        Workers(count=settings.workers, lexicons=settings.detection.lexicon) as workers,
    ):
        yield RunContext(configuration, workers, clock=clock, secrets=secrets, progress=progress)
