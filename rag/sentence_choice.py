"""Which sentences of the ranked passages answer the question: scored one by one, then as few as the question needs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.documents import Article, Float32, Span
from rag.expectation import Kind, expected_kind, find_expected
from rag.late_interaction import sentence_of_tokens
from rag.retrieval import Candidate, Query

MOST = 3  # sentences an extractive answer may quote
_WEIGHTS = Path(__file__).parent / "calibration" / "sentences.json"
_HEADING = re.compile(r"\s*#{1,6}\s|\s*[-*_]{3,}\s*$")
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
    more of any question; expected: that it holds the kind of thing asked for. gain: how much of the question a further
    sentence must newly meet; margin: how far below the first it may score.
    """

    late: float
    passage: float
    length: float
    expected: float
    gain: float
    margin: float

    @classmethod
    def load(cls, path: Path = _WEIGHTS) -> SentenceChoice:
        """The learnt weights."""
        return cls(**json.loads(path.read_text("utf-8"))["weights"])

    def rank(self, query: Query, candidates: Sequence[Candidate]) -> list[ScoredSentence]:
        """Every sentence of the candidates, best first; one that overlapping passages share counts once."""
        kind = expected_kind(query.text, query.language)
        best: dict[tuple[str, int], ScoredSentence] = {}
        for candidate in candidates:
            for sentence in self._score(candidate, kind):
                place = (sentence.article.id, sentence.span.start)
                if place not in best or sentence.score > best[place].score:
                    best[place] = sentence
        return sorted(best.values(), key=lambda sentence: -sentence.score)

    def choose(self, query: Query, ranked: Sequence[ScoredSentence]) -> list[ScoredSentence]:
        """The first sentence, and further ones that meet parts of the question the chosen ones do not."""
        chosen: list[ScoredSentence] = []
        for sentence in ranked:
            if len(chosen) == MOST or (chosen and sentence.score < chosen[0].score - self.margin):
                break
            met = np.max([one.coverage for one in chosen], axis=0) if chosen else np.full(len(query.spans), -1.0)
            gain = float(np.maximum(sentence.coverage - met, 0) @ query.tokens.weights)
            if not chosen or (gain >= self.gain and not _repeats(sentence, chosen)):
                chosen.append(sentence)
        return chosen

    def _score(self, candidate: Candidate, kind: Kind | None) -> Iterator[ScoredSentence]:
        passage, article = candidate.passage, candidate.article
        owners = sentence_of_tokens(passage, candidate.spans)
        for number, span in enumerate(passage.sentences):
            rows = np.flatnonzero(owners == number)
            text = span.of(article.text)
            if not len(rows) or _HEADING.match(text) or not _LETTER.search(text):
                continue
            expected = (
                tuple(_shift(found, span.start) for found in find_expected(kind, text, passage.language))
                if kind
                else ()
            )
            score = (
                self.late * float(candidate.interaction.sentence_scores[number])
                + self.passage * candidate.score
                + self.length * math.log(len(rows))
                + self.expected * bool(expected)
            )
            spans = [Span(passage.start + int(start), passage.start + int(end)) for start, end in candidate.spans[rows]]
            yield ScoredSentence(candidate, span, score, candidate.interaction.similarity[rows], spans, expected)


def _shift(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _repeats(sentence: ScoredSentence, chosen: Sequence[ScoredSentence]) -> bool:
    """The same sentence in another article, as wire stories are reprinted."""
    return any(sentence.text == one.text for one in chosen)
