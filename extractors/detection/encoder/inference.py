"""Runs the exported encoder: onnxruntime and tokenizers, one thread, one window at a time.

Activations are quantised over the whole input, so windows must not share a batch: alone, each has one answer for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.detection.encoder.tokens import prepare, window_ids

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

GRAPH, VOCABULARY = "encoder.onnx", "tokenizer.json"


class Encoder:
    """The graph and its vocabulary."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """Reads both from `folder`. Raises FileNotFoundError naming what is missing."""
        from onnxruntime import ExecutionMode, InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        for name in (GRAPH, VOCABULARY):
            if not (folder / name).is_file():
                raise FileNotFoundError(
                    f"{folder / name} is missing: the encoder's weights are not installed"
                )
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = ExecutionMode.ORT_SEQUENTIAL
        options.use_deterministic_compute = True
        options.log_severity_level = 3
        session = InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
        return cls(session, prepare(Tokenizer.from_file(str(folder / VOCABULARY))))

    def logits(
        self, window: tuple[str, str], longest: int, heads: Sequence[str]
    ) -> list[list[float]]:
        """The logits of `heads` for one window cut to `longest` word pieces."""
        import numpy as np

        ids = np.asarray([window_ids(self._tokenizer, window, longest)], dtype=np.int64)
        answers = self._session.run(list(heads), {"ids": ids})
        return [[float(x) for x in answer[0]] for answer in answers]
