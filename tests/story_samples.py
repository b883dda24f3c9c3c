"""Articles, stories and alerts for tests: an invented report of Patriot missiles from Japan, told by invented outlets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alerts.certainty import Bar
from alerts.stories import FoundArticle, Placement, place, settle
from domain.alerting import Alert, Delivery, Story
from domain.mentions import (
    Category,
    Evidence,
    Mentions,
    Reaction,
    Stage,
    Stance,
    System,
    Transfer,
    full_text,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PATRIOT = System(name="Patriot", designation="MIM-104 Patriot", category=Category.AIR_DEFENCE)
NASAMS = System(name="NASAMS", designation="NASAMS", category=Category.AIR_DEFENCE)
WINDOW = timedelta(days=14)
TITLE = "Tokyo clears Patriot interceptors for Washington"
BODY = (
    "Japan will export Patriot interceptors to the United States, the cabinet decided on Friday.\n\n"
    "“We regard this step as hostile,” Irina Volkova of the Russian Foreign Ministry said in Moscow.\n\n"
    "Defence Minister Ken Mori said the export strengthens the alliance."
)


def evidence(field: str, words: str, title: str = TITLE, body: str = BODY) -> Evidence:
    text = full_text(title, body)
    start = text.index(words)
    return Evidence(field=field, start=start, end=start + len(words), text=words, rule="test.rule")


def transfer(
    supplier: str | None = "JP",
    recipient: str | None = "US",
    *systems: System,
    stage: Stage = Stage.ANNOUNCED,
    alleged: bool = False,
    confidence: float = 0.9,
    found: tuple[Evidence, ...] = (),
) -> Transfer:
    return Transfer(
        supplier=supplier,
        recipient=recipient,
        systems=systems,
        stage=stage,
        alleged=alleged,
        confidence=confidence,
        evidence=found,
    )


def reaction(
    speaker: str = "Irina Volkova",
    affiliation: str | None = "Russian Foreign Ministry",
    country: str | None = "RU",
    stance: Stance = Stance.OPPOSE,
    confidence: float = 0.9,
    stance_confidence: float = 1.0,
    found: tuple[Evidence, ...] = (),
) -> Reaction:
    return Reaction(
        speaker=speaker,
        affiliation=affiliation,
        country=country,
        stance=stance,
        quote=True,
        confidence=confidence,
        stance_confidence=stance_confidence,
        evidence=found,
    )


def article(
    name: str = "first",
    *,
    transfers: tuple[Transfer, ...] = (),
    reactions: tuple[Reaction, ...] = (),
    hours: float = 0,
    sketch: tuple[int, ...] = (),
    title: str = TITLE,
    body: str = BODY,
    outlet: str = "The Example Herald",
) -> FoundArticle:
    """An article that appeared `hours` after NOW minus thirty days."""
    return FoundArticle(
        url=f"https://{name}.example/story",
        title=title,
        body=body,
        outlet=outlet,
        country="GB",
        tier="agency",
        published=NOW - timedelta(days=30) + timedelta(hours=hours),
        mentions=Mentions(
            relevant=True, score=0.9, language="en", transfers=transfers, reactions=reactions
        ),
        sketch=sketch,
    )


class Overlap:
    """An index of texts for tests: a sketch is any set of numbers, and what two share is their likeness."""

    def __init__(self, *stories: Story) -> None:
        self._known = {a.url: set(a.sketch) for story in stories for a in story.articles}

    def add(self, name: str, of_text: tuple[int, ...], /) -> None:
        self._known[name] = set(of_text)

    def like(self, of_text: tuple[int, ...], /) -> dict[str, float]:
        mine = set(of_text)
        return {
            name: len(mine & known) / max(len(mine), len(known), 1)
            for name, known in self._known.items()
            if mine & known
        }


def put(found: FoundArticle, *stories: Story) -> Placement:
    return place(
        found,
        stories,
        now=NOW,
        window=WINDOW,
        texts=Overlap(*stories),
        bar=Bar(agreed=0.5, alone=0.5),
    )


def story_of(*articles: FoundArticle) -> Story:
    """The one story that `articles` tell, settled after each."""
    story: Story | None = None
    for found in articles:
        placed = put(found, *([story] if story else []))
        assert placed.is_new is (story is None)
        story, _ = settle(story, placed.story, NOW)
    assert story is not None
    return story


PATRIOTS = article(transfers=(transfer("JP", "US", PATRIOT),))


def full_story() -> Story:
    """A transfer with two reactions, each with its sentence, and a copy in another outlet."""
    first = article(
        transfers=(
            transfer(
                "JP",
                "US",
                PATRIOT,
                stage=Stage.APPROVED,
                found=(
                    evidence("supplier", "Japan"),
                    evidence("stage", "will export"),
                    evidence("system", "Patriot interceptors"),
                    evidence("recipient", "United States"),
                ),
            ),
        ),
        reactions=(
            reaction(
                found=(evidence("stance", "hostile"), evidence("speaker", "Irina Volkova")),
            ),
            reaction(
                "Ken Mori",
                "Japanese Defence Ministry",
                "JP",
                Stance.SUPPORT,
                found=(evidence("stance", "strengthens the alliance"),),
            ),
        ),
        sketch=(1, 2, 3, 4),
        hours=1,
    )
    copy = article("copy", sketch=(1, 2, 3, 4), hours=2, outlet="Kontinent Daily")
    return story_of(first, copy)


def alert_on(story: Story, watch: str = "japan-patriot") -> Alert:
    return Alert(id="a1", watch=watch, story=story, changes=(), created_at=NOW)


def delivery_of(alert: Alert, *, thread_id: str | None = None, **fields: str) -> Delivery:
    return Delivery(
        id=fields.get("id", "d1"),
        content=alert,
        channel=fields.get("channel", "analysts"),
        recipient=fields.get("recipient", "desk@example.org"),
        message_id=fields.get("message_id", "<m1.v1@example.org>"),
        thread_id=thread_id,
    )
