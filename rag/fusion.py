"""One score from several signals: a linear rule whose weights were learnt on the development sets.

All signals are bounded and mean the same in every pool (cosines, and BM25 as a share of its maximum), so that a score
can be compared across questions and decide on refusal. Keywords count only where question and passage share a script;
the other pairs have weights of their own, so that neither kind crowds the other out of a mixed pool.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

_WEIGHTS = Path(__file__).parent / "calibration" / "fusion.json"


@dataclass(frozen=True, slots=True)
class Signals:
    """late: interaction with the passage; sentence: its best sentence; dense: pooled cosine; keyword: BM25 share."""

    late: float
    sentence: float
    dense: float
    keyword: float
    same_script: bool

    def to_dict(self) -> dict[str, float]:
        """For display and JSON."""
        return {name: round(float(value), 4) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts, and what is added."""

    late: float
    sentence: float
    dense: float
    keyword: float
    offset: float

    def score(self, signals: Signals) -> float:
        """The weighted sum."""
        return (
            self.late * signals.late
            + self.sentence * signals.sentence
            + self.dense * signals.dense
            + self.keyword * signals.keyword
            + self.offset
        )


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights for passages in the question's script and for the others."""

    same_script: Weights
    cross_script: Weights

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> Fusion:
        """The learnt weights; ``bench/calibrate.py`` makes the file."""
        learnt = json.loads(path.read_text("utf-8"))
        return cls(Weights(**learnt["same_script"]), Weights(**learnt["cross_script"]))

    def score(self, signals: Signals) -> float:
        """By the weights of the pair's kind."""
        return (self.same_script if signals.same_script else self.cross_script).score(signals)
