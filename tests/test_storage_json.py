"""What is kept as JSON comes back exactly."""

from __future__ import annotations

from datetime import UTC

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.alerting import Change, Story, StoryArticle, ToldReaction, ToldTransfer
from domain.mentions import Evidence, Mention, Reaction, System, Transfer
from storage.records_json import (
    changes_from_json,
    changes_to_json,
    evidence_from_json,
    evidence_to_json,
    mention_from_json,
    mention_to_json,
    story_from_json,
    story_to_json,
)

TIMES = st.datetimes(timezones=st.just(UTC))
st.register_type_strategy(float, st.floats(0, 1))


def several(of: type[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.deferred(lambda: RECORDS[of]), max_size=2).map(tuple)


RECORDS: dict[type[object], st.SearchStrategy[object]] = {
    Evidence: st.builds(Evidence),
    System: st.builds(System),
    Transfer: st.builds(Transfer, systems=several(System), evidence=several(Evidence)),
    Reaction: st.builds(Reaction, evidence=several(Evidence)),
    StoryArticle: st.builds(
        StoryArticle,
        published=st.none() | TIMES,
        seen_at=TIMES,
        sketch=st.lists(st.integers(-(2**70), 2**70), max_size=3).map(tuple),
    ),
}
RECORDS[ToldTransfer] = st.builds(ToldTransfer, transfer=RECORDS[Transfer])
RECORDS[ToldReaction] = st.builds(ToldReaction, reaction=RECORDS[Reaction])
STORIES = st.builds(
    Story,
    created_at=TIMES,
    updated_at=TIMES,
    transfers=several(ToldTransfer),
    reactions=several(ToldReaction),
    articles=several(StoryArticle),
)


@given(RECORDS[Transfer] | RECORDS[Reaction])
@settings(deadline=None)
def test_a_proposal_comes_back_exactly(mention: Mention) -> None:
    """A transfer as a transfer, a reaction as a reaction."""
    back = mention_from_json(mention_to_json(mention))
    assert (type(back), back) == (type(mention), mention)


@given(STORIES)
@settings(deadline=None)
def test_a_story_comes_back_exactly(story: Story) -> None:
    """Every field, every character, every bit of a number."""
    assert story_from_json(story_to_json(story)) == story


@given(st.lists(st.builds(Change)).map(tuple), several(Evidence))
def test_changes_and_evidence_come_back_exactly(
    changes: tuple[Change, ...], evidence: tuple[Evidence, ...]
) -> None:
    """In their order."""
    assert changes_from_json(changes_to_json(changes)) == changes
    assert evidence_from_json(evidence_to_json(evidence)) == evidence


def test_an_older_document_is_read() -> None:
    """Fields added since take their defaults, fields dropped since are ignored."""
    old = (
        '{"id":"s","headline":"h","version":1,"mood":"calm",'
        '"created_at":"2026-03-01T12:00:00Z","updated_at":"2026-03-01T12:00:00Z"}'
    )
    assert story_from_json(old).articles == ()


def test_documents_can_be_searched_as_text() -> None:
    """Names stand in the document as they are written, not as escapes."""
    evidence = (Evidence(field="f", start=0, end=4, text="Łódź 東京", rule="r"),)
    assert "Łódź 東京" in evidence_to_json(evidence)
