"""`armswire detect` explains: every field with its words and rule, which route found it, and lexicon rows of one's own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from domain.mentions import (
    Mentions,
    Reaction,
    Route,
    Stance,
    mentions_from_dict,
    mentions_to_dict,
    transfer_to_dict,
)
from flows.cli.console_mentions import print_mentions
from tests.story_samples import BODY, PATRIOT, TITLE, evidence, transfer

SALE = replace(
    transfer("JP", "US", PATRIOT, found=(evidence("supplier", "Japan"),)), route=Route.BOTH
)
PROPOSED = Reaction(
    speaker="Ken Mori",
    country="JP",
    stance=Stance.SUPPORT,
    confidence=0.3,
    route=Route.ENCODER,
    evidence=(evidence("stance", "strengthens the alliance"),),
)
FOUND = Mentions(
    relevant=True, score=0.9, language="en", transfers=(SALE,), proposed=(PROPOSED, SALE)
)


def test_routes_and_proposals_are_read_back() -> None:
    """Proposals by kind; a record of before there were routes was found by the rules."""
    back = mentions_from_dict(mentions_to_dict(FOUND))
    assert back == replace(FOUND, proposed=(SALE, PROPOSED))
    old = mentions_to_dict(FOUND)
    del old["proposed"], old["transfers"][0]["route"]
    assert mentions_from_dict(old) == replace(
        FOUND, transfers=(replace(SALE, route=Route.RULES),), proposed=()
    )


def test_an_explanation_tells_routes_words_and_proposals(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is only proposed stands apart, and says that it is told in no alert."""
    print_mentions(TITLE, BODY, FOUND)
    shown = capsys.readouterr().out
    believed, _, proposed = shown.partition("For review")
    assert "by rules and encoder" in believed
    assert "test.rule" in believed
    assert "not told in alerts" in proposed
    assert "by the encoder" in proposed
    assert "strengthens the alliance" in proposed


def test_evidence_is_coloured_by_field(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a terminal the words of a field have one colour in the list and in the text."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    print_mentions(TITLE, BODY, FOUND)
    shown = capsys.readouterr().out
    assert shown.count("\x1b[30;46mJapan\x1b[0m") == 3
    monkeypatch.delenv("FORCE_COLOR")
    print_mentions(TITLE, BODY, FOUND)
    assert "\x1b[" not in capsys.readouterr().out


# -- lexicon rows of one's own -----------------------------------------------------------------------------------------
TEXT = """\
Poland sends Thornbacks to the Vale Front

Poland has delivered 40 Thornbacks to the Vale Front. Its Armaments Oversight Board condemned the delivery.
"""
OWN_ROWS = [
    {
        "lexicon": "systems",
        "id": "ZX-9 Thornback",
        "names": ["ZX-9 Thornback", "Thornback"],
        "category": "missile",
    },
    {
        "lexicon": "actors",
        "id": "Vale Front",
        "kind": "movement",
        "names": ["Vale Front"],
        "country": "CD",
    },
    {
        "lexicon": "offices",
        "id": "pl-armaments-board",
        "kind": "institution",
        "names": ["Armaments Oversight Board"],
        "affiliation": "Polish government",
        "country": "PL",
        "official": True,
    },
]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with an article about arms, a movement and an office that no lexicon of ours has."""
    (tmp_path / "article.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text("[]\n", encoding="utf-8")
    (tmp_path / "monitor.yaml").write_text(
        "feeds: feeds.yaml\ndetection: {lexicon: extra.jsonl}\n", encoding="utf-8"
    )
    return tmp_path


def detect(desk: Path, *rows: object) -> subprocess.CompletedProcess[str]:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (desk / "extra.jsonl").write_text("\n".join(lines), encoding="utf-8")
    command = ["detect", desk / "article.txt", "--config", desk / "monitor.yaml", "--json"]
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *map(str, command)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_system_an_actor_and_an_office_of_ones_own(desk: Path) -> None:
    """Rows named in monitor.yaml are read like ours, and their ids are in the evidence."""
    told = json.loads(detect(desk, *OWN_ROWS).stdout)
    [sale] = told["transfers"]
    assert (sale["supplier"], sale["recipient"]) == ("PL", "Vale Front")
    assert sale["systems"] == [
        {"name": "Thornback", "designation": "ZX-9 Thornback", "category": "missile"}
    ]
    rules = {e["rule"] for e in sale["evidence"] if e["field"] == "systems"}
    assert rules == {"system.ZX-9 Thornback"}
    [board] = [r for r in told["reactions"] if r["speaker"] == "Armaments Oversight Board"]
    assert (board["country"], board["stance"]) == ("PL", "oppose")
    assert transfer_to_dict(mentions_from_dict(told).transfers[0]) == sale


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({**OWN_ROWS[0], "category": "rocket"}, 'unknown category "rocket"'),
        ({**OWN_ROWS[0], "names": "Thornback"}, '"names" must be a list of texts'),
        ({**OWN_ROWS[0], "id": "MIM-104 Patriot"}, 'the id "MIM-104 Patriot" is used twice'),
        ({**OWN_ROWS[0], "lexicon": "system"}, 'unknown lexicon "system"'),
        ({**OWN_ROWS[2], "official": "yes"}, '"official" must be true or false'),
        ({**OWN_ROWS[0], "nmaes": []}, 'unknown key "nmaes"; did you mean "names"?'),
        ({**OWN_ROWS[0], "names": []}, '"names" is empty'),
        ({**OWN_ROWS[2], "country": "Poland"}, '"country" must be an ISO code'),
        ('{"lexicon": "systems",', "not JSON"),
    ],
)
def test_a_wrong_row_of_ones_own(desk: Path, row: object, words: str) -> None:
    """Told in one line by file and line, exit status 2."""
    done = detect(desk, OWN_ROWS[1], row)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{desk / 'extra.jsonl'}:2: " in done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
