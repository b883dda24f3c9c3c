"""Labelled articles as training examples: pages with what the heads should answer to them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.mentions import Mentions, Reaction, Stage, Stance, Transfer, mentions_from_dict
from extractors.detection.combining_voices import (
    silent,
)
from extractors.detection.encoder.page import sheets
from extractors.detection.encoder.questions import Questions, questions_of
from extractors.detection.encoder.renaming import Renamer
from extractors.detection.encoder.scenes import page_of
from extractors.detection.encoder.tokens import tokens_of
from extractors.detection.matching import same_actor, same_speaker, system_keys
from extractors.detection.parties import Party
from extractors.detection.speakers_heard import key_of
from extractors.detection.voices import is_official

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from extractors.detection.detector import Detector
    from extractors.detection.scene import Scene

STAGES, STANCES = tuple(Stage), tuple(Stance)
NO_ANSWER = -2
"""The label of what is not scored: a second name of a speaker, a weapon without a name."""
Pairing = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Example:
    """One sheet of an article. `pairs` maps the labelled pairs to the number of their stage; `speakers` and `weapons` map
    every name to the number of its stance or to 1, to -1 for no; all to NO_ANSWER where nothing is to be learned.
    """

    id: str
    source: str
    relevant: bool
    marginal: bool
    is_first: bool
    questions: Questions
    pairs: Mapping[Pairing, int]
    speakers: Mapping[str, int]
    weapons: Mapping[int, int]


def read_examples(
    path: Path, detector: Detector, tokenizer: Tokenizer, renamer: Renamer | None = None
) -> Iterator[Example]:
    """The articles of a JSONL file (plain or gzip). Rows without labels count as not relevant; those with labels are
    followed by their twins where a `renamer` is given.
    """
    source = path.name.split(".")[0]
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf8")
    for line in text.split("\n"):
        if not line.strip():
            continue
        row = json.loads(line)
        yield from examples_of(row, source, detector, tokenizer)
        if renamer is not None and "relevant" in row and (twin := renamer.twin(row)) is not None:
            yield from examples_of(twin, source, detector, tokenizer)


def examples_of(
    row: Mapping[str, Any], source: str, detector: Detector, tokenizer: Tokenizer
) -> Iterator[Example]:
    """One article's sheets with the labels of `row` put to them.

    What an earlier sheet shows too may be told there: of such pairs and speakers only a no is learned again.
    """
    labels = {"relevant": False, "transfers": [], "reactions": [], **row}
    mentions: Mentions = mentions_from_dict(labels)
    scene = detector.scene(row["title"], row.get("text") or "")
    page = page_of(scene.reading, scene.table.parties, scene.weapons)
    pairs: set[Pairing] = set()
    speakers: set[str] = set()
    for number, sheet in enumerate(sheets(page)):
        questions = questions_of(tokens_of(tokenizer, sheet))
        said = _speakers(questions, scene.table.parties, mentions.reactions)
        sent = _pairs(questions, mentions.transfers)
        yield Example(
            id=str(row["id"]),
            source=source,
            relevant=mentions.relevant,
            marginal=bool(row.get("marginal")),
            is_first=number == 0,
            questions=questions,
            pairs={pair: NO_ANSWER if pair in pairs else stage for pair, stage in sent.items()},
            speakers={
                name: NO_ANSWER if name in speakers and label >= 0 else label
                for name, label in said.items()
            },
            weapons=_weapons(questions, scene, mentions.transfers),
        )
        pairs.update(sent)
        speakers.update(said)


def _pairs(questions: Questions, transfers: Sequence[Transfer]) -> dict[Pairing, int]:
    found: dict[Pairing, int] = {}
    for transfer in transfers:
        suppliers = _named(questions, transfer.supplier)
        recipients = _named(questions, transfer.recipient)
        if suppliers and recipients:
            found.setdefault((suppliers[0], recipients[0]), STAGES.index(transfer.stage))
    return {p: stage for p, stage in found.items() if p != (None, None)}


def _named(questions: Questions, actor: str | None) -> list[str | None]:
    if actor is None:
        return [None]
    return [name for name in questions.parties if same_actor(actor, name)]


def _speakers(
    questions: Questions, parties: Sequence[Party], reactions: Sequence[Reaction]
) -> dict[str, int]:
    """A speaker with a label of his own by name; others that only share country and office get no answer."""
    voices: dict[str, list[Reaction]] = {}
    for party in parties:
        if is_official(party):
            voices.setdefault(key_of(party), []).append(silent(party))
    labels = dict.fromkeys(questions.speakers, -1)
    for reaction in reactions:
        hits = [k for k in labels if any(same_speaker(reaction, v) for v in voices.get(k, []))]
        plain = [k for k in hits if ":" not in k]
        best = plain[:1] or hits[:1]
        for key in hits:
            if key in best:
                labels[key] = STANCES.index(reaction.stance)
            elif labels[key] == -1:
                labels[key] = NO_ANSWER
    return labels


def _weapons(questions: Questions, scene: Scene, transfers: Sequence[Transfer]) -> dict[int, int]:
    wanted = system_keys(transfers)
    labels: dict[int, int] = {}
    for number in questions.weapons:
        systems = scene.weapons[number].systems
        if not systems:
            labels[number] = NO_ANSWER
            continue
        bare = Transfer(supplier=None, recipient=None, stage=Stage.POLICY, systems=systems)
        labels[number] = 1 if any(x & y for x in system_keys([bare]) for y in wanted) else -1
    return labels
