"""Keyword search: BM25 (Robertson and Zaragoza 2009; idf and length as in Lucene) over numpy postings.

A term is known by the 64-bit hash of its text, so that no dictionary has to be kept in step. Each posting carries its
finished score (as BM25S, Lù 2024), so that a search only adds numbers up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.documents import Float32, Int32, Int64, Mask, UInt64
from rag.files import FileRecord, read_array, write_array
from rag.store.rows import COUNTS, hash64

K1 = 1.2  # how fast a repeated term stops counting; this and the next are Lucene's own
B = 0.75  # how much a long passage is discounted
ROWS_AT_A_TIME = 4096  # a bound on memory
PART_BITS = 4  # sixteen parts, each sorted by itself: a sixteenth of the memory that sorting takes
PARTS = 1 << PART_BITS


_NAMES = ("terms", "starts", "rows", "impacts")
_POSTING = np.dtype([("term", "<u8"), ("row", "<i4"), ("count", "<u2")])  # packed: 14 bytes


def count_terms(terms: Iterable[str]) -> NDArray[Any]:
    """The terms of one passage as an array of COUNTS, ordered by hash; counts stop at 65,535."""
    counts = sorted((hash64(term), min(count, 0xFFFF)) for term, count in Counter(terms).items())
    return np.array(counts, dtype=COUNTS)


def saturation(counts: NDArray[Any], mean_length: float) -> Float32:
    """(n,) what each term of one passage adds to BM25 for its idf of one; counts: (n,), those of all its terms."""
    numbers = counts.astype(np.float32)
    return numbers / (numbers + _discount(numbers.sum(), mean_length))


class KeywordIndex:
    """Postings by term; rows are those of the vector index. Safe for many threads: nothing changes after loading.

    terms: (t,) uint64, ascending. starts: (t + 1,) int64 into rows and impacts. rows: int32, ascending in a term.
    impacts: float32, the BM25 score the term gives the row.
    """

    def __init__(self, count: int, terms: UInt64, starts: Int64, rows: Int32, impacts: Float32) -> None:
        self.count = count
        self._terms = terms
        self._starts = starts
        self._rows = rows
        self._impacts = impacts

    @classmethod
    def build(cls, counts: Iterable[bytes]) -> KeywordIndex:
        """From the bytes of :func:`count_terms` of each row, read once and in order."""
        gathered, lengths = _gathered(counts)
        discount = _discount(lengths, lengths.mean() if len(lengths) else 0)
        parts = [_sorted_part(pieces, discount) for pieces in gathered]
        names, sizes, places, impacts = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
        return cls(len(lengths), names, starts, places, impacts)

    def write(self, folder: Path) -> dict[str, FileRecord]:
        """Write the index's files. Raises StorageError."""
        arrays: tuple[NDArray[Any], ...] = (self._terms, self._starts, self._rows, self._impacts)
        names = [f"keyword_{name}.npy" for name in _NAMES]
        return {name: write_array(folder / name, array) for name, array in zip(names, arrays, strict=True)}

    @classmethod
    def load(cls, folder: Path, count: int) -> KeywordIndex:
        """From files that were verified, memory-mapped; ``count`` is the number of rows."""
        return cls(count, *(read_array(folder / f"keyword_{name}.npy") for name in _NAMES))

    def search(self, terms: Sequence[str], k: int, mask: Mask | None = None) -> tuple[Int64, Float32]:
        """Rows and scores of the ``k`` best rows that hold a term, best first; of equals the earlier row.

        A term given twice counts twice. mask: (count,) bool, the rows that may be found.
        """
        scores = np.zeros(self.count, dtype=np.float32)
        for position, weight in self._found(terms):
            part = slice(self._starts[position], self._starts[position + 1])
            scores[self._rows[part]] += weight * self._impacts[part]  # a term holds a row once
        if mask is not None:
            scores[~mask] = 0
        rows = np.flatnonzero(scores)
        if len(rows) > 4 * k > 0:
            threshold = np.partition(scores[rows], len(rows) - k)[len(rows) - k]
            rows = rows[scores[rows] >= threshold]
        best = rows[np.argsort(-scores[rows], kind="stable")[: max(k, 0)]]
        return best.astype(np.int64), scores[best]

    def scores(self, terms: Sequence[str], rows: Int64) -> Float32:
        """The score of each of the given rows, zero where it holds no term."""
        scores = np.zeros(len(rows), dtype=np.float32)
        for position, weight in self._found(terms):
            begin, end = self._starts[position], self._starts[position + 1]
            places = np.minimum(begin + np.searchsorted(self._rows[begin:end], rows), end - 1)
            scores += np.where(self._rows[places] == rows, weight * self._impacts[places], np.float32(0))
        return scores

    def idf(self, terms: Sequence[str]) -> Float32:
        """How rare each term is, highest for one that no row holds."""
        positions = [self._position(hash64(term)) for term in terms]
        frequencies = [0 if p < 0 else self._starts[p + 1] - self._starts[p] for p in positions]
        return idf_of(np.array(frequencies, dtype=np.int64), self.count)

    def _found(self, terms: Sequence[str]) -> list[tuple[int, np.float32]]:
        positions = [(self._position(hash64(term)), np.float32(n)) for term, n in Counter(terms).items()]
        return [(position, weight) for position, weight in positions if position >= 0]

    def _position(self, term: int) -> int:
        wanted = np.uint64(term)
        position = int(np.searchsorted(self._terms, wanted))
        return position if position < len(self._terms) and self._terms[position] == wanted else -1


def _gathered(counts: Iterable[bytes]) -> tuple[list[list[NDArray[Any]]], Float32]:
    """The postings of each part of the hashes, by row, in pieces; and (n,) the length of every row in terms."""
    parts: list[list[NDArray[Any]]] = [[] for _ in range(PARTS)]
    lengths = [np.zeros(0, dtype=np.float32)]
    rest, start = iter(counts), 0
    while chunk := list(islice(rest, ROWS_AT_A_TIME)):
        given = np.frombuffer(b"".join(chunk), dtype=COUNTS)
        sizes = np.array([len(data) // COUNTS.itemsize for data in chunk], dtype=np.int64)
        rows = np.repeat(np.arange(len(chunk), dtype=np.int32), sizes)
        lengths.append(np.bincount(rows, weights=given["count"], minlength=len(chunk)).astype(np.float32))
        postings = np.empty(len(given), dtype=_POSTING)
        postings["term"], postings["row"], postings["count"] = given["term"], rows + np.int32(start), given["count"]
        part_of = (given["term"] >> np.uint64(64 - PART_BITS)).astype(np.uint8)
        for part in range(PARTS):
            parts[part].append(postings[part_of == part])
        start += len(chunk)
    return parts, np.concatenate(lengths)


def _sorted_part(pieces: list[NDArray[Any]], discount: Float32) -> tuple[UInt64, Int64, Int32, Float32]:
    """The terms of one part, how many rows hold each, and those rows with their impacts, by term.

    A part at a time, and each let go once it is sorted: sorting all postings at once takes several times their memory.
    """
    postings = np.concatenate([np.empty(0, dtype=_POSTING), *pieces])
    pieces.clear()
    postings = postings[np.argsort(postings["term"], kind="stable")]  # stable: rows stay ascending in a term
    names, sizes = np.unique(postings["term"], return_counts=True)
    places, counts = postings["row"].copy(), postings["count"].astype(np.float32)
    impacts = np.repeat(idf_of(sizes, len(discount)), sizes) * (counts / (counts + discount[places]))
    return names, sizes, places, impacts


def idf_of(frequencies: Int64, count: int) -> Float32:
    """How rare terms are that so many of ``count`` passages hold."""
    idf: Float32 = np.log1p((count - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
    return idf


def _discount(lengths: Any, mean_length: float) -> Float32:
    discount: Float32 = (K1 * (1 - B + B * lengths / max(mean_length, 1))).astype(np.float32)
    return discount
