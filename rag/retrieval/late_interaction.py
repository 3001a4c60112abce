"""Late interaction: every question token takes its best token of a passage.

ColBERT's MaxSim (Khattab and Zaharia 2020) over the encoder's own token vectors, with no training: cosines of
language-centred vectors, averaged with each question token's surprise as its weight. The best of many tokens is better
by chance than the best of few, about by the logarithm of how many, so that much is taken off. The same similarities,
read sentence by sentence, say which sentence answers, and read token by token, which words do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.documents import Float32, Int32, Int64, Passage
from rag.encoding.centring import unit
from rag.encoding.token_codes import TokenCode

# What e times as many tokens add by chance: of .01 to .05 the best over all development sets together. It lifts news-ar
# (recall@1) by .02, where long passages had drawn every question, and costs no other set more than .001.
CHANCE = 0.03
# Where nothing is taken off, which moves every score alike; and below which no more is given, a guess.
USUAL_TOKENS, FEWEST_TOKENS = 100, 8


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

    def mean(self, values: Float32) -> Float32:
        """The weighted mean over the question's tokens, the last axis of ``values``.

        Summed here and not by BLAS, some of whose kernels raise "invalid value" over small finite operands.
        """
        return np.asarray((values * self.weights).sum(axis=-1), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Interaction:
    """One passage against one question.

    similarity: (n, m) cosines of passage tokens and question tokens.
    score: weighted mean over question tokens of their best passage token, less what the length adds by chance.
    sentence_scores: (s,) the same within each sentence; -1 for a sentence without tokens.
    """

    similarity: Float32
    score: float
    sentence_scores: Float32


def token_similarities(query: QueryTokens, code: TokenCode, packed: Sequence[bytes], mean: Float32) -> list[Float32]:
    """Cosines (n, m) of each passage's centred tokens and the question's, straight from the packed codes.

    ``mean``: (d,), the mean token of the passages' language. Dot products and lengths of ``token - mean`` follow from
    those of the token, so that the centred vectors are never built.
    """
    dots, squares, counts = code.products(packed, np.vstack([query.vectors, mean]))
    lengths = np.sqrt(np.maximum(squares - 2 * dots[:, -1] + mean @ mean, 1e-9))
    similarity = (dots[:, :-1] - query.vectors @ mean) / lengths[:, None]
    return np.split(similarity.astype(np.float32, copy=False), np.cumsum(counts)[:-1])


def mean_similarities(query: QueryTokens, passage: Passage, spans: Int32, tokens: Float32, mean: Float32) -> Float32:
    """(s, m): of each sentence as the mean of its tokens' vectors (n, d), less ``mean`` as above.

    So the tokens that an index holds stand for sentences too (late chunking, Günther et al. 2024).
    """
    owners = sentence_of_tokens(passage, spans)
    inside = owners >= 0
    sums = np.zeros((len(passage.sentences), tokens.shape[1]), dtype=np.float32)
    np.add.at(sums, owners[inside], tokens[inside] - mean)
    similarity: Float32 = unit(sums) @ query.vectors.T
    return similarity


def of_sentences(passage: Passage, spans: Int32, similarity: Float32) -> Float32:
    """(n, m): of each token that of its sentence, from (s, m) of an encoder that gives each sentence one vector.

    Tokens of the title have none of their own, and stand as low as can be.
    """
    lowest = np.full((1, similarity.shape[1]), -1, dtype=np.float32)
    return np.concatenate([similarity, lowest])[sentence_of_tokens(passage, spans)]


def interact(query: QueryTokens, passage: Passage, spans: Int32, similarity: Float32) -> Interaction:
    """Score one passage from its similarities; ``spans``: (n, 2) of its tokens. Without tokens the score is -1."""
    by_sentence = np.full(len(passage.sentences), -1, dtype=np.float32)
    if not len(similarity):
        return Interaction(similarity, -1.0, by_sentence)
    owners = sentence_of_tokens(passage, spans)
    # tokens stand in reading order, so each sentence (and the title before them) is one run of rows
    edges = np.flatnonzero(owners[1:] != owners[:-1]) + 1
    starts, stops = np.concatenate([[0], edges]), np.concatenate([edges, [len(owners)]])
    best = np.maximum.reduceat(similarity, starts, axis=0)
    inside = owners[starts] >= 0
    by_sentence[owners[starts][inside]] = (query.mean(best) - by_chance(stops - starts))[inside]
    score = query.mean(best.max(axis=0)) - by_chance(np.array(len(owners)))
    return Interaction(similarity, float(score), by_sentence)


def by_chance(tokens: Int64) -> Float32:
    """How much better so many tokens meet a question than the usual number does, whatever they say."""
    grown = CHANCE * np.log(np.maximum(tokens, FEWEST_TOKENS) / USUAL_TOKENS)
    return np.asarray(grown, dtype=np.float32)


def sentence_of_tokens(passage: Passage, spans: Int32) -> Int32:
    """(n,) index of the sentence each token starts in; -1 for title tokens."""
    starts = np.array([sentence.start - passage.start for sentence in passage.sentences], dtype=np.int32)
    found = np.searchsorted(starts, spans[:, 0], side="right") - 1
    return np.where(spans[:, 1] > 0, np.maximum(found, 0), -1).astype(np.int32)
