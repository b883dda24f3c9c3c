"""Comparing the lexicons with a trade register: what is known however it is spelt, what is not, what is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from extractors.detection.lexicon_audit import Known, LexiconAudit, audit
from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.lexicons import load_lexicons
from extractors.trade_register import Deals, parse_register
from tests.test_trade_register import REGISTER


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    return load_lexicons()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """As SIPRI's export is: Latin-1, with lines about it above the header."""
    path = tmp_path / "register.csv"
    path.write_bytes(REGISTER.encode("latin-1"))
    return path


def audited(lexicons: Lexicons, *names: str) -> LexiconAudit:
    deals = [Deals(designation=n, description="missile", year=2020) for n in names]
    return audit(deals, lexicons, 2000)


def test_what_is_unknown_is_told_by_number_of_deals(register: Path, lexicons: Lexicons) -> None:
    """Only deals since the year asked for, in named weapons; the press's spelling of a name is enough to know it."""
    result = audit(parse_register(register.read_bytes(), register), lexicons, 2000)
    assert [(w.designation, w.deals, w.known) for w in result.weapons] == [
        ("Quibble Lance", 2, Known.NOT),
        ("Leopard-2A4", 1, Known.BY_NAME),
        ("Patriot PAC-3", 1, Known.BY_NAME),
    ]
    assert (result.deals(), result.share(Known.BY_NAME)) == (4, 0.5)
    assert result.unknown_parties == (("Vale Front", 1),)


def test_a_designation_of_two_names_is_known_by_either(lexicons: Lexicons) -> None:
    """The one the lexicon lacks is told by itself; a form that gives itself away is told apart from a name."""
    [two] = audited(lexicons, "Quibble/UH-60L").weapons
    assert (two.known, two.unknown) == (Known.BY_NAME, ("Quibble",))
    [form] = audited(lexicons, "AGM-998").weapons
    assert (form.known, form.unknown) == (Known.BY_FORM, ("AGM-998",))


def test_no_deal_is_wholly_covered(lexicons: Lexicons) -> None:
    """A year without deals has nothing unknown."""
    result = audit([], lexicons, 2000)
    assert (result.deals(), result.share(Known.BY_NAME)) == (0, 1.0)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", "lexicon", "audit", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_command(register: Path, tmp_path: Path) -> None:
    """It tells the share and the list; rows of one's own lexicon count; a missing file is one line, exit status 2."""
    shown = run(register).stdout
    assert "50.0% of 4 deals since 2000" in shown
    assert "Quibble Lance" in shown
    row = {"lexicon": "systems", "id": "QL", "names": ["Quibble Lance"], "category": "missile"}
    (tmp_path / "extra.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text("[]\n", encoding="utf-8")
    config = tmp_path / "monitor.yaml"
    config.write_text("feeds: feeds.yaml\ndetection: {lexicon: extra.jsonl}\n", encoding="utf-8")
    told = json.loads(run(register, "--since", "2010", "--config", config, "--json").stdout)
    assert (told["deals"], told["covered"], told["unknown"]) == (3, 3, [])
    missing = run(tmp_path / "none.csv")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == f"armswire: {tmp_path / 'none.csv'}: no such file\n"
