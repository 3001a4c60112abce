"""The best span of a sequence from its start and end logits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rag.documents import Float32

LONGEST = 32  # tokens of an answer; longer ones are sentences, which the quote shows anyway


class TokenSpan(NamedTuple):
    """First and last token (both inside) of a span, and the sum of its two logits."""

    first: int
    last: int
    score: float


def best_span(logits: Float32, start: int, stop: int) -> TokenSpan:
    """The best span within tokens ``start`` to ``stop`` (exclusive, at least one) of ``logits`` (length, 2)."""
    scores = logits[start:stop, 0][:, None] + logits[start:stop, 1][None, :]
    place = np.arange(stop - start)
    length = place[None, :] - place[:, None]
    scores = np.where((length >= 0) & (length < LONGEST), scores, -np.inf)
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    return TokenSpan(start + int(first), start + int(last), float(scores[first, last]))
