"""How well detection reads articles that no part of it has learned from, and what each part brings.

usage: python -m tests.benchmarks.detection_quality GOLD.jsonl [...] --background FILE --folds FOLDS.json [--passing
FILES] [--plot OUT.svg]

For each fold the rules' regressions, the regressions over both routes and the encoder are those fitted without its
files; the whole detector then reads them as it would any article. Prints markdown: figures by file for rules,
encoder and both, what is lost without each mechanism, how often a pair is right by the routes that found it, and
how far confidence can be trusted.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from domain.mentions import Mentions, Reaction, Transfer
from extractors.detection.combining import PairCase
from extractors.detection.combining_voices import VoiceCase
from extractors.detection.detector import Detector, build_detector
from extractors.detection.encoder.heads import Answers
from extractors.detection.evaluation import Evaluation, evaluate
from extractors.detection.fitting import Fold, cross_fit, hold_fold, write
from extractors.detection.fitting_both import fit_both
from extractors.detection.gold import GoldArticle, read_gold
from extractors.detection.hearing import Hearing
from extractors.detection.held import NOTHING
from extractors.detection.lexicons import load_lexicons
from extractors.detection.linear import Linear
from extractors.detection.matching import match, same_parties, same_speaker
from extractors.detection.nlp import build_nlp
from extractors.detection.pairs import Pair
from extractors.detection.relevance import RuleModels, Verdict
from extractors.detection.samples import read_samples, samples_of
from extractors.detection.scene import Scene
from extractors.detection.thresholds import BACKGROUND
from tests.benchmarks.reliability_plot import Bins, drawn

Read = tuple[GoldArticle, Mentions]
BINS = 10


class RulesAlone(Detector):
    """The encoder says nothing."""

    def answers(self, scene: Scene) -> Answers:
        return NOTHING

    def judged(self, scene: Scene, case: VoiceCase, likely: Sequence[PairCase]) -> VoiceCase:
        return case


class EncoderAlone(Detector):
    """The rules name parties, weapons and officials, and judge nothing."""

    def verdict(self, scene: Scene, models: RuleModels) -> Verdict:
        return Verdict(0.5, [])

    def hearings(self, scene: Scene, pairs: Sequence[Pair], model: Linear) -> list[Hearing]:
        return []


class NoLoosePairs(Detector):
    """Without pairs that only stand near each other."""

    def verdict(self, scene: Scene, models: RuleModels) -> Verdict:
        return super().verdict(replace(scene, loose=[]), models)


class NoDigests(Detector):
    """Without a second look at each official."""

    def judged(self, scene: Scene, case: VoiceCase, likely: Sequence[PairCase]) -> VoiceCase:
        return case


class NoSeenPairs(Detector):
    """Without pairs that only the encoder sees."""

    def answers(self, scene: Scene) -> Answers:
        answers = super().answers(scene)
        known = {(p.supplier, p.recipient) for p, _ in self.verdict(scene, self.models).pairs}
        return replace(answers, pairs={k: a for k, a in answers.pairs.items() if k in known})


class RulesStage(Detector):
    """Stage and stance by the rules where they have any."""

    def answers(self, scene: Scene) -> Answers:
        answers = super().answers(scene)
        even = (1 / 3, 1 / 3, 1 / 3)
        return replace(
            answers,
            pairs={k: replace(a, stages=()) for k, a in answers.pairs.items()},
            speakers={k: replace(a, stances=even) for k, a in answers.speakers.items()},
        )


VARIANTS: Mapping[str, type[Detector]] = {
    "both": Detector,
    "rules": RulesAlone,
    "encoder": EncoderAlone,
    "no loose pairs": NoLoosePairs,
    "no pairs of the encoder's own": NoSeenPairs,
    "no digests": NoDigests,
    "stage and stance by rules": RulesStage,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.detection_quality")
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--background", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument("--passing", nargs="*", type=Path, default=[])
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--variants", nargs="*", default=list(VARIANTS), choices=list(VARIANTS))
    options = parser.parse_args(arguments)
    detector = build_detector()
    samples = read_samples(detector, options.gold, options.background)
    passing = [
        s for path in options.passing for s in samples_of(detector, read_gold(path), path.stem)
    ]
    sources = json.loads(options.folds.read_text(encoding="utf-8"))
    folds = cross_fit(detector, samples, sources, passing)
    results = {name: read_held_out(VARIANTS[name], folds) for name in options.variants}
    say = sys.stdout.write
    say(table_by_file(results["both"]))
    say(table_of_variants(results))
    say(table_of_routes(results["both"]))
    bins = {"pairs": pair_bins(results["both"]), "reactions": reaction_bins(results["both"])}
    say(table_of_bins(bins))
    if options.plot:
        options.plot.write_text(drawn(bins), encoding="utf-8")


def read_held_out(variant: type[Detector], folds: Sequence[Fold]) -> dict[str, list[Read]]:
    """What `variant` reads in every fold, by file, with models and encoders that have not seen it."""
    lexicons = load_lexicons()
    nlp = build_nlp(lexicons)
    held = [hold_fold(variant(lexicons, nlp, weights=fold.weights), fold) for fold in folds]
    found: dict[str, list[Read]] = defaultdict(list)
    for number, fold in enumerate(folds):
        others = [h for k, part in enumerate(held) if k != number for h in part]
        with tempfile.TemporaryDirectory() as folder:
            write(fold.models, fit_both(others), Path(folder))
            reader = variant(lexicons, nlp, Path(folder), fold.weights)
            for sample in fold.samples:
                mentions = reader.detect(sample.gold.title, sample.gold.text)
                found[sample.source].append((sample.gold, mentions))
    return found


def score(reads: Iterable[Read]) -> Evaluation:
    """The figures of one file."""
    pairs = list(reads)
    return evaluate([gold for gold, _ in pairs], [mentions for _, mentions in pairs])


# -- tables ------------------------------------------------------------------------------------------------------------
FIELDS: Mapping[str, Callable[[Evaluation], float]] = {
    "relevance": lambda e: e.relevance.f1,
    "pairs": lambda e: e.pairs.f1,
    "systems": lambda e: e.systems.f1,
    "stage": lambda e: e.stage.value or 0.0,
    "reactions": lambda e: e.reactions.f1,
    "stance": lambda e: e.stance.value or 0.0,
    "stanced reactions": lambda e: e.stanced_reactions.f1,
}


def table_by_file(reads: Mapping[str, Sequence[Read]]) -> str:
    """All figures by file; the background's false alarms below."""
    lines = [
        "\nBoth routes, held out:\n",
        f"| | {' | '.join(FIELDS)} |",
        "|---" * (len(FIELDS) + 1) + "|",
    ]
    for source in sorted(reads):
        if source != BACKGROUND:
            result = score(reads[source])
            cells = " | ".join(f"{field(result):.3f}" for field in FIELDS.values())
            lines.append(f"| {source} | {cells} |")
    ordinary = reads.get(BACKGROUND, [])
    alarms = sum(mentions.relevant for _, mentions in ordinary)
    lines.append(f"\n{alarms} of {len(ordinary)} ordinary articles taken for relevant.\n")
    return "\n".join(lines)


def table_of_variants(results: Mapping[str, Mapping[str, Sequence[Read]]]) -> str:
    """The mean figure over the files by variant."""
    lines = [
        "\nMean over the files:\n",
        f"| | {' | '.join(FIELDS)} |",
        "|---" * (len(FIELDS) + 1) + "|",
    ]
    for name, reads in results.items():
        scores = [score(part) for source, part in reads.items() if source != BACKGROUND]
        cells = [f"{sum(map(f, scores)) / len(scores):.3f}" for f in FIELDS.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def table_of_routes(reads: Mapping[str, Sequence[Read]]) -> str:
    """How often pairs and reactions are right by the routes that found them, believed or only proposed."""
    right: Counter[tuple[str, str]] = Counter()
    all_of: Counter[tuple[str, str]] = Counter()
    for gold, mentions in _relevant(reads):
        hits = match(gold.mentions.transfers, mentions.transfers, same_parties)
        good = {id(b) for _, b in hits}
        for transfer in mentions.transfers:
            all_of["pairs", transfer.route] += 1
            right["pairs", transfer.route] += id(transfer) in good
        heard = {id(b) for _, b in match(gold.mentions.reactions, mentions.reactions, same_speaker)}
        for reaction in mentions.reactions:
            all_of["reactions", reaction.route] += 1
            right["reactions", reaction.route] += id(reaction) in heard
    lines = ["\n| found by | pairs right | of | reactions right | of |", "|---|---|---|---|---|"]
    for route in ("both", "rules", "encoder"):
        cells = []
        for kind in ("pairs", "reactions"):
            number = all_of[kind, route]
            cells += [f"{right[kind, route] / max(1, number):.2f}", str(number)]
        lines.append(f"| {route} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _relevant(reads: Mapping[str, Sequence[Read]]) -> Iterable[Read]:
    for source, part in reads.items():
        for gold, mentions in part if source != BACKGROUND else ():
            if gold.mentions.relevant and not gold.marginal:
                yield gold, mentions


# -- reliability -------------------------------------------------------------------------------------------------------
def pair_bins(reads: Mapping[str, Sequence[Read]]) -> Bins:
    """Believed and proposed pairs by confidence."""
    seen: list[tuple[float, bool]] = []
    for gold, mentions in _relevant(reads):
        said = [*mentions.transfers, *(p for p in mentions.proposed if isinstance(p, Transfer))]
        good = {id(b) for _, b in match(gold.mentions.transfers, said, same_parties)}
        seen += [(t.confidence, id(t) in good) for t in said]
    return _binned(seen)


def reaction_bins(reads: Mapping[str, Sequence[Read]]) -> Bins:
    """Believed and proposed reactions by confidence."""
    seen: list[tuple[float, bool]] = []
    for gold, mentions in _relevant(reads):
        said = [*mentions.reactions, *(p for p in mentions.proposed if isinstance(p, Reaction))]
        good = {id(b) for _, b in match(gold.mentions.reactions, said, same_speaker)}
        seen += [(r.confidence, id(r) in good) for r in said]
    return _binned(seen)


def _binned(seen: Sequence[tuple[float, bool]]) -> Bins:
    bins: Bins = []
    for number in range(BINS):
        part = [(c, ok) for c, ok in seen if min(BINS - 1, int(c * BINS)) == number]
        if part:
            mean = sum(c for c, _ in part) / len(part)
            bins.append((mean, sum(ok for _, ok in part) / len(part), len(part)))
    return bins


def table_of_bins(bins: Mapping[str, Bins]) -> str:
    """Confidence against truth."""
    lines = ["\n| | confidence | right | number |", "|---|---|---|---|"]
    for kind, rows in bins.items():
        lines += [f"| {kind} | {mean:.2f} | {right:.2f} | {n} |" for mean, right, n in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
