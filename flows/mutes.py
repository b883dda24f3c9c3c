"""Muting: what analysts do not want to hear of for a while. Every mute has an end."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.deliver import stable_id
from alerts.seen_stories import without_muted
from domain.alerting import Mute, MuteKind
from domain.condition_values import ConditionError, read_party
from domain.errors import InputError
from domain.settings_files import Configuration
from flows.run_context import Clock, utc_now
from storage.published import open_published, publish
from storage.run_lock import run_lock
from storage.store import open_store

LONGEST_MUTE = timedelta(days=366)
"""What should stay silent for longer belongs into the watch's condition."""


def add_mute(
    configuration: Configuration,
    kind: MuteKind,
    value: str,
    length: timedelta,
    *,
    note: str | None = None,
    clock: Clock = utc_now,
) -> Mute:
    """Mutes a story (by its id or the first digits of it), a party or a publisher for `length`, from now on. A second
    mute of the same replaces the first.

    Raises:
        InputError: there is no such story, the party is a country by name, or the length is out of bounds.
        RunInProgress: a run works on this database.
        StorageError: the database cannot be used.
    """
    if not timedelta(0) < length <= LONGEST_MUTE:
        msg = f"a mute lasts from a moment to {LONGEST_MUTE.days} days; beyond, change the watch's condition"
        raise InputError(msg)
    meant = _meant(configuration, kind, value)
    now = clock()
    mute = Mute(
        id=stable_id(kind, meant.casefold())[:12],
        kind=kind,
        value=meant,
        created_at=now,
        until=now + length,
        note=note,
    )
    database = configuration.settings.database
    with run_lock(database):
        with open_store(database) as store:
            store.add_mute(mute)
        publish(database)
    return mute


def touches_a_story(configuration: Configuration, mute: Mute) -> bool:
    """Whether a mute keeps back anything of a story that is stored: one that keeps back nothing may be
    misspelt.

    Raises:
        StorageError: no run has finished yet.
    """
    with open_published(configuration.settings.database) as queries:
        return any(without_muted(story, [mute]) != story for story in queries.stories())


def remove_mute(configuration: Configuration, start: str) -> Mute:
    """Ends the one mute whose id begins with `start`.

    Raises:
        InputError: none does, or several do.
        RunInProgress: a run works on this database.
        StorageError: the database cannot be used.
    """
    database = configuration.settings.database
    with run_lock(database):
        found = [
            m for m in current_mutes(configuration) if start and m.id.startswith(start.lower())
        ]
        if len(found) != 1:
            what = "no mute's id begins" if not found else "several mutes' ids begin"
            msg = f'{what} with "{start}"; `armswire mute list` lists them'
            raise InputError(msg)
        with open_store(database) as store:
            store.remove_mute(found[0].id)
        publish(database)
    return found[0]


def current_mutes(configuration: Configuration, now: datetime | None = None) -> list[Mute]:
    """The mutes that hold at `now` (None: all that are not removed), the one that ends first first.

    Raises:
        StorageError: no run has finished yet.
    """
    with open_published(configuration.settings.database) as queries:
        return queries.mutes(now)


def _meant(configuration: Configuration, kind: MuteKind, value: str) -> str:
    if kind is MuteKind.PARTY:
        try:
            return read_party(value, "party")
        except ConditionError as error:
            raise InputError(str(error)) from None
    if kind is MuteKind.PUBLISHER:
        return value.strip()
    with open_published(configuration.settings.database) as queries:
        ids = [story.id for story in queries.stories() if story.id.startswith(value.lower())]
    if not value or len(ids) != 1:
        what = "no story's id begins" if not ids else "several stories' ids begin"
        msg = f'{what} with "{value}"; `armswire alerts --json` tells them'
        raise InputError(msg)
    return ids[0]
