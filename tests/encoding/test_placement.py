"""Which file of a model a backend runs, and what sentence-transformers is told of it."""

from __future__ import annotations

import sys

import pytest

from rag.encoding import placement
from rag.encoding.placement import Placement
from rag.errors import SettingsError


@pytest.mark.parametrize(
    ("backend", "files", "chosen"),
    [
        ("torch", ["onnx/model.onnx"], None),
        ("openvino", ["onnx/model.onnx"], None),
        ("onnx", [], None),
        ("onnx", ["onnx/model_quantized.onnx"], None),
        ("onnx", ["onnx/model.onnx", "onnx/model_quantized.onnx"], "onnx/model.onnx"),
        ("onnx", ["model.onnx"], "model.onnx"),
        ("onnx", ["model.onnx", "onnx/model.onnx"], "onnx/model.onnx"),
        ("onnx-int8", ["onnx/model.onnx"], None),
        ("onnx-int8", ["onnx/model.onnx", "onnx/model_quantized.onnx"], "onnx/model_quantized.onnx"),
        ("onnx-int8", ["onnx/model_int8.onnx", "onnx/model_quantized.onnx"], "onnx/model_quantized.onnx"),
        ("onnx-int8", ["onnx/model_int8.onnx"], "onnx/model_int8.onnx"),
        ("onnx-int8", ["onnx/model_quint8_avx2.onnx"], "onnx/model_quint8_avx2.onnx"),
    ],
)
def test_the_backend_says_which_graph(tmp_path, backend, files, chosen) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert Placement("cpu", backend).graph_in(tmp_path) == (chosen and tmp_path / chosen)


@pytest.mark.parametrize(
    ("backend", "files", "told"),
    [
        ("torch", [], {"backend": "torch", "model_kwargs": {"use_safetensors": True}}),
        ("onnx", [], {"backend": "onnx", "model_kwargs": {}}),
        ("onnx", ["onnx/model.onnx"], {"backend": "onnx", "model_kwargs": {"file_name": "onnx/model.onnx"}}),
        (
            "onnx-int8",
            ["onnx/model.onnx", "onnx/model_int8.onnx"],
            {"backend": "onnx", "model_kwargs": {"file_name": "onnx/model_int8.onnx"}},
        ),
        ("openvino", ["onnx/model.onnx"], {"backend": "openvino", "model_kwargs": {}}),
    ],
)
def test_the_library_is_told_which_file_it_runs(tmp_path, backend, files, told) -> None:
    (tmp_path / "onnx").mkdir()
    for name in files:
        (tmp_path / name).write_bytes(b"")
    assert Placement("cpu", backend).library_options(tmp_path) == told


def test_a_graph_in_int8_is_never_made_here(tmp_path) -> None:
    with pytest.raises(SettingsError, match="holds no such graph") as caught:
        Placement("cpu", "onnx-int8").library_options(tmp_path)
    assert "onnx/model_quantized.onnx" in caught.value.hint


@pytest.mark.parametrize(
    ("backend", "files", "read"),
    [
        ("torch", ["onnx/model.onnx"], []),
        ("onnx", ["onnx/model.onnx", "onnx/model.onnx_data"], ["model.onnx", "model.onnx_data"]),
        (
            "openvino",
            ["openvino/openvino_model.bin", "openvino/openvino_model.xml"],
            ["openvino_model.bin", "openvino_model.xml"],
        ),
        ("openvino", ["onnx/model.onnx"], []),
    ],
)
def test_what_another_runtime_reads_is_known(tmp_path, backend, files, read) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in Placement("cpu", backend).exported_in(tmp_path)] == read


def test_openvino_cannot_tell_anyone_of_its_use(monkeypatch) -> None:
    monkeypatch.setattr(sys, "modules", {**sys.modules})
    monkeypatch.setattr(placement, "find_spec", lambda name: True)
    Placement("cpu", "openvino").require_backend()
    assert sys.modules["openvino_telemetry"] is None  # an import of it fails, and openvino does without
