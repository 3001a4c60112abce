"""One score from several signals: a sum whose four weights were chosen on the development sets (``bench/ablation.py``).

All signals mean the same in every pool (cosines, and BM25 as a share of its maximum), so that a score can be compared
across questions. Keywords count only where question and passage share a script. Words of one language meet more
closely than words of two, so a passage in another language is credited what it lacks on average; without that, a
mixed pool would always put the question's own language first.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.resources import calibration

_WEIGHTS = calibration("fusion.json")
# Of a logit of a reranker of which nothing was learnt: a tenth of those of well trained ones, 10, then counts for more
# than what usually lies between neighbours in the ranking. A guess.
RERANKED = 0.02


@dataclass(frozen=True, slots=True)
class Signals:
    """late: interaction with the passage; sentence: with its best sentence; keyword: BM25 share, 0 across scripts.

    relevance: how far late interaction lies above what chance gives (:mod:`rag.retrieval.chance`), for the refusal.
    reranked: what a cross-encoder makes of the passage, in logits; None where it read none.
    """

    late: float
    sentence: float
    keyword: float
    same_language: bool
    relevance: float = 0.0
    reranked: float | None = None

    def to_dict(self) -> dict[str, float]:
        """For display and JSON."""
        return {name: round(float(value), 4) for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Fusion:
    """What each signal counts, and what a passage of another language is credited.

    reranked: of a logit of a reranker, which :mod:`rag.answering.reranking` adds. by_token: whether words meet words;
    else, where ``python -m rag calibrate`` found that this brings nothing, the question meets each sentence as a whole.
    """

    late: float
    sentence: float
    keyword: float
    other_language: float
    reranked: float = RERANKED
    by_token: bool = True

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> Fusion:
        """The chosen weights; the file says on which sets."""
        return cls(**json.loads(path.read_text("utf-8"))["weights"])

    def score(self, signals: Signals) -> float:
        """The weighted sum."""
        return (
            self.late * signals.late
            + self.sentence * signals.sentence
            + self.keyword * signals.keyword
            + self.other_language * (not signals.same_language)
        )
