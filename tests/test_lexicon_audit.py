"""Comparing the lexicons with a trade register: what is known however it is spelt, what is not, and other files refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import InputError
from extractors.detection.lexicon_audit import Deals, Known, LexiconAudit, audit, read_register
from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.lexicons import load_lexicons

REGISTER = """\
Transfers of made-up arms from All countries to All countries.
A '?' in a column indicates uncertain data.

Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,status,Comments
Poland,United States,2019,,4,,Patriot PAC-3,SAM system,New,"of two lots, some
in a second line"
Poland,Germany,2003,?,128,,Leopard-2A4,tank,Second hand,
Vale Front (Côte d'Or)*,unknown supplier(s),2012,,8,,Quibble Lance,SAM system,New,
Chile,Norway,2011,,2,,Quibble Lance,SAM system,New,
Chile,Norway,2011,,2,,ship engine,ship engine,New,
Chile,Norway,1971,,2,,Old Quibble,SAM system,New,
Chile,Norway,,,2,,Undated Quibble,SAM system,New,
"""


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


def test_a_register_is_read(register: Path) -> None:
    """Every deal below the header, years where they are told, quoted line breaks and all."""
    deals = read_register(register)
    assert [d.designation for d in deals][:3] == ["Patriot PAC-3", "Leopard-2A4", "Quibble Lance"]
    assert [d.year for d in deals] == [2019, 2003, 2012, 2011, 2011, 1971, None]
    assert deals[2].parties == ("unknown supplier(s)", "Vale Front (Côte d'Or)*")


def test_what_is_unknown_is_told_by_number_of_deals(register: Path, lexicons: Lexicons) -> None:
    """Only deals since the year asked for, in named weapons; the press's spelling of a name is enough to know it."""
    result = audit(read_register(register), lexicons, 2000)
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


def test_a_list_of_designations_is_read(tmp_path: Path) -> None:
    """One with the number of deals of each, dated by the last."""
    path = tmp_path / "list.csv"
    path.write_text(
        "designation,description,n_deals,top_suppliers,first_order,last_order\n"
        "Quibble,tank,12,Norway:12,1980,2023\n",
        encoding="utf-8",
    )
    assert read_register(path) == [
        Deals(designation="Quibble", description="tank", year=2023, count=12)
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name,age\nA,3\n", "is no SIPRI trade register"),
        (b"", "is no SIPRI trade register"),
        (b"\x00\xff\xfe" * 50, "is no SIPRI trade register"),
        (b'"' + b"x" * 200_000, "is no CSV file"),
        (b"Supplier,Recipient,Year of order,Weapon designation\n", "holds no deal"),
    ],
    ids=["foreign", "empty", "binary", "endless", "no deal"],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    """Named, with what is wrong and where to get the right one."""
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_register(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


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
