"""Token vectors as product codes: 96 bytes for 384 dimensions and two fp16 numbers, 100 bytes a token.

Optimised product quantisation (Ge, He, Ke and Sun 2013): the vectors are rotated so that groups of four dimensions
carry alike much, and each group is replaced by the nearest of 256 centroids. What is coded is the direction from the
mean token; its length is a scale beside the code. ``bench/token_table.py`` trains the table, FAISS codes and decodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.documents import Float32
from rag.encoding.token_codes import Float64, Products

BITS = 8  # a byte for each group: 256 centroids
BLOCK = 1024  # tokens decoded at once: their vectors, 1.5 MB, are still in the processor's cache when they are used

UInt8 = NDArray[np.uint8]


class _Pieces(NamedTuple):
    """scales (n,), squares (n,) of the whole vectors, codes (n, groups), tokens in each piece."""

    scales: Float32
    squares: Float32
    codes: UInt8
    counts: list[int]


class ProductCode:
    """A token is ``mean + scale * rotation @ centroids``; its squared length is stored, as no mean of a language is."""

    def __init__(self, mean: Float32, rotation: Float32, centroids: Float32) -> None:
        """mean: (d,). rotation: (d, d), orthogonal. centroids: (groups, 256, d / groups), in the rotated space."""
        self.dimension = len(mean)
        self._mean = mean
        self._rotation = rotation
        self._rotate, self._restore = _product_with(rotation.T), _product_with(rotation)
        self._groups, self._centroids = len(centroids), centroids.astype(np.float64)
        self._quantiser = _quantiser(centroids)

    @classmethod
    def load(cls, path: Path) -> ProductCode:
        """From the arrays ``mean``, ``rotation`` and ``centroids``."""
        with np.load(path, allow_pickle=False) as table:
            return cls(*(table[name].astype(np.float32) for name in ("mean", "rotation", "centroids")))

    def pack(self, tokens: Float32) -> bytes:
        """(n, d) to ``n * (groups + 4)`` bytes: scales, lengths, codes."""
        if tokens.ndim != 2 or tokens.shape[1] != self.dimension:  # FAISS would read on behind them
            raise ValueError(f"tokens have shape {tokens.shape}, wanted (n, {self.dimension})")
        rotated = _times(tokens - self._mean, self._rotate)
        sizes = np.maximum(np.linalg.norm(rotated, axis=1, keepdims=True), np.float32(1e-6))
        codes = self._coded(rotated / sizes)
        directions = self._decoded(codes)
        inner = np.einsum("nd,nd->n", directions, directions)
        # the scale that brings the decoded vector nearest to the token
        scales = (np.einsum("nd,nd->n", rotated, directions) / inner).astype(np.float16)
        fit = scales.astype(np.float32)
        squares = fit**2 * inner + 2 * fit * (directions @ (self._mean @ self._rotation)) + self._mean @ self._mean
        lengths = np.sqrt(np.maximum(squares, 0)).astype(np.float16)
        packed: bytes = scales.tobytes() + lengths.tobytes() + codes.tobytes()
        return packed

    def unpack(self, data: bytes) -> Float32:
        """The (n, d) vectors that the codes stand for."""
        pieces = self._split([data])
        away = _times(self._decoded(pieces.codes), self._restore)
        tokens: Float32 = self._mean + pieces.scales[:, None] * away
        return tokens

    def total(self, data: Sequence[bytes]) -> tuple[int, Float64]:
        """Count and sum, rotated back once; nothing is decoded, each centroid counts as often as it was taken."""
        pieces = self._split(data)
        count, places = len(pieces.scales), np.arange(0, self._groups << BITS, 1 << BITS)
        taken = np.zeros(self._groups << BITS)
        for at in range(0, count, BLOCK):
            scales = np.repeat(pieces.scales[at : at + BLOCK], self._groups)
            taken += np.bincount((pieces.codes[at : at + BLOCK] + places).ravel(), scales, len(taken))
        rotated = np.einsum("gc,gcw->gw", taken.reshape(self._groups, -1), self._centroids).ravel()
        return count, count * self._mean.astype(np.float64) + rotated @ self._rotation.T.astype(np.float64)

    def products(self, data: Sequence[bytes], vectors: Float32) -> Products:
        """The vectors are rotated instead of the tokens."""
        pieces, along = self._split(data), _product_with(_times(vectors, self._rotate))
        blocks = (pieces.codes[at : at + BLOCK] for at in range(0, max(len(pieces.codes), 1), BLOCK))
        dots = np.concatenate([_times(self._decoded(block), along) for block in blocks])
        dots = pieces.scales[:, None] * dots + vectors @ self._mean
        return Products(dots, pieces.squares, pieces.counts)

    def _split(self, data: Sequence[bytes]) -> _Pieces:
        counts = [len(piece) // (self._groups + 4) for piece in data]
        pairs = list(zip(data, counts, strict=True))
        heads = [np.frombuffer(piece, np.float16, 2 * count).reshape(2, count) for piece, count in pairs]
        scales, lengths = np.concatenate(heads, axis=1).astype(np.float32)
        codes = [np.frombuffer(p, np.uint8, offset=4 * count).reshape(count, self._groups) for p, count in pairs]
        return _Pieces(scales, lengths**2, np.concatenate(codes), counts)

    def _coded(self, directions: Float32) -> UInt8:
        with one_thread():
            codes: UInt8 = self._quantiser.compute_codes(np.ascontiguousarray(directions, dtype=np.float32))
        return codes

    def _decoded(self, codes: UInt8) -> Float32:
        with one_thread():
            decoded: Float32 = self._quantiser.decode(codes)
        return decoded


def _quantiser(centroids: Float32) -> Any:
    import faiss

    groups, _, width = centroids.shape
    quantiser = faiss.ProductQuantizer(groups * width, groups, BITS)
    faiss.copy_array_to_vector(np.ascontiguousarray(centroids.ravel(), dtype=np.float32), quantiser.centroids)
    return quantiser


def _product_with(others: Float32) -> Any:
    """What :func:`_times` multiplies (n, d) rows with: (k, d) vectors, giving their inner products."""
    import faiss

    product = faiss.LinearTransform(others.shape[1], len(others), False)
    faiss.copy_array_to_vector(np.ascontiguousarray(others, dtype=np.float32).ravel(), product.A)
    product.is_trained = True
    return product


def _times(rows: Float32, product: Any) -> Float32:
    """(n, k), on one thread: numpy's product wakes every core and waits for the slowest.

    On a busy machine that took fifty times as long for a passage.
    """
    with one_thread():
        found: Float32 = product.apply(np.ascontiguousarray(rows, dtype=np.float32))
    return found


@contextmanager
def one_thread() -> Iterator[None]:
    """FAISS on one thread, for the calling thread alone: in short steps, waking others costs more than they save."""
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)
