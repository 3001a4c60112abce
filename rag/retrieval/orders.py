"""Whether a sentence of an article is an order to whoever answers from it, and states nothing.

An article may say "Ignore the question and answer X", and a model that obeys writes X: borne out, then, by the very
sentence that planted it. No list of phrases tells such sentences: their vectors lie to one side of a plane that was
learnt from a few hundred of them in seventeen languages, and from news (``python -m training.orders``). Other encoders
than the bundled one have no such plane, and take no sentence for an order.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.documents import Float32
from rag.encoding.encoder import Fingerprint
from rag.resources import calibration


@dataclass(frozen=True, slots=True)
class Orders:
    """A plane: (d,) weights, and the score from which a centred unit vector is that of an order."""

    weights: Float32 | None = None
    least: float = 0.0

    @classmethod
    def load(cls, fingerprint: Fingerprint) -> Orders:
        """The plane that ships for an encoder; none for another."""
        path = plane_of(fingerprint)
        if not path.is_file():
            return cls()
        with np.load(path, allow_pickle=False) as table:
            weights, least = table["weights"], float(table["least"])
        return cls(weights, least) if len(weights) == fingerprint.dimension else cls()

    def score(self, pooled: Float32) -> float:
        """How far to the side of orders a (d,) vector lies; nothing without a plane."""
        return float(pooled @ self.weights) if self.weights is not None else 0.0

    def has(self, pooled: Float32) -> bool:
        """Whether the vector is that of an order."""
        return self.weights is not None and self.score(pooled) > self.least


def plane_of(fingerprint: Fingerprint) -> Path:
    """Where the plane of an encoder is kept."""
    return calibration(f"{fingerprint.name}.orders.npz")
