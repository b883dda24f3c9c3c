"""What an alert tells beside the news: the story so far, the user's trade register, how sure armswire is."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.certainty import certainty
from alerts.timeline import timeline
from alerts.views import view_of
from alerts.wording import past_words
from domain.alerting import PastDeals
from domain.errors import ConfigError
from domain.mentions import Stage
from flows.background import load_register, with_background
from flows.checks import check_everything
from flows.configuration import load_configuration
from flows.placing import place_batch
from storage.published import open_published, publish
from storage.store import open_store
from tests.developments import START, reports
from tests.story_samples import PATRIOT, article, reaction, story_of, transfer

MONITOR = """\
database: monitor.duckdb
context: {sipri: registers/sipri.csv}
channels: {desk: {type: email, smtp: "smtp://localhost", sender: a@example.org, to: b@example.org}}
watches: [{name: norway, when: {supplier: NO}, send: desk}]
"""
REGISTER = """\
Recipient,Supplier,Year of order,Weapon designation,Weapon description
Lithuania,Norway,2016,NASAMS-2,SAM system
Lithuania,Norway,2002,Vidar,sea search radar
Estonia,Norway,2003,Vidar,sea search radar
"""


@pytest.fixture
def monitor(tmp_path: Path) -> Path:
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "sipri.csv").write_text(REGISTER, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text("[]", encoding="utf-8")
    path = tmp_path / "monitor.yaml"
    path.write_text(MONITOR, encoding="utf-8")
    return path


def test_an_alert_tells_what_the_register_lists(monitor: Path) -> None:
    """Of the parties of its story, as it stood when the alert was made: it is kept with the alert and its delivery."""
    configuration = load_configuration(monitor)
    settings, register = configuration.settings, load_register(configuration)
    entries = [report.entry for report in reports() if report.development == "nasams"]
    batch = with_background(place_batch(entries, (), settings, START), register)
    with open_store(settings.database) as store:
        store.commit_batch(batch, START)
        (claimed,) = store.ledger.claim(START, 9, owner="me", until=START)
    publish(settings.database)
    with open_published(settings.database) as queries:
        (told,) = queries.alerts()
    assert told.background == claimed.alert.background
    assert view_of(told).background == (
        "Norway → Lithuania: 2 deals ordered 2002 to 2016; latest NASAMS-2 (2016), Vidar (2002)",
    )


def test_without_a_register_nothing_is_told(monitor: Path) -> None:
    """The setting is the user's to make."""
    monitor.write_text(MONITOR.replace("context:", "# context:"), encoding="utf-8")
    assert load_register(load_configuration(monitor)) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read: No such file"), ("a,b\n1,2\n", "is no SIPRI trade register")],
)
def test_a_register_that_is_none_is_told_with_its_line(
    monitor: Path, content: str | None, words: str
) -> None:
    """By a run before it starts, and by `check`."""
    register = monitor.parent / "registers" / "sipri.csv"
    register.unlink() if content is None else register.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=words) as caught:
        load_register(load_configuration(monitor))
    assert f"{monitor}:2: " in str(caught.value)
    first = check_everything(monitor)[0]
    assert not first.ok
    assert words in first.text


def test_words_for_few_deals() -> None:
    """One deal, one year, none at all."""
    one = PastDeals(
        supplier="NO", recipient="EE", deals=1, first=2003, last=2003, latest=(("Vidar", 2003),)
    )
    assert past_words(one) == "Norway → Estonia: 1 deal ordered 2003; latest Vidar (2003)"
    none = PastDeals(supplier="NO", recipient="EE", deals=0)
    assert past_words(none) == "Norway → Estonia: no deal in the register"


def test_the_story_so_far() -> None:
    """Each article that told something first, in the order told, whatever the order they came in; copies of what was
    known are no milestones."""
    deal = transfer("JP", "US", PATRIOT)
    signed = transfer("JP", "US", PATRIOT, stage=Stage.SIGNED)
    story = story_of(
        article("c", transfers=(signed,), hours=9, outlet="C"),
        article("a", transfers=(deal,), hours=1, outlet="A"),
        article("d", transfers=(deal,), hours=11, outlet="D"),
        article("b", transfers=(deal,), reactions=(reaction(),), hours=5, outlet="B"),
    )
    told = [(m.article.outlet, [c.text for c in m.changes]) for m in timeline(story)]
    assert told == [
        ("A", ["Japan → United States: Patriot, announced"]),
        ("B", ["Russia reacts: Irina Volkova (Russian Foreign Ministry) opposes"]),
        ("C", ["stage: announced → contract signed (Japan → United States)"]),
    ]


def test_certainty_in_words_and_number() -> None:
    """Never more certain than a person is."""
    assert certainty(0.93) == "almost certain, 0.93"
    assert certainty(0.999) == "almost certain, 0.99"
    assert certainty(0.61) == "uncertain, 0.61"
    assert certainty(1.0) == "confirmed by a reviewer"
