"""The golden messages of tests/data/messages: what each story looks like in each channel.

`python -m tests.golden_messages` writes them anew; look at the difference before you keep it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.channels.atom_feed import AtomFeed
from alerts.documents import message_document
from alerts.messages import render_email, render_plain, render_slack, render_slack_burst
from domain.alerting import Alert, Delivery, DeliveryState, Notice
from tests.message_stories import ALERTS, DIGEST, NOTICE, USUAL

FOLDER = Path(__file__).parent / "data" / "messages"
SENDER = "armswire <alerts@example.org>"


def delivery(content: Alert | Notice) -> Delivery:
    """To one recipient, following up the story's first message where it is an update."""
    number = content.version if isinstance(content, Alert) else content.number
    return Delivery(
        id="d1",
        content=content,
        channel="desk",
        recipient="desk@example.org",
        message_id=f"<5f0c2e.v{number}@example.org>",
        thread_id="<5f0c2e.v1@example.org>" if number > 1 else None,
    )


def eml(told: Delivery) -> bytes:
    return bytes(render_email(told, sender=SENDER))


def slack(told: Delivery) -> bytes:
    return _json(render_slack(told))


def text(told: Delivery) -> bytes:
    title, body = render_plain(told)
    return f"{title}\n\n{body}\n".encode()


def webhook(told: Delivery) -> bytes:
    return _json(message_document(told))


def atom(told: Delivery) -> bytes:
    """The feed that holds this one message."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "alerts.atom"
        with AtomFeed(path, name="feed", title="armswire alerts") as feed:
            assert feed.send(told).state is DeliveryState.SENT
        return path.read_bytes()


FORMATS: Mapping[str, Callable[[Delivery], bytes]] = {
    ".eml": eml,
    ".slack.json": slack,
    ".txt": text,
    ".webhook.json": webhook,
    ".atom": atom,
}
"""By the ending of their files; a plain text is what Apprise is given."""


def messages() -> Iterator[tuple[str, bytes]]:
    """Every golden file's name, and what it should hold."""
    for name, alert in ALERTS.items():
        for ending, render in FORMATS.items():
            yield name + ending, render(delivery(alert))
    for ending, render in FORMATS.items():
        yield "notice" + ending, render(delivery(NOTICE))
        yield "digest" + ending, render(delivery(DIGEST))
    burst = [delivery(each) for each in (*ALERTS.values(), USUAL, USUAL)]
    yield "burst.slack.json", _json(render_slack_burst(burst))


def _json(message: object) -> bytes:
    return json.dumps(message, ensure_ascii=False, indent=1).encode() + b"\n"


def write() -> None:
    """Writes all of them, and removes what is no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    for name, content in messages():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    write()
