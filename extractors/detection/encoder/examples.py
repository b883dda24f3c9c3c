"""Labelled articles as training examples: windows with what the encoder should answer to them."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from domain.mentions import Stage, Stance
from extractors.detection.encoder.candidates import (
    PairWindow,
    SpeakerWindow,
    pair_windows,
    speaker_windows,
)
from extractors.detection.encoder.gazetteer import Gazetteer
from extractors.detection.encoder.reader import Document, read_document
from extractors.detection.encoder.windows import relevance_window

STAGES = tuple(s.value for s in Stage)
STANCES = tuple(s.value for s in Stance)
Task = Literal["relevance", "pair", "speaker"]

_VAGUE = frozenset(
    [
        "the",
        "group",
        "militia",
        "militias",
        "rebel",
        "rebels",
        "forces",
        "fighters",
        "opposition",
        "movement",
        "government",
        "army",
        "s",
    ]
)
_OFFICE_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "for",
        "and",
        "in",
        "to",
        "s",
        "mr",
        "mrs",
        "ms",
        "dr",
        "sir",
        "gen",
        "col",
        "lt",
        "maj",
        "minister",
        "ministry",
        "president",
        "prime",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "official",
        "officials",
        "government",
        "foreign",
        "defence",
        "defense",
        "secretary",
        "deputy",
        "department",
        "state",
        "senior",
        "chief",
        "head",
    ]
)
_OFFICE_KINDS = (
    frozenset(["foreign"]), frozenset(["defence", "defense"]), frozenset(["president"]), frozenset(["prime"]),
    frozenset(["government", "officials", "official"]), frozenset(["military", "army"]), frozenset(["state"]),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One window of one task. `label` is the class of stage or stance (-1: none), `positive` the yes or no."""

    task: Task
    window: tuple[str, str]
    positive: bool
    label: int = -1


@dataclass(slots=True)
class Labelled:
    """A labelled article with its candidates; `source` is the name of its file without ending."""

    id: str
    source: str
    relevant: bool
    marginal: bool
    document: Document
    relevance: Example
    pairs: list[tuple[PairWindow, Example]] = field(default_factory=list)
    speakers: list[tuple[SpeakerWindow, Example]] = field(default_factory=list)


def read_labelled(path: Path, gazetteer: Gazetteer) -> Iterator[Labelled]:
    """The articles of a JSONL file (plain or gzip). Rows without labels count as not relevant."""
    source = path.name.split(".")[0]
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf8")
    for line in text.split("\n"):
        if line.strip():
            yield label_article(json.loads(line), source, gazetteer)


def label_article(row: Mapping[str, Any], source: str, gazetteer: Gazetteer) -> Labelled:
    """One article's candidates with the labels of `row` put to them."""
    document = read_document(row["title"], row.get("text") or "", gazetteer)
    relevant = bool(row.get("relevant"))
    article = Labelled(
        id=str(row["id"]),
        source=source,
        relevant=relevant,
        marginal=bool(row.get("marginal")),
        document=document,
        relevance=Example(
            "relevance", relevance_window(row["title"], document.sentence_texts()), relevant
        ),
    )
    transfers, reactions = row.get("transfers") or [], row.get("reactions") or []
    for pair in pair_windows(document):
        article.pairs.append((pair, _pair_example(pair, transfers)))
    for speaker in speaker_windows(document):
        article.speakers.append((speaker, _speaker_example(speaker, reactions)))
    return article


def _pair_example(pair: PairWindow, transfers: Sequence[Mapping[str, Any]]) -> Example:
    for transfer in transfers:
        if same_actor(transfer["supplier"], pair.supplier) and same_actor(
            transfer["recipient"], pair.recipient
        ):
            return Example(
                "pair", pair.window, positive=True, label=STAGES.index(transfer["stage"])
            )
    return Example("pair", pair.window, positive=False)


def _speaker_example(speaker: SpeakerWindow, reactions: Sequence[Mapping[str, Any]]) -> Example:
    for reaction in reactions:
        if same_speaker(reaction, speaker.speaker.label, speaker.speaker.code):
            return Example(
                "speaker", speaker.window, positive=True, label=STANCES.index(reaction["stance"])
            )
    return Example("speaker", speaker.window, positive=False)


def same_actor(a: str | None, b: str | None) -> bool:
    """Codes are equal or not; other names are the same when their telling words meet."""
    if a is None or b is None or _is_code(a) or _is_code(b):
        return a == b
    return bool(_telling(a) & _telling(b))


def _is_code(name: str) -> bool:
    return name in ("EU", "UN", "NATO") or (len(name) == 2 and name.isupper())


def _words(text: str | None) -> list[str]:
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def _telling(name: str) -> frozenset[str]:
    words = {w.rstrip("s") for w in _words(name)}
    return frozenset(words - _VAGUE) or frozenset(words)


def same_speaker(reaction: Mapping[str, Any], label: str, code: str | None) -> bool:
    """By a shared name, or by country and kind of office; a candidate of unknown country may be of any."""
    gold, found = set(_words(reaction["speaker"])), set(_words(label))
    if (gold - _OFFICE_WORDS) & (found - _OFFICE_WORDS):
        return True
    country = reaction.get("country")
    if country is None or (code is not None and code != country):
        return False
    named = [any(len(w) > 2 for w in words - _OFFICE_WORDS) for words in (gold, found)]
    if all(named):
        return False
    office = gold | set(_words(reaction.get("affiliation")))
    return any(office & kind and found & kind for kind in _OFFICE_KINDS) or not any(named)
