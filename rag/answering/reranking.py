"""Ranks the best passages anew by a cross-encoder, which reads each together with the question.

Passage reranking as by Nogueira and Cho 2019. Its score is one signal more beside those of the search: the passage it
puts first keeps its score and the others lose what they lack, so that a score means the same with and without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.documents import Float32
from rag.reranker.scoring import PassageScorer
from rag.retrieval.candidates import Candidate

MOST_LOGIT = 12.0  # beyond, a logit says no more: the likelihood that goes with it is six nines


@dataclass(frozen=True, slots=True)
class Reranking:
    """most: passages of a question that are scored. worth: of a logit, in a passage's score."""

    scorer: PassageScorer
    most: int
    worth: float

    def rank(self, question: str, ranked: Sequence[Candidate]) -> list[Candidate]:
        """The candidates ranked anew; those beyond ``most`` lose as much as the worst that was scored."""
        best, rest = ranked[: self.most], ranked[self.most :]
        if not best:
            return []
        logits = [max(-MOST_LOGIT, min(MOST_LOGIT, float(each))) for each in self._scores(question, best)]
        highest, lowest = max(logits), min(logits)
        scored = [
            replace(
                each,
                signals=replace(each.signals, reranked=logit),
                score=each.score + self.worth * (logit - highest),
            )
            for each, logit in zip(best, logits, strict=True)
        ]
        unscored = [replace(each, score=each.score + self.worth * (lowest - highest)) for each in rest]
        return sorted([*scored, *unscored], key=lambda candidate: -candidate.score)

    def _scores(self, question: str, candidates: Sequence[Candidate]) -> Float32:
        """(n,) of each passage, read under its title."""
        texts = ["\n".join(filter(None, (each.article.title, each.passage.text))) for each in candidates]
        return self.scorer.score(question, texts)
