"""A reranker that remembers: each pair is scored once, however often weights are tried on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.documents import Float32
from rag.reranker.scoring import PassageScorer


class RememberingScorer:
    """A :class:`~rag.reranker.scoring.PassageScorer` around another."""

    def __init__(self, scorer: PassageScorer) -> None:
        self.identity = scorer.identity
        self._scorer = scorer
        self._known: dict[tuple[str, str], float] = {}

    def score(self, question: str, passages: Sequence[str]) -> Float32:
        """As the scorer's."""
        new = [each for each in dict.fromkeys(passages) if (question, each) not in self._known]
        for passage, score in zip(new, self._scorer.score(question, new).tolist(), strict=True):
            self._known[question, passage] = score
        return np.array([self._known[question, each] for each in passages], dtype=np.float32)
