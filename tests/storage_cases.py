"""Small records for the tests of storage, told apart by a number or a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.alerting import (
    Alert,
    Change,
    ChangeKind,
    Delivery,
    Quotation,
    Story,
    StoryArticle,
    ToldReaction,
    ToldTransfer,
)
from domain.mentions import (
    Category,
    Evidence,
    Mentions,
    Reaction,
    Stage,
    Stance,
    System,
    Transfer,
)
from domain.news import Article, Entry, Feed, FeedState
from storage.store import FeedPoll, PendingEntry, StoredArticle

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TRANSFER = Transfer(
    supplier="JP",
    recipient="US",
    systems=(
        System(name="Patriot", designation="MIM-104 Patriot", category=Category.AIR_DEFENCE),
        System(name="spare parts"),
    ),
    stage=Stage.APPROVED,
    value="$20 million",
    confidence=0.1 + 0.2,
    evidence=(Evidence(field="supplier", start=0, end=5, text="Japan", rule="export.subject"),),
)
REACTION = Reaction(
    speaker="A spokeswoman",
    affiliation="Russian Foreign Ministry",
    country="RU",
    stance=Stance.OPPOSE,
    quote=True,
    confidence=0.9,
    stance_confidence=0.6,
    evidence=(Evidence(field="speaker", start=9, end=12, text="She", rule="say.subject"),),
)
NOTHING = Mentions(relevant=False, score=0.01, language="en")
FOUND = Mentions(
    relevant=True, score=0.97, language="en", transfers=(TRANSFER,), reactions=(REACTION,)
)


def feed(name: str = "wire", **changes: object) -> Feed:
    facts = {
        "key": f"https://{name}.example/feed",
        "url": f"https://{name}.example/feed?all=1",
        "name": name,
        "country": "JP",
        "tier": "agency",
        "tags": ("asia", "defence"),
    }
    return Feed(**facts | changes)  # type: ignore[arg-type]


def entry(n: int, of: Feed | None = None, **changes: object) -> Entry:
    of = of or feed()
    url = f"https://{of.name}.example/{n}"
    facts = {
        "feed": of.key,
        "key": url,
        "url": url,
        "link": url + "?utm=1",
        "guid": str(n),
        "title": f"Report {n}",
        "text": f"Text of report {n}.",
        "published": NOW + timedelta(minutes=n),
    }
    return Entry(**facts | changes)  # type: ignore[arg-type]


def poll(entries: Sequence[Entry], of: Feed | None = None, **state: object) -> FeedPoll:
    of = of or feed()
    facts = {"key": of.key, "polls": 1, "last_polled_at": NOW, "etag": '"1"'} | state
    return FeedPoll(feed=of, state=FeedState(**facts), entries=entries)  # type: ignore[arg-type]


def article(
    pending: PendingEntry, mentions: Mentions = NOTHING, **changes: object
) -> StoredArticle:
    facts = {
        "url": pending.entry.url or pending.entry.key,
        "title": pending.entry.title,
        "body": f"{pending.entry.text}\n\nMore of it.",
        "published": pending.entry.published,
    }
    return StoredArticle(
        article=Article(**facts | changes),  # type: ignore[arg-type]
        mentions=mentions,
        pending=pending,
        sketch=(2**64 - 1, 7) if mentions.relevant else (),
    )


def story(name: str = "patriots", version: int = 1) -> Story:
    quotation = Quotation(text="Japan approved it.", marks=((0, 5),), url="https://wire.example/1")
    return Story(
        id=name,
        headline=f"{name}, as of version {version}",
        version=version,
        created_at=NOW,
        updated_at=NOW + timedelta(minutes=version),
        transfers=(ToldTransfer(transfer=TRANSFER, quotation=quotation),),
        reactions=(ToldReaction(reaction=REACTION, outlet="wire"),),
        articles=(
            StoryArticle(
                url="https://wire.example/1",
                title="Report 1",
                outlet="wire",
                published=None,
                seen_at=NOW,
                sketch=(2**64 - 1, 0),
            ),
        ),
    )


def alert(version: int = 1, watch: str = "japan", of: str = "patriots") -> Alert:
    kind = ChangeKind.NEW_STORY if version == 1 else ChangeKind.STAGE
    return Alert(
        id=f"{watch}-{of}-{version}",
        watch=watch,
        story=story(of, version),
        changes=(Change(kind=kind, text=f"change {version}"),),
        created_at=NOW + timedelta(minutes=version),
    )


def delivery(of: Alert, recipient: str = "desk@example.org", channel: str = "mail") -> Delivery:
    name = f"{of.id}-{channel}-{recipient}"
    return Delivery(
        id=name, content=of, channel=channel, recipient=recipient, message_id=f"<{name}@armswire>"
    )
