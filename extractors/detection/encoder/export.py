"""Writes trained tensors as ONNX graphs with int8 weights: `python -m extractors.detection.encoder.export OUT TENSORS...`.

The tensors of several runs that went on from one another are averaged, which reads unseen text better than the last alone.

Word pieces are quantised per row, matrices per output column, activations per token as they come, all symmetrically.
Matrices keep seven bits, so that the products of two neighbours fit sixteen bits and processors with and without VNNI
instructions compute the same sums. The matrices that close a layer are stored in eight bits but multiplied in full: what
they are multiplied with has outliers. MEASURED: the states differ from the unquantised ones by .05 on average, by .13 where
activations have one scale for the whole page. Needs the package `onnx`.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from extractors.detection.encoder.digest_network import BRANCH, SHARED_LAYERS
from extractors.detection.encoder.inference import DIGEST, LOWER, PAGE, SCALE
from extractors.detection.encoder.network import HEADS, LAYERS, WIDTH, base_folder
from extractors.detection.encoder.tokens import LONGEST

Array = np.ndarray[Any, Any]
_OPSET = 20
_HEAD_WIDTH = WIDTH // HEADS
MATRIX_LIMIT, ROW_LIMIT = 63, 127
SPARE = (104, 999)
"""Ids of the vocabulary's spare entries between the special pieces and the words: no text has them, they are left out."""
SMALL = ("digest_hidden.weight",)
"""Matrices of the heads that are stored in int8."""
_GRAPH = ("encoder.", "embeddings.", BRANCH)


def quantise(matrix: Array, axis: int, limit: int) -> tuple[Array, Array]:
    """int8 values within +-`limit` and float32 scales, one scale per slice along `axis`."""
    scale = np.abs(matrix).max(axis=1 - axis, keepdims=True) / limit
    scale = np.maximum(scale, 1e-12).astype(np.float32)
    return np.clip(np.round(matrix / scale), -limit, limit).astype(np.int8), scale


class Graph:
    """Collects nodes and weights."""

    def __init__(self, tensors: dict[str, Array]) -> None:
        self._onnx: Any = importlib.import_module("onnx")
        self._helper: Any = self._onnx.helper
        self._tensors = tensors
        self._nodes: list[Any] = []
        self._weights: list[Any] = []
        self._count = 0

    def weight(self, array: Array) -> str:
        name = f"w{len(self._weights)}"
        self._weights.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        names = [f"v{self._count + i}" for i in range(outputs)]
        self._count += outputs
        self._nodes.append(self._helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def tensor(self, name: str) -> str:
        return self.weight(self._tensors[name].astype(np.float32))

    def norm(self, x: str, name: str) -> str:
        return str(self.node("LayerNormalization", x, self.tensor(f"{name}.weight"), self.tensor(f"{name}.bias"),
                             epsilon=1e-12, axis=-1))  # fmt: skip

    def integer_linear(self, x: str, names: list[str]) -> str:
        """The dense layers `names` side by side, in int8; every token has a scale of its own."""
        matrix, bias = self._dense(names)
        values, scales = quantise(matrix, 1, MATRIX_LIMIT)
        last = self.weight(np.array([-1], dtype=np.int64))
        top = self.node("ReduceMax", self.node("Abs", x), last, keepdims=1)
        scale = self.node("Mul", top, self.weight(np.array(1 / ROW_LIMIT, dtype=np.float32)))
        one, zero = (
            self.weight(np.array(1, dtype=np.float32)),
            self.weight(np.array(128, dtype=np.uint8)),
        )
        quantised = self.node("QuantizeLinear", self.node("Div", x, scale), one, zero)
        sums = self.node("MatMulInteger", quantised, self.weight(values), zero)
        rows = self.node("Mul", self.node("Cast", sums, to=1), scale)
        real = self.node("Mul", rows, self.weight(scales.reshape(-1)))
        return str(self.node("Add", real, self.weight(bias)))

    def stored_linear(self, x: str, name: str) -> str:
        """The dense layer `name`: stored in int8, multiplied in float32."""
        matrix, bias = self._dense([name])
        values, scales = quantise(matrix, 1, ROW_LIMIT)
        whole = self.node(
            "DequantizeLinear", self.weight(values), self.weight(scales.reshape(-1)), axis=1
        )
        return str(self.node("Add", self.node("MatMul", x, whole), self.weight(bias)))

    def _dense(self, names: list[str]) -> tuple[Array, Array]:
        matrix = np.concatenate([self._tensors[f"{n}.weight"] for n in names]).T
        bias = np.concatenate([self._tensors[f"{n}.bias"] for n in names])
        return matrix, bias.astype(np.float32)

    def lower(self) -> Any:
        """From `ids` (1 x length) to the states after the layers that pages and digests share (1 x length x WIDTH)."""
        x = self._embedded()
        for i in range(SHARED_LAYERS):
            x = self._layer(x, f"encoder.layer.{i}.")
        return self._model("ids", 7, [1, "length"], x)

    def upper(self, prefix: str) -> Any:
        """From those `states` to those of the last layer; `prefix` of the names of its tensors."""
        x = "shared"
        for i in range(SHARED_LAYERS, LAYERS):
            x = self._layer(x, f"{prefix}encoder.layer.{i}.")
        return self._model("shared", 1, [1, "length", WIDTH], x)

    def _model(self, name: str, kind: int, shape: list[int | str], last: str) -> Any:
        helper = self._helper
        self._nodes.append(helper.make_node("Identity", [last], ["states"]))
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info(name, kind, shape)],
            [helper.make_tensor_value_info("states", 1, [1, "length", WIDTH])],
            self._weights,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", _OPSET)], producer_name="armswire"
        )
        model.ir_version = 9
        self._onnx.checker.check_model(model)
        return model

    def _embedded(self) -> str:
        table = self._tensors["embeddings.word_embeddings.weight"]
        values, scales = quantise(
            np.delete(table, np.s_[SPARE[0] : SPARE[1]], axis=0), 0, ROW_LIMIT
        )
        beyond = self.node("GreaterOrEqual", "ids", self.weight(np.array(SPARE[1])))
        left_out = self.weight(np.array(SPARE[1] - SPARE[0]))
        numbers = self.node(
            "Sub", "ids", self.node("Mul", self.node("Cast", beyond, to=7), left_out)
        )
        rows = self.node("Cast", self.node("Gather", self.weight(values), numbers), to=1)
        words = self.node("Mul", rows, self.node("Gather", self.weight(scales), numbers))
        places = self._tensors["embeddings.position_embeddings.weight"][:LONGEST]
        places = places + self._tensors["embeddings.token_type_embeddings.weight"][0]
        length = self.node("Shape", "ids", start=1)
        zero, one = self.weight(np.array([0])), self.weight(np.array([1]))
        seen = self.node("Slice", self.weight(places.astype(np.float16)), zero, length, zero, one)
        added = self.node("Add", words, self.node("Cast", seen, to=1))
        return self.norm(str(added), "embeddings.LayerNorm")

    def _layer(self, x: str, at: str) -> str:
        names = [f"{at}attention.self.{n}" for n in ("query", "key", "value")]
        shape = self.weight(np.array([1, -1, HEADS, _HEAD_WIDTH]))
        parts = self.node("Split", self.integer_linear(x, names), outputs=3, axis=-1, num_outputs=3)
        q, k, v = (self.node("Reshape", part, shape) for part in parts)
        q = self.node("Transpose", q, perm=[0, 2, 1, 3])
        k = self.node("Transpose", k, perm=[0, 2, 3, 1])
        v = self.node("Transpose", v, perm=[0, 2, 1, 3])
        root = self.weight(np.array(_HEAD_WIDTH**-0.5, dtype=np.float32))
        share = self.node("Softmax", self.node("Mul", self.node("MatMul", q, k), root), axis=-1)
        seen = self.node("Transpose", self.node("MatMul", share, v), perm=[0, 2, 1, 3])
        seen = self.node("Reshape", seen, self.weight(np.array([1, -1, WIDTH])))
        out = self.integer_linear(str(seen), [f"{at}attention.output.dense"])
        x = self.norm(str(self.node("Add", x, out)), f"{at}attention.output.LayerNorm")
        inner = self.node("Gelu", self.integer_linear(x, [f"{at}intermediate.dense"]))
        out = self.stored_linear(str(inner), f"{at}output.dense")
        return self.norm(str(self.node("Add", x, out)), f"{at}output.LayerNorm")


def export(out: Path, *tensors: Path) -> dict[str, str]:
    """Writes the graphs, heads.npz and tokenizer.json into `out`, made of the mean of all `tensors`; gives their SHA-256
    sums. Raises FileNotFoundError.
    """
    runs = [np.load(path) for path in tensors]
    arrays: dict[str, Array] = {n: np.mean([r[n] for r in runs], axis=0) for n in runs[0].files}
    onnx: Any = importlib.import_module("onnx")
    out.mkdir(parents=True, exist_ok=True)
    onnx.save(Graph(arrays).lower(), str(out / LOWER))
    onnx.save(Graph(arrays).upper(""), str(out / PAGE))
    onnx.save(Graph(arrays).upper(BRANCH), str(out / DIGEST))
    heads: dict[str, Any] = {}
    for name, array in arrays.items():
        if name.startswith(_GRAPH):
            continue
        if name in SMALL:
            heads[name], heads[f"{name}{SCALE}"] = quantise(array, 0, ROW_LIMIT)
        else:
            heads[name] = array.astype(np.float16)
    np.savez_compressed(out / "heads.npz", **heads)
    shutil.copyfile(base_folder() / "tokenizer.json", out / "tokenizer.json")
    return {
        p.name: sha256(p) for p in sorted(out.iterdir()) if p.suffix in (".onnx", ".json", ".npz")
    }


def sha256(path: Path) -> str:
    """The hexadecimal sum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("tensors", type=Path, nargs="+")
    arguments = parser.parse_args()
    print(json.dumps(export(arguments.out, *arguments.tensors), indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
