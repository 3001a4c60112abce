"""Token vectors as bytes, and their dot products straight from them.

The bundled encoder's are product codes of 100 bytes a token (:mod:`rag.encoding.product_code`), with a table trained
for it; any other encoder's are int8 levels. ``bench/token_codes.py`` measures what either costs in retrieval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.documents import Float32

INT8 = "int8"
_LEVELS = 127  # of int8, on either side of zero
_SMALLEST = np.float32(_LEVELS * np.finfo(np.float16).tiny)  # of a token's largest value; below, the scale would be 0

Float64 = NDArray[np.float64]


class Products(NamedTuple):
    """Of n tokens with k vectors: dots (n, k), squared lengths (n,), and how many tokens each packed piece held."""

    dots: Float32
    squares: Float32
    counts: list[int]


class TokenCode(Protocol):
    """A way to pack (n, d) float32 token vectors."""

    @property
    def dimension(self) -> int:
        """d."""
        ...

    def pack(self, tokens: Float32) -> bytes:
        """The bytes of n tokens."""
        ...

    def unpack(self, data: bytes) -> Float32:
        """(n, d): the vectors that the bytes stand for."""
        ...

    def total(self, data: Sequence[bytes]) -> tuple[int, Float64]:
        """How many tokens the pieces hold and the (d,) sum of what they stand for."""
        ...

    def products(self, data: Sequence[bytes], vectors: Float32) -> Products:
        """Of all tokens, in order, with (k, d) vectors; what they stand for is never built."""
        ...


class ScalarCode:
    """One int8 level a dimension and one fp16 scale a token: ``d + 2`` bytes, all scales first, then all levels."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension

    def pack(self, tokens: Float32) -> bytes:
        """(n, d) float32 to ``n * (d + 2)`` bytes."""
        largest = np.abs(tokens).max(axis=1, initial=_SMALLEST, keepdims=True)
        scales = (largest / _LEVELS).astype(np.float16)
        levels = np.clip(np.rint(tokens / scales.astype(np.float32)), -_LEVELS, _LEVELS).astype(np.int8)
        packed: bytes = scales.tobytes() + levels.tobytes()
        return packed

    def unpack(self, data: bytes) -> Float32:
        """Each value within half a level of what was packed."""
        scales, levels = self._split(data)
        tokens: Float32 = levels * scales[:, None]
        return tokens

    def total(self, data: Sequence[bytes]) -> tuple[int, Float64]:
        """Count and sum."""
        tokens = [self.unpack(piece) for piece in data]
        return sum(map(len, tokens)), np.sum([each.sum(axis=0, dtype=np.float64) for each in tokens], axis=0)

    def products(self, data: Sequence[bytes], vectors: Float32) -> Products:
        """A product of the levels gives the dots; scales follow."""
        parts = [self._split(piece) for piece in data]
        scales = np.concatenate([scale for scale, _ in parts])
        levels = np.concatenate([level for _, level in parts]).astype(np.float32)
        dots = scales[:, None] * (levels @ vectors.T)
        squares = scales**2 * np.einsum("nd,nd->n", levels, levels)
        return Products(dots, squares, [len(scale) for scale, _ in parts])

    def _split(self, data: bytes) -> tuple[Float32, NDArray[np.int8]]:
        count = len(data) // (self.dimension + 2)
        scales = np.frombuffer(data, dtype=np.float16, count=count)
        levels = np.frombuffer(data, dtype=np.int8, offset=2 * count).reshape(count, self.dimension)
        return scales.astype(np.float32), levels
