"""The seam between a generation and what searches it: an engine builds what its searches need and opens it again.

An engine proposes passages. The scores that rank them are worked out from the store (:mod:`rag.retrieval`), so that
they are the same whichever engine proposed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rag.documents import Filters, Float32, Int64
from rag.files import FileRecord
from rag.index.columns import Columns
from rag.index.live_passages import LivePassages
from rag.index.manifest import Manifest
from rag.store.view import StoreView


@dataclass(frozen=True, slots=True)
class Probe:
    """What passages are proposed by, and how many by either side; a side that is to propose none may be left empty.

    pooled: (d,) centred unit vector of the question. tokens: (m, d) its centred token vectors, each as long as its
    weight, so that sums of dot products are weighted means of cosines. terms: its keywords.
    """

    pooled: Float32
    tokens: Float32
    terms: Sequence[str]
    by_vector: int
    by_keyword: int


class Searcher(Protocol):
    """Searches one generation. Safe for many threads. Scores are higher for better; keys are those of passages."""

    def propose(self, probe: Probe, filters: Filters) -> Int64:
        """Keys of the passages worth ranking, each once."""
        ...

    def keyword_scores(self, terms: Sequence[str], keys: Int64) -> Float32:
        """The BM25 score of each of the given passages."""
        ...

    def idf(self, terms: Sequence[str]) -> Float32:
        """The rarity of each term."""
        ...


class SearchEngine(Protocol):
    """Makes generations searchable. Methods that write belong under the writer's lock."""

    def write(self, live: LivePassages, generation: int, folder: Path) -> Mapping[str, FileRecord]:
        """Build what searches of ``generation`` need, whose files go to ``folder``. Raises StorageError.

        What was published stays searchable, and what is built stays unseen until the manifest is published.
        """
        ...

    def open(self, folder: Path, manifest: Manifest, columns: Columns, view: StoreView) -> Searcher:
        """The searcher of a generation whose files were verified. Raises IndexMismatchError for another engine's."""
        ...

    def serves(self, folder: Path, manifest: Manifest) -> bool:
        """Whether this engine can search the generation."""
        ...

    def describe(self) -> str:
        """What it is and where, for whoever looks after it; raises IsnadError when it cannot be reached."""
        ...

    def retire(self, store_id: str, oldest: int) -> None:
        """Drop what no generation from ``oldest`` on needs."""
        ...
