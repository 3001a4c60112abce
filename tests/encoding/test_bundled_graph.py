"""The graph of a reader: the encoder's own layers with a head, in whatever form its products are computed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnxruntime
import pytest

from rag.encoding import bundled_graph
from rag.encoding.bundled_graph import build_graph, build_reading_graph
from rag.encoding.bundled_weights import BundledWeights
from tests.tiny_weights import HIDDEN, INTERMEDIATE, PIECES, tiny_weights

HEAD = {
    "head.w": np.random.default_rng(0).standard_normal((2, HIDDEN)).astype(np.float32),
    "head.b": np.array([0.5, -1.0], dtype=np.float32),
}


def run(graph: bytes) -> np.ndarray:
    ids = np.random.default_rng(1).integers(4, len(PIECES), (1, 20))
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    (values,) = session.run(None, {"ids": ids, "mask": np.ones(ids.shape, dtype=np.int32)})
    return np.asarray(values)


def with_far_channel() -> BundledWeights:
    """One channel between the two projections reaches far beyond the others, as one does in every layer."""
    weights = tiny_weights()
    far = np.zeros(INTERMEDIATE, dtype=np.float32)
    far[INTERMEDIATE // 2] = 200
    moved = {name: values + far for name, values in weights.vectors.items() if name.endswith("fi.b")}
    return replace(weights, vectors={**weights.vectors, **moved})


def test_a_reader_scores_what_the_encoder_makes() -> None:
    weights = with_far_channel()
    hidden = run(build_graph(weights, "float32"))
    scores = run(build_reading_graph(weights, "float32", HEAD))
    np.testing.assert_allclose(scores, hidden @ HEAD["head.w"].T + HEAD["head.b"], atol=1e-3)


def test_a_channel_that_reaches_far_does_not_round_the_others_away(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = with_far_channel()
    exact = run(build_reading_graph(weights, "float32", HEAD))

    def error() -> float:
        return float(np.abs(run(build_reading_graph(weights, "int8", HEAD)) - exact).mean())

    apart = error()
    monkeypatch.setattr(bundled_graph, "FAR_CHANNELS", 0)
    assert apart < error() / 2
