"""Search over one generation in Qdrant: nearest vectors, late interaction and keywords, fused in one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from qdrant_client import models

from rag.documents import Filters, Float32, Int64
from rag.index.qdrant.points import POOLED, TERMS, TOKENS, sparse, visible
from rag.index.qdrant.server import QdrantServer
from rag.index.qdrant.vocabulary import Vocabulary
from rag.index.search_engine import Probe
from rag.index.vector_index import usable
from rag.store.rows import hash64
from rag.store.view import StoreView

INTERACTIONS = 4  # passages that tokens are compared with, for each that they propose: a guess


class QdrantSearcher:
    """See :class:`rag.index.search_engine.Searcher`. Keyword scores are worked out here, from the store."""

    def __init__(
        self, server: QdrantServer, collection: str, generation: int, vocabulary: Vocabulary, view: StoreView
    ) -> None:
        self._server = server
        self._collection = collection
        self._generation = generation
        self._vocabulary = vocabulary
        self._view = view

    def propose(self, probe: Probe, filters: Filters) -> Int64:
        """By reciprocal rank (Cormack, Clarke and Büttcher 2009) of vectors, tokens and keywords, best first.

        Tokens are compared (MaxSim) with those passages only that lie nearest by vector.
        """
        shown = visible(self._generation, filters)
        sides = [*self._by_vector(probe, shown), *self._by_keyword(probe, shown)]
        if not sides:
            return np.zeros(0, dtype=np.int64)
        fusion = models.FusionQuery(fusion=models.Fusion.RRF)
        with self._server.client() as client:
            limit = probe.by_vector + probe.by_keyword
            found = client.query_points(
                self._collection, prefetch=sides, query=fusion, limit=limit, with_payload=False
            ).points
        return np.array([point.id for point in found], dtype=np.int64)

    def _by_vector(self, probe: Probe, shown: models.Filter) -> Iterator[models.Prefetch]:
        if not probe.by_vector:
            return
        pooled, tokens = _unit(probe.pooled), probe.tokens[probe.tokens.any(axis=1)]
        near = {"query": pooled.tolist(), "using": POOLED, "filter": shown}
        yield models.Prefetch(**near, limit=probe.by_vector)
        if len(tokens):
            nearest = models.Prefetch(**near, limit=INTERACTIONS * probe.by_vector)
            yield models.Prefetch(prefetch=[nearest], query=tokens.tolist(), using=TOKENS, limit=probe.by_vector)

    def _by_keyword(self, probe: Probe, shown: models.Filter) -> Iterator[models.Prefetch]:
        if probe.by_keyword and probe.terms:
            worth = self._worth(probe.terms)
            yield models.Prefetch(query=worth, using=TERMS, filter=shown, limit=probe.by_keyword)

    def keyword_scores(self, terms: Sequence[str], keys: Int64) -> Float32:
        """From the counts in the store."""
        ascending, places = np.unique(keys, return_inverse=True)
        return self._vocabulary.scores(terms, self._view.blobs("terms", ascending))[places]

    def idf(self, terms: Sequence[str]) -> Float32:
        """From the vocabulary of the generation."""
        return self._vocabulary.idf(terms)

    def _worth(self, terms: Sequence[str]) -> models.SparseVector:
        counted = Counter(terms)
        weights = np.array(list(counted.values()), dtype=np.float32) * self._vocabulary.idf(list(counted))
        return sparse(np.array([hash64(term) for term in counted], dtype=np.uint64), weights)


def _unit(query: Float32) -> Float32:
    """Raises ValueError for a query that is zero or not finite."""
    query = usable(query[None, :], len(query))[0]
    unit: Float32 = query / np.linalg.norm(query)
    return unit
