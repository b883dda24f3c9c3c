"""Runs the exported encoder: onnxruntime and tokenizers, one thread, one page at a time.

Each page is read alone: nothing of another page can change its answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from extractors.detection.encoder.heads import Answers, DigestAnswer, Heads, together
from extractors.detection.encoder.page import Page, Shown, passages, sheets
from extractors.detection.encoder.questions import questions_of
from extractors.detection.encoder.tokens import digest_tokens, prepare, tokens_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    Array = NDArray[np.float32]

WEIGHTS = Path(__file__).parent / "weights"
LOWER, PAGE, DIGEST = "encoder.onnx", "page.onnx", "digest.onnx"
"""The layers that pages and digests share, and those that each has for itself."""
VOCABULARY, HEADS = "tokenizer.json", "heads.npz"


SCALE = ":scale"
"""What the names of the scales of matrices stored in int8 end with."""


class Encoder:
    """The graphs by file, their vocabulary and their heads."""

    def __init__(
        self, sessions: Mapping[str, InferenceSession], tokenizer: Tokenizer, heads: Heads
    ) -> None:
        self._sessions = sessions
        self._tokenizer = tokenizer
        self._heads = heads

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> Encoder:
        """Reads all from `folder`. Raises FileNotFoundError naming what is missing."""
        from tokenizers import Tokenizer

        for name in (LOWER, PAGE, DIGEST, VOCABULARY, HEADS):
            if not (folder / name).is_file():
                raise FileNotFoundError(
                    f"{folder / name} is missing: the encoder's weights are not installed"
                )
        sessions = {name: _session(folder / name) for name in (LOWER, PAGE, DIGEST)}
        with np.load(folder / HEADS) as stored:
            heads = Heads(_floats({name: stored[name] for name in stored.files}))
        return cls(sessions, prepare(Tokenizer.from_file(str(folder / VOCABULARY))), heads)

    def read(self, page: Page) -> Answers:
        """What the encoder says of `page`, sheet by sheet and passage by passage. Never raises on any text."""
        whole = together([self._answer(shown) for shown in sheets(page)])
        return replace(whole, passages=tuple(self._answer(shown) for shown in passages(page)))

    def judge(self, about: str, said: str) -> DigestAnswer:
        """What the encoder says of the digest of one official. Never raises on any text."""
        ids = digest_tokens(self._tokenizer, about, said)
        return self._heads.judge(self._states(DIGEST, ids), ids)

    def _answer(self, shown: Sequence[Shown]) -> Answers:
        questions = questions_of(tokens_of(self._tokenizer, shown))
        states = self._states(PAGE, questions.tokens.ids)
        return self._heads.answer(states, questions)

    def _states(self, upper: str, ids: Sequence[int]) -> Array:
        """The last layer's states, length x width; `upper`: the file of the upper layers."""
        fed = {"ids": np.asarray([ids], dtype=np.int64)}
        shared = self._sessions[LOWER].run(["states"], fed)[0]
        states: Array = self._sessions[upper].run(["states"], {"shared": shared})[0][0]
        return states


def _session(path: Path) -> InferenceSession:
    """A graph, run by one thread."""
    from onnxruntime import ExecutionMode, InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _floats(stored: Mapping[str, Array]) -> dict[str, Array]:
    """The heads as float32, whether they were stored as such, in half precision, or in int8 with a scale per row."""
    return {
        name: values.astype(np.float32) * stored.get(f"{name}{SCALE}", np.float32(1.0))
        for name, values in stored.items()
        if not name.endswith(SCALE)
    }
