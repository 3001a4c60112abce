"""Articles and vectors without end for bench/growth.py: real ones first, then made ones that behave like them.

A made passage's vector is that of a real passage moved by half the difference of two others of its language, so that
the cloud keeps its shape; its token vectors are those of a real passage. Its words are drawn from the real words by
Zipf's law (Zipf 1949), continued with made words to VOCABULARY, so that postings grow as those of a real corpus do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rag.documents import Article, Float32, Int32, Passage, Span
from rag.encoding.centring import unit
from rag.encoding.encoder import Encoder, Encoding, PassageText
from rag.encoding.token_codes import TokenCode
from rag.evaluation.evaluation_set import GoldQuestion, load_set
from rag.index.keyword_index import count_terms
from rag.store.rows import COUNTS, EncodedPassage
from rag.text.analyser import analyse

SETS = ("xquad-ar-ar", "xquad-en-en", "news-ar", "arcd")
REAL_ARTICLES = 720
VOCABULARY, EXPONENT = 300_000, 1.07
SENTENCE, PASSAGE, ARTICLE = 20, 200, 400  # words
MOVED = 0.5  # how much of a difference of two passages is added to a third
_WORD = re.compile(r"\w+")
_LETTERS = {"ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "en": "abcdefghijklmnopqrstuvwxyz"}
LANGUAGES = tuple(_LETTERS)


@dataclass(frozen=True)
class RealCorpus:
    """Some articles of the evaluation sets and questions about them."""

    articles: Sequence[Article]
    questions: Sequence[GoldQuestion]

    @classmethod
    def load(cls, root: Path) -> RealCorpus:
        """The same ones each time; an article of several sets once."""
        sets = [load_set(root / name) for name in SETS]
        articles = {article.text: article for given in sets for article in given.articles.values()}
        chosen = [replace(a, id=f"real {n}", origin=f"real {n}") for n, a in enumerate(articles.values())]
        questions = [gold for given in sets for gold in given.questions[:40]]
        return cls(chosen[:REAL_ARTICLES], questions)


class Words:
    """Draws words of one language."""

    def __init__(self, real: Sequence[str], language: str) -> None:
        counted = Counter(word for text in real for word in _WORD.findall(text))
        random = np.random.default_rng(0)
        letters = np.array(list(_LETTERS[language]))
        made = ("".join(letters[row[:size]]) for row, size in _spellings(random, len(letters)))
        words = [word for word, _ in counted.most_common()]
        self._words = np.array([*words, *(next(made) for _ in range(VOCABULARY - len(words)))], dtype=object)
        shares = 1 / np.arange(1, VOCABULARY + 1) ** EXPONENT
        self._cumulated = np.cumsum(shares / shares.sum())

    def article(self, number: int, language: str, length: int = ARTICLE) -> Article:
        """``length`` words in sentences; the same for the same number."""
        places = np.searchsorted(self._cumulated, np.random.default_rng(number).random(length))
        words = self._words[np.minimum(places, VOCABULARY - 1)]
        text = " ".join(" ".join(words[at : at + SENTENCE]) + "." for at in range(0, length, SENTENCE))
        name = f"made {number}"
        date = f"20{number % 20:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        return Article(name, text, words[0], language, f"source {number % 50}", date, origin=name)


class ReadyMade:
    """Made articles with passages that are encoded, packed and counted, so that storing them is all that is left."""

    def __init__(self, encoder: Encoder, real: RealCorpus, code: TokenCode) -> None:
        self._made = MadeEncoder(encoder, real, seed=0)
        self._words = made_words(real)
        self._codes = {
            language: [code.pack(np.resize(each.tokens, (PASSAGE, code.dimension))) for each in found]
            for language, found in self._made.templates.items()
        }
        self._terms: dict[str, int] = {}

    def article(self, number: int) -> tuple[Article, list[EncodedPassage]]:
        """Passages of PASSAGE words, one token each."""
        language = LANGUAGES[number % len(LANGUAGES)]
        article = self._words[language].article(number, language)
        spans = self._made.token_spans(article.text)
        passages = [
            self._passage(article, spans[at : at + PASSAGE], number + at) for at in range(0, len(spans), PASSAGE)
        ]
        return article, passages

    def _passage(self, article: Article, spans: Int32, seed: int) -> EncodedPassage:
        start, end = int(spans[0, 0]), int(spans[-1, 1]) + 1
        text = article.text[start:end]
        codes = self._codes[article.language]
        hashes = [self._term(text[a - start : b - start], article.language) for a, b in spans.tolist()]
        terms, counts = np.unique(np.array([each for each in hashes if each], dtype=np.uint64), return_counts=True)
        counted = np.empty(len(terms), dtype=COUNTS)
        counted["term"], counted["count"] = terms, counts
        parts = np.split(spans, range(SENTENCE, len(spans), SENTENCE))
        sentences = tuple(Span(int(part[0, 0]), int(part[-1, 1]) + 1) for part in parts)
        passage = Passage(article.id, start, end, text, article.language, sentences)
        pooled = self._made.pooled(article.language)
        return EncodedPassage(passage, pooled, codes[seed % len(codes)], spans - start, counted)

    def _term(self, word: str, language: str) -> int:
        """The hash of its term, 0 for a stop word."""
        if word not in self._terms:
            found = count_terms(term.text for term in analyse(word, language))
            self._terms[word] = int(found["term"][0]) if len(found) else 0
        return self._terms[word]


def _spellings(random: np.random.Generator, letters: int) -> Iterator[tuple[np.ndarray, int]]:
    while True:
        yield from zip(random.integers(letters, size=(4096, 9)), random.integers(5, 10, size=4096), strict=True)


def made_words(real: RealCorpus) -> dict[str, Words]:
    """What draws words, by language."""
    return {code: Words([a.text for a in real.articles if a.language == code], code) for code in LANGUAGES}


def made_articles(real: RealCorpus, first: int, length: int = ARTICLE) -> Iterator[Article]:
    """Without end, of ``length`` words each, from the given number on, the languages in turn."""
    words, number = made_words(real), first
    while True:
        language = LANGUAGES[number % len(LANGUAGES)]
        yield words[language].article(number, language, length)
        number += 1


class MadeEncoder:
    """Stands in for the encoder while made articles are indexed, at next to no cost. One token a word."""

    def __init__(self, encoder: Encoder, real: RealCorpus, seed: int) -> None:
        self.fingerprint = encoder.fingerprint
        self._random = np.random.default_rng(seed)
        self.templates = {code: self._encoded(encoder, real, code) for code in LANGUAGES}

    @staticmethod
    def _encoded(encoder: Encoder, real: RealCorpus, language: str) -> list[Encoding]:
        texts = [article.text[:700] for article in real.articles if article.language == language][:240]
        return list(encoder.encode_passages([PassageText("", text) for text in texts]))

    def encode_query(self, text: str) -> Encoding:
        """Nobody asks while indexing."""
        raise NotImplementedError

    def encode_passages(self, passages: Sequence[PassageText]) -> Iterator[Encoding]:
        """Vectors made as the module says."""
        for passage in passages:
            language = "ar" if "\u0600" < passage.text[:1] < "\u0700" else "en"
            templates = self.templates[language]
            spans = self.token_spans(passage.text)
            tokens = templates[self._random.integers(len(templates))].tokens
            tokens = np.resize(tokens, (len(spans), self.fingerprint.dimension)).astype(np.float32)
            yield Encoding(self.pooled(language), tokens, spans, np.ones(len(spans), dtype=np.float32))

    def pooled(self, language: str) -> Float32:
        """Another vector each time."""
        templates = self.templates[language]
        one, add, less = (templates[place].pooled for place in self._random.integers(len(templates), size=3))
        moved: Float32 = unit(one + np.float32(MOVED) * (add - less))
        return moved

    def token_spans(self, text: str) -> Int32:
        """One token a word."""
        return np.array([match.span() for match in _WORD.finditer(text)], dtype=np.int32).reshape(-1, 2)
