"""The engine of one machine: FAISS for vectors and our own postings for keywords, as files of the generation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag import files
from rag.documents import Filters, Float32, Int64
from rag.errors import IndexMismatchError
from rag.files import FileRecord
from rag.index.columns import Columns
from rag.index.keyword_index import KeywordIndex
from rag.index.live_passages import LivePassages
from rag.index.manifest import Manifest
from rag.index.search_engine import Probe
from rag.index.vector_index import INDEX_NAME, TRAINING_VECTORS, VectorIndex
from rag.store.schema import damaged
from rag.store.view import StoreView

ROWS_AT_A_TIME = 4096  # vectors in memory while publishing, 6 MB: a bound
BYTES_PER_PASSAGE = 1500  # of keywords and columns, generously; vectors come on top


class FaissEngine:
    """See :class:`rag.index.search_engine.SearchEngine`. Holds nothing: all is in the generation's folder."""

    def write(self, live: LivePassages, generation: int, folder: Path) -> dict[str, FileRecord]:
        """Build both indexes of the live rows."""
        count = len(live)
        files.require_space(folder, count * (4 * live.dimension + BYTES_PER_PASSAGE))
        keywords = KeywordIndex.build(live.view.blobs("terms", live.columns.keys))
        sample = live.centred(np.linspace(0, count - 1, min(count, TRAINING_VECTORS)).astype(np.int64), live.centring)
        chunks = (
            live.centred(np.arange(start, min(start + ROWS_AT_A_TIME, count)), live.centring)
            for start in range(0, count, ROWS_AT_A_TIME)
        )
        try:
            vectors = VectorIndex.write(folder, chunks, sample, count)
        except ValueError as error:
            raise damaged(live.view.path, str(error)) from error
        return {**vectors, **keywords.write(folder)}

    def open(self, folder: Path, manifest: Manifest, columns: Columns, view: StoreView) -> FaissSearcher:
        """Load both indexes, the keywords memory-mapped."""
        if not self.serves(folder, manifest):
            raise IndexMismatchError(
                f"Generation {manifest.generation} is searched by Qdrant, and ISNAD_QDRANT_URL is not set.",
                "Set it, or build the index for this machine alone: python -m rag index",
            )
        return FaissSearcher(columns, VectorIndex.load(folder), KeywordIndex.load(folder, len(columns.keys)))

    def serves(self, folder: Path, manifest: Manifest) -> bool:
        """Whether the generation has FAISS's file."""
        return INDEX_NAME in manifest.files

    def describe(self) -> str:
        """Itself."""
        return "FAISS, on this machine"

    def retire(self, store_id: str, oldest: int) -> None:
        """Nothing: the files went with their folders."""


FAISS = FaissEngine()


class FaissSearcher:
    """See :class:`rag.index.search_engine.Searcher`."""

    def __init__(self, columns: Columns, vectors: VectorIndex, keywords: KeywordIndex) -> None:
        self._columns = columns
        self._vectors = vectors
        self._keywords = keywords

    def propose(self, probe: Probe, filters: Filters) -> Int64:
        """What either index finds, those of the vectors first; tokens propose nothing."""
        mask = self._columns.row_mask(filters)
        found: list[int] = []
        if probe.by_vector:
            found += self._vectors.search(probe.pooled, probe.by_vector, mask)[0].tolist()
        if probe.by_keyword:
            found += self._keywords.search(probe.terms, probe.by_keyword, mask)[0].tolist()
        return self._columns.keys[np.array(list(dict.fromkeys(found)), dtype=np.int64)]

    def keyword_scores(self, terms: Sequence[str], keys: Int64) -> Float32:
        """From the postings."""
        return self._keywords.scores(terms, self._columns.rows_of(keys))

    def idf(self, terms: Sequence[str]) -> Float32:
        """From the lengths of the postings."""
        return self._keywords.idf(terms)
