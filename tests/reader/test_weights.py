"""The trained tensors in their file: rounded, whole, and only what was published."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rag.errors import EncoderError
from rag.reader.weights import provenance_of, read_trained, write_trained

RANDOM = np.random.default_rng(0)
TENSORS = {
    "l5.q.w": RANDOM.standard_normal((8, 16)).astype(np.float32) * np.logspace(-3, 1, 8, dtype=np.float32)[:, None],
    "l5.ao.w": np.zeros((4, 4), dtype=np.float32),
    "l5.q.b": RANDOM.standard_normal(8).astype(np.float32),
    "head.w": RANDOM.standard_normal((2, 16)).astype(np.float32),
    "head.b": np.array([0.25, -3.0], dtype=np.float32),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "reader.safetensors"
    write_trained(TENSORS, path, {"made_by": "a test"})
    return path


def test_matrices_come_back_to_half_a_step_of_their_row_and_the_rest_exactly(path: Path) -> None:
    read = read_trained(path)
    assert read.keys() == TENSORS.keys()
    for name, values in read.items():
        assert values.dtype == np.float32
        if name.startswith("l5") and values.ndim == 2:
            step = np.abs(TENSORS[name]).max(axis=1, keepdims=True) / 127
            assert (np.abs(values - TENSORS[name]) <= 0.501 * step).all()
        else:
            np.testing.assert_array_equal(values, TENSORS[name])


def test_what_made_them_stands_beside_them(path: Path) -> None:
    assert json.loads(provenance_of(path).read_text())["made_by"] == "a test"


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    "harm",
    [
        _flip,
        Path.unlink,
        lambda path: provenance_of(path).unlink(),
        lambda path: provenance_of(path).write_text("{}"),
        lambda path: provenance_of(path).write_text("not json"),
    ],
)
def test_damaged_weights_are_an_error_that_names_the_file(path: Path, harm) -> None:
    harm(path)
    with pytest.raises(EncoderError) as caught:
        read_trained(path)
    assert str(path) in caught.value.message
    assert caught.value.hint
