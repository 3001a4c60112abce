"""Late interaction: every question token takes its best token of a passage.

ColBERT's MaxSim (Khattab and Zaharia 2020) over the encoder's own token vectors, with no training: cosines of
language-centred vectors, averaged with each question token's surprise as its weight. The same similarities, read
sentence by sentence, say which sentence answers, and read token by token, which words do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.documents import Float32, Int32, Passage


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """A question's centred unit vectors (m, d) and their weights (m,), which sum to one."""

    vectors: Float32
    weights: Float32

    @classmethod
    def build(cls, vectors: Float32, weights: Float32) -> QueryTokens:
        """Scale the weights; where every one is zero (only punctuation), all count alike."""
        if not weights.any():
            weights = np.ones_like(weights)
        return cls(vectors, (weights / np.float32(max(weights.sum(), 1e-9))).astype(np.float32))


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """A passage's centred unit vectors (n, d) and spans (n, 2) in the passage text; (0, 0) marks a title token."""

    vectors: Float32
    spans: Int32


@dataclass(frozen=True, slots=True)
class Interaction:
    """One passage against one question.

    similarity: (n, m) cosines of passage tokens and question tokens.
    score: weighted mean over question tokens of their best passage token.
    sentence_scores: (s,) the same within each sentence; -1 for a sentence without tokens.
    """

    similarity: Float32
    score: float
    sentence_scores: Float32


def interact(query: QueryTokens, passages: Sequence[tuple[Passage, PassageTokens]]) -> list[Interaction]:
    """Score passages (one matrix product for all of them) in the order given; an empty passage scores -1."""
    if not passages:
        return []
    counts = [len(tokens.vectors) for _, tokens in passages]
    similarity = np.concatenate([tokens.vectors for _, tokens in passages]) @ query.vectors.T
    parts = np.split(similarity, np.cumsum(counts)[:-1])
    return [
        _interaction(query, part, sentence_of_tokens(passage, tokens.spans), len(passage.sentences))
        for (passage, tokens), part in zip(passages, parts, strict=True)
    ]


def sentence_of_tokens(passage: Passage, spans: Int32) -> Int32:
    """(n,) index of the sentence each token starts in; -1 for title tokens."""
    starts = np.array([sentence.start - passage.start for sentence in passage.sentences], dtype=np.int32)
    found = np.searchsorted(starts, spans[:, 0], side="right") - 1
    return np.where(spans[:, 1] > 0, np.maximum(found, 0), -1).astype(np.int32)


def _interaction(query: QueryTokens, similarity: Float32, sentences: Int32, count: int) -> Interaction:
    if not len(similarity):
        return Interaction(similarity, -1.0, np.full(count, -1, dtype=np.float32))
    score = float(similarity.max(axis=0) @ query.weights)
    by_sentence = np.full(count, -1, dtype=np.float32)
    for sentence in range(count):
        rows = similarity[sentences == sentence]
        if len(rows):
            by_sentence[sentence] = rows.max(axis=0) @ query.weights
    return Interaction(similarity, score, by_sentence)
