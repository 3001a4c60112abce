"""Search over one generation in Qdrant: nearest vectors, late interaction and keywords, fused in one query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

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

INTERACTIONS = 4  # passages that tokens are compared with, for each that they propose
_KEYS_AT_A_TIME = 1000


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
        pooled, tokens = self._checked(probe.pooled), probe.tokens[probe.tokens.any(axis=1)]
        near = {"query": pooled.tolist(), "using": POOLED, "filter": shown}
        sides = [models.Prefetch(**near, limit=probe.by_vector)]
        if len(tokens):
            nearest = models.Prefetch(**near, limit=INTERACTIONS * probe.by_vector)
            sides.append(
                models.Prefetch(prefetch=[nearest], query=tokens.tolist(), using=TOKENS, limit=probe.by_vector)
            )
        if probe.terms:
            worth = self._worth(probe.terms)
            sides.append(models.Prefetch(query=worth, using=TERMS, filter=shown, limit=probe.by_keyword))
        fusion = models.FusionQuery(fusion=models.Fusion.RRF)
        keys, _ = self._ask(prefetch=sides, query=fusion, limit=probe.by_vector + probe.by_keyword)
        return keys

    def search_vectors(self, query: Float32, k: int, filters: Filters) -> tuple[Int64, Float32]:
        """By the collection's graph."""
        unit = self._checked(query)
        return self._ask(query=unit.tolist(), using=POOLED, query_filter=visible(self._generation, filters), limit=k)

    def search_keywords(self, terms: Sequence[str], k: int, filters: Filters) -> tuple[Int64, Float32]:
        """By sparse vectors; scores are those of BM25 with the mean length of the collection's making."""
        if not terms:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        shown = visible(self._generation, filters)
        return self._ask(query=self._worth(terms), using=TERMS, query_filter=shown, limit=k)

    def keyword_scores(self, terms: Sequence[str], keys: Int64) -> Float32:
        """From the counts in the store."""
        ascending, places = np.unique(keys, return_inverse=True)
        return self._vocabulary.scores(terms, self._view.blobs("terms", ascending))[places]

    def idf(self, terms: Sequence[str]) -> Float32:
        """From the vocabulary of the generation."""
        return self._vocabulary.idf(terms)

    def vectors(self, keys: Int64) -> Float32:
        """As the collection holds them."""
        found: dict[int, list[float]] = {}
        for start in range(0, len(keys), _KEYS_AT_A_TIME):
            wanted = keys[start : start + _KEYS_AT_A_TIME].tolist()
            with self._server.client() as client:
                records = client.retrieve(self._collection, wanted, with_payload=False, with_vectors=[POOLED])
            found |= {record.id: record.vector[POOLED] for record in records}
        return np.array([found[key] for key in keys.tolist()], dtype=np.float32)

    def _ask(self, **query: Any) -> tuple[Int64, Float32]:
        with self._server.client() as client:
            points = client.query_points(self._collection, **query, with_payload=False).points
        keys = np.array([point.id for point in points], dtype=np.int64)
        return keys, np.array([point.score for point in points], dtype=np.float32)

    def _checked(self, query: Float32) -> Float32:
        query = usable(query[None, :], len(query))[0]
        unit: Float32 = query / np.linalg.norm(query)
        return unit

    def _worth(self, terms: Sequence[str]) -> models.SparseVector:
        counted = Counter(terms)
        weights = np.array(list(counted.values()), dtype=np.float32) * self._vocabulary.idf(list(counted))
        return sparse(np.array([hash64(term) for term in counted], dtype=np.uint64), weights)
