"""Both routes weighed together: what is believed, what is only proposed, and which route is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.mentions import Route, Stance
from extractors.detection import Detector, build_detector
from extractors.detection.attitudes import StanceModel
from extractors.detection.combining import (
    PairCase,
    pair_cases,
    pair_evidence,
)
from extractors.detection.combining_stances import stance_opinions
from extractors.detection.combining_voices import VoiceCase
from extractors.detection.encoder.heads import Answers, PairAnswer, SpeakerAnswer
from extractors.detection.encoder.page import Mention
from extractors.detection.encoder.tokens import Marked
from extractors.detection.lexicons import load_lexicons
from extractors.detection.linear import Linear
from extractors.detection.pairs import Pair
from extractors.detection.parties import Party
from extractors.detection.reading import Size
from extractors.detection.relations import Relations
from extractors.detection.speakers_heard import key_of
from extractors.detection.weighing import MOST_PAIRS, Scales, mixed, route_of, sort_out
from tests.detection_evidence import faults_of


def case(
    supplier: str | None, recipient: str | None, *, odds: float | None = None, logit: float = -6.0
) -> PairCase:
    """A candidate of the rules (with `odds`), of the encoder, or of both."""
    pair = Pair(supplier, recipient) if odds is not None else None
    answer = PairAnswer(
        supplier=supplier, recipient=recipient, logit=logit, stages=(), best=(None, None)
    )
    return PairCase(supplier, recipient, pair, odds or 0.0, answer)


def codes(cases: list[tuple[PairCase, float]]) -> list[tuple[str | None, str | None]]:
    return [(c.supplier, c.recipient) for c, _ in cases]


def test_likely_pairs_are_kept_and_less_likely_ones_proposed() -> None:
    """From the threshold on a pair is believed, from a fifth on proposed, below that dropped."""
    cases = [case("FR", "IN"), case("US", "PL"), case("DE", "UA")]
    kept, left = sort_out(cases, [0.9, 0.3, 0.1], 0.4)
    assert codes(kept) == [("FR", "IN")]
    assert codes(left) == [("US", "PL")]


def test_the_best_pair_stands_however_unlikely() -> None:
    """A relevant article is about something: its likeliest pair is kept."""
    kept, left = sort_out([case("FR", "IN")], [0.05], 0.4)
    assert codes(kept) == [("FR", "IN")]
    assert left == []


def test_the_reverse_of_a_likelier_pair_is_none() -> None:
    """Arms that go from France to India do not go back."""
    kept, left = sort_out([case("FR", "IN"), case("IN", "FR")], [0.9, 0.8], 0.4)
    assert codes(kept) == [("FR", "IN")]
    assert left == []


def test_one_movement_under_two_names_receives_once() -> None:
    """Who arms the Peshmerga and "Kurdish forces" arms one; another supplier's pair stands."""
    kurds = replace(case("FR", "Kurdish forces"), kin=frozenset(["Peshmerga"]))
    cases = [kurds, case("FR", "Peshmerga"), case("IT", "Peshmerga")]
    kept, left = sort_out(cases, [0.9, 0.8, 0.7], 0.4)
    assert codes(kept) == [("FR", "Kurdish forces"), ("IT", "Peshmerga")]
    assert left == []


def test_who_arms_a_movement_does_not_arm_the_state_it_is_in() -> None:
    """Kurdish forces may be those in Iraq: beside them Iraq does not receive from the same supplier, unless likelier."""
    relations = Relations(load_lexicons())
    answers = Answers(relevance=0.0, pairs={}, speakers={}, weapons={})
    pairs = [Pair("FR", "Kurdish forces"), Pair("FR", "IQ"), Pair("RU", "IQ")]
    cases = pair_cases([(p, 0.5) for p in pairs], answers, [], relations)
    kept, _ = sort_out(cases, [0.9, 0.8, 0.7], 0.4)
    assert codes(kept) == [("FR", "Kurdish forces"), ("RU", "IQ")]
    kept, _ = sort_out(cases, [0.8, 0.9, 0.7], 0.4)
    assert codes(kept) == [("FR", "IQ"), ("RU", "IQ")]


def test_half_a_pair_that_is_plain_stands_beside_whole_ones() -> None:
    """An embargo of many states beside one state's deal; a half that is less sure is only the whole told in part."""
    cases = [case("FR", "IN"), case(None, "IN")]
    kept, _ = sort_out(cases, [0.95, 0.9], 0.4)
    assert codes(kept) == [("FR", "IN"), (None, "IN")]
    kept, _ = sort_out(cases, [0.95, 0.8], 0.4)
    assert codes(kept) == [("FR", "IN")]


def test_an_embargo_on_a_state_is_not_one_on_its_rebels() -> None:
    """Beside arms for a movement the state in which it fights receives from nobody named, unless likelier."""
    rebels = replace(case("US", "Syrian rebels"), seats=frozenset(["SY"]))
    kept, left = sort_out([rebels, case(None, "SY")], [0.8, 0.7], 0.4)
    assert codes(kept) == [("US", "Syrian rebels")]
    assert left == []


def test_what_is_known_of_the_parties_goes_with_a_pair() -> None:
    """France has armed India before, India not France; Kurdish forces may be the Peshmerga of Iraq or Kurds in Syria, and
    these two are not one.
    """
    relations = Relations(load_lexicons())
    answers = Answers(relevance=0.0, pairs={}, speakers={}, weapons={})
    pairs = [Pair("FR", "IN"), Pair("IN", "FR"), Pair(None, "Kurdish forces"), Pair(None, "YPG")]
    found = pair_cases([(p, 0.5) for p in pairs], answers, [], relations)
    assert [c.customary for c in found] == [True, False, False, False]
    assert found[2].kin >= {"Peshmerga", "Syrian Kurds"}
    assert "Syrian Kurds" in found[3].kin
    assert "Peshmerga" not in found[3].kin
    known = [pair_evidence(c, found, Size(headline=True, length=0.0)) for c in found]
    assert [row["customary"] for row in known] == [1.0, 0.0, 0.0, 0.0]


def test_passages_read_alone_speak_for_a_pair() -> None:
    """What an article tells in passing may be lost on a whole sheet and plain in its passage."""

    def answers(logit: float, relevance: float, *passages: Answers) -> Answers:
        pairs = {
            ("IR", "Hezbollah"): PairAnswer(
                supplier="IR", recipient="Hezbollah", logit=logit, stages=(), best=(None, None)
            )
        }
        return Answers(relevance=relevance, pairs=pairs, speakers={}, weapons={}, passages=passages)

    read = answers(-2.0, -1.0, answers(1.5, -0.5), answers(0.5, 2.0))
    relations = Relations(load_lexicons())
    scored = [(Pair("IR", "Hezbollah"), 0.4), (Pair("RU", "SY"), 0.4)]
    cases = pair_cases(scored, read, [], relations)
    rows = [pair_evidence(c, cases, Size(headline=False, length=1.0)) for c in cases]
    assert [(r["shown_alone"], r["alone"], r["alone_both"]) for r in rows] == [
        (1.0, 1.5, 0.5),
        (0.0, 0.0, 0.0),
    ]


def test_half_a_pair_counts_only_where_no_whole_one_has_its_half() -> None:
    """ "Somebody arms India" says nothing new beside France and India; "Sudan is armed" does."""
    cases = [case("FR", "IN"), case(None, "IN"), case(None, "SD")]
    kept, _ = sort_out(cases, [0.9, 0.8, 0.7], 0.4)
    assert codes(kept) == [("FR", "IN"), (None, "SD")]


def test_half_a_pair_gives_way_to_whole_ones_that_are_likelier_together() -> None:
    """That somebody arms India is likely because France or Poland may: then it is one of them."""
    cases = [case(None, "IN"), case("FR", "IN"), case("PL", "IN")]
    kept, _ = sort_out(cases, [0.7, 0.6, 0.6], 0.4)
    assert codes(kept) == [("FR", "IN"), ("PL", "IN")]
    kept, _ = sort_out(cases, [0.9, 0.3, 0.3], 0.4)
    assert codes(kept) == [(None, "IN")]


def test_no_article_has_endless_pairs() -> None:
    """A survey of an arsenal gives the likeliest pairs only."""
    states = ["AR", "BR", "CL", "DE", "EG", "FR", "GR", "HU", "IT", "JP"]
    kept, _ = sort_out([case("US", s) for s in states], [0.9] * len(states), 0.4)
    assert len(kept) == MOST_PAIRS


@pytest.mark.parametrize(
    ("odds", "logit", "route"),
    [
        (0.8, 2.0, Route.BOTH),
        (0.8, -4.0, Route.RULES),
        (None, 2.0, Route.ENCODER),
        (0.05, 2.0, Route.ENCODER),
        (0.05, -4.0, Route.RULES),
    ],
)
def test_the_route_is_who_says_yes(odds: float | None, logit: float, route: Route) -> None:
    """Both where both say yes by themselves; the rules where neither is sure and they found it."""
    assert route_of(case("FR", "IN", odds=odds, logit=logit)) is route


def test_opinions_are_weighed_by_their_weights() -> None:
    """An opinion without a weight, or without anything to say, counts nothing."""
    model = Linear(bias=0.0, weights={"rules": 1.0}, threshold=0.0)
    rules = {Stance.OPPOSE: 0.9, Stance.SUPPORT: 0.1}
    other = {Stance.OPPOSE: 0.1, Stance.SUPPORT: 0.9}
    opinions = {"rules": rules, "encoder": other, "nobody": {}}
    assert mixed(model, opinions, Stance.OPPOSE) > mixed(model, opinions, Stance.SUPPORT)


def test_a_stance_is_as_sure_as_the_less_sure_route() -> None:
    """At most half as sure as can be where one route alone has an opinion."""
    scales, rules = Scales(), {Stance.OPPOSE: 0.9, Stance.SUPPORT: 0.05, Stance.NEUTRAL: 0.05}

    seen = {Stance.OPPOSE: 0.8, Stance.SUPPORT: 0.1, Stance.NEUTRAL: 0.1}
    assert scales.stance({"rules": rules, "encoder": seen}) == (Stance.OPPOSE, 0.8)
    assert scales.stance({"rules": rules}) == (Stance.OPPOSE, 0.5)


def test_passages_read_alone_have_an_opinion_on_the_stance() -> None:
    """Of the passages that name a speaker, those that tell of a reaction to a transfer count most."""

    def said(reaction: float, oppose: float) -> dict[str, SpeakerAnswer]:
        rest = (1.0 - oppose) / 2
        odds = {Stance.OPPOSE: oppose, Stance.SUPPORT: rest, Stance.NEUTRAL: rest}
        name = Marked(Mention("speaker", 0, 5), place=0, sentence=0, is_title=False)
        stances = tuple(odds[s] for s in Stance)
        return {key_of(party): SpeakerAnswer(logit=reaction, stances=stances, best=name)}

    def passage(relevance: float, speakers: dict[str, SpeakerAnswer]) -> Answers:
        return Answers(relevance=relevance, pairs={}, speakers=speakers, weapons={})

    party = Party(0, 1, "state", "name", codes=("NO",), label="Oslo")
    model = StanceModel.load()
    voice = VoiceCase(party, None, said(1.0, 0.1)[key_of(party)])
    assert set(stance_opinions(voice, model, [passage(3.0, {})])) == {"encoder"}
    passages = [passage(3.0, said(2.0, 0.9)), passage(-3.0, said(2.0, 0.1))]
    opinions = stance_opinions(voice, model, passages)
    assert opinions["encoder"][Stance.OPPOSE] == pytest.approx(0.1)
    assert opinions["alone"][Stance.OPPOSE] > 0.8
    assert sum(opinions["alone"].values()) == pytest.approx(1.0)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def test_every_mention_has_a_route_and_evidence_that_stands_in_the_text(detector: Detector) -> None:
    """Also what only the encoder sees, and what is only proposed."""
    title = "Warsaw takes over Leopards as Kyiv waits"
    body = (
        "The first crates reached Rzeszow on Monday. In them, according to people at the depot, were night sights that"
        " Helsinki had set aside in March.\n\nThey are for Ukraine. Moscow's ambassador in Helsinki, Pavel Orlov, called"
        " it reckless. A Polish deputy minister, Anna Zielinska, spoke of a beginning: the tanks from Norway follow."
    )
    mentions = detector.detect(title, body)
    found = [*mentions.transfers, *mentions.reactions, *mentions.proposed]
    assert found
    for mention in found:
        assert mention.route in Route
        assert mention.evidence
    assert faults_of(title, body, mentions) == []


def test_who_seizes_arms_has_not_sent_them(detector: Detector) -> None:
    """The navy that stops a shipment is no supplier, whatever stands next to the weapon."""
    found = detector.detect(
        "Brazilian frigate seizes anti-tank missiles bound for Hezbollah",
        "The navy said that Iran was sending the missiles to Hezbollah on a fishing boat.",
    )
    assert {(t.supplier, t.recipient) for t in found.transfers} == {("IR", "Hezbollah")}
