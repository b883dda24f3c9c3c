"""Names of states, bodies, movements, offices and leaders, from the shipped lexicons: longest match first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LEXICONS = Path(__file__).parent.parent / "lexicons"
WORD = re.compile(r"[^\W_](?:[\w&]|[.'’](?=\w))*\.?")
_LONGEST_NAME = 7


@dataclass(frozen=True, slots=True)
class Entry:
    code: str | None
    kind: str


def _rows(folder: Path, name: str) -> Iterator[Mapping[str, object]]:
    for line in (folder / f"{name}.jsonl").read_text(encoding="utf8").split("\n"):
        if line.strip():
            yield json.loads(line)


def _strings(row: Mapping[str, object], key: str) -> list[str]:
    value = row.get(key)
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def _text(row: Mapping[str, object], key: str) -> str | None:
    value = row.get(key)
    return value if isinstance(value, str) else None


class Gazetteer:
    """Names to codes, longest match first; names are matched with their capitals, offices without."""

    def __init__(self, folder: Path = LEXICONS) -> None:
        self._names: dict[str, Entry] = {}
        self.adjectives: dict[str, str] = {}
        for row in _rows(folder, "offices"):
            kind, official = str(row.get("kind")), bool(row.get("official", True))
            entry = Entry(_text(row, "country"), "office" if official else "outsider")
            if kind != "unofficial":
                for name in _strings(row, "names"):
                    self._add(name, entry)
        for row in _rows(folder, "officials"):
            for name in _strings(row, "names"):
                self._add(name, Entry(_text(row, "country"), "person"))
        for row in _rows(folder, "actors"):
            if row.get("kind") != "alliance":
                code = _text(row, "state") or str(row["id"])
                for name in _strings(row, "names"):
                    self._add(
                        name, Entry(code, "state" if code in ("EU", "UN", "NATO") else "movement")
                    )
        for row in _rows(folder, "states"):
            self.adjectives[str(row["id"])] = next(iter(_strings(row, "adjectives")), "")
            for key, kind in (("metonyms", "state"), ("capitals", "state"), ("people", "adjective"),
                              ("adjectives", "adjective"), ("names", "state")):  # fmt: skip
                for name in _strings(row, key):
                    self._add(name, Entry(str(row["id"]), kind))

    def _add(self, name: str, entry: Entry) -> None:
        words = [bare(m.group()) for m in WORD.finditer(name)]
        if words and len(words) <= _LONGEST_NAME:
            self._names[" ".join(words)] = entry

    def at(self, words: Sequence[str], i: int) -> tuple[int, Entry] | None:
        """The longest name that starts at word `i`: its length in words, and what it is."""
        for length in range(min(_LONGEST_NAME, len(words) - i), 0, -1):
            phrase = " ".join(words[i : i + length])
            entry = self._names.get(phrase)
            if entry is None and phrase[:1].isupper():
                entry = self._names.get(phrase.lower())
            if entry is not None:
                return length, entry
        return None


def bare(word: str) -> str:
    """A word without possessive mark or closing full stop ("Moscow's", "U.S.")."""
    for mark in ("'s", "’s"):
        if word.endswith(mark):
            word = word[: -len(mark)]
    return word.replace("’", "'").replace(".", "")


@cache
def shipped_gazetteer() -> Gazetteer:
    """The gazetteer over the lexicons beside this package."""
    return Gazetteer()
