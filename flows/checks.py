"""Is a configuration ready to run? One finding a thing, each saying what to do."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from domain.errors import ArmswireError, ConfigError, PrefectUnreachable, SecretMissing
from domain.secret_texts import from_environment
from domain.settings import MonitorSettings
from domain.settings_channels import AppriseChannel, AtomChannel, ChannelSettings, secrets_of
from domain.settings_files import Configuration
from flows.background import load_register
from flows.configuration import load_configuration
from storage.rows import DisabledChannel


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing checked. `text` says how it stands or what to do."""

    what: str
    ok: bool
    text: str


def check_everything(path: Path) -> list[Finding]:
    """Checks the configuration at `path`, its database, channels and Prefect, in this order.

    A configuration that cannot be read is the only finding: nothing else can be checked then.
    """
    try:
        configuration = load_configuration(path)
    except ConfigError as error:
        return [Finding(what="configuration", ok=False, text=str(error))]
    return [
        _configuration(configuration),
        _database(configuration.settings.database),
        *_channels(configuration),
        *_gone(configuration.settings.database),
        _ops(configuration.settings),
        _prefect(),
    ]


def _configuration(configuration: Configuration) -> Finding:
    settings = configuration.settings
    try:
        load_register(configuration)
    except ConfigError as error:
        return Finding(what="configuration", ok=False, text=str(error))
    counted = (
        f"{len(configuration.feeds)} feeds, {len(settings.watches)} watches, "
        f"{len(settings.channels)} channels"
    )
    if not configuration.feeds:
        text = f"{settings.feeds}: no feed is enabled; add a row with url and name"
        return Finding(what="configuration", ok=False, text=text)
    if not settings.watches:
        text = f"{configuration.path}: no watch, so nothing would alert; add one under watches:"
        return Finding(what="configuration", ok=False, text=text)
    return Finding(what="configuration", ok=True, text=counted)


def _database(path: Path) -> Finding:
    from storage.store import open_store

    if not path.exists():
        folder = next(p for p in path.parents if p.exists())
        if not os.access(folder, os.W_OK):
            text = f"{folder} is not writable; the database {path} cannot be made"
            return Finding(what="database", ok=False, text=text)
        return Finding(what="database", ok=True, text=f"{path} will be made by the first run")
    try:
        with open_store(path, deadline=5.0) as store:
            pending = store.count_pending()
    except ArmswireError as error:
        return Finding(what="database", ok=False, text=str(error))
    return Finding(what="database", ok=True, text=f"{path}: {pending} entries pending")


def _ops(settings: MonitorSettings) -> Finding:
    if settings.health.send:
        text = f"{', '.join(settings.health.send)} hear when feeds fail or fall silent"
    else:
        text = "nobody hears when feeds fail or fall silent: name channels in health: {send: […]}"
    return Finding(what="ops", ok=True, text=text)


def _channels(configuration: Configuration) -> Iterator[Finding]:
    for name, channel in configuration.settings.channels.items():
        yield _channel(f"channel {name}", channel)


def _gone(path: Path) -> list[Finding]:
    """The channels that were disabled. A database that cannot be used is told of elsewhere."""
    from storage.store import open_store

    disabled: list[DisabledChannel] = []
    if path.exists():
        with suppress(ArmswireError), open_store(path, deadline=5.0) as store:
            disabled = store.ledger.disabled()
    return [
        Finding(
            what=f"channel {gone.channel} is disabled",
            ok=False,
            text=f"{gone.reason}; {gone.waiting} messages wait: `armswire deliveries enable {gone.channel}`",
        )
        for gone in disabled
    ]


def _channel(what: str, channel: ChannelSettings) -> Finding:
    try:
        secrets = {
            field: secret.resolve(from_environment, used_by="it")
            for field, secret in secrets_of(channel)
        }
    except SecretMissing as error:
        return Finding(what=what, ok=False, text=error.message)
    if isinstance(channel, AtomChannel):
        folder = next(p for p in channel.path.parents if p.exists())
        ok = os.access(folder, os.W_OK)
        return Finding(what=what, ok=ok, text=f"{folder} is {'' if ok else 'not '}writable")
    if isinstance(channel, AppriseChannel):
        return Finding(what=what, ok=True, text=f"{len(channel.url)} URLs are set")
    dialled = [secrets[field] for field in ("smtp", "webhook", "url") if field in secrets]
    return _reachable(what, dialled[0] if dialled else getattr(channel, "api", ""))


def _reachable(what: str, address: str) -> Finding:
    """Whether something listens at `address`, which holds a secret: only its host is shown."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        text = "its secret is no address; smtp://user:password@host:587 or https://… is expected"
        return Finding(what=what, ok=False, text=text)
    port = port or {"https": 443, "http": 80, "smtps": 465}.get(parts.scheme, 25)
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        text = f"{host}:{port} cannot be reached: {error.strerror or error}"
        return Finding(what=what, ok=False, text=text)
    return Finding(what=what, ok=True, text=f"{host}:{port} answers")


def require_prefect() -> None:
    """Makes sure that the Prefect server which PREFECT_API_URL names answers.

    Raises:
        PrefectUnreachable: it does not.
    """
    finding = _prefect()
    if not finding.ok:
        msg = f"Prefect: {finding.text}; start it, or unset PREFECT_API_URL to run without it"
        raise PrefectUnreachable(msg)


def _prefect() -> Finding:
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        text = "no PREFECT_API_URL: `armswire run` works without Prefect"
        return Finding(what="Prefect", ok=True, text=text)
    parts = urlsplit(url)
    return _reachable("Prefect", f"{parts.scheme}://{parts.hostname}:{parts.port or 4200}")
