"""Language centring: subtract each language's mean vector, so that what remains is meaning, not language.

Multilingual encoders cluster by language, and a query prefers passages of its own. Removing the language's mean
lifts recall in mixed pools (Roy et al. 2020, LAReQA; Yang et al. 2021, "A simple and effective method to eliminate
the self language bias"), and removing the mean token sharpens late interaction.

Means come from the corpus, shrunk towards a table shipped for the bundled encoder: a corpus of one article must not
subtract itself away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rag.documents import Float32
from rag.encoding.encoder import Fingerprint
from rag.files import FileRecord, read_array, write_array, write_durably
from rag.resources import calibration

ANY = "und"  # the mean over languages, for one that has no mean of its own
PRIOR_PASSAGES = 200  # how many passages the shipped mean weighs: a guess, so that a small corpus moves it little
PRIOR_TOKENS = 200 * 100  # of so many passages, a hundred tokens each


class LanguageSums(NamedTuple):
    """Running sums over one language's passages: pooled vectors and token vectors, each (dimension,) float32."""

    passages: int
    pooled: Float32
    tokens: int
    token_sum: Float32

    @classmethod
    def of_all(cls, each: Sequence[LanguageSums]) -> LanguageSums:
        """Of several languages together."""
        pooled, tokens = np.sum([own.pooled for own in each], axis=0), np.sum([own.token_sum for own in each], axis=0)
        return cls(sum(own.passages for own in each), pooled, sum(own.tokens for own in each), tokens)


@dataclass(frozen=True)
class Centring:
    """Mean pooled and mean token vector by language; empty means nothing is subtracted."""

    pooled: Mapping[str, Float32] = field(default_factory=dict)
    tokens: Mapping[str, Float32] = field(default_factory=dict)

    @classmethod
    def prior(cls, fingerprint: Fingerprint) -> Centring:
        """The shipped means of an encoder's passages, empty for one we do not know."""
        return _shipped(fingerprint, "passage") or cls()

    def for_queries(self, fingerprint: Fingerprint) -> Centring:
        """The shipped means of the encoder's queries; of an unknown encoder, the passages' stand in."""
        return _shipped(fingerprint, "query") or self

    def write(self, folder: Path) -> dict[str, FileRecord]:
        """Write the means and the languages they are of, as files of a generation. Raises StorageError."""
        languages = {"pooled": list(self.pooled), "tokens": list(self.tokens)}
        return {
            "centring.json": write_durably(folder / "centring.json", json.dumps(languages).encode()),
            "centring_pooled.npy": write_array(folder / "centring_pooled.npy", _stacked(self.pooled)),
            "centring_tokens.npy": write_array(folder / "centring_tokens.npy", _stacked(self.tokens)),
        }

    @classmethod
    def load(cls, folder: Path) -> Centring:
        """From files that were verified."""
        languages = json.loads((folder / "centring.json").read_bytes())
        pooled, tokens = (
            dict(zip(languages[kind], np.array(read_array(folder / f"centring_{kind}.npy")), strict=True))
            for kind in ("pooled", "tokens")
        )
        return cls(pooled, tokens)

    @classmethod
    def estimate(cls, prior: Centring, sums: Mapping[str, LanguageSums]) -> Centring:
        """Means of the corpus, each weighed against the prior's; languages of the prior alone are kept.

        Without a prior the mean of all passages stands for languages that no article is in, such as a question's: what
        every vector of an encoder has in common is much, and taken from one side alone it parts what belongs together.
        """
        if sums and ANY not in prior.pooled:
            sums = {**sums, ANY: LanguageSums.of_all(list(sums.values()))}
        pooled = {code: _shrink(s.passages, s.pooled, PRIOR_PASSAGES, prior.pooled, code) for code, s in sums.items()}
        tokens = {code: _shrink(s.tokens, s.token_sum, PRIOR_TOKENS, prior.tokens, code) for code, s in sums.items()}
        return cls({**prior.pooled, **pooled}, {**prior.tokens, **tokens})

    def centre_pooled(self, vectors: Float32, languages: Sequence[str]) -> Float32:
        """(n, d) to (n, d) unit vectors, each less its language's mean."""
        means = np.array([_mean(self.pooled, code, vectors.shape[1]) for code in languages], dtype=np.float32)
        return unit(vectors - means.reshape(vectors.shape))

    def centre_tokens(self, tokens: Float32, language: str) -> Float32:
        """(n, d) to (n, d) unit vectors, each less the language's mean token."""
        return unit(tokens - self.token_mean(language, tokens.shape[1]))

    def token_mean(self, language: str, dimension: int) -> Float32:
        """The (dimension,) mean token of a language."""
        return _mean(self.tokens, language, dimension)


def unit(vectors: Float32) -> Float32:
    """Rows scaled to length one; a zero row stays zero."""
    scaled: Float32 = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32(1e-9))
    return scaled


def _stacked(means: Mapping[str, Float32]) -> Float32:
    return np.stack(list(means.values())).astype(np.float32) if means else np.zeros((0, 0), dtype=np.float32)


def _shipped(fingerprint: Fingerprint, side: str) -> Centring | None:
    path = calibration(f"{fingerprint.name}.means.npz")
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as table:
        languages = table["languages"].tolist()
        pooled, tokens = (table[f"{side}_{kind}"].astype(np.float32) for kind in ("pooled", "tokens"))
    if pooled.shape[1] != fingerprint.dimension:  # another model of the same name
        return None
    return Centring(dict(zip(languages, pooled, strict=True)), dict(zip(languages, tokens, strict=True)))


def _mean(means: Mapping[str, Float32], language: str, dimension: int) -> Float32:
    found = means.get(language, means.get(ANY))
    return np.zeros(dimension, dtype=np.float32) if found is None else found


def _shrink(count: int, total: Float32, weight: int, prior: Mapping[str, Float32], language: str) -> Float32:
    mean: Float32 = (total + weight * _mean(prior, language, len(total))) / np.float32(count + weight)
    return mean.astype(np.float32)
