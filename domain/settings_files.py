"""Reads monitor.yaml and feeds.yaml: what is wrong is told with file, line and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import SecretMissing
from domain.feeds_file import read_feeds
from domain.news import Feed
from domain.secret_texts import SecretLookup
from domain.settings import MonitorSettings
from domain.settings_channels import AtomChannel, ChannelSettings, secrets_of
from domain.settings_watches import DigestSettings, WatchSettings
from domain.yaml_source import Location, YamlSource, read_yaml, validate


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The settings and feeds of one monitor, every path absolute."""

    path: Path
    settings: MonitorSettings
    feeds: tuple[Feed, ...]
    source: YamlSource


def read_configuration(path: Path, canonical_url: Callable[[str], str]) -> Configuration:
    """Reads `path` (monitor.yaml) and the feeds file it names; relative paths count from the folder of `path`.

    `canonical_url` gives the identity of a feed's address, so that one feed cannot be configured twice.

    Raises:
        ConfigError: at the first thing wrong in either file.
    """
    path = path.absolute()
    source = read_yaml(path)
    if source.data is None:
        raise source.error("is empty; `armswire init` writes a starter configuration")
    settings = validate(MonitorSettings, source)
    _check_names_and_channels(settings, source)
    folder = path.parent
    settings = settings.model_copy(
        update={
            "database": folder / settings.database,
            "feeds": folder / settings.feeds,
            "channels": {
                name: _located(channel, folder) for name, channel in settings.channels.items()
            },
            "context": settings.context.model_copy(
                update={"sipri": settings.context.sipri and folder / settings.context.sipri}
            ),
            "detection": settings.detection.model_copy(
                update={"lexicon": tuple(folder / p for p in settings.detection.lexicon)}
            ),
        }
    )
    feeds = read_feeds(settings.feeds, canonical_url)
    return Configuration(path=path, settings=settings, feeds=feeds, source=source)


def check_secrets(configuration: Configuration, lookup: SecretLookup) -> None:
    """Resolves every secret of the channels that watches and ops use, so that a run fails before it starts, not at the end.

    Raises:
        SecretMissing: with the line of the channel.
    """
    settings = configuration.settings
    sends = [
        *(watch.send for watch in settings.watches),
        *(digest.send for digest in settings.digests),
        settings.health.send,
    ]
    used = {name for send in sends for name in send}
    for name, channel in settings.channels.items():
        for field, secret in secrets_of(channel):
            if name not in used:
                continue
            try:
                secret.resolve(lookup, used_by=f"channel {name}")
            except SecretMissing as error:
                location: Location = ("channels", name, field)
                line = configuration.source.line_of(location)
                raise SecretMissing(error.message, path=configuration.path, line=line) from None


def _located(channel: ChannelSettings, folder: Path) -> ChannelSettings:
    if not isinstance(channel, AtomChannel):
        return channel
    return channel.model_copy(update={"path": folder / channel.path})


def _check_names_and_channels(settings: MonitorSettings, source: YamlSource) -> None:
    tellers: dict[str, Sequence[WatchSettings | DigestSettings]] = {
        "watches": settings.watches,
        "digests": settings.digests,
    }
    for key, named in tellers.items():
        what = "watch" if key == "watches" else "digest"
        seen: set[str] = set()
        for index, one in enumerate(named):
            if one.name in seen:
                raise source.error(f'two {key} are named "{one.name}"', (key, index, "name"))
            seen.add(one.name)
            who = f'{what} "{one.name}"'
            _check_channels(settings, source, who, one.send, (key, index, "send"))
    watches = {watch.name for watch in settings.watches}
    for index, digest in enumerate(settings.digests):
        for name in digest.watches:
            if name not in watches:
                message = f'digest "{digest.name}" tells of "{name}", which is no watch'
                raise source.error(message, ("digests", index, "watches"))
    for index, watch in enumerate(settings.watches):
        told = any(not d.watches or watch.name in d.watches for d in settings.digests)
        if watch.mode == "digest" and not told:
            message = f'watch "{watch.name}" is kept for digests, and no digest tells it; add one under digests'
            raise source.error(message, ("watches", index, "mode"))
    _check_channels(settings, source, "health", settings.health.send, ("health", "send"))


def _check_channels(
    settings: MonitorSettings, source: YamlSource, who: str, send: tuple[str, ...], at: Location
) -> None:
    for channel in send:
        if channel not in settings.channels:
            known = ", ".join(settings.channels) or "none is configured"
            message = f'{who} sends to "{channel}", which is no channel; channels: {known}'
            raise source.error(message, at)
