"""Graphs of ONNX: which one a backend takes, what they give, and what of them is refused before anything is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.encoding.model_folders import ModelFolder
from rag.encoding.onnx_model import LENGTH, OnnxModel, folder_tokenizer
from rag.encoding.placement import Placement
from rag.errors import EncoderError, SettingsError
from tests.tiny_graphs import INPUTS, score_graph
from tests.tiny_hub import tiny_reader

ON_ONNX = Placement("cpu", "onnx")


def folder_of(path: Path) -> ModelFolder:
    return ModelFolder("ISNAD_RERANKER", str(path), path)


@pytest.mark.parametrize(
    ("inputs", "wanted"), [(INPUTS, 4.0), (("input_ids",), 4.0), ((*INPUTS, "token_type_ids"), 9.0)]
)
def test_it_is_given_what_it_asks_for(tmp_path, inputs, wanted) -> None:
    path = score_graph(tmp_path / "onnx" / "model.onnx", inputs)
    model = OnnxModel.open(folder_of(tmp_path), path, ON_ONNX, {"logits": 1})
    (logits,) = model.run([2, 4, 3, 7], [0, 0, 1, 1])
    assert logits == pytest.approx(np.array([wanted], dtype=np.float32))


@pytest.mark.parametrize(
    ("given", "shapes", "reason"),
    [
        ({"inputs": ("input_ids", "pixel_values")}, {"logits": 1}, "asks for pixel_values"),
        ({"output": "last_hidden_state"}, {"logits": 1}, "it gives last_hidden_state, and not logits"),
        ({}, {"logits": LENGTH}, "its outputs have the shapes"),
        ({}, {"logits": 2}, "its outputs have the shapes"),
        ({"length": 3}, {"logits": 1}, "Got invalid dimensions"),
        ({"length": 8}, {"logits": 1}, "Got invalid dimensions"),
    ],
)
def test_a_graph_for_something_else_is_told_with_its_cure(tmp_path, given, shapes, reason) -> None:
    path = score_graph(tmp_path / "onnx" / "model.onnx", **given)
    with pytest.raises(EncoderError, match=r"The reranker .* could not be loaded: onnx/model\.onnx: ") as caught:
        OnnxModel.open(folder_of(tmp_path), path, ON_ONNX, shapes)
    assert reason in caught.value.message
    assert "ISNAD_BACKEND=torch" in caught.value.hint


@pytest.mark.parametrize("data", [b"", b"\0" * 99, b"version https://git-lfs.github.com/spec/v1\n", b"\x80\x04K\x01."])
def test_what_is_no_graph_is_told(tmp_path, data) -> None:
    (tmp_path / "model.onnx").write_bytes(data)
    with pytest.raises(EncoderError, match=r"could not be loaded: model\.onnx: "):
        OnnxModel.open(folder_of(tmp_path), tmp_path / "model.onnx", ON_ONNX, {"logits": 1})


def test_a_gpu_is_not_promised(tmp_path) -> None:
    path = score_graph(tmp_path / "model.onnx")
    with pytest.raises(SettingsError, match="ISNAD_DEVICE is cuda") as caught:
        OnnxModel.open(folder_of(tmp_path), path, Placement("cuda", "onnx"), {"logits": 1})
    assert "torch" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "text"), [("tokenizer.json", "{}"), ("tokenizer.json", None), ("tokenizer_config.json", "{")]
)
def test_a_tokenizer_that_cannot_be_read_is_told(tmp_path, name, text) -> None:
    folder = tiny_reader(tmp_path / "model")
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(text)
    with pytest.raises(EncoderError, match="its tokenizer cannot be read"):
        folder_tokenizer(folder_of(folder))
