"""A reader and a reranker that remember: each pair is read once, however often weights are tried on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.documents import Float32
from rag.reader.windows import AnswerReader, Marked, Window
from rag.reranker.scoring import PassageScorer


class RememberingReader:
    """An :class:`~rag.reader.windows.AnswerReader` around another."""

    def __init__(self, reader: AnswerReader) -> None:
        self.identity = reader.identity
        self._reader = reader
        self._known: dict[tuple[str, Window], list[Marked | None]] = {}

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Marked | None]]:
        """As the reader's."""
        new = [each for each in dict.fromkeys(windows) if (question, each) not in self._known]
        for window, marks in zip(new, self._reader.read(question, new), strict=True):
            self._known[question, window] = marks
        return [self._known[question, each] for each in windows]


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
