"""Which sentences of the ranked passages answer the question: scored one by one, then as few as the question needs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.answering.expectation import Expectation, expectation_of, find_expected
from rag.documents import Article, Float32, Span
from rag.retrieval.late_interaction import sentence_of_tokens
from rag.retrieval.retrieval import Candidate, Query

MOST = 3  # sentences an extractive answer may quote
_WEIGHTS = Path(__file__).parents[1] / "calibration" / "sentences.json"
_HEADING_WORDS = 10  # a line this short without a stop is a heading: it names the question's words and answers nothing
_STOP = re.compile(r"[.!?؟؛۔…。！？|][\"'»”’)\]]*\s*$")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """One sentence of one passage.

    similarity: (n, m) of its tokens and the question's; spans: (n, 2) of those tokens in the article's text.
    """

    candidate: Candidate
    span: Span
    score: float
    similarity: Float32
    spans: list[Span]
    expected: tuple[Span, ...]

    @property
    def article(self) -> Article:
        """Where the sentence stands."""
        return self.candidate.article

    @property
    def text(self) -> str:
        """The sentence itself, exactly."""
        return self.span.of(self.article.text)

    @property
    def coverage(self) -> Float32:
        """(m,) how well each token of the question is met."""
        best: Float32 = self.similarity.max(axis=0)
        return best


@dataclass(frozen=True, slots=True)
class SentenceChoice:
    """What counts in a sentence, learnt on the development sets (``bench/calibrate.py``).

    late: its late interaction; passage: its passage's score; length: log of its tokens, since a longer sentence meets
    more of any question; expected: that it holds the kind of thing asked for. margin: how far below the best a further
    sentence may score.
    """

    late: float
    passage: float
    length: float
    expected: float
    margin: float

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> SentenceChoice:
        """The learnt weights."""
        return cls(**json.loads(path.read_text("utf-8"))["weights"])

    def rank(self, query: Query, candidates: Sequence[Candidate]) -> list[ScoredSentence]:
        """Every sentence of the candidates, best first; one that overlapping passages share counts once."""
        expectation = expectation_of(query.text, query.language)
        best: dict[tuple[str, int], ScoredSentence] = {}
        for candidate in candidates:
            for sentence in self._score(candidate, expectation):
                place = (sentence.article.id, sentence.span.start)
                if place not in best or sentence.score > best[place].score:
                    best[place] = sentence
        return sorted(best.values(), key=lambda sentence: -sentence.score)

    def choose(self, ranked: Sequence[ScoredSentence]) -> list[ScoredSentence]:
        """The best sentence, and those that come so close to it that any of them may be the answer."""
        chosen: list[ScoredSentence] = []
        for sentence in ranked:
            if len(chosen) == MOST or (chosen and sentence.score < chosen[0].score - self.margin):
                break
            if not _repeats(sentence, chosen):
                chosen.append(sentence)
        return chosen

    def _score(self, candidate: Candidate, expectation: Expectation | None) -> Iterator[ScoredSentence]:
        passage, article = candidate.passage, candidate.article
        owners = sentence_of_tokens(passage, candidate.spans)
        for number, span in enumerate(passage.sentences):
            rows = np.flatnonzero(owners == number)
            text = span.of(article.text)
            if not len(rows) or not _is_sentence(text):
                continue
            found = find_expected(expectation.kind, text, passage.language) if expectation else []
            expected = tuple(_shift(each, span.start) for each in found)
            score = (
                self.late * float(candidate.interaction.sentence_scores[number])
                + self.passage * candidate.score
                + self.length * math.log(len(rows))
                + self.expected * (expectation.met(len(found)) if expectation else 0.0)
            )
            spans = [Span(passage.start + int(start), passage.start + int(end)) for start, end in candidate.spans[rows]]
            yield ScoredSentence(candidate, span, score, candidate.interaction.similarity[rows], spans, expected)


def _is_sentence(text: str) -> bool:
    return bool(_LETTER.search(text)) and (bool(_STOP.search(text)) or len(text.split()) > _HEADING_WORDS)


def _shift(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _repeats(sentence: ScoredSentence, chosen: Sequence[ScoredSentence]) -> bool:
    """The same sentence in another article, as wire stories are reprinted."""
    return any(sentence.text == one.text for one in chosen)
