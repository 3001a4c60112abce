"""Graphs of ONNX so small that what they give can be reckoned by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

INPUTS = ("input_ids", "attention_mask")


def score_graph(path: Path, inputs: Sequence[str] = INPUTS, output: str = "logits", length: str | int = "n") -> Path:
    """``output`` (batch, 1): the mean of the ids, and of the token types ten times as much where it takes them."""
    given = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", length]) for name in inputs]
    summed = "input_ids"
    nodes = []
    if "token_type_ids" in inputs:
        nodes = [
            helper.make_node("Mul", ["token_type_ids", "ten"], ["types"]),
            helper.make_node("Add", ["input_ids", "types"], ["both"]),
        ]
        summed = "both"
    nodes += [
        helper.make_node("Cast", [summed], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["numbers", "axis"], [output], keepdims=1),
    ]
    constants = {"ten": 10, "axis": 1}
    graph = helper.make_graph(
        nodes,
        "scores",
        given,
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["batch", 1])],
        [numpy_helper.from_array(np.array([value], dtype=np.int64), name) for name, value in constants.items()],
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), path)
    return path
