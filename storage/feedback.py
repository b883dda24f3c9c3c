"""What analysts said of alerts."""

from __future__ import annotations

from domain.alerting import Alert
from domain.feedback import Feedback, Field, Verdict
from storage.connection import Connection, Row, append, fetch
from storage.outbox import alert_from

_NAMED = "SELECT * FROM alerts WHERE starts_with(id, $start) ORDER BY id LIMIT 2"
_JUDGED = """
SELECT alerts.*, given_at, verdict, fields, note
FROM feedback
JOIN alerts ON alerts.id = feedback.alert_id
QUALIFY row_number() OVER (PARTITION BY alert_id ORDER BY given_at DESC) = 1
ORDER BY given_at, alert_id
"""


def add_feedback(connection: Connection, feedback: Feedback) -> None:
    """Keeps a verdict beside the earlier ones on the same alert."""
    row = {
        "alert_id": feedback.alert,
        "given_at": feedback.given_at,
        "verdict": feedback.verdict,
        "fields": [field.value for field in feedback.fields],
        "note": feedback.note,
    }
    append(connection, "feedback", [row])


def alerts_named(connection: Connection, start: str) -> list[Alert]:
    """The alerts whose id begins with `start`, two at most."""
    return [alert_from(row) for row in fetch(connection, _NAMED, start=start)]


def judged_alerts(connection: Connection) -> list[tuple[Alert, Feedback]]:
    """Every alert that was judged, with the last verdict, the first judged first."""
    return [(alert_from(row), _feedback_from(row)) for row in fetch(connection, _JUDGED)]


def _feedback_from(row: Row) -> Feedback:
    return Feedback(
        alert=row["id"],
        verdict=Verdict(row["verdict"]),
        fields=tuple(Field(name) for name in row["fields"]),
        note=row["note"],
        given_at=row["given_at"],
    )
