"""The detector: gate, pipeline, rules, and what they make of one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from domain.mentions import Mentions, full_text
from extractors.detection.attributions import Attribution
from extractors.detection.clauses import Clause, build_clauses
from extractors.detection.features import salience
from extractors.detection.frames import Frame
from extractors.detection.gate import Gate
from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.lexicons import load_lexicons
from extractors.detection.nearby import loose_frames
from extractors.detection.nlp import build_nlp
from extractors.detection.nominals import nominal_frames
from extractors.detection.pairs import choose, policies
from extractors.detection.parties import Party, PartyTable
from extractors.detection.party_finder import PartyFinder
from extractors.detection.predicates import Pred, find_predicates
from extractors.detection.reactions import find_reactions
from extractors.detection.reading import LONGEST_TEXT, Reading, plain_text, read
from extractors.detection.relevance import Judge
from extractors.detection.second_opinion import SecondOpinion
from extractors.detection.speakers import SpeakerFinder
from extractors.detection.stance import StanceReader
from extractors.detection.systems import Weapon, WeaponFinder
from extractors.detection.transfers import lone_designations, to_transfer
from extractors.detection.verb_frames import verbal_frames
from extractors.detection.voices import gather_voices

if TYPE_CHECKING:
    from spacy.language import Language


POLICY_CONFIDENCE = 0.5
"""Confidence of a rule change found beside the deals an article is about. JUDGEMENT."""


@dataclass(slots=True)
class Scene:
    """Everything the rules see of one article."""

    reading: Reading
    table: PartyTable
    weapons: list[Weapon]
    preds: list[Pred]
    clauses: list[Clause]
    frames: list[Frame]
    loose: list[Frame]


class Detector:
    """Finds transfers and reactions in articles. Not safe for several threads at once; one per process is meant."""

    def __init__(self, lexicons: Lexicons, nlp: Language) -> None:
        self._nlp = nlp
        self._gate = Gate(lexicons)
        self._lexicons = lexicons
        self._parties = PartyFinder(lexicons)
        self._weapons = WeaponFinder(lexicons)
        self._speakers = SpeakerFinder(lexicons)
        self._judge = Judge()
        self._second_opinion = SecondOpinion()
        self.stances = StanceReader(lexicons)

    def passes_gate(self, title: str, body: str) -> bool:
        """The cheap test before spaCy: whether weapons and transfers are spoken of at all."""
        return self._gate.passes(full_text(title, body)[:LONGEST_TEXT])

    def detect(self, title: str, body: str, language: str | None = None) -> Mentions:
        """What the article says. Evidence offsets count characters of `full_text(title, body)`; never raises on any text.

        Texts in other languages than English, and texts that do not pass the gate, give empty Mentions. Only the first
        120,000 characters are read.
        """
        text = full_text(title, body)[:LONGEST_TEXT]
        if not self._gate.passes(text):
            return Mentions(relevant=False, score=0.0, language=language or "en")
        spoken = language or self._gate.language(text)
        if spoken.split("-")[0].lower() != "en":
            return Mentions(relevant=False, score=0.0, language=spoken)
        scene = self.scene(title, body)
        named = salience(scene.reading, scene.clauses)
        verdict = self._judge.judge(scene.reading, scene.frames, scene.loose, scene.weapons, named)
        score = self._second_opinion.weigh(verdict.score, title, scene.reading)
        if score < 0.5:
            return Mentions(relevant=False, score=score, language=spoken)
        chosen = choose(verdict.pairs, self._judge.pair_threshold)
        attributions = self.attributions(scene)
        voices = gather_voices(scene.reading, scene.clauses, scene.frames, attributions)
        reactions = find_reactions(
            scene.reading,
            voices,
            [pair for pair, _ in chosen],
            named,
            self.stances,
            self._judge,
        )
        rules = policies(scene.frames, [pair for pair, _ in chosen])
        lone = lone_designations(scene.weapons, len(chosen))
        transfers = [to_transfer(scene.reading, pair, odds, lone) for pair, odds in chosen]
        transfers += [to_transfer(scene.reading, pair, POLICY_CONFIDENCE) for pair in rules]
        return Mentions(
            relevant=True,
            score=score,
            language=spoken,
            transfers=tuple(transfers),
            reactions=tuple(reactions),
        )

    def attributions(self, scene: Scene) -> list[Attribution]:
        """Who says what in an article, official or not."""
        return self._speakers.find(scene.reading, scene.clauses)

    def scene(self, title: str, body: str) -> Scene:
        """The layers of one article, for the rules and for whoever wants to look at them."""
        text = full_text(title, body)[:LONGEST_TEXT]
        reading = read(self._nlp(plain_text(text)), text, len(title))
        table = self._parties.find(reading)
        weapons = self._weapons.find(reading)
        by_start = {w.start: w for w in weapons}
        preds = find_predicates(reading, self._lexicons, table.at, by_start)
        clauses = build_clauses(reading, table.at, by_start, {p.start: p for p in preds})
        frames = _frames(clauses)
        loose = _loose(clauses, frames)
        return Scene(reading, table, weapons, preds, clauses, frames, loose)


def _frames(clauses: Sequence[Clause]) -> list[Frame]:
    frames: list[Frame] = []
    previous: list[Party] = []
    for clause in clauses:
        frames.extend(verbal_frames(clause, previous))
        frames.extend(nominal_frames(clause, previous))
        first = next(
            (
                i.party
                for i in clause.items
                if i.party and i.party.codes and i.party.case == "name" and i.party.kind != "place"
            ),
            None,
        )
        previous = [first] if first is not None else previous
    return frames


def _loose(clauses: Sequence[Clause], frames: Sequence[Frame]) -> list[Frame]:
    strict: dict[int, list[Frame]] = {}
    for frame in frames:
        strict.setdefault(frame.sentence.index, []).append(frame)
    return [f for c in clauses for f in loose_frames(c, strict.get(c.sentence.index, []))]


def build_detector(extra_lexicons: Sequence[Path] = ()) -> Detector:
    """A detector over the shipped lexicons and `extra_lexicons`. Raises ConfigError (path, line) on a malformed row."""
    lexicons = load_lexicons(extra_lexicons)
    return Detector(lexicons, build_nlp(lexicons))
