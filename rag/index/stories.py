"""Which articles are reprints of one story: pairs proposed by bands of their signatures, then compared.

Bands of four places (locality-sensitive hashing; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter
3) bring together 99 of 100 pairs that share seven tenths of their runs of words, in time and memory linear in the
articles. Every member is alike to the first of its story, so that a story retold day by day does not become one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.documents import Int32, Int64
from rag.text.signature import RUN_PLACES, UInt32, alike, read_signatures

_BAND: Final = 4  # places of a signature; what that finds is said above
_NEIGHBOURS: Final = 3  # each is compared with so many that follow it in its bucket: keeps a large bucket linear
_AT_A_TIME: Final = 1 << 14  # pairs: a bound on memory


def stories_of(signatures: Sequence[bytes], publishers: Sequence[str]) -> Int32:
    """(n,) for each article the place of the first that tells its story: its own where no earlier one does.

    signatures: as :func:`rag.text.signature.signature_of` gives them; an empty one is like no other. publishers: the
    articles' sources, empty where not told.
    """
    first = np.arange(len(signatures), dtype=np.int32)
    compared = np.array([place for place, signature in enumerate(signatures) if signature], dtype=np.int64)
    if len(compared):
        codes = {name: code for code, name in enumerate(sorted({"", *publishers}))}  # 0 for none
        articles = _Articles(
            read_signatures([signatures[place] for place in compared]),
            np.array([codes[publishers[place]] for place in compared], dtype=np.int32),
        )
        first[compared] = compared[articles.leaders()]
    return first


class _Articles:
    """The articles that can be compared, by place: their signatures (n, PLACES) and publishers (n,)."""

    def __init__(self, table: UInt32, publishers: Int32) -> None:
        self._table = table
        self._publishers = publishers

    def leaders(self) -> Int64:
        """(n,): the first of each one's story."""
        leaders = np.arange(len(self._table))
        for later, earlier in sorted({pair for start in range(0, RUN_PLACES, _BAND) for pair in self._pairs(start)}):
            leader = leaders[earlier]  # settled by now
            if leaders[later] == later and (leader == earlier or self._alike(leader[None], np.array([later])).all()):
                leaders[later] = leader
        return leaders

    def _alike(self, ones: Int64, others: Int64) -> NDArray[np.bool_]:
        mine, theirs = self._publishers[ones], self._publishers[others]
        return alike(self._table[ones], self._table[others], (mine != theirs) & (mine > 0) & (theirs > 0))

    def _pairs(self, start: int) -> set[tuple[int, int]]:
        """Pairs (later, earlier) of one bucket, that of four places from ``start``, which are alike."""
        places = [(start + step) % RUN_PLACES for step in range(2 * _BAND)]
        order = np.lexsort([self._table[:, place] for place in reversed(places)])  # by the next band too: see below
        bands = self._table[order][:, places[:_BAND]]
        found: set[tuple[int, int]] = set()
        for distance in range(1, _NEIGHBOURS + 1):  # where others share a bucket, reprints lie next to each other
            together = np.flatnonzero((bands[:-distance] == bands[distance:]).all(axis=1))
            for begin in range(0, len(together), _AT_A_TIME):
                chosen = together[begin : begin + _AT_A_TIME]
                ones, others = order[chosen], order[chosen + distance]
                same = self._alike(ones, others)
                pairs = (np.maximum(ones, others)[same].tolist(), np.minimum(ones, others)[same].tolist())
                found.update(zip(*pairs, strict=True))
        return found
