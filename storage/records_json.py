"""Stories, alerts, proposals and evidence as the JSON text kept in the database; reading gives back what was
written, exactly.

Fields a newer record lacks take their defaults when an older document is read, and fields it no
longer has are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from domain.alerting import Change, Notice, PastDeals, Story
from domain.mentions import Evidence, Mention

_STORY = TypeAdapter(Story)
_CHANGES = TypeAdapter(tuple[Change, ...])
_NOTICE = TypeAdapter(Notice)
_BACKGROUND = TypeAdapter(tuple[PastDeals, ...])
_EVIDENCE = TypeAdapter(tuple[Evidence, ...])
_MENTION: TypeAdapter[Mention] = TypeAdapter(Mention)


def story_to_json(story: Story) -> str:
    """A story as JSON text."""
    return to_json(_STORY.dump_python(story, mode="json"))


def story_from_json(text: str) -> Story:
    """The inverse of `story_to_json`."""
    return _STORY.validate_json(text)


def changes_to_json(changes: Sequence[Change]) -> str:
    """An alert's changes as JSON text: [{kind, text}]."""
    return to_json(_CHANGES.dump_python(tuple(changes), mode="json"))


def changes_from_json(text: str) -> tuple[Change, ...]:
    """The inverse of `changes_to_json`."""
    return _CHANGES.validate_json(text)


def notice_to_json(notice: Notice) -> str:
    """A notice as JSON text."""
    return to_json(_NOTICE.dump_python(notice, mode="json"))


def notice_from_json(text: str) -> Notice:
    """The inverse of `notice_to_json`."""
    return _NOTICE.validate_json(text)


def background_to_json(background: Sequence[PastDeals]) -> str:
    """What a register lists, as JSON text."""
    return to_json(_BACKGROUND.dump_python(tuple(background), mode="json"))


def background_from_json(text: str | None) -> tuple[PastDeals, ...]:
    """The inverse of `background_to_json`; alerts of before there was any have none."""
    return _BACKGROUND.validate_json(text) if text else ()


def evidence_to_json(evidence: Sequence[Evidence]) -> str:
    """Evidence as JSON text: [{field, start, end, text, rule}]."""
    return to_json(_EVIDENCE.dump_python(tuple(evidence), mode="json"))


def evidence_from_json(text: str) -> tuple[Evidence, ...]:
    """The inverse of `evidence_to_json`."""
    return _EVIDENCE.validate_json(text)


def mention_to_json(mention: Mention) -> str:
    """A transfer or reaction as JSON text."""
    return to_json(_MENTION.dump_python(mention, mode="json"))


def mention_from_json(text: str) -> Mention:
    """The inverse of `mention_to_json`; only a reaction has a speaker, which tells the two apart."""
    return _MENTION.validate_json(text)


def to_json(value: Any) -> str:
    """JSON values as compact text that people can read and search: no \\u escapes but for control
    characters."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
