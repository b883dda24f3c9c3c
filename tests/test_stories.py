"""Which story an article belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.stories import LARGEST_STORY, FoundArticle, settle
from domain.mentions import Evidence, Reaction, Route, Stage, Stance, System, Transfer
from tests.story_samples import (
    BODY,
    NASAMS,
    NOW,
    PATRIOT,
    PATRIOTS,
    article,
    evidence,
    put,
    reaction,
    story_of,
    transfer,
)


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
        # What is too unsure to be told still finds its story.
        (article("b", transfers=(transfer("JP", "US", PATRIOT, confidence=0.4),), hours=1), True),
        (article("b", transfers=(transfer("JP", "AU", PATRIOT, confidence=0.4),), hours=1), False),
        (article("b", reactions=(reaction(),), hours=1), False),
    ],
)
def test_same_development(second: FoundArticle, joins: bool) -> None:
    """Parties and systems decide, with time; what is not sure stays apart."""
    assert put(second, story_of(PATRIOTS)).is_new is not joins


def test_survey_draws_in_nothing() -> None:
    """What an article or a story mentions besides its own matter links nothing, whichever came first;
    two reports that tell the same two deals in another order are one story."""
    two = (transfer("US", "PL", NASAMS), transfer("JP", "US", PATRIOT))
    survey = article("a", transfers=two)
    for beside in (transfer("JP", "US"), transfer("JP", "US", PATRIOT)):
        brief = article("b", transfers=(beside,), hours=1)
        assert put(brief, story_of(survey)).is_new
        assert put(survey, story_of(brief)).is_new
    assert not put(article("b", transfers=(two[0],), hours=1), story_of(survey)).is_new
    assert not put(article("b", transfers=two[::-1], hours=1), story_of(survey)).is_new


def test_kinds_of_weapons_are_no_other_deal() -> None:
    """Two reports of one pair that name other kinds of weapons are one story for three days."""
    shells, rifles = System(name="shells"), System(name="rifles")
    first = story_of(article("a", transfers=(transfer("JP", "US", shells),)))
    later = transfer("JP", "US", rifles)
    assert not put(article("b", transfers=(later,), hours=1), first).is_new
    assert put(article("b", transfers=(later,), hours=80), first).is_new
    assert put(article("b", transfers=(transfer("JP", "US", shells),), hours=80), first).is_new


def test_an_unsure_mention_is_not_told() -> None:
    """It brings its article to the story and changes nothing there."""
    doubtful = transfer("JP", "US", NASAMS, PATRIOT, stage=Stage.DELIVERED, confidence=0.4)
    before = story_of(PATRIOTS)
    after = put(article("b", transfers=(doubtful,), hours=1), before).story
    assert after.transfers == before.transfers
    assert len(after.articles) == 2


def test_a_rewrite_that_names_a_party_otherwise() -> None:
    """Where two reports share three tenths of their words, one actor may have two names; two states
    may not, and an hour matters."""
    first = story_of(
        article("a", transfers=(transfer("US", "Azawad movement"),), sketch=(1, 2, 3, 4))
    )

    def retold(recipient: str, hours: float = 1, sketch: tuple[int, ...] = (1, 2, 8, 9)) -> bool:
        deal = transfer("US", recipient)
        return put(article("b", transfers=(deal,), hours=hours, sketch=sketch), first).is_new

    assert not retold("Tuareg fighters")
    assert not retold("IQ")
    assert retold("Tuareg fighters", hours=80)
    assert retold("Tuareg fighters", sketch=(1, 7, 8, 9))
    states = story_of(article("a", transfers=(transfer("US", "SY"),), sketch=(1, 2, 3, 4)))
    other = article("b", transfers=(transfer("US", "IQ"),), sketch=(1, 2, 8, 9), hours=1)
    assert put(other, states).is_new


def test_a_movement_named_in_the_vague() -> None:
    """ "Rebels" are those of the country that the title names, and join the story of those; of two such stories neither."""
    exact = story_of(article("a", transfers=(transfer("US", "Syrian rebels"),)))
    vague = transfer("US", "rebel forces")

    def joins(title: str, hours: float = 1) -> bool:
        report = article("b", transfers=(vague,), hours=hours, title=title)
        placed = put(report, exact)
        recipients = [told.transfer.recipient for told in placed.story.transfers]
        assert placed.is_new or recipients == ["Syrian rebels"]
        return not placed.is_new

    assert joins("President sends arms into the war in Syria")
    assert not joins("President sends arms into the war in Libya")
    assert not joins("President sends arms into the war in Syria", hours=80)
    first = article("c", transfers=(vague,), title="Arms for Syria and for Libya")
    assert not put(
        article("d", transfers=(transfer("US", "Libyan rebels"),)), story_of(first)
    ).is_new
    other = story_of(article("e", transfers=(transfer("US", "Libyan rebels"),)))
    assert put(first, exact, other).is_new


def test_one_force_by_its_own_name_and_its_peoples() -> None:
    """Papers say Peshmerga or Kurdish forces, and mean one recipient."""
    first = story_of(article("a", transfers=(transfer("FR", "Peshmerga"),)))
    again = put(article("b", transfers=(transfer("FR", "Kurdish forces"),), hours=1), first)
    assert not again.is_new
    assert len(again.story.transfers) == 1


def test_one_person_reacts_in_two_reports_of_one_deal() -> None:
    """A report that leaves the supplier out belongs to the deal on which the same minister speaks."""
    minister = reaction("Ada Holm", "Foreign Ministry", "DK", Stance.SUPPORT)
    whole = article("a", transfers=(transfer("DK", "Tuareg fighters"),), reactions=(minister,))
    half = transfer(None, "Tuareg fighters")
    report = article("b", transfers=(half,), reactions=(minister,), hours=1)
    assert not put(report, story_of(whole)).is_new
    assert not put(whole, story_of(report)).is_new
    ministry = reaction("Foreign Ministry", None, "DK", Stance.SUPPORT)
    assert put(
        article("c", transfers=(half,), reactions=(ministry,), hours=1), story_of(whole)
    ).is_new
    assert put(article("d", transfers=(half,), hours=1), story_of(whole)).is_new
    elsewhere = transfer(None, "Houthis")
    other = article("e", transfers=(elsewhere,), reactions=(minister,), hours=1)
    assert put(other, story_of(whole)).is_new


def test_what_officials_react_to_is_told_though_less_sure() -> None:
    """The encoder's likeliest pair, where somebody is heard and nothing surer is known; no half of one, nothing the rules
    alone suppose."""

    def told(*reactions: Reaction, route: Route = Route.ENCODER, **changed: object) -> int:
        deal = replace(transfer("JP", "US", confidence=0.45), route=route, **changed)
        return len(put(article(transfers=(deal,), reactions=reactions)).story.transfers)

    assert told(reaction()) == 1
    assert told() == 0
    assert told(reaction(), route=Route.RULES) == 0
    assert told(reaction(), supplier=None) == 0
    assert told(reaction(), confidence=0.35) == 0


def test_a_passing_mention_is_no_news() -> None:
    """One route's pair with no system, deep in an article in which nobody reacts; it still finds its story."""
    deep = Evidence(field="stage", start=2000, end=2004, text="sold", rule="test.rule")
    passing = replace(transfer("JP", "US", confidence=0.8, found=(deep,)), route=Route.RULES)

    def told(deal: Transfer, *reactions: Reaction) -> bool:
        long = BODY + " " + "x" * 3000
        found = article(transfers=(deal,), reactions=reactions, body=long)
        return bool(put(found).story.transfers)

    assert not told(passing)
    assert told(passing, reaction())
    assert told(replace(passing, route=Route.BOTH))
    assert told(replace(passing, confidence=1.0))
    assert told(replace(passing, systems=(PATRIOT,)))
    assert told(replace(passing, evidence=(evidence("stage", "will export"),)))


def test_a_rule_about_a_named_deal_is_the_deals_story() -> None:
    """Both parties and the system stand in it; the two are told as a policy and a deal."""
    rule = transfer("RU", "IR", PATRIOT, stage=Stage.POLICY)
    deal = transfer("RU", "IR", PATRIOT, stage=Stage.SIGNED)
    joined = put(article("b", transfers=(rule,), hours=1), story_of(article(transfers=(deal,))))
    assert not joined.is_new
    assert len(joined.story.transfers) == 2


def test_half_a_pair() -> None:
    """Two reports that leave out the same party are one story with a shared system, for three days."""
    for half in (transfer("JP", None, PATRIOT), transfer(None, "US", PATRIOT)):
        first = story_of(article("a", transfers=(half,)))
        assert not put(article("b", transfers=(half,), hours=70), first).is_new
        assert put(article("b", transfers=(half,), hours=80), first).is_new
        bare = replace(half, systems=())
        assert put(article("b", transfers=(bare,), hours=1), first).is_new


def test_a_vague_report_does_not_join_two_deals() -> None:
    """A report that names no system draws in one deal of its pair, not a second one."""
    vague = story_of(article("v", transfers=(transfer("JP", "US"),)))
    exact = put(article("a", transfers=(transfer("JP", "US", PATRIOT),), hours=1), vague)
    assert not exact.is_new
    other = article("b", transfers=(transfer("JP", "US", NASAMS),), hours=1)
    assert put(other, exact.story).is_new


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
