"""Contexts that resemble a question without answering it: what the product's keyword search finds instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.index.keyword_index import KeywordIndex, count_terms
from rag.text.analyser import analyse


@dataclass(frozen=True)
class Neighbours:
    """Texts of one language and their keyword index."""

    texts: Sequence[str]
    language: str
    index: KeywordIndex

    @classmethod
    def of(cls, texts: Sequence[str], language: str) -> Neighbours:
        """Index the texts."""
        return cls(texts, language, KeywordIndex.build(count_terms(_terms(text, language)).tobytes() for text in texts))

    def nearest(self, question: str, count: int) -> list[str]:
        """Up to ``count`` texts that share keywords with the question, best first."""
        rows, _ = self.index.search(_terms(question, self.language), count)
        return [self.texts[row] for row in rows.tolist()]


def _terms(text: str, language: str) -> list[str]:
    return [term.text for term in analyse(text, language)]
