"""What a reranker tells: how well each passage answers a question, read together with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.documents import Float32
from rag.encoding.model_folders import ModelIdentity

LONGEST = 512  # tokens of a question and a passage: a passage has 256 at most


class PassageScorer(Protocol):
    """Whatever scores passages; :mod:`rag.reranker.cross_encoder` loads one."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model it is: what is learnt of its scores is of no other."""
        ...

    def score(self, question: str, passages: Sequence[str]) -> Float32:
        """(n,) logits: the higher, the better the passage answers."""
        ...
