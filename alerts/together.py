"""Alerts that waited because their watch is throttled, told in one message. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts.deliver import delivery_beside, stable_id
from alerts.messages import view_for
from alerts.notices import notice
from domain.alerting import Delivery, Section


def told_together(waiting: Sequence[Delivery], now: datetime) -> Delivery:
    """One delivery that tells what all of `waiting` (alerts of one watch to one recipient) tell, in
    brief. The same, however often it is made of the same."""
    first = waiting[0]
    # A topic of its own: the next such message must not take the place of this one.
    topic = stable_id("together", *(delivery.id for delivery in waiting))
    told = notice(
        first.sender,
        topic,
        1,
        f"{len(waiting)} alerts of watch {first.sender}",
        ["They came faster than the watch's throttle lets them be told one by one."],
        now,
        sections=[_section(delivery) for delivery in waiting],
    )
    return delivery_beside(first, told)


def _section(delivery: Delivery) -> Section:
    view = view_for(delivery)
    newest = view.articles[0] if view.articles else None
    source = [f"{newest.outlet}, {newest.time}: {newest.title}"] if newest else []
    return Section(
        heading=f"{view.kind}: {view.title}",
        lines=(*view.changes, *source),
        link=newest.link if newest else None,
    )
