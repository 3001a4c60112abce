"""Token vectors as bytes: one int8 level a dimension and one fp16 scale a token.

Retrieval on the development sets lost nothing against float32 (``bench/ablation.py``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rag.documents import Float32

_LEVELS = 127
_SMALLEST = np.float32(_LEVELS * np.finfo(np.float16).tiny)  # of a token's largest value; below, the scale would be 0


def pack_tokens(tokens: Float32) -> bytes:
    """(n, d) float32 to ``n * (d + 2)`` bytes: all scales, then all levels."""
    largest = np.abs(tokens).max(axis=1, initial=_SMALLEST, keepdims=True)
    scales = (largest / _LEVELS).astype(np.float16)
    levels = np.clip(np.rint(tokens / scales.astype(np.float32)), -_LEVELS, _LEVELS).astype(np.int8)
    packed: bytes = scales.tobytes() + levels.tobytes()
    return packed


def split_codes(data: bytes, dimension: int) -> tuple[Float32, NDArray[np.int8]]:
    """Scales (n,) float32 and levels (n, d) int8 of packed tokens; a vector is scale times levels."""
    count = len(data) // (dimension + 2)
    scales = np.frombuffer(data, dtype=np.float16, count=count)
    levels = np.frombuffer(data, dtype=np.int8, offset=2 * count).reshape(count, dimension)
    return scales.astype(np.float32), levels


def unpack_tokens(data: bytes, dimension: int) -> Float32:
    """The (n, d) float32 vectors, each within half a level of what was packed."""
    scales, levels = split_codes(data, dimension)
    tokens: Float32 = levels.astype(np.float32) * scales[:, None]
    return tokens
