"""The detector: gate, pipeline, rules, and what they make of one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from domain.mentions import Mentions, Reaction, Route, Transfer, full_text
from extractors.detection.all_frames import other_frames, strict_frames
from extractors.detection.attributions import Attribution
from extractors.detection.chosen_systems import scored_systems, share_out
from extractors.detection.clauses import build_clauses
from extractors.detection.combining import (
    PairCase,
    pair_cases,
)
from extractors.detection.combining_stances import stance_opinions
from extractors.detection.combining_systems import system_cases
from extractors.detection.combining_voices import (
    VoiceCase,
    voice_cases,
    worth_judging,
)
from extractors.detection.embargoes import imposes
from extractors.detection.encoder.digest import digest_of
from extractors.detection.encoder.heads import Answers
from extractors.detection.encoder.inference import WEIGHTS, Encoder
from extractors.detection.encoder.scenes import page_of
from extractors.detection.features import salience
from extractors.detection.gate import Gate
from extractors.detection.hearing import Hearing, hear
from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.lexicons import load_lexicons
from extractors.detection.linear import FOLDER, Linear
from extractors.detection.makers import Makers
from extractors.detection.named_weapons import NamedWeapon
from extractors.detection.nlp import build_nlp
from extractors.detection.pairs import Pair, choose, policies, without_supplier
from extractors.detection.party_finder import PartyFinder
from extractors.detection.predicates import find_predicates
from extractors.detection.reactions import reaction_of, seen_reaction
from extractors.detection.reading import LONGEST_TEXT, Reading, plain_text, read
from extractors.detection.relations import Relations
from extractors.detection.relevance import RuleModels, Verdict, judge, load_rule_models
from extractors.detection.scene import Scene, told_of
from extractors.detection.seen import officials
from extractors.detection.speakers import SpeakerFinder
from extractors.detection.stage_model import frame_odds, stage_odds
from extractors.detection.stance import StanceReader
from extractors.detection.systems import WeaponFinder
from extractors.detection.transfers import to_transfer
from extractors.detection.voices import gather_voices
from extractors.detection.weighing import (
    MOST_PROPOSED,
    PROPOSED_FROM,
    Scales,
    WeighedPair,
    route_of,
    settle,
    sort_out,
)

if TYPE_CHECKING:
    from spacy.language import Language


ASKED_FROM = 0.03
"""The rules' score from which the encoder is asked at all: it costs several times as much as they do. MEASURED on held-out
files: one of 1,120 relevant articles scores less, and half of the ordinary ones that pass the gate.
"""
POLICY_CONFIDENCE = 0.75
"""Confidence of a rule change found beside the deals an article is about. MEASURED on held-out files: three of four."""


class Detector:
    """Finds transfers and reactions in articles. Not safe for several threads at once; one per process is meant."""

    def __init__(
        self, lexicons: Lexicons, nlp: Language, models: Path = FOLDER, weights: Path = WEIGHTS
    ) -> None:
        self._nlp = nlp
        self._gate = Gate(lexicons)
        self._lexicons = lexicons
        self._parties = PartyFinder(lexicons)
        self._weapons = WeaponFinder(lexicons)
        self._speakers = SpeakerFinder(lexicons)
        self.models = load_rule_models(models)
        self._scales = Scales(models)
        self._weights = weights
        self._encoder: Encoder | None = None
        self.stances = StanceReader(lexicons)
        self.relations = Relations(lexicons)
        self._makers = Makers(lexicons, self.relations)

    def passes_gate(self, title: str, body: str) -> bool:
        """The cheap test before spaCy: whether weapons and transfers are spoken of at all."""
        return self._gate.passes(full_text(title, body)[:LONGEST_TEXT])

    def detect(self, title: str, body: str, language: str | None = None) -> Mentions:
        """What the article says. Evidence offsets count characters of `full_text(title, body)`; never raises on
        any text.

        Texts in other languages than English, and texts that do not pass the gate, give empty Mentions. Only the
        first 120,000 characters are read.
        """
        text = full_text(title, body)[:LONGEST_TEXT]
        if not self._gate.passes(text):
            return Mentions(relevant=False, score=0.0, language=language or "en")
        spoken = language or self._gate.language(text)
        if spoken.split("-")[0].lower() != "en":
            return Mentions(relevant=False, score=0.0, language=spoken)
        scene = self.scene(title, body)
        verdict = self.verdict(scene, self.models)
        if verdict.score < ASKED_FROM:
            return Mentions(relevant=False, score=verdict.score, language=spoken)
        answers = self.answers(scene)
        cases = pair_cases(verdict.pairs, answers, scene.frames, self.relations)
        score = self._scales.article(verdict.score, answers, cases)
        if score < PROPOSED_FROM:
            return Mentions(relevant=False, score=score, language=spoken)
        odds = self._scales.pairs(cases, scene.reading.size)
        chosen, left = sort_out(cases, odds, self._scales.pair_threshold)
        sent = self._sent(scene, verdict, answers)
        if score < 0.5:
            unsure = self._settled(scene, [*chosen, *left], answers)
            proposed = self._transfers(scene, unsure, sent)
            return Mentions(relevant=False, score=score, language=spoken, proposed=tuple(proposed))
        settled = self._settled(scene, chosen, answers)
        settled += [
            WeighedPair(pair, None, POLICY_CONFIDENCE, Route.RULES)
            for pair in policies(scene.frames, [weighed.pair for weighed in settled])
        ]
        pairs = [weighed.pair for weighed in settled]
        transfers = self._transfers(scene, settled, sent)
        reactions, unsaid = self._reactions(scene, pairs, cases, answers)
        proposed = self._transfers(scene, self._settled(scene, left, answers), sent)
        return Mentions(
            relevant=True,
            score=score,
            language=spoken,
            transfers=tuple(transfers),
            reactions=tuple(reactions),
            proposed=(*proposed, *unsaid),
        )

    def _settled(
        self, scene: Scene, cases: Sequence[tuple[PairCase, float]], answers: Answers
    ) -> list[WeighedPair]:
        return settle(cases, scene.reading, scene.table.parties, scene.weapons, answers)

    def _sent(self, scene: Scene, verdict: Verdict, answers: Answers) -> list[NamedWeapon]:
        """The weapons that are sent, likeliest first; the rules judge them beside the pairs that they believe themselves."""
        pairs = [pair for pair, _ in choose(verdict.pairs, self.models.pairs.threshold)]
        told = told_of(scene, pairs + policies(scene.frames, pairs))
        scored = scored_systems(told, self.models.systems)
        cases = system_cases(scored, scene.reading, scene.weapons, answers)
        return self._scales.systems(cases, scene.reading.size)

    def _transfers(
        self, scene: Scene, settled: Sequence[WeighedPair], sent: Sequence[NamedWeapon]
    ) -> list[Transfer]:
        reading = scene.reading
        told = told_of(scene, [weighed.pair for weighed in settled])
        arms = share_out(sent, told, self._makers)
        found: list[Transfer] = []
        for weighed, systems in zip(settled, arms, strict=True):
            frames = frame_odds(weighed.pair, reading)
            words = stage_odds(weighed.pair, reading, self.models.stages)
            stage = self._scales.stage(frames, words, weighed.answer)
            pair = weighed.pair
            if imposes(pair.supplier, stage, scene.frames) and pair.recipient is not None:
                pair = without_supplier(pair)
            found.append(
                to_transfer(reading, pair, stage, systems, weighed.confidence, weighed.route)
            )
        return found

    def _reactions(
        self, scene: Scene, pairs: Sequence[Pair], likely: Sequence[PairCase], answers: Answers
    ) -> tuple[list[Reaction], list[Reaction]]:
        """Those that are believed, and those to be proposed."""
        size = scene.reading.size
        hearings = self.hearings(scene, pairs, self.models.voices.of(size))
        cases = self.voices(scene, hearings, likely, answers)
        sure: list[Reaction] = []
        unsure: list[Reaction] = []
        weighed = self._scales.voices(cases, size, answers)
        for case, odds in zip(cases, weighed, strict=True):
            if odds < PROPOSED_FROM:
                continue
            reaction = self._reaction(scene.reading, case, odds, answers.passages)
            (sure if odds >= self._scales.voice_threshold else unsure).append(reaction)
        return sure, sorted(unsure, key=lambda r: -r.confidence)[:MOST_PROPOSED]

    def _reaction(
        self, reading: Reading, case: VoiceCase, odds: float, passages: Sequence[Answers]
    ) -> Reaction:
        heard, seen = case.hearing, case.answer
        if heard is not None:
            reaction = reaction_of(reading, heard.voice, heard.attitude.hits, odds, route_of(case))
        elif seen is not None:
            reaction = seen_reaction(reading, case.party, seen, odds)
        else:
            raise ValueError(f"no route knows of {case.party.label}")
        stance, sureness = self._scales.stance(stance_opinions(case, self.models.stances, passages))
        return replace(reaction, stance=stance, stance_confidence=round(sureness, 4))

    def hearings(self, scene: Scene, pairs: Sequence[Pair], model: Linear) -> list[Hearing]:
        """Who is heard officially in an article about `pairs`, with what the rules' `model` makes of it."""
        reading = scene.reading
        attributions = self.attributions(scene)
        voices = gather_voices(reading, scene.clauses, scene.frames, attributions)
        return hear(reading, voices, pairs, scene.named, self.stances, model)

    def verdict(self, scene: Scene, models: RuleModels) -> Verdict:
        """What the rules alone think of an article and its pairs, by `models`."""
        return judge(models, scene)

    def answers(self, scene: Scene) -> Answers:
        """What the encoder says of an article."""
        return self._reader().read(page_of(scene.reading, scene.table.parties, scene.weapons))

    def voices(
        self,
        scene: Scene,
        hearings: Sequence[Hearing],
        likely: Sequence[PairCase],
        answers: Answers,
    ) -> list[VoiceCase]:
        """The possible reactions of an article whose candidate pairs are `likely`, by both routes."""
        cases = voice_cases(hearings, officials(scene.table.parties), answers)
        asked = {id(case) for case in worth_judging(cases)}
        return [self.judged(scene, c, likely) if id(c) in asked else c for c in cases]

    def judged(self, scene: Scene, case: VoiceCase, likely: Sequence[PairCase]) -> VoiceCase:
        """The case with what the encoder says of its digest."""
        digest = digest_of(scene.reading, case, likely, self._lexicons.states)
        return replace(case, judged=self._reader().judge(digest.about, digest.said))

    def _reader(self) -> Encoder:
        """The encoder; its weights are read when first asked for."""
        if self._encoder is None:
            self._encoder = Encoder.load(self._weights)
        return self._encoder

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
        frames = strict_frames(clauses)
        loose = other_frames(clauses, frames)
        named = salience(reading, clauses)
        return Scene(reading, table, weapons, preds, clauses, frames, loose, named)


def build_detector(
    extra_lexicons: Sequence[Path] = (), models: Path = FOLDER, weights: Path = WEIGHTS
) -> Detector:
    """A detector over the shipped lexicons and `extra_lexicons`. Raises ConfigError (path, line) on a malformed
    row.

    `models` and `weights` are the folders of the fitted regressions and of the encoder, others than the shipped
    for measuring.
    """
    lexicons = load_lexicons(extra_lexicons)
    return Detector(lexicons, build_nlp(lexicons), models, weights)
