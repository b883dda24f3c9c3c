"""Which weapons are found in a text, and which of them an article's transfers are about."""

from __future__ import annotations

import pytest

from domain.mentions import System
from extractors.detection import Detector, build_detector
from extractors.detection.chosen_systems import scored_systems, share_out
from extractors.detection.lexicons import load_lexicons
from extractors.detection.makers import Makers
from extractors.detection.named_weapons import named_weapons
from extractors.detection.pairs import Pair, choose
from extractors.detection.relations import Relations
from extractors.detection.scene import told_of
from extractors.detection.system_features import Told


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def names(detector: Detector, text: str) -> list[str]:
    return [s.name for w in detector.scene("", text).weapons for s in w.systems]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Brazil will deliver six Zarogun armoured vehicles to Mali.", "Zarogun"),
        ("Turkey has sold four T929X attack helicopters to Oman.", "T929X"),
        ("Serbia will supply howitzer shells of 122 mm and 152 mm.", "152 mm"),
        ("Norway gave Ukraine howitzers and promised Kyiv twelve Borghildas.", "Borghilda"),
        ("The sale of ten second-hand Typhoons was concluded in Doha.", "Typhoon"),
        ("Tbilisi has still not received the Javelins it ordered.", "Javelin"),
        ("Tejas was offered to Argentina as a fighter jet.", "Tejas"),
        ("Belgium has ordered the F-35A. The first arrives in May.", "F-35A"),
        ("Kuwait has thirty F/A-18C fighters to sell to Malaysia.", "F/A-18C"),
        ("Haiti was given two surveillance balloons by Canada.", "surveillance balloons"),
    ],
)
def test_names_are_found(detector: Detector, text: str, name: str) -> None:
    """Names no lexicon holds beside a noun for arms, counted, or as a calibre; ambiguous ones where states trade."""
    assert any(name in found for found in names(detector, text))


@pytest.mark.parametrize(
    "text",
    [
        "The Patriots traded their kicker and two Hornets followed him.",
        "Jeffrey Archer has sold twelve million books in Britain.",
        "On Monday forty Democrats voted for the budget.",
        "About 300 mm of rain fell on the coast.",
        "G7 leaders met in Canada.",
    ],
)
def test_other_things_are_no_weapons(detector: Detector, text: str) -> None:
    """Clubs, writers, parties, rainfall and summits bear names like weapons' and are none."""
    assert names(detector, text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Asked what came, he said: Fifty mortars from Serbia.", "mortars"),
        ("The ministry asks: Whether rifles may go to Mali is open.", "rifles"),
    ],
)
def test_words_with_a_capital_are_no_names(detector: Detector, text: str, name: str) -> None:
    """Numbers and joining words that begin a clause behind a colon."""
    assert names(detector, text) == [name]


def test_a_name_before_its_noun_is_one_name(detector: Detector) -> None:
    """Counted and beside a noun for arms at once, an unseen name is told once."""
    found = names(detector, "Athens sails four Borghildas submarines and sells missiles.")
    assert found == ["Borghilda", "missiles"]


def test_capitals_of_a_headline_name_no_weapon(detector: Detector) -> None:
    """Where every word has a capital, a capital before a noun for arms tells nothing."""
    assert names(detector, "Norway is still building Tromsdal warships there.") == ["Tromsdal"]
    assert "Building" not in names(detector, "Why Norway Is Still Building Warships There.")


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("Nigeria wants forty-three Bayraktar drones.", "forty-three"),
        ("China handed over two Type 054A frigates.", "two"),
        ("Poland bought over two hundred K9 howitzers.", "over two hundred"),
    ],
)
def test_quantities(detector: Detector, text: str, quantity: str) -> None:
    """Hyphenated numbers are whole, and the "over" of "handed over" counts nothing."""
    assert [w.quantity for w in detector.scene("", text).weapons] == [quantity]


def told(detector: Detector, title: str, body: str) -> Told:
    """What the rules read in an article, with the pairs it is about."""
    scene = detector.scene(title, body)
    verdict = detector.verdict(scene, detector.models)
    threshold = detector.models.pairs.threshold
    return told_of(scene, [pair for pair, _ in choose(verdict.pairs, threshold)])


def test_what_is_sold_is_likelier_than_what_is_flown(detector: Detector) -> None:
    """The system of the deal stands above the buyer's fleet, and nouns for arms stand below both."""
    found = scored_systems(
        told(
            detector,
            "Sweden sells twelve Gripen fighters to Peru",
            "Sweden will deliver twelve Gripen jets to Peru from 2028, the ministry in Lima said.\n\n"
            "Peru's air force has flown ageing MiG-29s for decades. The arms deal is its largest.",
        ),
        detector.models.systems,
    )
    odds = {weapon.system.name: probability for weapon, probability in found}
    assert odds["Gripen"] > 0.8
    assert odds["Gripen"] > odds["MiG-29"] > odds["arms"]


def test_a_list_is_chosen_whole(detector: Detector) -> None:
    """Nouns in a list are systems when the text names no designation; "arms" is none."""
    mentions = detector.detect("Serbia to send rifles, mortars and grenades to Armenia", "")
    found = [{s.name for s in transfer.systems} for transfer in mentions.transfers]
    assert found == [{"rifles", "mortars", "grenades"}]


@pytest.mark.parametrize(
    ("name", "supplier", "rivals"),
    [
        ("F-35", "RU", True),
        ("F-35", "US", False),
        ("S-300", "GR", True),
        ("S-300", "SY", False),
        ("Zarogun", "RU", False),
    ],
)
def test_who_makes_a_weapon(name: str, supplier: str, rivals: bool) -> None:
    """A rival's weapon is known by its maker; of one that no lexicon holds nothing is known."""
    lexicons = load_lexicons()
    found = {n: row.id for row in lexicons.systems.values() for n in row.names}
    makers = Makers(lexicons, Relations(lexicons))
    system = System(name=name, designation=found.get(name))
    assert makers.is_rivals(system, supplier) is rivals


def test_a_rivals_weapon_is_only_sent_where_a_sentence_says_so(detector: Detector) -> None:
    """What is beside it in the article is somebody else's; Soviet arms are everywhere."""
    told = detector.detect(
        "Russia agrees to sell Iran an air defence system",
        "Moscow will sell Tehran an air defence system, the Russian defence ministry said on Monday.\n\n"
        "The purchase could raise the demand of Gulf states for the F-35, a jet that Russia and Iran fear.",
    )
    assert [(t.supplier, t.recipient) for t in told.transfers][:1] == [("RU", "IR")]
    assert "F-35" not in [s.name for s in told.transfers[0].systems]
    sent = detector.detect(
        "Greece sends S-300 batteries to Ukraine",
        "Greece has sent two S-300 batteries to Ukraine, the defence ministry in Athens said.",
    )
    assert [s.name for t in sent.transfers for s in t.systems] == ["S-300"]


def test_who_decides_over_arms_does_not_send_them(detector: Detector) -> None:
    """The European Union ends an embargo: nobody is named as the one who sends."""
    told = detector.detect(
        "EU ends arms embargo on Sudan",
        "The European Union has ended its arms embargo on Sudan, foreign ministers decided in Brussels on Monday. EU"
        " countries may now send weapons to Sudan, the Danish foreign minister said.",
    )
    assert told.transfers
    assert "EU" not in [t.supplier for t in told.transfers]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chad leases four UH-60s. The Black Hawks fly next week.", "UH-60 Black Hawk"),
        ("Oman sells Eurofighters. A Typhoon costs 90 million dollars.", "Eurofighter Typhoon"),
        ("Fiji buys MH-60R Seahawk helicopters. Seahawks hunt. Seahawks win.", "MH-60R Seahawk"),
        ("Mali wants six T-72 tanks. Its T-72B3s were lost.", "T-72"),
    ],
)
def test_a_weapon_with_two_names_bears_both(detector: Detector, text: str, name: str) -> None:
    """Who looks for either finds it; forms of one name are not two names."""
    scene = detector.scene("", text)
    assert [w.system.name for w in named_weapons(scene.reading, scene.weapons)] == [name]


def shared(detector: Detector, title: str, body: str, pairs: list[Pair]) -> list[set[str]]:
    """The names of the systems of each of `pairs` in an article all of whose weapons are sent."""
    scene = detector.scene(title, body)
    lexicons = load_lexicons()
    makers = Makers(lexicons, Relations(lexicons))
    weapons = named_weapons(scene.reading, scene.weapons)
    arms = share_out(weapons, told_of(scene, pairs), makers)
    return [{system.name for _, system in systems} for systems in arms]


def test_a_rivals_weapon_goes_to_the_pair_that_can_send_it(detector: Detector) -> None:
    """An American jet beside a Russian deal is dropped there, and told of the American one."""
    russian, american = shared(
        detector,
        "Ankara takes Russian batteries",
        "Russia will deliver S-400 batteries to Turkey. F-35 jets were part of an offer.",
        [Pair("RU", "TR"), Pair("US", "TR")],
    )
    assert "F-35" not in russian
    assert "F-35" in american


def test_a_weapon_goes_to_the_pair_whose_supplier_makes_it(detector: Detector) -> None:
    """Where no frame tells which of two suppliers sends it: "more Gripens" are the Swedish ones."""
    american, swedish = shared(
        detector,
        "Bangkok looks at two offers",
        "The air force wants F-16 jets from the United States. More Gripens remain possible.",
        [Pair("US", "TH"), Pair("SE", "TH")],
    )
    assert swedish == {"Gripen"}
    assert "F-16" in american


def test_a_noun_for_the_kind_of_a_named_weapon_is_that_weapon(detector: Detector) -> None:
    """ "The tanks" are the Leopards that the text has named; trucks beside them, and tanks listed with them, are others."""
    pairs = [Pair("DE", "GR")]
    body = "Germany sells Greece Leopard 2 tanks and trucks. The tanks arrive in May."
    assert shared(detector, "Greece rearms", body, pairs) == [{"Leopard 2", "trucks"}]
    body = "Germany sells Greece Leopard 2A6 models, older tanks and trucks."
    assert shared(detector, "Greece rearms", body, pairs) == [{"Leopard 2A6", "tanks", "trucks"}]


def test_the_aircraft_that_brings_the_arms_is_none_of_them(detector: Detector) -> None:
    """A freighter with crates aboard is no weapon of the deal; one that is bought is."""
    scene = detector.scene(
        "", "Mortars unloaded from an Il-76 went to Chad, whose army wants a C-130."
    )
    names = [w.system.name for w in named_weapons(scene.reading, scene.weapons)]
    assert names == ["Mortars", "C-130"]
