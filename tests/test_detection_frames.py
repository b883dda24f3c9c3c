"""Who gives what to whom in the constructions that news tells in passing."""

from __future__ import annotations

import pytest

from extractors.detection.detector import Detector, build_detector


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


@pytest.mark.parametrize(
    ("sentence", "pairs"),
    [
        ("Brazil has long been Chad's chief arms supplier.", {("BR", "TD")}),
        ("Brazil is the biggest provider of military aid to Chad.", {("BR", "TD")}),
        ("Brazil, which remains Chad's main weapons supplier, kept silent.", {("BR", "TD")}),
        ("Brazil, a major arms supplier to Chad, kept silent.", {("BR", "TD")}),
        ("Chad's largest arms supplier, Brazil, kept silent.", {("BR", "TD")}),
        ("Brazil and Peru are Chad's top arms suppliers.", {("BR", "TD"), ("PE", "TD")}),
        ("Brazil is Chad's biggest supplier of rice.", set()),
        ("Brazil's biggest arms supplier closed a plant.", set()),
        ("Brazil said that Chad is a major arms supplier.", set()),
    ],
)
def test_who_is_called_a_supplier_supplies(
    detector: Detector, sentence: str, pairs: set[tuple[str, str]]
) -> None:
    """Whose supplier it is stands before the noun or behind it, who it is beside it; arms must be what is supplied."""
    frames = detector.scene("", sentence).frames
    found = {
        (s.code, r.code)
        for f in frames
        if f.rule == "frame.supplier"
        for s in f.suppliers
        for r in f.recipients
    }
    assert found == pairs


@pytest.mark.parametrize(
    ("sentence", "suppliers"),
    [
        ("Brazil, along with Peru and Chile, has given Chad rifles.", ["BR", "PE", "CL"]),
        ("Brazil, together with Peru, has given Chad rifles.", ["BR", "PE"]),
        ("Brazil met with Peru and has given Chad rifles.", ["BR"]),
        (
            "Several states have given Chad rifles, including Brazil, Peru, Chile and Ecuador.",
            ["BR", "PE", "CL", "EC"],
        ),
    ],
)
def test_all_of_a_list_supply(detector: Detector, sentence: str, suppliers: list[str]) -> None:
    """Four of them at most; who is only met does not."""
    [frame] = detector.scene("", sentence).frames
    assert [p.code for p in frame.suppliers] == suppliers
    assert [p.code for p in frame.recipients] == ["TD"]


def test_teasers_of_other_videos_are_not_read(detector: Detector) -> None:
    """A player's line between two paragraphs is of another piece of news; what stands around it keeps its place."""
    told = "Peru will send rifles to Chad."
    teaser = "JUST WATCHED Brazil sends rifles to Mali Replay More Videos ... MUST WATCH Brazil sends rifles to Mali 01:58"
    scene = detector.scene("Ministers meet", f"{teaser}\n\n{told}")
    [frame] = scene.frames
    assert [p.code for p in (*frame.suppliers, *frame.recipients)] == ["PE", "TD"]
    reading = scene.reading
    assert reading.text[reading.begins[frame.sentence.start] :].startswith("Peru")


@pytest.mark.parametrize(
    "sentence",
    ["Brazil withheld arms sales from Chad.", "Brazil has withheld rifles from Chad."],
)
def test_from_whom_arms_are_withheld_was_to_receive_them(detector: Detector, sentence: str) -> None:
    """After "withhold", "from" names the recipient."""
    frames = detector.scene("", sentence).frames
    assert {(f.suppliers[0].code, f.recipients[0].code, f.stage.stage.value) for f in frames} == {
        ("BR", "TD", "suspended")
    }


@pytest.mark.parametrize(
    ("title", "pairs"),
    [
        ("First of twelve fighter jets touch down in Chad", {(None, "TD")}),
        ("Third batch of Brazilian armoured vehicles reaches Chad", {("BR", "TD")}),
        ("New patrol boat joins Peruvian navy", {(None, "PE")}),
        ("Chad's first fighter jets land in N'Djamena", {(None, "TD")}),
        ("Brazilian fighter jets land in Chad", set()),
        ("Fighter jets touch down in Chad", set()),
        ("Brazilian frigate joins exercise", set()),
    ],
)
def test_arms_that_were_ordered_arrive(
    detector: Detector, title: str, pairs: set[tuple[str | None, str]]
) -> None:
    """The first of them, the next batch, or what joins a force; a guest's jets only land."""
    found = {
        (frame.suppliers[0].code if frame.suppliers else None, party.code)
        for frame in detector.scene(title, "").frames
        for party in frame.recipients
    }
    assert found == pairs


@pytest.mark.parametrize(
    "sentence",
    [
        "Peru accuses Brazil of arming Chad.",
        "Brazil was accused of arming the army of Chad.",
        "Brazil insists on arming Chad with rifles.",
    ],
)
def test_a_verb_behind_a_preposition_keeps_its_object(detector: Detector, sentence: str) -> None:
    """ "Of arming Chad" tells whom, "the arming of" would be a noun."""
    found = {
        (s.code, r.code)
        for f in detector.scene("", sentence).frames
        for s in f.suppliers
        for r in f.recipients
    }
    assert found == {("BR", "TD")}


def test_arms_behind_to_are_no_verb(detector: Detector) -> None:
    """ "A halt to arms for Chad" is about arms."""
    [frame] = detector.scene("", "Brazil calls a halt to arms for Chad.").frames
    assert [p.code for p in frame.recipients] == ["TD"]


@pytest.mark.parametrize(
    ("sentence", "pair", "stage"),
    [
        ("Brazil refused Chad's request for rifles.", ("BR", "TD"), "rejected"),
        ("Chad sent a request for rifles to Brazil.", ("BR", "TD"), "requested"),
        ("Chad and Brazil closed a deal for rifles.", ("BR", "TD"), "signed"),
        ("Chad struck a deal with Brazil on 26 rifles.", ("BR", "TD"), "signed"),
        ("Brazil signed a contract with Chad for rifles.", ("BR", "TD"), "signed"),
        ("Chad signed an agreement with Brazil to buy rifles.", ("BR", "TD"), "announced"),
        ("Brazil's plan to send rifles to Chad was blocked by a court.", ("BR", "TD"), "rejected"),
        ("Rifles from Brazil for Chad were seized at sea.", ("BR", "TD"), "rejected"),
        ("Police seized rifles on the way from Brazil to Chad.", ("BR", "TD"), "rejected"),
        ("The Saudi order for rifles from Brazil was cut.", ("BR", "SA"), "signed"),
    ],
)
def test_who_asks_and_who_agrees(
    detector: Detector, sentence: str, pair: tuple[str, str], stage: str
) -> None:
    """Whose request it is receives; of two that agree the bigger exporter sends; a plan ends as its verb tells."""
    found = {
        (f.suppliers[0].code, f.recipients[0].code, f.stage.stage.value)
        for f in detector.scene("", sentence).frames
        if f.suppliers and f.recipients
    }
    assert found == {(*pair, stage)}


@pytest.mark.parametrize(
    ("title", "pairs"),
    [
        ("Bid to block Chad F-16 sale fails", {(None, "TD")}),
        ("Washington halts Saudi arms sales", {("US", "SA")}),
        ("Worry over Chad's air defense deal with Brazil", {("BR", "TD")}),
        ("Brazil to Peru: stop shipping arms to Chad", {("PE", "TD")}),
        ("Brazil, Chile and Peru stop arm sales to Chad", {("BR", "TD"), ("CL", "TD"), ("PE", "TD")}),
        ("Peru stops ship with rifles for Chad from Brazil", {("BR", "TD")}),
        ("Rifles shipped to Peru by Brazil intended for Chad", {("BR", "TD")}),
        ("Brazil's decision to buy Swedish rifles instead of American ones", {("SE", "BR")}),
        ("The rifles Brazil exports to Chad are old", {("BR", "TD")}),
        ("EU ends ban on arming Libyan rebels", {(None, "Libyan rebels")}),
        ("Brazil clinches record rifle order from Chad", {("BR", "TD")}),
        ("Kenya places order for rifles from Brazil", {("BR", "KE")}),
        ("Chad buys Korean rifles", {("KR", "TD")}),
        ("Minister decries the arming of Chad by Brazil", {("BR", "TD")}),
        ("Kenya signs a contract of about $2 billion for 40 of the Brazilian rifles", {("BR", "KE")}),
    ],
)  # fmt: skip
def test_who_sends_where_words_leave_it_open(
    detector: Detector, title: str, pairs: set[tuple[str | None, str]]
) -> None:
    """Compounds, a seizer who is no supplier, what was not bought, whom a headline bids."""
    found = {
        (supplier, recipient.code)
        for frame in detector.scene(title, "").frames
        for supplier in [p.code for p in frame.suppliers] or [None]
        for recipient in frame.recipients
    }
    assert found == pairs
