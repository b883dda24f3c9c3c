"""What the user's own trade register says beside an alert (`context: {sipri: file}`)."""

from __future__ import annotations

from dataclasses import replace

from domain.alerting import Alert, Delivery, PastDeals, Story
from domain.countries import country_names
from domain.errors import InputError
from domain.settings_files import Configuration
from extractors.trade_register import TradeRegister, parse_register
from storage.records import ProcessedBatch

MOST_PAIRS = 3
"""Pairs of states that an alert tells the past of."""


def load_register(configuration: Configuration) -> TradeRegister | None:
    """The register that the configuration names; None where it names none.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    path = configuration.settings.context.sipri
    if path is None:
        return None
    try:
        return TradeRegister(parse_register(path.read_bytes(), path))
    except OSError as error:
        problem = f"{path}: cannot be read: {error.strerror}"
    except InputError as error:
        problem = str(error)
    raise configuration.source.error(problem, ("context", "sipri"))


def with_background(batch: ProcessedBatch, register: TradeRegister | None) -> ProcessedBatch:
    """The batch, its alerts telling what the register lists of their parties."""
    if register is None:
        return batch
    told = {alert.id: _told(alert, register) for alert in batch.alerts}
    return replace(
        batch,
        alerts=list(told.values()),
        deliveries=[_about(delivery, told) for delivery in batch.deliveries],
    )


def _told(alert: Alert, register: TradeRegister) -> Alert:
    return replace(alert, background=past_deals(alert.story, register))


def _about(delivery: Delivery, told: dict[str, Alert]) -> Delivery:
    return replace(delivery, content=told.get(delivery.content.id, delivery.content))


def past_deals(story: Story, register: TradeRegister) -> tuple[PastDeals, ...]:
    """What the register lists between the states of the story's transfers, each pair once."""
    states = country_names()
    pairs = dict.fromkeys(
        (told.transfer.supplier, told.transfer.recipient) for told in story.transfers
    )
    found = [
        register.between(supplier, recipient)
        for supplier, recipient in pairs
        if supplier in states and recipient in states and len(supplier) == len(recipient) == 2
    ]
    return tuple(found[:MOST_PAIRS])
