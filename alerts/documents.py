"""Alerts as JSON documents: what `armswire alerts --json` prints and webhooks are sent (docs/webhook.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alerts.timeline import timeline
from alerts.titles import title_of
from alerts.untrusted import clean, safe_link
from domain.alerting import Alert, Change, Delivery, Notice
from domain.mentions import reaction_to_dict, transfer_to_dict

SCHEMA = "armswire.message/1"
"""Grows with changes that a receiver must know of; new keys may come at any time."""


def message_document(delivery: Delivery) -> dict[str, Any]:
    """What a webhook is sent: one alert or one notice."""
    content = delivery.content
    alert = content if isinstance(content, Alert) else None
    return {
        "schema": SCHEMA,
        "type": "alert" if alert else "notice",
        "delivery": delivery.id,
        "message_id": delivery.message_id,
        "follows": delivery.thread_id,
        "title": title_of(alert.story) if alert else delivery.headline,
        "alert": _inert(alert_as_dict(alert)) if alert else None,
        "notice": _inert(_notice_as_dict(content)) if isinstance(content, Notice) else None,
    }


def _inert(value: Any) -> Any:
    """The document without control characters and overrides, and no link but to the web: who receives it may show it."""
    if isinstance(value, dict):
        return {
            key: (safe_link(each or "") or None) if key == "url" else _inert(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_inert(each) for each in value]
    return clean(value) if isinstance(value, str) else value


def _notice_as_dict(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "sender": notice.sender,
        "topic": notice.topic,
        "number": notice.number,
        "created_at": notice.created_at.isoformat(),
        "lines": list(notice.lines),
        "chart": notice.picture.text if notice.picture else None,
        "sections": [
            {"heading": section.heading, "lines": list(section.lines), "url": section.link}
            for section in notice.sections
        ],
        "footer": notice.footer,
    }


def alert_as_dict(alert: Alert) -> dict[str, Any]:
    """One alert."""
    story = alert.story
    return {
        "id": alert.id,
        "watch": alert.watch,
        "story": story.id,
        "version": alert.version,
        "created_at": alert.created_at.isoformat(),
        "headline": story.headline,
        "changes": _changes(alert.changes),
        "transfers": [transfer_to_dict(t.transfer) for t in story.transfers],
        "reactions": [reaction_to_dict(r.reaction) for r in story.reactions],
        "articles": [
            {
                "url": a.url,
                "title": a.title,
                "outlet": a.outlet,
                "published": a.published.isoformat() if a.published else None,
                "copy_of": a.copy_of,
            }
            for a in story.articles
        ],
        "timeline": [
            {
                "at": milestone.at.isoformat(),
                "outlet": milestone.article.outlet,
                "url": milestone.article.url,
                "changes": _changes(milestone.changes),
            }
            for milestone in timeline(story)
        ],
        "trade_register": [
            {
                "supplier": past.supplier,
                "recipient": past.recipient,
                "deals": past.deals,
                "first": past.first,
                "last": past.last,
                "latest": [{"weapon": weapon, "year": year} for weapon, year in past.latest],
            }
            for past in alert.background
        ],
    }


def _changes(changes: Sequence[Change]) -> list[dict[str, str]]:
    return [{"kind": change.kind.value, "text": change.text} for change in changes]
