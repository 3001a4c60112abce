"""Answer or refuse: how likely it is that the best passage answers, learnt on answerable and unanswerable questions.

A logistic rule over figures that mean the same in every pool. NoMIRACL (Thakur et al. 2024) defines what is reported:
the hallucination rate (answered although nothing answers) against the error rate (refused although something does).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.retrieval import Candidate, Query
from rag.sentence_choice import ScoredSentence

_WEIGHTS = Path(__file__).parent / "calibration" / "refusal.json"
MET = 0.45  # cosine from which a question token counts as met


def features(query: Query, candidates: Sequence[Candidate], ranked: Sequence[ScoredSentence]) -> dict[str, float]:
    """What the judgement looks at; ``candidates`` and ``ranked`` are best first and not empty."""
    best, sentence = candidates[0], ranked[0]
    weights = query.tokens.weights
    met = best.interaction.similarity.max(axis=0)
    telling = np.sort(met[weights > 0])
    others = [candidate.signals.late for candidate in candidates[1:5]]
    return {
        "late": best.signals.late,
        "sentence": float(sentence.coverage @ weights),
        "keyword": best.signals.keyword,
        "other_language": float(not best.signals.same_language),
        "met": float((met >= MET) @ weights),
        "weakest": float(telling[: max(1, len(telling) // 3)].mean()) if len(telling) else 0.0,
        "lead": best.signals.late - (sum(others) / len(others) if others else 0.0),
        "tokens": math.log(1 + len(telling)),
        "expected": float(bool(sentence.expected)),
    }


@dataclass(frozen=True, slots=True)
class Refusal:
    """The learnt rule: ``confidence`` is a probability, ``threshold`` where refusing starts."""

    weights: dict[str, float]
    offset: float
    threshold: float

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> Refusal:
        """What ``bench/calibrate.py`` learnt; the file says on which sets."""
        learnt = json.loads(path.read_text("utf-8"))
        return cls(learnt["weights"], learnt["offset"], learnt["threshold"])

    def confidence(self, figures: dict[str, float]) -> float:
        """Probability that the question is answered by what was found."""
        total = self.offset + sum(weight * figures[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def refuses(self, confidence: float) -> bool:
        """True where the confidence is too low to answer."""
        return confidence < self.threshold
