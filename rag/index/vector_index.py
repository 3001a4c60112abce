"""Nearest passages by cosine, on FAISS.

Up to EXACT_LIMIT passages the search is exact. Beyond, 4-bit product-quantised codes scanned in registers (André,
Kermarrec and Le Scouarnec 2015, "Cache locality is not enough"; FAISS's fast scan) pick candidates, whose scores are
then computed from the vectors themselves, memory-mapped: 48 bytes a passage in memory, and every score returned exact.

Vectors are unit length and already centred. FAISS checks neither values nor, under ``python -O``, shapes: we do.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from rag.documents import Float32, Int64, Mask
from rag.encoding.product_code import one_thread
from rag.errors import IndexDamagedError
from rag.files import DurableFile, FileRecord, read_array, write_durably

EXACT_LIMIT = 50_000  # exact search then takes 1.5 ms and 77 MB
TRAINING_VECTORS = 4096  # 256 for each of the 16 centroids of a code, the most that FAISS itself would use
CANDIDATES = 1000  # of the quantised scan, at least; recall@20 against exact search is then over .99
CANDIDATES_PER_HIT = 5  # where more hits are wanted than the program asks for: a guess
# And at least one vector in so many: at a million, 1000 found .85 of the nearest 20 and 20,000 .988.
CANDIDATE_SHARE = 50
SPARE = 1.5  # how many times the candidates that a filter should let pass are asked for
GATHER_SHARE = 8  # a filter that lets fewer than one in so many pass is searched by reading those vectors
INDEX_NAME = "vectors.faiss"
VECTORS_NAME = "vectors.npy"


class VectorIndex:
    """Search over (n, dimension) vectors by row. Safe for many threads: nothing changes after loading."""

    def __init__(self, index: Any, vectors: Float32 | None) -> None:
        """index: FAISS's, exact when ``vectors`` is None, else quantised codes of ``vectors``."""
        self._index = index
        self._vectors = vectors

    @property
    def count(self) -> int:
        """Vectors in the index."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Of each vector."""
        return int(self._index.d)

    @staticmethod
    def write(folder: Path, chunks: Iterable[Float32], sample: Float32, count: int) -> dict[str, FileRecord]:
        """Build from ``count`` vectors, given in chunks of (m, dimension), and write the files of the index.

        sample: (m, dimension), some of the vectors, to train the quantiser on where one is used.
        Raises ValueError for unusable vectors or another number of them than ``count``; StorageError.
        """
        dimension = sample.shape[1]
        if count <= EXACT_LIMIT:
            index, records = faiss.IndexFlatIP(dimension), {}
            for chunk in chunks:
                index.add(usable(chunk, dimension))
        else:
            index = _trained(sample)
            records = {VECTORS_NAME: _write_vectors(folder / VECTORS_NAME, chunks, index, count)}
        if index.ntotal != count:
            raise ValueError(f"{index.ntotal} vectors given, wanted {count}")
        return {**records, INDEX_NAME: write_durably(folder / INDEX_NAME, faiss.serialize_index(index))}

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """From files that were verified. Raises IndexDamagedError."""
        vectors = folder / VECTORS_NAME
        try:
            index = faiss.deserialize_index(np.fromfile(folder / INDEX_NAME, dtype=np.uint8))
            return cls(index, read_array(vectors) if vectors.exists() else None)
        except (RuntimeError, ValueError, OSError) as error:  # RuntimeError is FAISS's own
            raise IndexDamagedError(f"{folder / INDEX_NAME} cannot be loaded: {error}.") from error

    def search(self, query: Float32, k: int, mask: Mask | None = None) -> tuple[Int64, Float32]:
        """Rows and cosines of the ``k`` nearest vectors, best first; fewer when fewer pass the mask.

        query: (dimension,) float32, of any length but zero. mask: (count,) bool, the rows that may be found.
        Raises ValueError for a query of the wrong shape, zero, or not finite.
        """
        query = usable(query[None, :], self.dimension)[0]
        query = query / np.linalg.norm(query)
        allowed = self.count if mask is None else int(mask.sum())
        k = min(k, allowed)
        if k <= 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        if mask is not None and allowed * GATHER_SHARE < self.count:
            return self._rescore(np.flatnonzero(mask), query, k)
        if self._vectors is None:
            return self._search_exact(query, k, mask)
        return self._search_quantised(query, k, mask)

    def take(self, rows: Int64) -> Float32:
        """(len(rows), dimension): the vectors themselves."""
        if self._vectors is not None:
            return np.asarray(self._vectors[rows])
        if not len(rows):
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors: Float32 = self._index.reconstruct_batch(np.ascontiguousarray(rows, dtype=np.int64))
        return vectors

    def _rescore(self, rows: Int64, query: Float32, k: int) -> tuple[Int64, Float32]:
        scores = self.take(rows) @ query
        best = np.argsort(-scores, kind="stable")[:k]
        return rows[best].astype(np.int64), scores[best]

    def _search_exact(self, query: Float32, k: int, mask: Mask | None) -> tuple[Int64, Float32]:
        parameters = None
        if mask is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
            parameters = faiss.SearchParameters(sel=selector)
        return self._scan(query, k, parameters)

    def _search_quantised(self, query: Float32, k: int, mask: Mask | None) -> tuple[Int64, Float32]:
        # the fast scan knows no selector: ask for more, by the share that the filter lets pass, and drop the rest
        wanted = max(CANDIDATES, CANDIDATES_PER_HIT * k, self.count // CANDIDATE_SHARE)
        asked = wanted if mask is None else int(SPARE * wanted / mask.mean())
        candidates, _ = self._scan(query, min(asked, self.count))
        if mask is not None:
            candidates = candidates[mask[candidates]]
            if len(candidates) < wanted // 2:  # what the filter lets pass is far from the query
                candidates = np.flatnonzero(mask)
        return self._rescore(np.sort(candidates[:wanted]), query, k)

    def _scan(self, query: Float32, k: int, parameters: Any = None) -> tuple[Int64, Float32]:
        with one_thread():
            scores, rows = self._index.search(query[None, :], k, params=parameters)
        found = rows[0] >= 0  # FAISS fills up with -1
        return rows[0][found], scores[0][found]


def usable(vectors: Float32, dimension: int) -> Float32:
    """(n, dimension) vectors as FAISS wants them. Raises ValueError for a wrong shape, NaN, infinity or a zero row."""
    if vectors.ndim != 2 or vectors.shape[1] != dimension:
        raise ValueError(f"vectors have shape {vectors.shape}, wanted (n, {dimension})")
    lengths = np.einsum("ij,ij->i", vectors, vectors)
    if not np.isfinite(lengths).all() or (lengths == 0).any():
        raise ValueError("a vector is zero or not finite")
    return np.ascontiguousarray(vectors, dtype=np.float32)


def _trained(sample: Float32) -> Any:
    dimension = sample.shape[1]
    width = next(width for width in (4, 3, 2, 1) if dimension % width == 0)  # dimensions to a 4-bit code
    index = faiss.IndexPQFastScan(dimension, dimension // width, 4, faiss.METRIC_INNER_PRODUCT)
    with one_thread():
        index.train(usable(sample[:TRAINING_VECTORS], dimension))
    return index


def _write_vectors(path: Path, chunks: Iterable[Float32], index: Any, count: int) -> FileRecord:
    header = {"descr": "<f4", "fortran_order": False, "shape": (count, index.d)}
    with DurableFile(path) as file:
        np.lib.format.write_array_header_1_0(file, header)
        for chunk in chunks:
            usable_chunk = usable(chunk, index.d)
            file.write(usable_chunk)
            index.add(usable_chunk)
    return file.record
