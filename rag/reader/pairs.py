"""A question and a stretch of text as one sequence of tokens, the form the reader was trained on.

``<s> query: QUESTION </s> passage: TEXT </s>``, with the prefixes the encoder knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.encoding.bundled_encoder import PASSAGE_PREFIX, QUERY_PREFIX
from rag.encoding.bundled_tokenizer import BEGIN, END, BundledTokenizer

QUESTION_TOKENS = 64  # what a question keeps, so that a pasted page leaves room for the passage


class Pair(NamedTuple):
    """``ids`` of the whole sequence, specials included, and where its text begins."""

    ids: list[int]
    context_at: int


class ReadingTokens:
    """Puts token ids together into pairs."""

    def __init__(self, tokenizer: BundledTokenizer) -> None:
        query, passage = tokenizer.tokenize([QUERY_PREFIX.rstrip(), PASSAGE_PREFIX.rstrip()])
        self._before, self._between = [BEGIN, *query.ids], [END, *passage.ids]

    def pair(self, question: Sequence[int], context: Sequence[int]) -> Pair:
        """The sequence of a question's and a text's ids (no specials)."""
        lead = [*self._before, *question[:QUESTION_TOKENS], *self._between]
        return Pair([*lead, *context, END], len(lead))
