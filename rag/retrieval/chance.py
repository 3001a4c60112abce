"""Chance: how well a question is met by text about something else, and how much better a passage meets it.

In any text some word resembles each word of the question. How much it does depends on the word and on the two
languages. So the question is also compared with 2,000 tokens of unrelated text in the passage's language, which ship
with the program. The mean of the nearest few of them is the zero of a scale; a word that is the same is its one. This
is the idea of Cohen's kappa (Cohen 1960): agreement counts only as far as it is better than chance.

The similarity alone tells which passage of a question is best. The place on this scale tells whether the best passage
answers at all, and means the same in every language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from rag.documents import Float32
from rag.encoding.centring import Centring
from rag.encoding.encoder import Fingerprint
from rag.encoding.loading import load_token_code, token_code_name
from rag.encoding.token_codes import TokenCode
from rag.resources import calibration
from rag.retrieval.late_interaction import QueryTokens, token_similarities

SAMPLE = 2000  # tokens of each language: a bound on what every question is compared with
# Of the sample, those that make the zero. Tried with 1 to 160 of 4,000 to 8,000 tokens: about this share told questions
# about something else from the others best.
NEAREST = 5
# The zero for an encoder without a sample: a cautious guess, a little below what questions to the sample corpus reach
# with the bundled encoder (.26 to .35).
USUAL = 0.25


@dataclass(frozen=True)
class Chance:
    """Packed tokens of unrelated text, by language; none for an encoder without a sample."""

    samples: Mapping[str, bytes] = field(default_factory=dict)
    code: TokenCode | None = None

    @classmethod
    def load(cls, fingerprint: Fingerprint, learnt: Path | None = None) -> Chance:
        """The sample that was ``learnt`` for the encoder (``python -m rag calibrate``), or the one shipped for it."""
        path = learnt if learnt is not None and learnt.is_file() else table_of(fingerprint)
        if not path.is_file():
            return cls()
        with np.load(path, allow_pickle=False) as table:
            samples = {language: table[language].tobytes() for language in table.files}
        if not samples:  # of sets with too few words to draw one from
            return cls()
        return cls(samples, load_token_code(token_code_name(fingerprint), fingerprint.dimension))

    def to_bytes(self) -> bytes:
        """As it is loaded."""
        arrays: dict[str, Any] = {name: np.frombuffer(packed, np.uint8) for name, packed in self.samples.items()}
        np.savez(buffer := BytesIO(), allow_pickle=False, **arrays)
        return buffer.getvalue()

    def of(self, query: QueryTokens, languages: Collection[str], centring: Centring) -> dict[str, Float32]:
        """By language (m,): the zero of each token of the question; the mean of all where a language has no sample."""
        if self.code is None:
            return dict.fromkeys(languages, np.full(len(query.weights), USUAL, dtype=np.float32))
        sampled = self.samples.keys() if set(languages) - self.samples.keys() else self.samples.keys() & set(languages)
        levels = {each: self._nearest(query, each, centring, self.code) for each in sampled}
        usual = np.mean(list(levels.values()), axis=0) if levels else np.zeros(0, dtype=np.float32)
        return {each: levels.get(each, usual) for each in languages}

    def _nearest(self, query: QueryTokens, language: str, centring: Centring, code: TokenCode) -> Float32:
        mean = centring.token_mean(language, query.vectors.shape[1])
        (similarity,) = token_similarities(query, code, [self.samples[language]], mean)
        by_token = np.ascontiguousarray(similarity.T)  # of neighbours in memory, the nearest are found much sooner
        nearest: Float32 = np.partition(by_token, -NEAREST)[:, -NEAREST:].mean(axis=1)
        return nearest


def table_of(fingerprint: Fingerprint) -> Path:
    """Where the sample for an encoder is shipped: one for each table of token codes, in which it is packed."""
    return calibration(f"{token_code_name(fingerprint)}.chance.npz")


def above_chance(similarity: Float32, chance: Float32) -> Float32:
    """(m,) how far a passage lies from what chance gives (0) towards each of the question's own words (1).

    similarity: (n, m) of its tokens and the question's; -1 for a passage without tokens. chance: (m,), the zeros.
    """
    if not len(similarity):
        return -np.ones_like(chance)
    above: Float32 = (similarity.max(axis=0) - chance) / (1 - chance)
    return above
