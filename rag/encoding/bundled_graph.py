"""The bundled encoder as an ONNX graph, written node by node from its weights.

One function a part, in the order the data flows. ``float32`` is the exact model and the reference. ``int8`` quantises
the projections dynamically, weights by output column and activations by tensor, where it costs little:

- the feed-forward down-projections stay in float: outliers in their inputs cost two points of recall;
- so do the query, key and value projections of the last layers, whose error nothing after them evens out;
- what enters the up-projections is first brought to one range by channel, the scales moving into the weights (Xiao et
  al. 2023, "SmoothQuant"; here the range is read off the layer norm that made the input, so no data is needed).

Together the last two leave a quarter of the error that plain int8 makes (1 - cosine to ``float32``).

A reader has every projection in int8 (:class:`_ReadingGraph`): its logits bear it.

Fused operators (``com.microsoft``) are onnxruntime's own: SkipLayerNormalization, BiasGelu, MultiHeadAttention.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rag.documents import Float32
from rag.encoding.bundled_weights import BLOCK, Blocks, BundledWeights

Precision = Literal["int8", "float32"]
OPSET, CONTRIB = 21, "com.microsoft"  # the opset that the onnxruntime we require understands
FLOAT_ATTENTION = 4  # layers from the end whose query, key and value projections stay in float
DEVIATIONS = 4  # a layer norm's outputs are taken to reach so many standard deviations
# Channels of a down-projection that a reader keeps in float. In each layer one reaches 5 to 68 where the rest end at 5
# to 7, so that one step of int8 for all would round the rest away; 16 lose as little as 64.
FAR_CHANNELS = 16


def build_graph(weights: BundledWeights, precision: Precision) -> bytes:
    """The serialised model.

    Inputs ``ids`` int64 and ``mask`` int32, both (batch, length); output ``hidden`` float32 (batch, length, hidden).
    """
    graph = _Graph(weights, precision, {})
    return graph.serialise("hidden", graph.encode(), weights.hidden)


def build_reading_graph(weights: BundledWeights, precision: Precision, trained: Mapping[str, Float32]) -> bytes:
    """The same model with the ``trained`` tensors in place of their namesakes and a head above.

    Inputs as :func:`build_graph`; output ``logits`` float32 (batch, length, 2). ``trained`` holds matrices (out, in)
    and vectors by the names of the weights, and ``head.w`` (2, hidden) and ``head.b`` (2,).
    """
    graph = _ReadingGraph(weights, precision, trained)
    return graph.serialise("logits", graph.score(graph.encode()), len(trained["head.b"]))


class _Graph:
    float_attention = FLOAT_ATTENTION

    def __init__(self, weights: BundledWeights, precision: Precision, trained: Mapping[str, Float32]) -> None:
        from onnx import TensorProto, helper, numpy_helper  # lazy: only a conversion needs onnx

        self.helper, self.numpy_helper, self.types = helper, numpy_helper, TensorProto
        self.weights, self.precision, self.trained = weights, precision, trained
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def encode(self) -> str:
        """Every layer in turn."""
        hidden = self.embed()
        for layer in range(self.weights.layers):
            hidden = self.feed_forward(layer, self.attend(layer, hidden))
        return hidden

    def score(self, hidden: str) -> str:
        """The head's logits, in float: it is two columns wide."""
        return self._multiply("head", hidden, self._matrix("head.w"), self._values("head.b"))

    def embed(self) -> str:
        """Word, position and type embeddings, normalised. Words keep their 4-bit blocks: exact, and 54 MB, not 384."""
        words = self._word_embeddings()
        types = self.weights.vectors["emb.type"][: self.weights.hidden]
        positions = self.weights.vectors["emb.pos"].reshape(self.weights.positions, self.weights.hidden) + types
        length = self._node("Shape", ["ids"], start=1, end=2)
        zero = self._constant("zero", np.zeros(1, dtype=np.int64))
        here = self._node("Slice", [self._constant("positions", positions), zero, length])
        summed = self._node("Add", [words, here])
        return self._normalise("emb.ln", summed)

    def attend(self, layer: int, hidden: str) -> str:
        """Self-attention and its residual."""
        matrices = [self._matrix(f"l{layer}.{name}.w") for name in "qkv"]
        bias = np.concatenate([self._values(f"l{layer}.{name}.b") for name in "qkv"])
        project = self._project if layer < self.weights.layers - self.float_attention else self._multiply
        projected = project(f"l{layer}.qkv", hidden, np.concatenate(matrices), bias)
        parts = [f"l{layer}.{name}" for name in ("query", "key", "value")]
        query, key, value = self._nodes("Split", [projected], parts, axis=-1, num_outputs=3)
        mixed = self._node("MultiHeadAttention", [query, key, value, "", "mask"], CONTRIB, num_heads=self.weights.heads)
        output = self._project(f"l{layer}.ao", mixed, self._matrix(f"l{layer}.ao.w"))
        return self._add_and_normalise(f"l{layer}.aln", output, hidden, f"l{layer}.ao.b")

    def feed_forward(self, layer: int, hidden: str) -> str:
        """The two feed-forward projections and their residual."""
        up = self._project_evenly(f"l{layer}.fi", hidden, self._matrix(f"l{layer}.fi.w"), f"l{layer}.aln")
        active = self._node("BiasGelu", [up, self._vector(f"l{layer}.fi.b")], CONTRIB)
        down = self._multiply(f"l{layer}.fo", active, self._matrix(f"l{layer}.fo.w"))
        return self._add_and_normalise(f"l{layer}.oln", down, hidden, f"l{layer}.fo.b")

    def serialise(self, name: str, value: str, width: int) -> bytes:
        """The model, whose output ``name`` (batch, length, width) is ``value``."""
        helper, types = self.helper, self.types
        self._nodes("Identity", [value], [name])
        model = helper.make_model(
            helper.make_graph(
                self.nodes,
                "multilingual-e5-small",
                [
                    helper.make_tensor_value_info("ids", types.INT64, ["batch", "length"]),
                    helper.make_tensor_value_info("mask", types.INT32, ["batch", "length"]),
                ],
                [helper.make_tensor_value_info(name, types.FLOAT, ["batch", "length", width])],
                self.constants,
            ),
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
            ir_version=10,
        )
        return bytes(model.SerializeToString())

    def _word_embeddings(self) -> str:
        blocks = self.weights.matrices["emb.word"]
        table = self._packed("words", blocks)
        scales = self._constant("word_scales", blocks.scales)
        words = self._node(
            "GatherBlockQuantized", [table, "ids", scales], CONTRIB, block_size=BLOCK, gather_axis=0, quantize_axis=1
        )
        return self._node("Cast", [words], to=self.types.FLOAT)

    def _packed(self, name: str, blocks: Blocks) -> str:
        levels = blocks.levels.reshape(-1, 2).astype(np.uint8) & 0x0F
        raw = (levels[:, 0] | (levels[:, 1] << 4)).tobytes()
        self.constants.append(self.helper.make_tensor(name, self.types.INT4, blocks.levels.shape, raw, raw=True))
        return name

    def _project(self, name: str, left: str, matrix: Float32, bias: Float32 | None = None) -> str:
        """``left @ matrix.T (+ bias)``, int8 where the precision allows."""
        if self.precision == "float32":
            return self._multiply(name, left, matrix, bias)
        scales = np.abs(matrix).max(axis=1) / np.float32(127)
        levels = np.rint(matrix / scales[:, None]).astype(np.int8)
        inputs = [left, self._constant(name, np.ascontiguousarray(levels.T)), self._constant(name + ".s", scales), ""]
        if bias is not None:
            inputs.append(self._constant(name + ".b", bias))
        return self._node("DynamicQuantizeMatMul", inputs, CONTRIB)

    def _project_evenly(self, name: str, left: str, matrix: Float32, norm: str) -> str:
        """``left @ matrix.T`` for the output of a layer norm, its channels brought to one range before int8."""
        if self.precision == "float32":
            return self._multiply(name, left, matrix)
        gain, bias = self._values(norm + ".w"), self._values(norm + ".b")
        reach = np.abs(bias) + DEVIATIONS * np.abs(gain)
        even = self._node("Mul", [left, self._constant(name + ".even", 1 / reach)])
        return self._project(name, even, matrix * reach)

    def _multiply(self, name: str, left: str, matrix: Float32, bias: Float32 | None = None) -> str:
        product = self._node("MatMul", [left, self._constant(name, np.ascontiguousarray(matrix.T))])
        return product if bias is None else self._node("Add", [product, self._constant(name + ".b", bias)])

    def _normalise(self, name: str, value: str) -> str:
        inputs = [value, self._vector(name + ".w"), self._vector(name + ".b")]
        return self._node("LayerNormalization", inputs, axis=-1, epsilon=self.weights.epsilon)

    def _add_and_normalise(self, name: str, value: str, skip: str, bias: str) -> str:
        inputs = [value, skip, self._vector(name + ".w"), self._vector(name + ".b"), self._vector(bias)]
        return self._node("SkipLayerNormalization", inputs, CONTRIB, epsilon=self.weights.epsilon)

    def _vector(self, name: str) -> str:
        return self._constant(name, self._values(name))

    def _values(self, name: str) -> Float32:
        return self.trained[name] if name in self.trained else self.weights.vectors[name]

    def _matrix(self, name: str) -> Float32:
        return self.trained[name] if name in self.trained else self.weights.matrices[name].to_float()

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(self.numpy_helper.from_array(values, name))
        return name

    def _node(self, kind: str, inputs: list[str], domain: str = "", **attributes: Any) -> str:
        return self._nodes(kind, inputs, [f"n{len(self.nodes)}"], domain=domain, **attributes)[0]

    def _nodes(self, kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> list[str]:
        self.nodes.append(self.helper.make_node(kind, inputs, outputs, **attributes))
        return outputs


class _ReadingGraph(_Graph):
    """The same in 27 ms of one core for 130 tokens, not 46, with margins as near to those of ``float32``.

    Every projection is in int8, the channels of a down-projection that reach far apart from the others in float. And
    residuals are added and normalised by two operators: onnxruntime's fused one takes five times as long as they do.
    """

    float_attention = 0

    def feed_forward(self, layer: int, hidden: str) -> str:
        """The two projections with the far channels first between them, which changes nothing in what they compute."""
        name, norm, order = f"l{layer}", f"l{layer}.aln", self._farthest_first(layer)
        up = self._project_evenly(f"{name}.fi", hidden, self._matrix(f"{name}.fi.w")[order], norm)
        active = self._node(
            "BiasGelu", [up, self._constant(f"{name}.fi.b", self._values(f"{name}.fi.b")[order])], CONTRIB
        )
        matrix = self._matrix(f"{name}.fo.w")[:, order]
        far = min(FAR_CHANNELS, len(order) - 1)
        sizes = self._constant(f"{name}.sizes", np.array([far, len(order) - far], dtype=np.int64))
        apart, near = self._nodes("Split", [active, sizes], [f"{name}.apart", f"{name}.near"], axis=-1)
        down = self._node(
            "Add",
            [
                self._multiply(f"{name}.far", apart, matrix[:, :far]),
                self._project(f"{name}.fo", near, matrix[:, far:]),
            ],
        )
        return self._add_and_normalise(f"{name}.oln", down, hidden, f"{name}.fo.b")

    def _farthest_first(self, layer: int) -> NDArray[np.intp]:
        """The hidden channels by how far they reach, read off the layer norm before them as the even ranges are."""
        matrix, bias = self._matrix(f"l{layer}.fi.w"), self._values(f"l{layer}.fi.b")
        gain, centre = self._values(f"l{layer}.aln.w"), self._values(f"l{layer}.aln.b")
        reach = matrix @ centre + bias + DEVIATIONS * np.linalg.norm(matrix * gain, axis=1)
        return np.argsort(-reach, kind="stable")

    def _add_and_normalise(self, name: str, value: str, skip: str, bias: str) -> str:
        return self._normalise(name, self._node("Add", [self._node("Add", [value, self._vector(bias)]), skip]))
