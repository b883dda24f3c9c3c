"""The story so far: what was material in it, when it was told, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.story_changes import combine, lead_transfer
from alerts.story_telling import tellings, told_at
from alerts.wording import summary
from domain.alerting import Change, ChangeKind, Story, StoryArticle


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """What an article was the first to tell. `at` is when it appeared."""

    at: datetime
    article: StoryArticle
    changes: tuple[Change, ...]


def timeline(story: Story) -> tuple[Milestone, ...]:
    """The story's milestones, the earliest first. An article that told nothing new is none."""
    return tuple(_milestones(story))


def _milestones(story: Story) -> Iterator[Milestone]:
    before: Story | None = None
    for telling in tellings(story.articles):
        after = replace(story, transfers=telling.transfers, reactions=telling.reactions)
        changes = combine(before, after) if before else _first_told(after)
        if changes:
            yield Milestone(at=told_at(telling.article), article=telling.article, changes=changes)
        before = after


def _first_told(story: Story) -> tuple[Change, ...]:
    """What begins a story: its transfer, and who reacted at once."""
    lead = lead_transfer(story)
    deal = Change(kind=ChangeKind.NEW_STORY, text=summary(lead)) if lead else None
    voices = combine(replace(story, reactions=()), story)
    return (deal, *voices) if deal else voices
