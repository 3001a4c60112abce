"""Where a batch of the bundled encoder spends its time, and how near its products come to what the cores can do.

onnxruntime's own profile gives each node's time and shapes. The peaks are those of the same library on one product far
larger than the encoder's, int8 by int8 and float by float; what it reaches there is what it could reach at all.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rag.encoding.bundled_encoder import BATCH, MODEL, open_converted
from rag.settings import Settings

TOKENS, RUNS, WARMING = 256, 20, 5  # of each sequence in the batch; how often it runs, and how often before that
ROWS, WIDTH = 2048, 2048  # of the product that shows the peak
INT8, FLOAT = "products in int8, their input's quantisation included", "products in float32"
PARTS = {
    "DynamicQuantizeMatMul": INT8,
    "MatMul": FLOAT,
    "FusedMatMul": FLOAT,
    "MultiHeadAttention": "attention",
    "BiasGelu": "GELU",
    "SkipLayerNormalization": "layer norms",
    "LayerNormalization": "layer norms",
}
REST = "embedding, scaling, splitting, adding"


class Part(NamedTuple):
    """Milliseconds a run, and billions of multiplications and additions in its products (none in other parts)."""

    ms: float
    operations: float


def markdown() -> str:
    """The table with the peaks in its last column."""
    parts = profiled(open_converted(Settings.load().cache_dir, "int8", print).folder / MODEL)
    peaks = {INT8: peak("int8"), FLOAT: peak("float32")}
    whole = sum(part.ms for part in parts.values())
    lines = [
        f"Where a batch of {BATCH} passages of {TOKENS} tokens spends its {whole:.0f} ms:",
        "",
        "| part | ms | share | billion operations/s | of what one large product reaches |",
        "|---|---|---|---|---|",
    ]
    for name, (ms, operations) in sorted(parts.items(), key=lambda each: -each[1].ms):
        rate = 1e3 * operations / ms
        reached = f"{rate:.0f} | {rate / peaks[name]:.0%} of {peaks[name]:.0f}" if operations else "|"
        lines.append(f"| {name} | {ms:.1f} | {ms / whole:.0%} | {reached} |")
    return "\n".join(lines)


def profiled(model: Path) -> dict[str, Part]:
    """Each part's time and work in one run of the model, the mean of RUNS."""
    random = np.random.default_rng(0)
    given = {
        "ids": random.integers(1_000, 200_000, size=(BATCH, TOKENS)),
        "mask": np.ones((BATCH, TOKENS), dtype=np.int32),
    }
    with tempfile.TemporaryDirectory() as folder:
        session = _session(str(model), profile=Path(folder) / "profile")
        for _ in range(WARMING + RUNS):
            session.run(None, given)
        events = json.loads(Path(session.end_profiling()).read_text("utf-8"))
    nodes = [event for event in events if event["cat"] == "Node" and event["name"].endswith("_kernel_time")]
    counted = nodes[len(nodes) * WARMING // (WARMING + RUNS) :]
    ms: dict[str, float] = defaultdict(float)
    operations: dict[str, float] = defaultdict(float)
    for event in counted:
        name = PARTS.get(event["args"]["op_name"], REST)
        ms[name] += event["dur"] / 1e3 / RUNS
        operations[name] += _operations(event["args"]) / 1e9 / RUNS
    return {name: Part(ms[name], operations[name]) for name in ms}


def peak(kind: str) -> float:
    """Billion operations a second of one large product, the quickest of RUNS."""
    from onnx import TensorProto, helper

    types = {"int8": ("MatMulInteger", TensorProto.UINT8, TensorProto.INT8, TensorProto.INT32)}
    node, left, right, product = types.get(kind, ("MatMul", *[TensorProto.FLOAT] * 3))
    random = np.random.default_rng(0)
    matrix = random.integers(-100, 100, size=(WIDTH, WIDTH)).astype(np.int8 if kind == "int8" else np.float32)
    rows = random.integers(0, 200, size=(ROWS, WIDTH)).astype(np.uint8 if kind == "int8" else np.float32)
    graph = helper.make_graph(
        [helper.make_node(node, ["rows", "matrix"], ["product"])],
        "peak",
        [helper.make_tensor_value_info("rows", left, [ROWS, WIDTH])],
        [helper.make_tensor_value_info("product", product, [ROWS, WIDTH])],
        [helper.make_tensor("matrix", right, matrix.shape, matrix.tobytes(), raw=True)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    session, waits = _session(model.SerializeToString()), []
    for _ in range(RUNS):
        began = time.perf_counter()
        session.run(None, {"rows": rows})
        waits.append(time.perf_counter() - began)
    return 2 * ROWS * WIDTH**2 / min(waits) / 1e9


def _operations(node: dict[str, Any]) -> int:
    """Of a product: a multiplication and an addition for each element of its rows and column of its output."""
    if PARTS.get(node["op_name"]) not in (INT8, FLOAT):
        return 0
    (rows,), (output,) = node["input_type_shape"][0].values(), node["output_type_shape"][0].values()
    return int(2 * np.prod(rows) * output[-1])


def _session(model: str | bytes, profile: Path | None = None) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.enable_profiling = profile is not None
    if profile:
        options.profile_file_prefix = str(profile)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
