"""What a story knows of its articles, and what each changes there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.figures import same_figure
from alerts.party_names import may_be_party, same_party
from alerts.speakers import same_speaker
from alerts.stories import FoundArticle, settle
from alerts.story_changes import combine
from domain.alerting import ChangeKind, Figure, Story
from domain.mentions import Reaction, Stage, Stance, System
from tests.story_samples import (
    NASAMS,
    NOW,
    PATRIOT,
    PATRIOTS,
    article,
    put,
    reaction,
    story_of,
    transfer,
)


def kinds(before: Story | None, after: Story) -> list[ChangeKind]:
    return [change.kind for change in combine(before, after)]


@settings(deadline=None)
@given(
    st.permutations(range(6)),
    st.lists(
        st.tuples(st.sampled_from(Stage), st.sampled_from(Stance), st.sampled_from("ABC")),
        min_size=6,
        max_size=6,
    ),
)
def test_what_a_story_knows_does_not_depend_on_the_order_of_arrival(
    order: list[int], said: list[tuple[Stage, Stance, str]]
) -> None:
    """Six reports of one deal, whatever they say and in whatever order they come."""
    deal = transfer("JP", "US", PATRIOT)
    found = [
        article(
            f"n{n}",
            # Every report tells the deal itself, so that all are one story.
            transfers=(deal, replace(deal, stage=stage, quantity=str(len(speaker) + n % 2))),
            reactions=(reaction(f"{speaker}. Person", "Cabinet", "RU", stance),),
            hours=n // 2,
            outlet=f"Outlet {n}",
        )
        for n, (stage, stance, speaker) in enumerate(said)
    ]
    one, other = story_of(*found), story_of(*(found[n] for n in order))
    assert one.transfers == other.transfers
    assert one.reactions == other.reactions


@pytest.mark.parametrize(
    ("a", "b", "same", "perhaps"),
    [
        ("JP", "JP", True, True),
        ("JP", "US", False, False),
        ("IR", "Iran-backed militia", False, False),
        ("Syrian Rebels", "Syrian rebels", True, True),
        ("Syrian rebels", "rebel groups in Syria", True, True),
        ("Syrian rebels", "Libyan rebels", False, False),
        ("rebels", "Syrian rebels", False, True),
        ("Houthis", "Hezbollah", False, False),
        (None, "Hezbollah", False, True),
        (None, None, True, True),
    ],
)
def test_same_party(a: str | None, b: str | None, same: bool, perhaps: bool) -> None:
    """Groups go by several names, codes by one."""
    assert same_party(a, b) is same_party(b, a) is same
    assert may_be_party(a, b) is may_be_party(b, a) is perhaps


def test_a_vague_name_is_no_second_party() -> None:
    """ "rebels" beside "Syrian rebels" are those, and the fuller name is shown; nothing is new."""
    first = article("a", transfers=(transfer("US", "rebels", PATRIOT),))
    second = article("b", transfers=(transfer("US", "Syrian rebels", PATRIOT),), hours=1)
    before = story_of(first)
    both = replace(
        second,
        mentions=replace(
            second.mentions, transfers=(*first.mentions.transfers, *second.mentions.transfers)
        ),
    )
    after = put(both, before).story
    assert [t.transfer.recipient for t in after.transfers] == ["Syrian rebels"]
    assert kinds(before, after) == []


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("$1.2 billion", "1.2bn dollars", True),
        ("$1 billion", "€1 billion", False),
        ("$1 billion", "1,000 million", True),
        ("six batteries", "6", True),
        ("two dozen", "about 24 tanks", True),
        ("twenty-four", "24", True),
        ("six", "eight launchers", False),
        ("dozens", "hundreds", False),
        ("Several", "several", True),
    ],
)
def test_figures_that_mean_one_number(a: str, b: str, same: bool) -> None:
    """Spelled out, in digits or in millions: one number; another currency is another one."""
    assert same_figure(a, b) is same
    assert same_figure(b, a) is same


def test_numbers_that_differ_are_kept_with_their_outlets() -> None:
    """What outlets count differently stays side by side, what they word differently does not."""

    def told(name: str, quantity: str, value: str | None = None) -> FoundArticle:
        deal = replace(transfer("JP", "US", PATRIOT), quantity=quantity, value=value)
        return article(name, transfers=(deal,), outlet=name.upper())

    story = story_of(told("a", "six batteries", "$1bn"), told("b", "8"), told("c", "6 batteries"))
    assert story.transfers[0].quantities == (
        Figure(text="six batteries", outlets=("A", "C")),
        Figure(text="8", outlets=("B",)),
    )
    assert story.transfers[0].values == (Figure(text="$1bn", outlets=("A",)),)


def test_new_story_is_one_change() -> None:
    """A new story has version 1 and says what it is about."""
    settled, changes = settle(None, put(PATRIOTS).story, NOW)
    assert settled.version == 1
    assert [(c.kind, c.text) for c in changes] == [
        (ChangeKind.NEW_STORY, "new story: Japan → United States: Patriot, announced")
    ]


def test_one_version_for_a_batch() -> None:
    """Several articles of a batch give one version with all their changes."""
    before = story_of(PATRIOTS)
    step = put(
        article("b", transfers=(transfer("JP", "US", PATRIOT, stage=Stage.SIGNED),), hours=1),
        before,
    ).story
    step = put(
        article("c", transfers=(transfer("JP", "US", PATRIOT),), reactions=(reaction(),), hours=2),
        step,
    ).story
    after, changes = settle(before, step, NOW)
    assert after.version == 2
    assert [c.text for c in changes] == [
        "stage: announced → contract signed (Japan → United States)",
        "Russia reacts: Irina Volkova (Russian Foreign Ministry) opposes",
    ]


@pytest.mark.parametrize(
    ("old", "new", "hours", "expected"),
    [
        (Stage.ANNOUNCED, Stage.DELIVERED, 1, Stage.DELIVERED),
        (Stage.ANNOUNCED, Stage.DELIVERED, -1, Stage.DELIVERED),
        (Stage.DELIVERED, Stage.ANNOUNCED, 1, Stage.DELIVERED),
        (Stage.DELIVERED, Stage.SUSPENDED, 1, Stage.SUSPENDED),
        (Stage.DELIVERED, Stage.SUSPENDED, -1, Stage.DELIVERED),
        (Stage.SUSPENDED, Stage.ANNOUNCED, 1, Stage.SUSPENDED),
        (Stage.SUSPENDED, Stage.DELIVERED, 1, Stage.DELIVERED),
        (Stage.REJECTED, Stage.SIGNED, -1, Stage.REJECTED),
    ],
)
def test_stage(old: Stage, new: Stage, hours: float, expected: Stage) -> None:
    """The furthest stage stands; a stop counts when it is newer, and only real progress undoes it."""
    story = story_of(
        article("a", transfers=(transfer("JP", "US", PATRIOT, stage=old),)),
        article("b", transfers=(transfer("JP", "US", PATRIOT, stage=new),), hours=hours),
    )
    assert story.transfers[0].transfer.stage is expected
    assert story.version == (1 if expected is old else 2)


def test_transfers_are_united() -> None:
    """Systems unite, values fill in, an allegation once reported as fact is one no more, half a
    pair finds its whole; parties that are new are a change."""
    whole = transfer("JP", "US", PATRIOT, alleged=True)
    first = story_of(article("a", transfers=(whole, transfer("JP", None, PATRIOT))))
    assert len(first.transfers) == 1
    second = story_of(
        article("a", transfers=(whole,)),
        article(
            "b",
            transfers=(
                replace(transfer("JP", "US", System(name="Patriot"), NASAMS), value="$1 billion"),
                transfer("JP", "AU", PATRIOT),
            ),
        ),
    )
    united = second.transfers[0].transfer
    assert united.systems == (PATRIOT, NASAMS)
    assert (united.value, united.alleged) == ("$1 billion", False)
    assert kinds(first, second) == [ChangeKind.NEW_SYSTEM, ChangeKind.NEW_PARTY]


def test_a_shorter_name_is_no_new_system() -> None:
    """ "Patriot" beside "Patriot PAC-3" is nothing new."""
    first = article("a", transfers=(transfer("JP", "US", System(name="Patriot PAC-3")),))
    second = article("b", transfers=(transfer("JP", "US", System(name="Patriot")),))
    assert story_of(first, second).version == 1


def test_policy_beside_a_deal() -> None:
    """A rule change told with a named deal is a transfer of its own, and a change."""
    deal = article("a", transfers=(transfer("JP", "US", PATRIOT),))
    both = article(
        "b",
        transfers=(transfer("JP", "US", PATRIOT), transfer("JP", None, stage=Stage.POLICY)),
    )
    story = story_of(deal, both)
    assert [t.transfer.stage for t in story.transfers] == [Stage.ANNOUNCED, Stage.POLICY]
    assert story.version == 2


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (reaction(stance=Stance.SUPPORT), [ChangeKind.STANCE]),
        # A neutral sentence of an opponent is no change of mind.
        (reaction(stance=Stance.NEUTRAL), []),
        # Nor are words that may be read either way.
        (reaction(stance=Stance.SUPPORT, stance_confidence=0.5), []),
        (reaction("Volkova", None), []),
        (reaction("Russia's Foreign Ministry", None), []),
        (reaction("Oleg Petrov", "Russian Foreign Ministry"), [ChangeKind.NEW_OFFICIAL]),
        (reaction("Beijing", None, "CN"), [ChangeKind.NEW_COUNTRY]),
        (reaction("Irina Volkova", None, "BG"), [ChangeKind.NEW_COUNTRY]),
    ],
)
def test_reactions(later: Reaction, expected: list[ChangeKind]) -> None:
    """One voice is told once, under whatever name; another official, country or stance is news."""
    first = article("a", transfers=(transfer("JP", "US", PATRIOT),), reactions=(reaction(),))
    before = story_of(first)
    second = article("b", transfers=(transfer("JP", "US", PATRIOT),), reactions=(later,), hours=1)
    assert kinds(before, put(second, before).story) == expected


def test_older_article_does_not_turn_a_stance() -> None:
    """A speaker's last word counts, not the last one found."""
    first = article(transfers=(transfer("JP", "US", PATRIOT),), reactions=(reaction(),), hours=5)
    older = article(
        "b",
        transfers=(transfer("JP", "US", PATRIOT),),
        reactions=(reaction(stance=Stance.SUPPORT),),
        hours=1,
    )
    assert story_of(first, older).version == 1


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (reaction(), reaction("Volkova", "Kremlin"), True),
        (
            reaction("US State Department", None, "US"),
            reaction("the State Department", None, "US"),
            True,
        ),
        (
            reaction("Japan's Defence Ministry", None, "JP"),
            reaction("Japanese Ministry of Defense", None, "JP"),
            True,
        ),
        (reaction("Japan", None, "JP"), reaction("Japan's Defence Ministry", None, "JP"), False),
        (reaction("A. Mori", "Cabinet", "JP"), reaction("B. Abe", "Cabinet", "JP"), False),
        (reaction("Foreign Ministry", None, "RU"), reaction("Foreign Ministry", None, "CN"), False),
        (reaction("President Mori", None, "JP"), reaction("Ken Mori", "Cabinet", "JP"), True),
        (
            reaction("State Department", None, "US"),
            reaction("Defense Department", None, "US"),
            False,
        ),
        (
            reaction("President's office", None, "UA"),
            reaction("Prime Minister's office", None, "UA"),
            False,
        ),
    ],
)
def test_same_speaker(a: Reaction, b: Reaction, expected: bool) -> None:
    """Persons by surname within a country, institutions by what is left without the country's name."""
    assert same_speaker(a, b) is expected
    assert same_speaker(b, a) is expected


def test_a_full_name_is_one_person_whatever_countries_are_read() -> None:
    """Where one article misreads a person's country, the surer reading counts and nobody reacts twice."""
    wrong = reaction("Qiu Wenhao", "Foreign Ministry", "JP", Stance.OPPOSE)
    right = reaction("Qiu Wenhao", "Foreign Ministry", "CN", Stance.OPPOSE)
    first = article(
        transfers=(transfer("JP", "US", PATRIOT),), reactions=(replace(wrong, confidence=0.6),)
    )
    second = article(
        "b", transfers=(transfer("JP", "US", PATRIOT),), reactions=(replace(right, confidence=0.9),)
    )
    story = story_of(first, second)
    assert [(r.reaction.speaker, r.reaction.country) for r in story.reactions] == [
        ("Qiu Wenhao", "CN")
    ]
