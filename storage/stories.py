"""Stories: the state each stands in now. What an alert told of one is kept with the alert."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.alerting import Story
from storage.connection import Connection, fetch, upsert
from storage.records_json import story_from_json, story_to_json


def recent_stories(connection: Connection, since: datetime) -> list[Story]:
    """The stories that changed at `since` or later, oldest change first."""
    rows = fetch(
        connection,
        "SELECT document FROM stories WHERE updated_at >= $since ORDER BY updated_at, id",
        since=since,
    )
    return [story_from_json(row["document"]) for row in rows]


def stories_of_articles(connection: Connection, urls: Sequence[str]) -> list[Story]:
    """The stories that the articles at `urls` (canonical) tell, whenever they changed."""
    rows = fetch(
        connection,
        """
        SELECT document
        FROM stories
        WHERE id IN (
            SELECT story_id
            FROM articles
            SEMI JOIN (SELECT unnest($urls::VARCHAR[]) AS url) USING (url)
        )
        ORDER BY updated_at, id
        """,
        urls=list(urls),
    )
    return [story_from_json(row["document"]) for row in rows]


def put_stories(connection: Connection, stories: Sequence[Story]) -> None:
    """Stores the state of stories; a state older than the stored one (a batch committed once more)
    changes nothing."""
    newest: dict[str, Story] = {}
    for story in sorted(stories, key=_age):
        newest[story.id] = story
    rows = fetch(
        connection,
        """
        SELECT id, version, updated_at
        FROM stories
        SEMI JOIN (SELECT unnest($ids::VARCHAR[]) AS id) USING (id)
        """,
        ids=list(newest),
    )
    stored = {row["id"]: (row["version"], row["updated_at"]) for row in rows}
    upsert(
        connection,
        "stories",
        [
            {
                "id": story.id,
                "headline": story.headline,
                "version": story.version,
                "created_at": story.created_at,
                "updated_at": story.updated_at,
                "document": story_to_json(story),
            }
            for story in newest.values()
            if story.id not in stored or _age(story) >= stored[story.id]
        ],
    )


def _age(story: Story) -> tuple[int, datetime]:
    return story.version, story.updated_at
