"""Analysts judge alerts, and their verdicts become labels."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from domain.alerting import Alert
from domain.errors import InputError
from domain.feedback import Field, Verdict
from domain.settings_files import Configuration
from extractors.detection.gold import read_gold
from flows.cli.main import app
from flows.configuration import load_configuration
from flows.feedback import judge
from flows.placing import place_batch
from storage.published import open_published, publish
from storage.store import open_store
from tests.developments import START, reports

MONITOR = """\
database: monitor.duckdb
channels: {desk: {type: email, smtp: "smtp://localhost", sender: a@example.org, to: b@example.org}}
watches: [{name: everything, when: {supplier: [NO, KR, DE]}, send: desk}]
"""


@pytest.fixture
def monitor(tmp_path: Path) -> Configuration:
    """Three stories, each alerted: missiles for Lithuania, howitzers for Poland, a suspension for Egypt."""
    (tmp_path / "feeds.yaml").write_text("[]", encoding="utf-8")
    (tmp_path / "monitor.yaml").write_text(MONITOR, encoding="utf-8")
    configuration = load_configuration(tmp_path / "monitor.yaml")
    told = ("nasams", "k9", "iris")
    entries = [report.entry for report in reports() if report.development in told]
    with open_store(configuration.settings.database) as store:
        store.commit_batch(place_batch(entries, (), configuration.settings, START), START)
    publish(configuration.settings.database)
    return configuration


def alerts(monitor: Configuration) -> dict[str, Alert]:
    """By the recipient of their story."""
    with open_published(monitor.settings.database) as queries:
        found = queries.alerts()
    return {str(alert.story.transfers[0].transfer.recipient): alert for alert in found}


def armswire(monitor: Configuration, *words: str) -> str:
    done = CliRunner().invoke(
        app, ["feedback", *words, "--config", str(monitor.path)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_verdicts_become_labels_that_evaluate_takes(monitor: Configuration, tmp_path: Path) -> None:
    """A right alert's articles say what it told, an irrelevant one's nothing; a wrong one's wait for a person. Copies
    of one text are one label, and the last verdict counts."""
    found = alerts(monitor)
    armswire(monitor, found["LT"].id, "wrong", "--field", "stage")
    said = armswire(monitor, found["LT"].id[:8], "relevant")
    assert said.startswith("relevant: Norway → Lithuania: NASAMS")
    armswire(monitor, found["PL"].id, "irrelevant")
    wrong = ("wrong", "--field", "stage", "--field", "stance", "--note", "only delayed")
    armswire(monitor, found["EG"].id, *wrong)

    out = tmp_path / "labels.jsonl"
    assert "wrote 6 articles of 3 alerts" in armswire(monitor, "export", str(out))
    gold = {article.id: article for article in read_gold(out)}
    right = gold["https://wire.example/nasams"]
    assert right.mentions.relevant
    assert [t.recipient for t in right.mentions.transfers] == ["LT"]
    assert [r.speaker for r in right.mentions.reactions] == ["Kari Lunde"]
    assert "launchers" in right.text
    nothing = gold["https://rewriter.example/k9"]
    assert (nothing.mentions.relevant, nothing.mentions.transfers) == (False, ())
    assert [a.marginal for a in gold.values()].count(True) == 2
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {(tuple(r["wrong"]), r["note"]) for r in rows if r["marginal"]} == {
        (("stage", "stance"), "only delayed")
    }


def test_what_cannot_be_judged_is_told(monitor: Configuration) -> None:
    """No alert of that id, an id that several begin with, fields of an alert that is right, unknown words."""
    one = alerts(monitor)["LT"].id
    with pytest.raises(InputError, match=r'no alert\'s id begins with "zzz"'):
        judge(monitor, "zzz", Verdict.RELEVANT)
    with pytest.raises(InputError, match="no alert's id begins"):
        judge(monitor, "", Verdict.RELEVANT)
    with pytest.raises(InputError, match='say "wrong"'):
        judge(monitor, one, Verdict.RELEVANT, [Field.STAGE])
    with pytest.raises(InputError, match="relevant"):
        armswire(monitor, one, "relevent")
    with pytest.raises(InputError, match="stage"):
        armswire(monitor, one, "wrong", "--field", "stages")


def test_every_verdict_is_kept(monitor: Configuration) -> None:
    """The last one counts, and asking again changes nothing."""
    one = alerts(monitor)["LT"]
    for minutes, verdict in ((1, Verdict.WRONG), (3, Verdict.RELEVANT), (2, Verdict.IRRELEVANT)):
        moment = START + timedelta(minutes=minutes)
        judge(monitor, one.id, verdict, clock=lambda moment=moment: moment)  # type: ignore[misc]
    with open_published(monitor.settings.database) as queries:
        ((alert, given),) = queries.judged_alerts()
    assert (alert.id, given.verdict) == (one.id, Verdict.RELEVANT)
