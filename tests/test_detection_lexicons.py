"""Lexicons are read strictly: a mistake in a row is told with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.errors import ConfigError
from extractors.detection import build_detector
from extractors.detection.lexicons import load_lexicons
from extractors.detection.linear import load_linear

SYSTEM = {
    "lexicon": "systems",
    "id": "Zephyr-9",
    "names": ["Zephyr-9"],
    "category": "uav",
    "origin": ["NO"],
}
SUPPLIERS = {
    "lexicon": "suppliers",
    "id": "suppliers.MC",
    "recipient": "MC",
    "suppliers": ["FR"],
    "as_of": "2026-01",
}


def write(path: Path, *rows: object) -> Path:
    path.write_text(
        "".join(f"{json.dumps(r) if not isinstance(r, str) else r}\n" for r in rows), "utf-8"
    )
    return path


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{not json", "not JSON"),
        ("[1, 2]", "must be a JSON object"),
        ({k: v for k, v in SYSTEM.items() if k != "names"}, '"names" is missing'),
        ({**SYSTEM, "names": "Zephyr-9"}, '"names" must be a list of texts'),
        ({**SYSTEM, "names": [""]}, '"names" must be a list of texts'),
        ({**SYSTEM, "category": "zeppelin"}, 'unknown category "zeppelin"'),
        ({**SYSTEM, "id": "MIM-104 Patriot"}, "used twice"),
        ({**SYSTEM, "lexicon": "systms"}, 'unknown lexicon "systms"'),
        ({"lexicon": "stance", "id": "x", "pattern": ["y"]}, '"stance", "sign" and "flip"'),
        ({"lexicon": "stance", "id": "x", "pattern": ["<verb>"], "sign": -1}, "unknown word class"),
        (
            {"lexicon": "offices", "id": "x", "kind": "clan", "names": ["y"], "official": True},
            "unknown kind",
        ),
        ({**SUPPLIERS, "suppliers": ["IT", "FR", "IT"]}, '"suppliers" names twice: IT'),
        ({**SUPPLIERS, "suppliers": ["IT", "MC"]}, '"MC" is named as its own supplier'),
        ({**SUPPLIERS, "supplier": "IT"}, 'unknown key "supplier"; did you mean "suppliers"?'),
    ],
)
def test_a_malformed_row_is_told_with_file_and_line(
    tmp_path: Path, row: object, message: str
) -> None:
    """The error names the file, the line (blank lines counted) and what is wrong with it."""
    path = write(tmp_path / "extra.jsonl", {**SYSTEM, "id": "Zephyr-8"}, "", row)
    with pytest.raises(ConfigError) as caught:
        load_lexicons([path])
    assert str(path) in str(caught.value)
    assert caught.value.line == 3
    assert message in str(caught.value)


def test_relations_and_suppliers_speak_of_known_states_and_movements() -> None:
    """A code or a name that no other lexicon has would never be found in a text; each recipient has one row."""
    lexicons = load_lexicons()
    known = {*lexicons.states, *lexicons.actors}
    recipients = [row.recipient for row in lexicons.suppliers.values()]
    told = {s for row in lexicons.suppliers.values() for s in row.suppliers}
    told.update(member for row in lexicons.relations.values() for member in row.members)
    assert sorted((told | set(recipients)) - known) == []
    assert len(recipients) == len(set(recipients))


def test_a_missing_lexicon_is_told(tmp_path: Path) -> None:
    """A lexicon file that is not there is an error of configuration."""
    with pytest.raises(ConfigError, match="no such lexicon file"):
        load_lexicons([tmp_path / "nowhere.jsonl"])


def test_an_extra_lexicon_teaches_a_new_system(tmp_path: Path) -> None:
    """A row of an analyst's own lexicon is found in text under its designation."""
    detector = build_detector([write(tmp_path / "extra.jsonl", SYSTEM)])
    found = detector.detect("Norway sells Zephyr-9 drones to Chile", "")
    assert [s.designation for t in found.transfers for s in t.systems] == ["Zephyr-9"]


def test_a_broken_model_is_told(tmp_path: Path) -> None:
    """A model file without weights is an error of configuration, with its path."""
    (tmp_path / "pairs.json").write_text('{"bias": 1}', "utf-8")
    with pytest.raises(ConfigError, match=r"pairs\.json"):
        load_linear("pairs", tmp_path)
