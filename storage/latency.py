"""How long each message's news was on its way."""

from __future__ import annotations

from datetime import datetime

from domain.latency import SentMessage
from storage.connection import Connection, fetch

# An alert's news is what was stored, or stored anew after an edit, in the transaction that made it.
# Of several articles in one alert the first seen counts.
_SENT = """
SELECT
    min(
        CASE
            WHEN articles.edited_at = alerts.created_at THEN entries.edited_at
            ELSE entries.first_seen_at
        END
    ) AS seen_at,
    alerts.created_at AS alerted_at,
    deliveries.sent_at
FROM deliveries
JOIN alerts ON alerts.id = deliveries.alert_id
JOIN articles
  ON articles.story_id = alerts.story_id
 AND alerts.created_at IN (articles.stored_at, articles.edited_at)
JOIN entries
  ON entries.url = articles.url
  OR (entries.feed = articles.feed AND ends_with(articles.url, '#' || entries.key))
WHERE deliveries.kind = 'alert'
  AND deliveries.state = 'sent'
  AND ($watch IS NULL OR deliveries.watch = $watch)
  AND ($since IS NULL OR deliveries.sent_at >= $since::TIMESTAMPTZ)
GROUP BY deliveries.id, alerts.created_at, deliveries.sent_at
HAVING seen_at IS NOT NULL
ORDER BY deliveries.sent_at, deliveries.id
"""


def sent_messages(
    connection: Connection, *, watch: str | None = None, since: datetime | None = None
) -> list[SentMessage]:
    """Alerts that reached a recipient, at `since` or later, the first sent first. What no feed
    brought (backfill, an accepted proposal) has no time of its own and is left out."""
    rows = fetch(connection, _SENT, watch=watch, since=since)
    return [SentMessage(**row) for row in rows]
