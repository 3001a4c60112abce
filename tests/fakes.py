"""Stand-ins that implement the program's protocols, for tests that need no model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

import numpy as np

from rag.documents import Article, Filters, Float32, Int32
from rag.encoding.encoder import Encoding, Fingerprint, PassageText
from rag.encoding.model_folders import ModelIdentity
from rag.reader.windows import Marked, Window

_WORD = re.compile(r"\w+")


class HashEncoder:
    """Each word gets a fixed random unit vector, a text their mean: same words, same place. Deterministic."""

    def __init__(self, dimension: int = 32, name: str = "hash") -> None:
        self.dimension = dimension
        self.fingerprint = Fingerprint(name, "0" * 64, "mean", "", "", dimension)

    def encode_query(self, text: str) -> Encoding:
        return self._encode("", text)

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        return (self._encode(title, text) for title, text in passages)

    def token_spans(self, text: str) -> Int32:
        return np.array([m.span() for m in _WORD.finditer(text)], dtype=np.int32).reshape(-1, 2)

    def _encode(self, title: str, text: str) -> Encoding:
        words = _WORD.findall(title)
        tokens = np.array([self._vector(w) for w in words + _WORD.findall(text)], dtype=np.float32)
        tokens = tokens.reshape(-1, self.dimension)
        spans = np.concatenate([np.zeros((len(words), 2), dtype=np.int32), self.token_spans(text)])
        pooled = tokens.mean(axis=0) if len(tokens) else np.ones(self.dimension, dtype=np.float32)
        return Encoding(pooled / np.linalg.norm(pooled), tokens, spans, np.ones(len(tokens), dtype=np.float32))

    def _vector(self, word: str) -> Float32:
        seed = int.from_bytes(hashlib.sha256(word.lower().encode()).digest()[:8], "big")
        vector = np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        return vector / np.float32(np.linalg.norm(vector))


class ScriptedReader:
    """Marks the given words, by their margin, in whichever sentence holds them; every other sentence's first word."""

    identity = ModelIdentity("scripted", "")

    def __init__(self, **margins: float) -> None:
        self.margins = margins
        self.read_texts: list[str] = []

    def read(self, question: str, windows: Sequence[Window]) -> list[list[Marked | None]]:
        self.read_texts += [window.text for window in windows]
        return [[self._mark(window.text, s.start, s.end) for s in window.sentences] for window in windows]

    def _mark(self, text: str, start: int, end: int) -> Marked | None:
        for word, margin in self.margins.items():
            if (at := text.find(word, start, end)) >= 0:
                return Marked(at, at + len(word), margin)
        found = _WORD.search(text, start, end)
        return Marked(*found.span(), -10.0) if found else None


class FixedScorer:
    """Gives a passage the logit of the first of the given words that it holds, or 0."""

    identity = ModelIdentity("fixed", "4" * 64)

    def __init__(self, logits: dict[str, float]) -> None:
        self.logits = logits
        self.asked: list[str] = []
        self.read_texts: list[str] = []

    def score(self, question: str, passages: Sequence[str]) -> Float32:
        self.asked.append(question)
        self.read_texts += passages
        found = [next((logit for word, logit in self.logits.items() if word in each), 0.0) for each in passages]
        return np.array(found, dtype=np.float32)


def accepts(filters: Filters, article: Article) -> bool:
    """What filters mean, article by article; one without a date fails any date bound."""
    return (
        (not filters.languages or article.language in filters.languages)
        and (not filters.sources or article.source in filters.sources)
        and (not filters.since or (article.date != "" and article.date >= filters.since))
        and (not filters.until or (article.date != "" and article.date <= filters.until))
        and (not filters.article_ids or article.id in filters.article_ids)
    )
