"""Trains the encoder's branch for digests:
`python -m extractors.detection.encoder.train_digests --start TENSORS --data DIR --out DIR`.

TENSORS are those of `train`, whose lower layers stay as they are; everything else, and what is needed, is as there. OUT
receives TENSORS with the branch, and the exported graph. Who may react, and in which sentences, the shipped rules and
weights say.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.mentions import Stance
from extractors.detection.combining import PairCase
from extractors.detection.combining_voices import VoiceCase, silent
from extractors.detection.detector import Detector
from extractors.detection.encoder import digest_network, network
from extractors.detection.encoder.digest import digest_of
from extractors.detection.encoder.export import export
from extractors.detection.encoder.folds import is_held_out
from extractors.detection.encoder.learning import learn
from extractors.detection.encoder.tokens import digest_tokens, prepare
from extractors.detection.gold import read_gold
from extractors.detection.held import hold
from extractors.detection.lexicons import load_lexicons
from extractors.detection.matching import match, same_speaker
from extractors.detection.nlp import build_nlp
from extractors.detection.samples import samples_of
from extractors.detection.scene import Scene

log = logging.getLogger(__name__)

EPOCHS, BATCH_TOKENS, BATCH_DIGESTS, PEAK_RATE, HEAD_RATE, DROPOUT = 4, 4_000, 48, 1e-4, 1e-3, 0.1
AVERAGE = 0.99
"""Share of the running average of the weights that stays at each step; the average is what is kept."""
NEGATIVES = 1.6
"""Digests of who does not react for each of who does, in an epoch."""
STANCE_WEIGHT = 0.6
STANCES = tuple(Stance)


@dataclass(frozen=True, slots=True)
class Example:
    """A digest's ids, and the number of the stance, -1 for no reaction."""

    ids: tuple[int, ...]
    stance: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the data, trains, and writes tensors and the graph."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hold-out", nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(options.threads)
    tokenizers: Any = importlib.import_module("tokenizers")
    folder = network.base_folder()
    tokenizer = prepare(tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json")))
    examples = read_digests(sorted(options.data.glob("*.jsonl")), options.hold_out, tokenizer)
    log.info(
        "%d digests, %d of them reactions", len(examples), sum(e.stance >= 0 for e in examples)
    )
    marks: list[Any] = [tokenizer.token_to_id(word) for word in digest_network.MARK_WORDS]
    tensors = network.stored(torch, options.start)
    tensors = digest_network.with_digests(torch, tensors, marks, options.seed)
    trained = Trainer(torch, tensors, options.seed).train(examples, options.epochs)
    options.out.mkdir(parents=True, exist_ok=True)
    np: Any = importlib.import_module("numpy")
    np.savez(options.out / "tensors.npz", **{n: t.float().numpy() for n, t in trained.items()})
    export(options.out, options.out / "tensors.npz")


def read_digests(paths: Sequence[Path], held_out: Sequence[str], tokenizer: Any) -> list[Example]:
    """The digests of all who may react in the labelled relevant articles of `paths`."""
    lexicons = load_lexicons()
    detector = Unjudged(lexicons, build_nlp(lexicons))
    found: list[Example] = []
    for path in paths:
        for sample in samples_of(detector, read_gold(path), path.stem):
            if sample.scene is None or is_held_out(path.stem, sample.gold.id, held_out):
                continue
            held = hold(detector, detector.models, sample.gold, path.stem, sample.scene)
            if not held.counts:
                continue
            said = [silent(case.party) for case in held.voices]
            matched = match(sample.gold.mentions.reactions, said, same_speaker)
            stances = {id(own): STANCES.index(gold.stance) for gold, own in matched}
            for case, own in zip(held.voices, said, strict=True):
                digest = digest_of(sample.scene.reading, case, held.pairs, lexicons.states)
                ids = digest_tokens(tokenizer, digest.about, digest.said)
                found.append(Example(ids, stances.get(id(own), -1)))
    return found


class Unjudged(Detector):
    """Reads no digests: what it would need is only to be trained."""

    def judged(self, scene: Scene, case: VoiceCase, likely: Sequence[PairCase]) -> VoiceCase:
        return case


class Trainer:
    """One run: tensors, their running average, the shared layers' states of every digest."""

    def __init__(self, torch: Any, tensors: network.Tensors, seed: int) -> None:
        self._torch = torch
        self._tensors = tensors
        self._random = random.Random(seed)  # noqa: S311
        self._states: dict[int, Any] = {}

    def train(self, examples: Sequence[Example], number: int) -> network.Tensors:
        """All tensors, those of the branch as the running average has them."""
        torch = self._torch
        layers = [n for n in self._tensors if n.startswith(digest_network.BRANCH)]
        heads = [f"{n}.{kind}" for n in digest_network.DIGEST_SHAPES for kind in ("weight", "bias")]
        for name in (*layers, *heads):
            self._tensors[name].requires_grad_()
        average = {n: self._tensors[n].detach().clone() for n in (*layers, *heads)}
        groups = [
            {"params": [self._tensors[n] for n in layers], "lr": PEAK_RATE},
            {"params": [self._tensors[n] for n in heads], "lr": HEAD_RATE},
        ]

        def follow() -> None:
            for name, kept in average.items():
                kept.lerp_(self._tensors[name].detach(), 1 - AVERAGE)

        epochs = [self._batches(self._epoch(examples)) for _ in range(number)]
        learn(torch, groups, epochs, self._loss, follow)
        return {**{n: t.detach() for n, t in self._tensors.items()}, **average}

    def _epoch(self, examples: Sequence[Example]) -> list[Example]:
        """All reactions and some of the others."""
        reactions = [e for e in examples if e.stance >= 0]
        others = [e for e in examples if e.stance < 0]
        some = self._random.sample(others, min(len(others), int(NEGATIVES * len(reactions))))
        return reactions + some

    def _batches(self, examples: Sequence[Example]) -> list[list[Example]]:
        """Digests of like length together, batches in random order."""
        ordered = sorted(examples, key=lambda e: (len(e.ids) // 8, self._random.random()))
        batches: list[list[Example]] = [[]]
        for example in ordered:
            full = (len(batches[-1]) + 1) * len(example.ids) > BATCH_TOKENS
            if batches[-1] and (full or len(batches[-1]) >= BATCH_DIGESTS):
                batches.append([])
            batches[-1].append(example)
        self._random.shuffle(batches)
        return batches

    def _loss(self, batch: Sequence[Example]) -> Any:
        torch = self._torch
        F = torch.nn.functional  # noqa: N806
        longest = max(len(e.ids) for e in batch)
        ids = torch.tensor([[*e.ids, *[0] * (longest - len(e.ids))] for e in batch])
        mask = torch.tensor([[1.0] * len(e.ids) + [0.0] * (longest - len(e.ids)) for e in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self._shared(batch, ids, mask)
            states = digest_network.branch(torch, self._tensors, states, mask, DROPOUT)
        reaction, stance = digest_network.judged(
            torch, self._tensors, states.float(), ids, mask, DROPOUT
        )
        labels = torch.tensor([e.stance for e in batch])
        reacts = labels >= 0
        loss = F.binary_cross_entropy_with_logits(reaction, reacts.float() * 0.96 + 0.02)
        if bool(reacts.any()):
            told = F.cross_entropy(
                stance[reacts], labels[reacts], label_smoothing=0.05, reduction="sum"
            )
            loss = loss + STANCE_WEIGHT * told / len(batch)
        return loss

    def _shared(self, batch: Sequence[Example], ids: Any, mask: Any) -> Any:
        """The shared layers' states, kept: they never change."""
        torch = self._torch
        if any(id(e) not in self._states for e in batch):
            with torch.no_grad():
                fresh = digest_network.shared(torch, self._tensors, ids, mask).to(torch.bfloat16)
            for row, example in enumerate(batch):
                self._states[id(example)] = fresh[row, : len(example.ids)].clone()
        states = torch.zeros(len(batch), ids.shape[1], network.WIDTH, dtype=torch.bfloat16)
        for row, example in enumerate(batch):
            states[row, : len(example.ids)] = self._states[id(example)]
        return states


if __name__ == "__main__":
    main()
