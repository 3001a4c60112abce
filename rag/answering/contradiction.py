"""Whether a written sentence and its source contradict each other: one denies what the other affirms.

Each word of the sentence is set against the word of the source that it is nearest to, in any language, and so a clause
of the one against a clause of the other. A source that denies something else besides, or a sentence that does, is no
contradiction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.answering.denial import clauses, denial_in, denied_clauses, may_deny
from rag.answering.sentence_choice import ScoredSentence
from rag.documents import Float32, Span
from rag.retrieval.candidates import Query

# Of the weight of what is said that is nearest to one clause: on the seen sentences of bench/verification.py.
MOST_OF_IT = 0.6


def contradicts(text: str, language: str, query: Query, sources: Sequence[ScoredSentence]) -> bool:
    """Whether the text, which is the query's, says otherwise than its ``sources``, the nearest first and not none.

    No where an encoder gives no vectors of tokens.
    """
    if not len(query.spans):
        return False
    if may_deny(text, language):
        return _is_affirmed(text, language, query, sources)
    denied = denied_clauses(sources[0].text, sources[0].candidate.passage.language)
    return _clause_of(query.tokens.weights, sources[0], denied) is not None


def _is_affirmed(text: str, language: str, query: Query, sources: Sequence[ScoredSentence]) -> bool:
    """Whether most of a clause that the text denies is nearest to a clause of its sources that denies nothing."""
    for clause in clauses(text, language):
        inside = (query.spans[:, 0] >= clause.start) & (query.spans[:, 1] <= clause.end)
        weights = query.tokens.weights * inside
        if query.text != text or not denial_in(clause.of(text), language) or not weights.any():
            continue
        weights = weights / weights.sum()
        source = max(sources, key=lambda each: float(each.similarity.max(axis=0) @ weights))
        spoken = source.candidate.passage.language
        nearest = _clause_of(weights, source, clauses(source.text, spoken))
        if nearest is not None and not may_deny(nearest.of(source.text), spoken):
            return True
    return False


def _clause_of(weights: Float32, source: ScoredSentence, among: Sequence[Span]) -> Span | None:
    """The clause to which most of the weight of the text's tokens is nearest, if there is one."""
    nearest = source.similarity.argmax(axis=0)
    places = np.array([source.token(row).start - source.span.start for row in nearest.tolist()])
    held = ((each, float(weights[(places >= each.start) & (places < each.end)].sum())) for each in among)
    return next((each for each, share in held if share >= MOST_OF_IT), None)
