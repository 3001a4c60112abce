"""How often every term occurs over all passages: what BM25 needs besides a passage's own counts.

Kept up from one generation to the next, so that only passages that come or go are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from rag.documents import Float32, Int64, UInt64
from rag.files import FileRecord, read_array, write_array
from rag.index.keyword_index import idf_of, saturation
from rag.store.rows import COUNTS, hash64

AT_A_TIME = 4096  # passages: a bound on memory
_NAME = "vocabulary.npy"


@dataclass(frozen=True)
class Vocabulary:
    """terms: (t,) uint64 hashes, ascending. frequencies: (t,) int64, passages that hold each.

    passages: how many there are; length: their terms, all together.
    """

    terms: UInt64
    frequencies: Int64
    passages: int
    length: int

    @classmethod
    def empty(cls) -> Vocabulary:
        """That of no passage."""
        return cls(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64), 0, 0)

    def changed(self, counts: Iterable[bytes], sign: int, at_a_time: int = AT_A_TIME) -> Vocabulary:
        """With passages counted in (``sign`` 1) or out (-1), given as :func:`rag.index.keyword_index.count_terms`.

        at_a_time: how many of them are held in memory.
        """
        vocabulary = self
        for chunk in _chunks(counts, at_a_time):
            given = np.frombuffer(b"".join(chunk), dtype=COUNTS)
            terms, places = np.unique(np.concatenate([vocabulary.terms, given["term"]]), return_inverse=True)
            weights = np.concatenate([vocabulary.frequencies, np.full(len(given), sign)])
            frequencies = np.bincount(places, weights=weights, minlength=len(terms)).astype(np.int64)
            held = frequencies > 0
            passages = vocabulary.passages + sign * len(chunk)
            length = vocabulary.length + sign * int(given["count"].sum(dtype=np.int64))
            vocabulary = Vocabulary(terms[held], frequencies[held], passages, length)
        return vocabulary

    @property
    def mean_length(self) -> float:
        """Terms of a passage."""
        return self.length / max(self.passages, 1)

    def idf(self, terms: Sequence[str]) -> Float32:
        """How rare each term is, highest for one that no passage holds."""
        hashes = np.array([hash64(term) for term in terms], dtype=np.uint64)
        places = np.minimum(np.searchsorted(self.terms, hashes), max(len(self.terms) - 1, 0))
        known = self.terms[places] == hashes if len(self.terms) else np.zeros(len(hashes), dtype=bool)
        found = np.zeros(len(hashes), dtype=np.int64)
        found[known] = self.frequencies[places[known]]
        return idf_of(found, self.passages)

    def scores(self, terms: Sequence[str], counts: Iterable[bytes]) -> Float32:
        """The BM25 score of each passage of which the counts are given; a term given twice counts twice."""
        weights = {hash64(term): n for term, n in Counter(terms).items()}
        wanted = np.array(list(weights), dtype=np.uint64)
        worth = np.array(list(weights.values()), dtype=np.float32) * self.idf(list(Counter(terms)))
        scores = []
        for data in counts:
            given = np.frombuffer(data, dtype=COUNTS)
            _, ours, theirs = np.intersect1d(wanted, given["term"], assume_unique=True, return_indices=True)
            scores.append(worth[ours] @ saturation(given["count"], self.mean_length)[theirs])
        return np.array(scores, dtype=np.float32)

    def write(self, folder: Path) -> dict[str, FileRecord]:
        """Write the file of the vocabulary. Raises StorageError."""
        totals = np.array([self.passages, self.length], dtype=np.int64)
        table = np.concatenate([totals, self.terms.view(np.int64), self.frequencies])
        return {_NAME: write_array(folder / _NAME, table)}

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """From a file that was verified, memory-mapped."""
        table = read_array(folder / _NAME)
        terms, frequencies = np.split(table[2:], 2)
        return cls(terms.view(np.uint64), frequencies, int(table[0]), int(table[1]))


def _chunks(counts: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    rest = iter(counts)
    while chunk := list(islice(rest, size)):
        yield chunk
