"""The error tree. Every error a user can cause is an ArmswireError: the command line prints its text and no traceback.

ArmswireError
├── ConfigError        monitor.yaml, feeds.yaml or a lexicon is wrong: file, line, what to do
├── InputError         a file or text handed to a command is wrong
├── StorageError       the database cannot be used
│   ├── DatabaseBusy       another process holds it beyond the deadline
│   ├── DatabaseTooNew     written by a newer armswire
│   └── RunInProgress      another run holds the run lock
├── SecretMissing      a secret a channel names is set nowhere
└── PrefectUnreachable PREFECT_API_URL is set and nothing answers there
"""

from __future__ import annotations

from pathlib import Path


class ArmswireError(Exception):
    """What happened, to what, and what to do: one line, fit to be shown to a user."""


class ConfigError(ArmswireError):
    """A settings or lexicon file is wrong. `path` and `line` (from 1) say where, when known."""

    def __init__(self, message: str, *, path: Path | None = None, line: int | None = None) -> None:
        self.message = message
        self.path = path
        self.line = line
        where = "" if path is None else f"{path}: " if line is None else f"{path}:{line}: "
        super().__init__(where + message)


class InputError(ArmswireError):
    """A file, URL or text handed to a command cannot be used."""


class StorageError(ArmswireError):
    """The database cannot be used."""


class DatabaseBusy(StorageError):
    """Another process held the database for longer than the deadline."""


class DatabaseTooNew(StorageError):
    """The database was written by a newer version of armswire."""


class RunInProgress(StorageError):
    """Another run on this database is still going on."""


class SecretMissing(ConfigError):
    """A `${NAME}` in the settings is set neither in the environment nor as a Prefect Secret block."""


class PrefectUnreachable(ArmswireError):
    """A Prefect server is configured and does not answer."""
