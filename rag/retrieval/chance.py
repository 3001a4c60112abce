"""What chance gives: how near text about something else comes to a question, and how far above that a passage lies.

Every passage holds something that resembles each word of a question; how much depends on the word, on the language it
is asked in, and on the passage's. So a shipped sample of tokens of unrelated text, in the passage's language, is put to
the question too. What the nearest few reach is the zero of a scale whose one is the same word in the same sentence: as
in Cohen's kappa (Cohen 1960), agreement counts for what it is beyond chance. Likeness alone tells passages of one
question apart; this tells whether a question is answered at all, alike in every language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rag.documents import Float32
from rag.encoding.centring import Centring
from rag.encoding.encoder import Fingerprint
from rag.encoding.loading import load_token_code, token_code_name
from rag.encoding.token_codes import TokenCode
from rag.resources import calibration
from rag.retrieval.late_interaction import QueryTokens, token_similarities

SAMPLE = 2000  # tokens of each language
NEAREST = 5  # of the sample: of 1 to 160 (of 4,000 to 8,000 tokens) about this share told strangers apart best
USUAL = 0.25  # what they reach on average, for an encoder without a sample


@dataclass(frozen=True)
class Chance:
    """Packed tokens of unrelated text by language; none for an encoder we do not know."""

    samples: Mapping[str, bytes] = field(default_factory=dict)
    code: TokenCode | None = None

    @classmethod
    def load(cls, fingerprint: Fingerprint) -> Chance:
        """The sample shipped for the encoder (``bench/chance_table.py`` draws it)."""
        path, code = table_of(fingerprint), token_code_name(fingerprint)
        if not path.is_file():
            return cls()
        with np.load(path, allow_pickle=False) as table:
            samples = {language: table[language].tobytes() for language in table.files}
        return cls(samples, load_token_code(code, fingerprint.dimension))

    def of(self, query: QueryTokens, languages: Collection[str], centring: Centring) -> dict[str, Float32]:
        """By language (m,) what each token of the question finds in its unrelated text; in all, if it has no sample."""
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


def relevance(query: QueryTokens, similarity: Float32, chance: Float32) -> float:
    """How far a passage lies from what chance gives (0) towards the question's own words (1); below 0 is possible.

    similarity: (n, m) of its tokens and the question's; without any it is as far below as can be. chance: (m,).
    """
    if not len(similarity):
        return -1.0
    above = (similarity.max(axis=0) - chance) / (1 - chance)
    return float(query.weights @ above)
