"""Which story an article belongs to, what it changes there, and the sentences shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.quotations import LENGTH, quotation
from alerts.speakers import same_speaker
from alerts.stories import LARGEST_STORY, FoundArticle, Placement, place, settle
from alerts.story_changes import combine
from domain.alerting import ChangeKind, Story
from domain.mentions import Category, Evidence, Reaction, Stage, Stance, System
from tests.story_samples import NOW, PATRIOT, article, overlap, reaction, story_of, transfer

NASAMS = System(name="NASAMS", category=Category.AIR_DEFENCE)
WINDOW = timedelta(days=14)


def put(found: FoundArticle, *stories: Story) -> Placement:
    return place(found, stories, now=NOW, window=WINDOW, similarity=overlap, threshold=0.5)


def kinds(before: Story | None, after: Story) -> list[ChangeKind]:
    return [change.kind for change in combine(before, after)]


PATRIOTS = article(transfers=(transfer("JP", "US", PATRIOT),))


@pytest.mark.parametrize(
    ("second", "joins"),
    [
        # The same pair and a shared system, by designation or by name within name, far into the window.
        (article("b", transfers=(transfer("JP", "US", PATRIOT),), hours=300), True),
        (
            article("b", transfers=(transfer("JP", "US", System(name="Patriot PAC-3")),), hours=9),
            True,
        ),
        (article("b", transfers=(transfer("JP", "US", PATRIOT),), hours=24 * 15), False),
        # The same pair, other systems: another deal.
        (article("b", transfers=(transfer("JP", "US", NASAMS),), hours=1), False),
        # One side names no system: within three days.
        (article("b", transfers=(transfer("JP", "US"),), hours=70), True),
        (article("b", transfers=(transfer("JP", "US"),), hours=80), False),
        # The same, but it brings reactions and no other story has the pair: within the window.
        (article("b", transfers=(transfer("JP", "US"),), reactions=(reaction(),), hours=200), True),
        # Another pair, the pair turned round, half a pair: never.
        (article("b", transfers=(transfer("JP", "AU", PATRIOT),), hours=1), False),
        (article("b", transfers=(transfer("US", "JP", PATRIOT),), hours=1), False),
        (article("b", transfers=(transfer("JP", None, PATRIOT),), hours=1), False),
        (article("b", transfers=(transfer(None, None, PATRIOT),), hours=1), False),
        # A mention nobody can be sure of links nothing.
        (article("b", transfers=(transfer("JP", "US", PATRIOT, confidence=0.4),), hours=1), False),
        (article("b", reactions=(reaction(),), hours=1), False),
    ],
)
def test_same_development(second: FoundArticle, joins: bool) -> None:
    """Parties and systems decide, with time; what is not sure stays apart."""
    assert put(second, story_of(PATRIOTS)).is_new is not joins


def test_survey_draws_in_nothing() -> None:
    """A pair that an article or a story mentions besides its own matter links only with a system."""
    survey = story_of(
        article("a", transfers=(transfer("US", "PL", NASAMS), transfer("JP", "US", PATRIOT)))
    )
    assert put(article("b", transfers=(transfer("JP", "US"),), hours=1), survey).is_new
    assert not put(article("b", transfers=(transfer("JP", "US", PATRIOT),)), survey).is_new


def test_policy_stories() -> None:
    """Reports of one supplier's rule change are one story for a week; a deal is another story."""
    policy = transfer("JP", None, stage=Stage.POLICY)
    first = story_of(article(transfers=(policy,)))
    assert not put(article("b", transfers=(policy,), hours=24 * 6), first).is_new
    assert put(article("b", transfers=(policy,), hours=24 * 8), first).is_new
    assert put(article("b", transfers=(transfer("JP", None, PATRIOT),)), first).is_new
    assert put(article("b", transfers=(transfer("KR", None, stage=Stage.POLICY),)), first).is_new


def test_reactions_of_a_doubtful_pair_stay_apart() -> None:
    """A late reaction to a pair with two stories joins neither: a wrong merge would hide news."""
    one = story_of(article("a", transfers=(transfer("JP", "US", PATRIOT),)))
    two = story_of(article("b", transfers=(transfer("JP", "US", NASAMS),)))
    late = article("c", transfers=(transfer("JP", "US"),), reactions=(reaction(),), hours=200)
    assert put(late, one, two).is_new


def test_wire_copies() -> None:
    """A nearly identical text joins as a copy of the first report, whatever was found in it, and
    changes nothing; a text that shares less is no copy."""
    first = story_of(replace(PATRIOTS, sketch=(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)))
    copied = put(article("b", sketch=(1, 2, 3, 4, 5, 6, 7, 8, 11, 12), outlet="B"), first)
    assert not copied.is_new
    assert copied.story.articles[1].copy_of == PATRIOTS.url
    again = put(article("c", sketch=(1, 2, 3, 4, 5, 6, 7, 8, 11, 12), outlet="C"), copied.story)
    assert again.story.articles[2].copy_of == PATRIOTS.url
    settled, changes = settle(first, again.story, NOW)
    assert (settled.version, changes) == (1, ())
    assert put(article("b", sketch=(1, 2, 3, 4, 5, 6, 17, 18, 11, 12)), first).is_new
    assert put(article("b"), story_of(PATRIOTS)).is_new, "two empty sketches are no copies"


def test_same_address_again() -> None:
    """An address seen before is the same article: it stays listed once, with its new title."""
    again = put(replace(PATRIOTS, title="Corrected: Tokyo clears Patriots"), story_of(PATRIOTS))
    assert not again.is_new
    assert [a.title for a in again.story.articles] == ["Corrected: Tokyo clears Patriots"]


def test_surest_story_wins() -> None:
    """Between two stories of one pair the one with the same system is joined."""
    vague = story_of(article("a", transfers=(transfer("JP", "US"),), hours=5))
    exact = story_of(PATRIOTS)
    found = article("b", transfers=(transfer("JP", "US", PATRIOT),), hours=6)
    assert put(found, vague, exact).story.id == exact.id
    assert put(found, exact, vague).story.id == exact.id


def test_story_does_not_grow_for_ever() -> None:
    """A full story takes no further report; copies still belong to it without being listed."""
    first = story_of(replace(PATRIOTS, sketch=(1, 2, 3)))
    more = tuple(
        replace(first.articles[0], url=f"https://x{i}.example/") for i in range(LARGEST_STORY - 1)
    )
    full = replace(first, articles=first.articles + more)
    assert put(article("b", transfers=PATRIOTS.mentions.transfers), full).is_new
    copy = put(article("c", sketch=(1, 2, 3)), full)
    assert (copy.is_new, len(copy.story.articles)) == (False, LARGEST_STORY)


def test_future_dates_do_not_matter() -> None:
    """A publication date in the future counts as now."""
    future = replace(PATRIOTS, url="https://b.example/", published=NOW + timedelta(days=900))
    recent = replace(PATRIOTS, published=NOW - timedelta(days=1))
    assert not put(future, story_of(recent)).is_new


def test_new_story_is_one_change() -> None:
    """A new story has version 1 and says what it is about."""
    settled, changes = settle(None, put(PATRIOTS).story, NOW)
    assert settled.version == 1
    assert [(c.kind, c.text) for c in changes] == [
        (ChangeKind.NEW_STORY, "new story: Japan → United States: Patriot (announced)")
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
        "stage: announced → signed (Japan → United States)",
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
    ],
)
def test_same_speaker(a: Reaction, b: Reaction, expected: bool) -> None:
    """Persons by surname within a country, institutions by what is left without the country's name."""
    assert same_speaker(a, b) is expected
    assert same_speaker(b, a) is expected


def spans(text: str, *words: str) -> list[Evidence]:
    return [
        Evidence(field="system", start=text.index(w), end=text.index(w) + len(w), text=w, rule="r")
        for w in words
    ]


def test_quotation_is_the_sentence() -> None:
    """The sentence that holds the evidence is shown, abbreviations end none, words are marked."""
    text = "Title\n\nFirst one. U.S. officials said Mr. Sato will ship\nPatriot units. A last one."
    shown = quotation(text, spans(text, "Patriot", "Sato"), "https://a.example/")
    assert shown is not None
    assert shown.text == "U.S. officials said Mr. Sato will ship Patriot units."
    assert [shown.text[s:e] for s, e in shown.marks] == ["Sato", "Patriot"]


def test_long_quotation_is_cut_between_words() -> None:
    """At most about 320 characters around the evidence, no word cut, marks still on their words."""
    text = "T\n\n" + "alpha beta " * 60 + "Patriot " + "gamma delta " * 60 + "."
    shown = quotation(text, spans(text, "Patriot"), "https://a.example/")
    assert shown is not None
    assert len(shown.text) <= LENGTH + 4
    assert shown.text.startswith("… ")
    assert shown.text.endswith(" …")
    assert set(shown.text.strip("… ").split()) <= {"alpha", "beta", "Patriot", "gamma", "delta"}
    assert [shown.text[s:e] for s, e in shown.marks] == ["Patriot"]


def test_quotation_without_sound_evidence() -> None:
    """Evidence outside the text shows nothing; overlapping evidence is marked once; a title can be
    the sentence."""
    assert quotation("T\n\nBody.", [], "u") is None
    outside = Evidence(field="system", start=50, end=60, text="x", rule="r")
    assert quotation("T\n\nBody.", [outside], "u") is None
    text = "Tokyo ships Patriot units\n\nBody."
    shown = quotation(text, spans(text, "Patriot units", "Patriot", "units"), "u")
    assert shown is not None
    assert (shown.text, shown.marks) == ("Tokyo ships Patriot units", ((12, 25),))


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
