"""The encoder's branch for digests, as plain functions over named tensors: upper layers and heads beside those of pages.

Pages and digests share the lower layers, so that one graph of little more size holds both. torch is a parameter as in
`network.py`; `heads.py` computes the same heads with numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractors.detection.encoder.network import (
    FROZEN_LAYERS,
    HIDDEN,
    LAYERS,
    WIDTH,
    Tensors,
    base_folder,
    layer,
    lower,
    read_safetensors,
)
from extractors.detection.encoder.tokens import ENDS, OPENS

SHARED_LAYERS = 3
"""Lowest layers that digests share with pages. Their own upper ones begin as those of the base model do: begun as those that
read pages they know the training articles by heart.
"""
MARK_WORDS = ("speaker", ",")
"""Words of the vocabulary whose vectors the marks have."""
BRANCH = "digest."
"""What the names of the branch's tensors begin with."""

DIGEST_SHAPES: dict[str, tuple[int, ...]] = {
    "digest_hidden": (HIDDEN, 3 * WIDTH),
    "digest_reaction": (1, HIDDEN),
    "digest_stance": (3, HIDDEN),
}
"""Dense layers over a digest: the first reads its opening state, the mean of all and the mean of the marks."""


def with_digests(torch: Any, tensors: Tensors, mark_words: Sequence[int], seed: int) -> Tensors:
    """`tensors` with a branch of upper layers for digests as the base model has them, marks that mean the ordinary words
    `mark_words`, and fresh heads.
    """
    torch.manual_seed(seed)
    raw = read_safetensors(base_folder() / "model.safetensors")
    found = dict(tensors)
    for name, value in raw.items():
        plain = name.removeprefix("bert.")
        if any(plain.startswith(f"encoder.layer.{i}.") for i in range(SHARED_LAYERS, LAYERS)):
            found[f"{BRANCH}{plain}"] = torch.from_numpy(value)
    words = tensors["embeddings.word_embeddings.weight"].clone()
    for mark, word in zip((OPENS, ENDS), mark_words, strict=True):
        words[mark] = words[word]
    found["embeddings.word_embeddings.weight"] = words
    for name, shape in DIGEST_SHAPES.items():
        found[f"{name}.weight"] = torch.randn(*shape) * (1.0 / shape[1]) ** 0.5
        found[f"{name}.bias"] = torch.zeros(shape[0])
    found["digest_reaction.bias"] -= 1.0
    return found


def shared(torch: Any, p: Tensors, ids: Any, mask: Any) -> Any:
    """States of digests after the layers that they share with pages."""
    F = torch.nn.functional  # noqa: N806
    x = lower(torch, p, ids, mask)
    for i in range(FROZEN_LAYERS, SHARED_LAYERS):
        x = layer(F, x, p, f"encoder.layer.{i}.", mask[:, None, None, :].bool(), 0.0)
    return x


def branch(torch: Any, p: Tensors, x: Any, mask: Any, dropout: float) -> Any:
    """States of digests after the last layer, from those after the shared ones."""
    F = torch.nn.functional  # noqa: N806
    for i in range(SHARED_LAYERS, LAYERS):
        at = f"{BRANCH}encoder.layer.{i}."
        x = layer(F, x, p, at, mask[:, None, None, :].bool(), dropout)
    return x


def judged(torch: Any, p: Tensors, states: Any, ids: Any, mask: Any, dropout: float) -> Any:
    """Reaction logits (batch) and stance logits (batch x 3) of digests, from their `states` (batch x length x WIDTH)."""
    F = torch.nn.functional  # noqa: N806
    opens = ((ids == OPENS) & mask.bool()).float()
    opens[:, 0] += opens.sum(1) == 0
    whole = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    marks = (states * opens[..., None]).sum(1) / opens.sum(1, keepdim=True)
    seen = F.dropout(torch.cat([states[:, 0], whole, marks], 1), dropout, dropout > 0)
    hidden = F.linear(seen, p["digest_hidden.weight"], p["digest_hidden.bias"])
    hidden = F.gelu(hidden, approximate="tanh")
    reaction = F.linear(hidden, p["digest_reaction.weight"], p["digest_reaction.bias"])[:, 0]
    return reaction, F.linear(hidden, p["digest_stance.weight"], p["digest_stance.bias"])
