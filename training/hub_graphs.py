"""The bundled models as graphs of ONNX, named and laid out as optimum's exports are: ``onnx/model.onnx``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from onnx import ModelProto, TensorProto, helper, load_from_string, numpy_helper

from rag.documents import Float32
from rag.encoding.bundled_graph import Precision, build_graph, build_reading_graph
from rag.encoding.bundled_weights import BundledWeights

FILES: tuple[tuple[str, Precision], ...] = (("model.onnx", "float32"), ("model_quantized.onnx", "int8"))


def write_encoder_graphs(folder: Path, weights: BundledWeights) -> None:
    """``last_hidden_state`` (batch, length, hidden) of the model in ``folder``, in float32 and in int8."""
    for name, precision in FILES:
        model = _as_hub_graph(build_graph(weights, precision))
        model.graph.node.append(helper.make_node("Identity", ["hidden"], ["last_hidden_state"]))
        model.graph.output[0].name = "last_hidden_state"
        _write(folder, name, model)


def write_reader_graphs(folder: Path, weights: BundledWeights, trained: Mapping[str, Float32]) -> None:
    """``start_logits`` and ``end_logits`` (batch, length), in float32 and in int8 as the bundled reader is."""
    for name, precision in FILES:
        model = _as_hub_graph(build_reading_graph(weights, precision, trained))
        graph = model.graph
        graph.initializer.append(numpy_helper.from_array(np.array([-1], dtype=np.int64), "last_axis"))
        graph.node.append(helper.make_node("Split", ["logits"], ["start", "end"], axis=-1, num_outputs=2))
        del graph.output[:]
        for column in ("start", "end"):
            graph.node.append(helper.make_node("Squeeze", [column, "last_axis"], [f"{column}_logits"]))
            graph.output.append(
                helper.make_tensor_value_info(f"{column}_logits", TensorProto.FLOAT, ["batch", "length"])
            )
        _write(folder, name, model)


def write_reranker_graphs(folder: Path, weights: BundledWeights, trained: Mapping[str, Float32]) -> None:
    """``logits`` (batch, 1) of a network of ``training.reranker``, in float32 and in int8."""
    own = {name.replace("_", "."): values for name, values in trained.items()}
    pooling = {"head.w": own.pop("head.pool.w"), "head.b": own.pop("head.pool.b")}
    constants = {"first": np.array(0, dtype=np.int64), "label": own["head.w"].T.copy(), "label.b": own["head.b"]}
    for name, precision in FILES:
        model = _as_hub_graph(build_reading_graph(weights, precision, {**own, **pooling}))
        graph, given = model.graph, model.graph.output[0].name
        graph.node[-1].output[0] = "pooling"
        graph.initializer.extend(numpy_helper.from_array(values, at) for at, values in constants.items())
        graph.node.extend(
            [
                helper.make_node("Gather", ["pooling", "first"], ["pooled"], axis=1),
                helper.make_node("Tanh", ["pooled"], ["active"]),
                helper.make_node("MatMul", ["active", "label"], ["scored"]),
                helper.make_node("Add", ["scored", "label.b"], [given]),
            ]
        )
        graph.output[0].CopyFrom(helper.make_tensor_value_info(given, TensorProto.FLOAT, ["batch", 1]))
        _write(folder, name, model)


def _as_hub_graph(graph: bytes) -> ModelProto:
    """The same with the inputs that models of transformers have."""
    model = load_from_string(graph)
    for name, known in zip(("input_ids", "attention_mask"), model.graph.input, strict=True):
        kind = known.type.tensor_type
        model.graph.node.insert(0, helper.make_node("Cast", [name], [known.name], to=kind.elem_type))
        known.name, kind.elem_type = name, TensorProto.INT64
    return model


def _write(folder: Path, name: str, model: ModelProto) -> None:
    path = folder / "onnx" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(model.SerializeToString())
